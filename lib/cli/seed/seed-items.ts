// The lists of objects that a seed is made of.

import type { Fault } from '../../base/errors.ts';
import type { Item, Value } from '../../base/value.ts';

/** An element that is no object keeps its place, so that the paths of the others are right. */
export type Items = readonly (Item | undefined)[];

export function present(items: Items): readonly Item[] {
  return items.filter((item) => item !== undefined);
}

/** The objects of a list; a missing list is empty. Adds a fault for each element that is none. */
export function readItems(value: Value | undefined, path: string, faults: Fault[]): Items {
  if (value === undefined) return [];
  if (!('L' in value)) {
    faults.push({ path, message: 'must be a list' });
    return [];
  }
  return value.L.map((element, at) => {
    if ('M' in element) return element.M;
    faults.push({ path: `${path}[${at}]`, message: 'must be an object' });
    return undefined;
  });
}
