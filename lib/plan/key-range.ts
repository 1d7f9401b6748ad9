// What a condition demands of a sort key, as a range that a key condition can say.

import { itemOf, type Value } from '../base/value.ts';
import type { Condition } from '../condition/condition.ts';
import { conjuncts } from '../condition/conjuncts.ts';
import { afterPrefix } from '../condition/text-range.ts';
import { compareValues } from '../condition/value-key.ts';
import { valueFaults } from '../definition/item-faults.ts';
import type { Key, Table } from '../definition/table.ts';

export type Bound = { readonly value: Value; readonly isIncluded: boolean };

/** An end that is not given is open. */
export type KeyRange = { readonly low?: Bound; readonly high?: Bound };

/** The range of a key that the condition's conjuncts leave; bounds that are no keys are left to the check in memory. */
export function rangeOf(condition: Condition, key: Key, table: Table): KeyRange {
  let range: KeyRange = {};
  for (const part of conjuncts(condition)) {
    if (!('path' in part) || part.path.length > 1 || part.path[0] !== key.name) continue;
    for (const [end, bound] of Object.entries(boundsOf(part))) {
      if (bound && isKeyValue(table, key, bound.value)) range = narrowed(range, end as 'low' | 'high', bound);
    }
  }
  return range;
}

function boundsOf(part: Condition): KeyRange {
  if (part.kind === 'startsWith') {
    const end = afterPrefix(part.prefix);
    const high = end === undefined ? {} : { high: { value: { S: end }, isIncluded: false } };
    return { low: { value: { S: part.prefix }, isIncluded: true }, ...high };
  }
  if (part.kind !== 'compare') return {};
  const bound = { value: part.value, isIncluded: part.comparator.endsWith('=') };
  if (part.comparator === '=') return { low: bound, high: bound };
  return part.comparator.startsWith('>') ? { low: bound } : { high: bound };
}

/** The range with one end moved, if that leaves less. */
export function narrowed(range: KeyRange, end: 'low' | 'high', bound: Bound): KeyRange {
  const known = range[end];
  const order = known ? (compareValues(bound.value, known.value) ?? 0) : 0;
  const isNarrower = !known || (end === 'low' ? order > 0 : order < 0) || (order === 0 && !bound.isIncluded);
  return isNarrower ? { ...range, [end]: bound } : range;
}

/** The one value in the range, if there is but one. */
export function onlyValue({ low, high }: KeyRange): Value | undefined {
  if (!low || !high || !low.isIncluded || !high.isIncluded) return undefined;
  return compareValues(low.value, high.value) === 0 ? low.value : undefined;
}

/** Whether DynamoDB takes the value as that key: of its type, not empty, not too long. */
export function isKeyValue(table: Table, { name }: Key, value: Value): boolean {
  return valueFaults(table, itemOf([[name, value]])).length === 0;
}

/** Whether a value of the key's type lies in the range. */
export function isInRange({ low, high }: KeyRange, value: Value): boolean {
  const isAbove = !low || isOrdered(low.value, value, low.isIncluded);
  return isAbove && (!high || isOrdered(value, high.value, high.isIncluded));
}

function isOrdered(one: Value, other: Value, mayBeEqual: boolean): boolean {
  const order = compareValues(one, other) ?? 0;
  return order < 0 || (order === 0 && mayBeEqual);
}

/** No value lies in it: its ends cross, which DynamoDB would refuse, or meet in a value that one of them leaves out. */
export function isEmptyRange({ low, high }: KeyRange): boolean {
  return (
    low !== undefined && high !== undefined && !isOrdered(low.value, high.value, low.isIncluded && high.isIncluded)
  );
}
