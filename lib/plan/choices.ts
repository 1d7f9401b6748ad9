// Finds the values that a condition allows for key attributes: if they are few, rows can be read by their keys.

import { type Item, itemOf, type Value } from '../base/value.ts';
import type { Condition } from '../condition/condition.ts';
import { conjuncts } from '../condition/conjuncts.ts';
import { demandOf } from '../condition/demand.ts';
import { valueKey } from '../condition/value-key.ts';
import { keysOf } from '../definition/item-faults.ts';
import type { Key, Table } from '../definition/table.ts';
import { isKeyValue } from './key-range.ts';

/** The most keys, or partitions, that are read one by one; also the most values of a search. */
export const MAX_CHOICES = 1_000;

/** Returns the distinct values to which a simplified condition restricts an attribute; `undefined` if no conjunct does. */
export function choicesOf(condition: Condition, name: string): readonly Value[] | undefined {
  for (const part of conjuncts(condition)) {
    const demand = demandOf(part);
    if (!demand?.values || demand.path.length > 1 || demand.path[0] !== name) continue;
    return [...new Map(demand.values.map((value) => [valueKey(value), value])).values()];
  }
  return undefined;
}

/** Returns the distinct keys to which the condition restricts rows; `undefined` if it restricts no key, or to too many. */
export function possibleKeys(table: Table, condition: Condition): readonly Item[] | undefined {
  // Drop values of another type, and empty ones: DynamoDB stores no such key.
  const values = (key: Key) => choicesOf(condition, key.name)?.filter((value) => isKeyValue(table, key, value));
  return everyKey(table, values, MAX_CHOICES);
}

/** Returns every combination of the keys' values; `undefined` if a key has no list of values, or there are more than `most`. */
export function everyKey(
  table: Table,
  valuesOf: (key: Key) => readonly Value[] | undefined,
  most: number,
): readonly Item[] | undefined {
  let keys: readonly (readonly (readonly [string, Value])[])[] = [[]];
  for (const key of keysOf(table)) {
    const values = valuesOf(key);
    if (!values || keys.length * values.length > most) return undefined;
    keys = keys.flatMap((start) => values.map((value) => [...start, [key.name, value] as const]));
  }
  return keys.map(itemOf);
}
