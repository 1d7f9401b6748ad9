// Removes the images from an audit row that is too large for an answer, and adds a note where they can be read.

import { attribute, type Item, itemOf, type Value, withAttributes } from '../base/value.ts';

const IMAGES = ['added', 'after', 'before'];
const REASON = 'the images of this row are too large for one answer';

/** Shortens a row. @param history the route on which each image is a version; `undefined` if the API has none */
export function shortenRow(row: Item, history: string | undefined): Item {
  const names = IMAGES.filter((name) => attribute(row, name));
  const told: [string, Value][] = [
    ['attributes', { L: names.map((name) => ({ S: name })) }],
    ['reason', { S: REASON }],
    ...(history === undefined ? [] : [['see', { S: history }] as [string, Value]]),
  ];
  return withAttributes(row, itemOf([['left_out', { M: itemOf(told) }]]), names);
}
