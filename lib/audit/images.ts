// The images of a mutation in its audit row: as they are where they fit, else compressed, else in further rows.

import { gunzipSync, gzipSync } from 'node:zlib';
import { itemBytes } from '../base/item-size.ts';
import { attribute, type Item, itemOf, type Value, withAttributes } from '../base/value.ts';

/**
 * `after` is the whole item as written; `before` the old values of what changed, or the whole item of a delete; `added`
 * the names that the mutation added. So both whole images can be had.
 */
export type ImageRow = { readonly after?: Item; readonly before?: Item; readonly added?: readonly string[] };

/** DynamoDB's limit is 409,600 bytes and 32 levels; an image stands one level below its row. */
const MAX_ROW_BYTES = 380_000;
export const MAX_ROW_DEPTH = 31;

/** Bytes of JSON that are unpacked: two of the largest items have no more than ten times their own. */
const MAX_JSON_BYTES = 16 * 1024 * 1024;

/** The row with its images, then the rows that hold what does not fit; all are written in one transaction. */
export function packImages(row: Item, images: ImageRow): readonly Item[] {
  const plain = withAttributes(row, imageItem(images));
  if (depthOf({ M: plain }) <= MAX_ROW_DEPTH && itemBytes(plain) <= MAX_ROW_BYTES) return [plain];
  const packed = gzipSync(JSON.stringify(imageItem(images), binaryAsText));
  const room = MAX_ROW_BYTES - itemBytes(row);
  const chunks = [packed.subarray(0, room)];
  for (let at = room; at < packed.length; at += MAX_ROW_BYTES) chunks.push(packed.subarray(at, at + MAX_ROW_BYTES));
  return chunks.map((chunk, part) => (part === 0 ? firstRow(row, chunk, chunks.length) : furtherRow(row, chunk, part)));
}

/** The attributes of an audit row that hold its images. */
export function imageItem({ after, before, added = [] }: ImageRow): Item {
  const entries: [string, Value][] = [];
  if (after) entries.push(['after', { M: after }]);
  if (before) entries.push(['before', { M: before }]);
  if (added.length > 0) entries.push(['added', { L: added.map((name) => ({ S: name })) }]);
  return itemOf(entries);
}

function firstRow(row: Item, chunk: Uint8Array, parts: number): Item {
  return withAttributes(
    row,
    itemOf([
      ['images', { B: chunk }],
      ['parts', { N: String(parts) }],
    ]),
  );
}

/** A further row has the keys of its first row, its number behind the id, and no index keys: it is found by its first. */
function furtherRow(row: Item, chunk: Uint8Array, part: number): Item {
  const { S: id } = attribute(row, 'id') as { S: string };
  const kept = ['time', 'expire_time'].flatMap((name) => {
    const value = attribute(row, name);
    return value ? [[name, value] as const] : [];
  });
  return itemOf([...kept, ['id', { S: `${id}#${part}` }], ['images', { B: chunk }]]);
}

/** The images of an audit row, from the row and its further rows in order. */
export function unpackImages(rows: readonly Item[]): ImageRow {
  const [first] = rows;
  if (!first) return {};
  const parts = rows.flatMap((row) => {
    const chunk = attribute(row, 'images');
    return chunk && 'B' in chunk ? [chunk.B] : [];
  });
  const item = parts.length > 0 ? unpacked(Buffer.concat(parts)) : first;
  const added = attribute(item, 'added');
  const names = added && 'L' in added ? added.L.flatMap((name) => ('S' in name ? [name.S] : [])) : [];
  return { ...image(item, 'after'), ...image(item, 'before'), ...(names.length > 0 && { added: names }) };
}

/** @throws RangeError for what would be more than images can be */
function unpacked(packed: Uint8Array): Item {
  return JSON.parse(gunzipSync(packed, { maxOutputLength: MAX_JSON_BYTES }).toString(), textAsBinary);
}

function image(item: Item, name: 'after' | 'before'): ImageRow {
  const value = attribute(item, name);
  return value && 'M' in value ? { [name]: value.M } : {};
}

/** Levels of lists and maps. */
export function depthOf(value: Value): number {
  const below = 'M' in value ? Object.values(value.M) : 'L' in value ? value.L : undefined;
  return below ? below.reduce((deepest, inner) => Math.max(deepest, 1 + depthOf(inner)), 1) : 0;
}

/** `value` is what a Buffer's own toJSON made of it; `this` still has the bytes. */
function binaryAsText(this: Readonly<Record<string, unknown>>, name: string, value: unknown): unknown {
  const bytes = this[name];
  return bytes instanceof Uint8Array ? { base64: Buffer.from(bytes).toString('base64') } : value;
}

/** Inside an attribute value no object but binary has text as its one member. */
function textAsBinary(_: string, value: unknown): unknown {
  const { base64 } = Object(value) as { readonly base64?: unknown };
  return typeof base64 === 'string' ? new Uint8Array(Buffer.from(base64, 'base64')) : value;
}
