// Whether two items are written alike, name by name and value by value. It is narrower than equality, which holds 1.0 and
// 1 for the same number: whoever reads one of two alike items reads the other.

import type { Item, Value } from './value.ts';

/** True only of items from which every reader gets the same. The order of names does not count, that of lists and sets does. */
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
