// The order of rows by one attribute: DynamoDB's own within one type; numbers before text, then all else; what has no
// such attribute comes last, either way.

import type { Path } from '../base/path.ts';
import type { Item, Value } from '../base/value.ts';
import { valueAt } from '../condition/evaluate.ts';
import { compareValues } from '../condition/value-key.ts';

export type Order = { readonly path: Path; readonly isDescending: boolean };

/** Rows in order; those that are alike stay as they are. */
export function sorted(items: readonly Item[], { path, isDescending }: Order): readonly Item[] {
  const keyed = items.map((item) => ({ item, value: valueAt(item, path) }));
  keyed.sort(({ value: left }, { value: right }) => {
    if (!left || !right) return (left ? 0 : 1) - (right ? 0 : 1);
    return isDescending ? compareMixed(right, left) : compareMixed(left, right);
  });
  return keyed.map(({ item }) => item);
}

/** Negative, zero or positive: DynamoDB's own order within one type; numbers before text, then all else. */
export function compareMixed(left: Value, right: Value): number {
  return compareValues(left, right) ?? rank(left) - rank(right);
}

function rank(value: Value): number {
  if ('N' in value) return 0;
  if ('S' in value) return 1;
  if ('BOOL' in value) return value.BOOL ? 3 : 2;
  return 'B' in value ? 4 : 5;
}
