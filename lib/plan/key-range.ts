// Turns the part of a condition that is on a sort key into a range, which a key condition can express.

import { itemOf, type Value } from '../base/value.ts';
import type { Condition } from '../condition/condition.ts';
import { conjuncts } from '../condition/conjuncts.ts';
import { type Bound, type Demand, demandOf } from '../condition/demand.ts';
import { afterPrefix } from '../condition/text-range.ts';
import { compareValues } from '../condition/value-key.ts';
import { valueFaults } from '../definition/item-faults.ts';
import type { Key, Table } from '../definition/table.ts';

/** A range of values. A bound is `undefined` if the range is open there. */
export type KeyRange = { readonly low?: Bound; readonly high?: Bound };

/**
 * Returns the range to which a condition restricts a key, without bounds that DynamoDB refuses: memory checks those.
 * `n >= 1 and n < 5` → `{ low: 1, high: 5 }`, the high one not included.
 */
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

/** Returns the range of a demand. `[1]` → from 1 to 1, both included; the prefix `ab` → from `ab` to before `ac`. */
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

/** Returns the range with one end moved, if that makes it narrower. */
export function narrowed(range: KeyRange, end: 'low' | 'high', bound: Bound): KeyRange {
  const known = range[end];
  const order = known ? (compareValues(bound.value, known.value) ?? 0) : 0;
  const isNarrower = !known || (end === 'low' ? order > 0 : order < 0) || (order === 0 && !bound.isIncluded);
  return isNarrower ? { ...range, [end]: bound } : range;
}

/** Returns the only value in a range; `undefined` if it has several. */
export function onlyValue({ low, high }: KeyRange): Value | undefined {
  if (!low || !high || !low.isIncluded || !high.isIncluded) return undefined;
  return compareValues(low.value, high.value) === 0 ? low.value : undefined;
}

/** True if DynamoDB accepts a value as that key: it has the declared type, and is neither empty nor too long. */
export function isKeyValue(table: Table, { name }: Key, value: Value): boolean {
  return valueFaults(table, itemOf([[name, value]])).length === 0;
}

/** True if a value of the key's type is in the range. */
export function isInRange({ low, high }: KeyRange, value: Value): boolean {
  const isAbove = !low || isOrdered(low.value, value, low.isIncluded);
  return isAbove && (!high || isOrdered(value, high.value, high.isIncluded));
}

function isOrdered(one: Value, other: Value, mayBeEqual: boolean): boolean {
  const order = compareValues(one, other) ?? 0;
  return order < 0 || (order === 0 && mayBeEqual);
}

/** True if no value is in the range: its ends cross, which DynamoDB refuses, or meet in a value that one of them excludes. */
export function isEmptyRange({ low, high }: KeyRange): boolean {
  return (
    low !== undefined && high !== undefined && !isOrdered(low.value, high.value, low.isIncluded && high.isIncluded)
  );
}
