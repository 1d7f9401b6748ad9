// Both whole images of a mutation, from what its audit row holds of them.

import { type Item, withAttributes } from '../base/value.ts';
import { type ImageRow, unpackImages } from './images.ts';

/** The item as it was and as it became; undefined: there was none. */
export type WholeImages = { readonly before: Item | undefined; readonly after: Item | undefined };

/** An update holds of the old image only what changed; what it added was not there. */
export function wholeImages({ before, after, added }: ImageRow): WholeImages {
  if (!before || !after) return { before, after };
  return { before: withAttributes(after, before, added), after };
}

/** The images of an audit row with its further rows; none where they cannot be read. */
export function readImages(record: readonly Item[]): ImageRow {
  try {
    return unpackImages(record);
  } catch {
    return {};
  }
}
