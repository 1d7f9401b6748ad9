// Checks what DynamoDB and the definition demand of every item of a table: its keys are there, its types as declared.

import type { Fault } from '../base/errors.ts';
import type { Parsed } from '../base/json.ts';
import { canonicalNumber } from '../base/number.ts';
import { attribute, type Item, itemOf, type Value } from '../base/value.ts';
import { type AttributeType, type Key, keyNames, type Table } from './table.ts';

const CODES: Readonly<Record<AttributeType, string>> = { string: 'S', number: 'N', boolean: 'BOOL' };
const MAX_PARTITION_BYTES = 2_048;
const MAX_SORT_BYTES = 1_024;

/** Returns the faults of an item as a row of the table. Without faults DynamoDB accepts it, unless it is too large. */
export function itemFaults(table: Table, item: Item): readonly Fault[] {
  const keys = keyNames(table);
  const isMissing = (name: string) => attribute(item, name) === undefined;
  return [
    ...keys.filter(isMissing).map((path) => ({ path, message: 'is required: it is the key' })),
    ...requiredNames(table)
      .filter((name) => isMissing(name) && !keys.includes(name))
      .map((path) => ({ path, message: 'is required' })),
    ...valueFaults(table, item),
  ];
}

/** Returns the faults of removing attributes from an item. */
export function removalFaults(table: Table, names: readonly string[]): readonly Fault[] {
  const required = requiredNames(table);
  return names
    .filter((name) => required.includes(name))
    .map((path) => ({ path, message: 'is required: it cannot be removed' }));
}

function requiredNames({ attributes }: Table): readonly string[] {
  return [...attributes].flatMap(([name, { required }]) => (required ? [name] : []));
}

/** Returns the faults of the values of some attributes of an item. */
export function valueFaults(table: Table, attributes: Item): readonly Fault[] {
  const faults: Fault[] = [];
  for (const [name, value] of Object.entries(attributes)) {
    const type = table.attributes.get(name)?.type;
    if (type !== undefined && !(CODES[type] in value)) faults.push({ path: name, message: `must be a ${type}` });
    else for (const message of keyFaults(table, name, value)) faults.push({ path: name, message });
  }
  return faults;
}

function keyFaults(table: Table, name: string, value: Value): readonly string[] {
  const max = maxKeyBytes(table, name);
  if (max === undefined || !('S' in value)) return [];
  if (value.S === '') return ['must not be empty: it is a key'];
  return Buffer.byteLength(value.S) > max ? [`must not be longer than ${max} bytes: it is a key`] : [];
}

/** Returns the longest value, in bytes, of a key attribute of the table or of an index; `undefined` for other attributes. */
function maxKeyBytes(table: Table, name: string): number | undefined {
  const all = [table, ...table.indexes];
  if (all.some(({ sortKey }) => sortKey?.name === name)) return MAX_SORT_BYTES;
  return all.some(({ partitionKey }) => partitionKey.name === name) ? MAX_PARTITION_BYTES : undefined;
}

/** Parses the key from decoded path parameters: `id` → `7` gives `{ id: { N: '7' } }` if `id` is a number. */
export function parseKey(table: Table, parameters: ReadonlyMap<string, string>): Parsed<Item> {
  return parseKeys(table, keysOf(table), parameters);
}

/** Parses those key attributes that the parameters name; see `parseKey`. */
export function parseKeyPart(table: Table, parameters: ReadonlyMap<string, string>): Parsed<Item> {
  return parseKeys(
    table,
    keysOf(table).filter(({ name }) => parameters.has(name)),
    parameters,
  );
}

/** Returns a table's key attributes, one or two. */
export function keysOf({ partitionKey, sortKey }: Table): readonly Key[] {
  return sortKey ? [partitionKey, sortKey] : [partitionKey];
}

function parseKeys(table: Table, keys: readonly Key[], parameters: ReadonlyMap<string, string>): Parsed<Item> {
  const entries = keys.map(({ name, type }) => [name, keyValue(parameters.get(name) ?? '', type)] as const);
  const message = 'must be a number, written as plainly as it can be';
  const wrong = entries.flatMap(([name, value]) => (value ? [] : [{ path: name, message }]));
  if (wrong.length > 0) return { faults: wrong };
  const key = itemOf(entries as readonly (readonly [string, Value])[]);
  const faults = valueFaults(table, key);
  return faults.length > 0 ? { faults } : { value: key };
}

/** Returns `undefined` for a number not in its one form: `007` would reach item 7 by a path that no pattern may expect. */
function keyValue(text: string, type: Key['type']): Value | undefined {
  if (type === 'string') return { S: text };
  return canonicalNumber(text) === text ? { N: text } : undefined;
}

/** Returns the key attributes of an item. */
export function keyOf(table: Table, item: Item): Item {
  return itemOf(keyNames(table).map((name) => [name, attribute(item, name) as Value]));
}
