// The values that a condition leaves to key attributes: where there are few, rows can be asked for one by one.

import { type Item, itemOf, type Value } from '../base/value.ts';
import type { Condition } from '../condition/condition.ts';
import { conjuncts } from '../condition/conjuncts.ts';
import { valueKey } from '../condition/value-key.ts';
import type { Key, Table } from '../definition/table.ts';
import { isKeyValue } from './key-range.ts';

/** More keys, or more partitions, than this are not worth asking for one by one; it is also the most values of a search. */
export const MAX_CHOICES = 1_000;

/** The values of which every row of a simplified condition has one, each once; undefined where it leaves the attribute free. */
export function choicesOf(condition: Condition, name: string): readonly Value[] | undefined {
  for (const part of conjuncts(condition)) {
    if (!('path' in part) || part.path.length > 1 || part.path[0] !== name) continue;
    const values = valuesOf(part);
    if (values) return values;
  }
  return undefined;
}

function valuesOf(part: Condition): readonly Value[] | undefined {
  if (part.kind === 'compare') return part.comparator === '=' ? [part.value] : undefined;
  if (part.kind !== 'in') return undefined;
  return [...new Map(part.values.map((value) => [valueKey(value), value])).values()];
}

/** The only keys that rows of the table can have, each once; undefined where the condition leaves more than are worth naming. */
export function possibleKeys(table: Table, condition: Condition): readonly Item[] | undefined {
  const { partitionKey, sortKey } = table;
  let keys: readonly (readonly (readonly [string, Value])[])[] = [[]];
  for (const key of sortKey ? [partitionKey, sortKey] : [partitionKey]) {
    const values = keyValues(table, key, condition);
    if (!values || keys.length * values.length > MAX_CHOICES) return undefined;
    keys = keys.flatMap((start) => values.map((value) => [...start, [key.name, value] as const]));
  }
  return keys.map(itemOf);
}

/** No row has a table's key of another type, or an empty one. */
function keyValues(table: Table, key: Key, condition: Condition): readonly Value[] | undefined {
  return choicesOf(condition, key.name)?.filter((value) => isKeyValue(table, key, value));
}
