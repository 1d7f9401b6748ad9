// Leaves hidden paths out of what a caller is shown, at every depth and in every list element.

import { type Item, itemOf, type Value } from '../base/value.ts';
import type { FieldSet, Walk } from './field-set.ts';

/** The item without its hidden paths; the item itself where nothing is hidden. */
export function prune(item: Item, hidden: FieldSet): Item {
  return hidden.isEmpty ? item : pruneItem(item, hidden.walk());
}

function pruneItem(item: Item, walk: Walk): Item {
  const shown: [string, Value][] = [];
  for (const [name, value] of Object.entries(item)) {
    const below = walk.down(name);
    if (below.isFree) shown.push([name, value]);
    else if (!below.isListed) shown.push([name, pruneValue(value, below)]);
  }
  return itemOf(shown);
}

function pruneValue(value: Value, walk: Walk): Value {
  if ('M' in value) return { M: pruneItem(value.M, walk) };
  if ('L' in value) return { L: value.L.map((element) => pruneValue(element, walk)) };
  return value;
}

/** Of the item only what is in the set of paths, in every element of a list too; maps and lists on the way to it stay. */
export function select(item: Item, wanted: FieldSet): Item {
  return selectItem(item, wanted.walk());
}

function selectItem(item: Item, walk: Walk): Item {
  const shown: [string, Value][] = [];
  for (const [name, value] of Object.entries(item)) {
    const below = walk.down(name);
    if (below.isListed) shown.push([name, value]);
    else if (!below.isFree && ('M' in value || 'L' in value)) shown.push([name, selectValue(value, below)]);
  }
  return itemOf(shown);
}

function selectValue(value: Value, walk: Walk): Value {
  if ('M' in value) return { M: selectItem(value.M, walk) };
  if ('L' in value) return { L: value.L.map((element) => selectValue(element, walk)) };
  return value;
}
