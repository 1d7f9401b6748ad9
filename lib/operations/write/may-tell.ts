// Whether a definition's own words, a rule's or a condition's, may be told to a caller.

import type { Policy } from '../../access/policy.ts';
import { attribute, type Item, type Value } from '../../base/value.ts';

/** Whatever is no part of a word: no sentence can join a name to something else so that it is not found. */
const BREAKS = /[^\p{L}\p{M}\p{N}_]+/u;

/**
 * False for a message with a word of the last name of a hidden path that the body does not name itself. A word that only
 * happens to be called like a hidden attribute is not told either.
 */
export function mayTell({ hidden }: Policy, body: Item, message: string): boolean {
  const said = new Set(wordsOf(message));
  return hidden.paths.every((path) => {
    if (isNamed({ M: body }, path)) return true;
    const name = path.at(-1) ?? '';
    const words = wordsOf(name);
    return words.length > 0 ? !words.some((word) => said.has(word)) : !message.includes(name);
  });
}

function wordsOf(text: string): readonly string[] {
  return text.split(BREAKS).filter((word) => word !== '');
}

/** Whether a body has that very path, in an element of a list too; a parent of it says nothing of its name. */
function isNamed(value: Value, [name, ...below]: readonly string[]): boolean {
  if (name === undefined) return true;
  if ('L' in value) return value.L.some((element) => isNamed(element, [name, ...below]));
  const inner = 'M' in value ? attribute(value.M, name) : undefined;
  return inner !== undefined && isNamed(inner, below);
}
