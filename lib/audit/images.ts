// Packs the images of a mutation into its audit row: plain if they fit, else compressed, else compressed in several rows.

import { gunzipSync, gzipSync } from 'node:zlib';
import { itemBytes } from '../base/item-size.ts';
import { attribute, type Item, itemOf, type Value, withAttributes } from '../base/value.ts';

/**
 * The images that a row stores: `after` is the whole item as written; `before` the old values of changed attributes, or the
 * whole item of a delete; `added` the names of new attributes. Both whole images can be restored from them.
 */
export type ImageRow = { readonly after?: Item; readonly before?: Item; readonly added?: readonly string[] };

/** The most bytes of a row, below DynamoDB's limit of 409,600. Of its 32 levels an image is one below its row. */
const MAX_ROW_BYTES = 380_000;
export const MAX_ROW_DEPTH = 31;

/** The most bytes of unpacked JSON: the largest items, twice, have no more than ten times their own size. */
const MAX_JSON_BYTES = 16 * 1024 * 1024;

/** Packs images into a row; what does not fit is in the further rows. All are to be written in one transaction. */
export function packImages(row: Item, images: ImageRow): readonly Item[] {
  const plain = withAttributes(row, imageItem(images));
  if (depthOf({ M: plain }) <= MAX_ROW_DEPTH && itemBytes(plain) <= MAX_ROW_BYTES) return [plain];
  const packed = gzipSync(JSON.stringify(imageItem(images), binaryAsText));
  const room = MAX_ROW_BYTES - itemBytes(row);
  const chunks = [packed.subarray(0, room)];
  for (let at = room; at < packed.length; at += MAX_ROW_BYTES) chunks.push(packed.subarray(at, at + MAX_ROW_BYTES));
  return chunks.map((chunk, part) => (part === 0 ? firstRow(row, chunk, chunks.length) : furtherRow(row, chunk, part)));
}

/** Returns the images as attributes of an audit row. */
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

/** Returns a further row. It has its number after the id, and no index keys, as it is only read through its first row. */
function furtherRow(row: Item, chunk: Uint8Array, part: number): Item {
  const { S: id } = attribute(row, 'id') as { S: string };
  const kept = ['time', 'expire_time'].flatMap((name) => {
    const value = attribute(row, name);
    return value ? [[name, value] as const] : [];
  });
  return itemOf([...kept, ['id', { S: `${id}#${part}` }], ['images', { B: chunk }]]);
}

/** Unpacks images from an audit row and its further rows, in order. */
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

/** Unpacks compressed attributes. @throws RangeError if they are larger than images can be */
function unpacked(packed: Uint8Array): Item {
  return JSON.parse(gunzipSync(packed, { maxOutputLength: MAX_JSON_BYTES }).toString(), textAsBinary);
}

function image(item: Item, name: 'after' | 'before'): ImageRow {
  const value = attribute(item, name);
  return value && 'M' in value ? { [name]: value.M } : {};
}

/** Counts the levels of lists and maps. `[[1]]` → 2. */
export function depthOf(value: Value): number {
  const below = 'M' in value ? Object.values(value.M) : 'L' in value ? value.L : undefined;
  return below ? below.reduce((deepest, inner) => Math.max(deepest, 1 + depthOf(inner)), 1) : 0;
}

/** Replaces bytes by base64 in JSON. `value` has been through Buffer's toJSON; `this` still has the bytes. */
function binaryAsText(this: Readonly<Record<string, unknown>>, name: string, value: unknown): unknown {
  const bytes = this[name];
  return bytes instanceof Uint8Array ? { base64: Buffer.from(bytes).toString('base64') } : value;
}

/** Restores bytes from `{"base64":"…"}`: no other object of an attribute value has that member with a text. */
function textAsBinary(_: string, value: unknown): unknown {
  const { base64 } = Object(value) as { readonly base64?: unknown };
  return typeof base64 === 'string' ? new Uint8Array(Buffer.from(base64, 'base64')) : value;
}
