// Removes hidden paths from items, at every depth and in every list element. It runs on every row of a page, so a value without
// hidden parts is returned as the same object.

import type { Item, Value } from '../base/value.ts';
import type { FieldSet, Walk } from './field-set.ts';

/** Returns the item without its hidden paths; the same object if it has none. */
export function prune(item: Item, hidden: FieldSet): Item {
  return hidden.isEmpty ? item : pruneItem(item, hidden.walk());
}

function pruneItem(item: Item, walk: Walk): Item {
  // Makes an item as `itemOf` does, without a list of entries.
  const shown: Record<string, Value> = Object.create(null);
  let isWhole = true;
  for (const name in item) {
    const value = item[name] as Value;
    const below = walk.down(name);
    const kept = below.isListed ? undefined : pruneValue(value, below);
    if (kept) shown[name] = kept;
    isWhole &&= kept === value;
  }
  return isWhole ? item : shown;
}

/** Returns the value without hidden parts; the same object if it has none. */
function pruneValue(value: Value, walk: Walk): Value {
  if (walk.isFree) return value;
  if ('M' in value) {
    const M = pruneItem(value.M, walk);
    return M === value.M ? value : { M };
  }
  if (!('L' in value)) return value;
  const elements = value.L.map((element) => pruneValue(element, walk));
  return elements.every((element, at) => element === value.L[at]) ? value : { L: elements };
}

/** Returns the parts of the item that are in the set, in every element of a list too, with the maps and lists around them. */
export function select(item: Item, wanted: FieldSet): Item {
  return selectItem(item, wanted.walk());
}

function selectItem(item: Item, walk: Walk): Item {
  const shown: Record<string, Value> = Object.create(null);
  for (const name in item) {
    const value = item[name] as Value;
    const below = walk.down(name);
    if (below.isListed) shown[name] = value;
    else if (!below.isFree && ('M' in value || 'L' in value)) shown[name] = selectValue(value, below);
  }
  return shown;
}

function selectValue(value: Value, walk: Walk): Value {
  if ('M' in value) return { M: selectItem(value.M, walk) };
  if ('L' in value) return { L: value.L.map((element) => selectValue(element, walk)) };
  return value;
}
