// An audit row that no answer can hold, without its images: the row says that they are left out, and where they are.

import { attribute, type Item, itemOf, type Value, withAttributes } from '../base/value.ts';

const IMAGES = ['added', 'after', 'before'];
const REASON = 'the images of this row are too large for one answer';

/** @param history the route of the endpoint that gives each image as a version; undefined: the API has none */
export function shortenRow(row: Item, history: string | undefined): Item {
  const names = IMAGES.filter((name) => attribute(row, name));
  const told: [string, Value][] = [
    ['attributes', { L: names.map((name) => ({ S: name })) }],
    ['reason', { S: REASON }],
    ...(history === undefined ? [] : [['see', { S: history }] as [string, Value]]),
  ];
  return withAttributes(row, itemOf([['left_out', { M: itemOf(told) }]]), names);
}
