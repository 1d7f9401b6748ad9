// Whether a definition's own words, a rule's or a condition's, may be told to a caller.

import type { Policy } from '../access/policy.ts';
import { parsePath, pathNames } from '../base/path.ts';
import { attribute, type Item } from '../base/value.ts';

/** Whatever could be an attribute path inside a sentence. */
const WORD = /[^\s.,;:!?'"`()<>{}=]+(?:\.[^\s.,;:!?'"`()<>{}=]+)*/g;

/**
 * False for words that name what is hidden from the caller and stands not in the body. A word that only happens to be
 * called like a hidden attribute is not told either.
 */
export function mayTell({ hidden }: Policy, body: Item, message: string): boolean {
  if (hidden.isEmpty) return true;
  return (message.match(WORD) ?? []).every((word) => {
    const names = pathNames(parsePath(word) ?? [word]);
    return hidden.place(names) !== 'inside' || attribute(body, names[0] ?? '') !== undefined;
  });
}
