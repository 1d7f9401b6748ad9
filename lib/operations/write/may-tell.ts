// Checks that the message of a rule or a condition names no hidden attribute before a caller gets it.

import type { Policy } from '../../access/policy.ts';
import { attribute, type Item, type Value } from '../../base/value.ts';

/** Separates words: anything but letters, marks, digits and `_`. */
const BREAKS = /[^\p{L}\p{M}\p{N}_]+/u;

/**
 * True if the message has no word of the last name of a hidden path that the body does not name itself, whatever that word
 * means there.
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

/** Returns true if a body has the path, also in an element of a list; a parent of it is not enough. */
function isNamed(value: Value, [name, ...below]: readonly string[]): boolean {
  if (name === undefined) return true;
  if ('L' in value) return value.L.some((element) => isNamed(element, [name, ...below]));
  const inner = 'M' in value ? attribute(value.M, name) : undefined;
  return inner !== undefined && isNamed(inner, below);
}
