// Sorts rows by one attribute: in DynamoDB's own order within one type; numbers before text, then all other types; rows
// without the attribute last, ascending or descending.

import type { Path } from '../base/path.ts';
import type { Item, Value } from '../base/value.ts';
import { valueAt } from '../condition/evaluate.ts';
import { compareValues } from '../condition/value-key.ts';

export type Order = { readonly path: Path; readonly isDescending: boolean };

/** Returns the rows in order. The sort is stable. */
export function sorted(items: readonly Item[], { path, isDescending }: Order): readonly Item[] {
  const keyed = items.map((item) => ({ item, value: valueAt(item, path) }));
  keyed.sort(({ value: left }, { value: right }) => {
    if (!left || !right) return (left ? 0 : 1) - (right ? 0 : 1);
    return isDescending ? compareMixed(right, left) : compareMixed(left, right);
  });
  return keyed.map(({ item }) => item);
}

/** Compares two values of any type: negative if the left one comes first. */
export function compareMixed(left: Value, right: Value): number {
  return compareValues(left, right) ?? rank(left) - rank(right);
}

function rank(value: Value): number {
  if ('N' in value) return 0;
  if ('S' in value) return 1;
  if ('BOOL' in value) return value.BOOL ? 3 : 2;
  return 'B' in value ? 4 : 5;
}
