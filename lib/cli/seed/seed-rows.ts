// The rows of a seed: what DynamoDB would refuse one batch at a time is refused here with the path of each fault.

import type { Fault } from '../../base/errors.ts';
import { attribute, type Item, itemOf, typeOf, type Value } from '../../base/value.ts';
import { type Key, keyNames, type Table } from '../../definition/table.ts';
import type { Items } from './seed-items.ts';

const MAX_ITEM_BYTES = 409_600;
const MAX_PARTITION_KEY_BYTES = 2_048;
const MAX_SORT_KEY_BYTES = 1_024;
/** What DynamoDB counts for a list or a map, and for each of its elements. */
const CONTAINER_BYTES = 3;
const ELEMENT_BYTES = 1;

type KeyUse = { readonly key: Key; readonly maxBytes: number; readonly required: boolean };

export function checkRows(rows: Items, table: Table, path: string, faults: Fault[]): void {
  const uses = keyUses(table);
  const first = new Map<string, number>();
  rows.forEach((row, at) => {
    if (!row) return;
    const fault = (name: string, message: string) =>
      void faults.push({ path: `${path}[${at}]${name === '' ? '' : `.${name}`}`, message });
    for (const use of uses) checkKey(row, use, fault);
    if (Object.hasOwn(row, '')) fault('', 'has an attribute without a name');
    const bytes = itemBytes(row);
    if (bytes > MAX_ITEM_BYTES) fault('', `has ${bytes} bytes; an item has at most ${MAX_ITEM_BYTES}`);
    const identity = JSON.stringify(keyNames(table).map((name) => attribute(row, name)));
    const before = first.get(identity);
    if (before === undefined) first.set(identity, at);
    else fault(table.partitionKey.name, `has the key of ${path}[${before}]`);
  });
}

/** The row as the API would have created it: with its first version where the table counts versions. */
export function withVersion(row: Item, { version }: Table): Item {
  if (version === undefined || Object.hasOwn(row, version)) return row;
  return itemOf([...Object.entries(row), [version, { N: '1' }]]);
}

/** The table's own keys are required; a row without an index's key is not in that index. */
function keyUses({ partitionKey, sortKey, indexes }: Table): readonly KeyUse[] {
  const uses = (of: { partitionKey: Key; sortKey?: Key | undefined }, required: boolean): KeyUse[] => [
    { key: of.partitionKey, maxBytes: MAX_PARTITION_KEY_BYTES, required },
    ...(of.sortKey ? [{ key: of.sortKey, maxBytes: MAX_SORT_KEY_BYTES, required }] : []),
  ];
  const all = [...uses({ partitionKey, sortKey }, true), ...indexes.flatMap((index) => uses(index, false))];
  // One attribute may be a key of several indexes: its strictest use counts, and is reported once.
  return all
    .filter(({ key }, at) => all.findIndex((each) => each.key.name === key.name) === at)
    .map((use) => ({
      ...use,
      maxBytes: Math.min(...all.filter(({ key }) => key.name === use.key.name).map(({ maxBytes }) => maxBytes)),
    }));
}

function checkKey(row: Item, use: KeyUse, fault: (name: string, message: string) => void): void {
  const { name, type } = use.key;
  const value = attribute(row, name);
  if (!value) {
    if (use.required) fault(name, 'is required: it is a key');
    return;
  }
  if (typeOf(value) !== (type === 'string' ? 'S' : 'N')) fault(name, `must be a ${type}: it is a key`);
  if (type !== 'string' || !('S' in value)) return;
  const bytes = Buffer.byteLength(value.S);
  if (bytes === 0) fault(name, 'must not be empty: it is a key');
  if (bytes > use.maxBytes) fault(name, `has ${bytes} bytes; as a key it has at most ${use.maxBytes}`);
}

/** An item's size as DynamoDB counts it: names and values, in bytes. */
function itemBytes(item: Item): number {
  return Object.entries(item).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + valueBytes(value), 0);
}

function valueBytes(value: Value): number {
  if ('S' in value) return Buffer.byteLength(value.S);
  if ('N' in value)
    return Math.ceil(value.N.replace(/^[-0.]+|\D/g, '').length / 2) + 1 + (value.N.startsWith('-') ? 1 : 0);
  if ('L' in value) return value.L.reduce((sum, each) => sum + valueBytes(each) + ELEMENT_BYTES, CONTAINER_BYTES);
  if ('M' in value) return CONTAINER_BYTES + itemBytes(value.M) + Object.keys(value.M).length * ELEMENT_BYTES;
  return 1;
}
