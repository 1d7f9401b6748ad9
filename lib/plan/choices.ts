// The values that a condition leaves to key attributes: where there are few, rows can be asked for one by one.

import { type Item, itemOf, type Value } from '../base/value.ts';
import type { Condition } from '../condition/condition.ts';
import { conjuncts } from '../condition/conjuncts.ts';
import { demandOf } from '../condition/demand.ts';
import { valueKey } from '../condition/value-key.ts';
import { keysOf } from '../definition/item-faults.ts';
import type { Key, Table } from '../definition/table.ts';
import { isKeyValue } from './key-range.ts';

/** More keys, or more partitions, than this are not worth asking for one by one; it is also the most values of a search. */
export const MAX_CHOICES = 1_000;

/** The values of which every row of a simplified condition has one, each once; `undefined` if a conjunct does not say. */
export function choicesOf(condition: Condition, name: string): readonly Value[] | undefined {
  for (const part of conjuncts(condition)) {
    const demand = demandOf(part);
    if (!demand?.values || demand.path.length > 1 || demand.path[0] !== name) continue;
    return [...new Map(demand.values.map((value) => [valueKey(value), value])).values()];
  }
  return undefined;
}

/** The only keys that rows of the table can have, each once; undefined where the condition leaves more than are worth naming. */
export function possibleKeys(table: Table, condition: Condition): readonly Item[] | undefined {
  // No row has a table's key of another type, or an empty one.
  const values = (key: Key) => choicesOf(condition, key.name)?.filter((value) => isKeyValue(table, key, value));
  return everyKey(table, values, MAX_CHOICES);
}

/** Every key that the values of its attributes make; `undefined` if an attribute has none, or there are more than `most`. */
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
