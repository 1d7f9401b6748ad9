// Compares two items as they are written, name by name and value by value. This is stricter than DynamoDB's equality, by which
// 1.0 equals 1: parsing two alike items gives the same result.

import type { Item, Value } from './value.ts';

/** True if two items are written alike. The order of names does not count, that of lists and sets does. */
export function sameItem(left: Item, right: Item): boolean {
  let count = 0;
  for (const name in left) {
    // An inherited `constructor` is no attribute.
    if (!Object.hasOwn(right, name) || !sameValue(left[name] as Value, right[name] as Value)) return false;
    count += 1;
  }
  return count === Object.keys(right).length;
}

function sameValue(left: Value, right: Value): boolean {
  if ('S' in left) return 'S' in right && left.S === right.S;
  if ('M' in left) return 'M' in right && sameItem(left.M, right.M);
  if ('L' in left) return 'L' in right && sameList(left.L, right.L);
  return JSON.stringify(left) === JSON.stringify(right);
}

function sameList(left: readonly Value[], right: readonly Value[]): boolean {
  return left.length === right.length && left.every((value, at) => sameValue(value, right[at] as Value));
}
