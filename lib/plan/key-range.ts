// What a condition demands of a sort key, as a range that a key condition can say.

import { itemOf, type Value } from '../base/value.ts';
import type { Condition } from '../condition/condition.ts';
import { conjuncts } from '../condition/conjuncts.ts';
import { type Bound, type Demand, demandOf } from '../condition/demand.ts';
import { afterPrefix } from '../condition/text-range.ts';
import { compareValues } from '../condition/value-key.ts';
import { valueFaults } from '../definition/item-faults.ts';
import type { Key, Table } from '../definition/table.ts';

/** An end that is not given is open. */
export type KeyRange = { readonly low?: Bound; readonly high?: Bound };

/** The range of a key that the condition's conjuncts leave; bounds that are no keys are left to the check in memory. */
export function rangeOf(condition: Condition, key: Key, table: Table): KeyRange {
  let range: KeyRange = {};
  for (const part of conjuncts(condition)) {
    const demand = demandOf(part);
    if (!demand || demand.path.length > 1 || demand.path[0] !== key.name) continue;
    for (const [end, bound] of Object.entries(boundsOf(demand))) {
      if (bound && isKeyValue(table, key, bound.value)) range = narrowed(range, end as 'low' | 'high', bound);
    }
  }
  return range;
}

/** A list of one value is a range of one value; a prefix is the range from it to the first text behind it. */
function boundsOf({ values, low, high, prefix }: Demand): KeyRange {
  if (prefix !== undefined) {
    const end = afterPrefix(prefix);
    return {
      low: { value: { S: prefix }, isIncluded: true },
      ...(end !== undefined && { high: { value: { S: end }, isIncluded: false } }),
    };
  }
  const [only, another] = values ?? [];
  if (only && !another) return { low: { value: only, isIncluded: true }, high: { value: only, isIncluded: true } };
  return { ...(low && { low }), ...(high && { high }) };
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
