// Restores both whole images of a mutation from its audit row, which stores only a part of the old one.

import { type Item, withAttributes } from '../base/value.ts';
import { type ImageRow, unpackImages } from './images.ts';

/** The whole item before and after a mutation; `undefined` if there was none. */
export type WholeImages = { readonly before: Item | undefined; readonly after: Item | undefined };

/** Returns the whole images. An update's old image is the new one with the changed attributes, without the added ones. */
export function wholeImages({ before, after, added }: ImageRow): WholeImages {
  if (!before || !after) return { before, after };
  return { before: withAttributes(after, before, added), after };
}

/** Unpacks the images of an audit row and its further rows; `{}` if they cannot be unpacked. */
export function readImages(record: readonly Item[]): ImageRow {
  try {
    return unpackImages(record);
  } catch {
    return {};
  }
}
