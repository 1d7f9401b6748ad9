// What a condition demands of one attribute beyond doubt: the values it must be one of, the range of texts it must lie in.

import type { Path } from '../base/path.ts';
import type { Value } from '../base/value.ts';
import type { Condition } from '../condition/condition.ts';
import { conjuncts } from '../condition/conjuncts.ts';
import { compareTexts } from '../condition/value-key.ts';

const MAX_BOUND_BYTES = 100;
/** Behind every text that begins with a prefix. */
const LAST_CHARACTER = '\u{10FFFF}';

/** A range of texts, both ends in it; an end that is not given is open. */
export type Window = { readonly from?: string; readonly to?: string };

/** The values of which the attribute must be one, or undefined where the condition leaves it free. */
export function fixedValues(condition: Condition, path: Path): readonly Value[] | undefined {
  const name = JSON.stringify(path);
  const found = conjuncts(condition).flatMap((part) => {
    const values = valuesOf(part, name);
    return values ? [values] : [];
  });
  return found.sort((one, other) => one.length - other.length)[0];
}

function valuesOf(part: Condition, name: string): readonly Value[] | undefined {
  if (part.kind === 'compare')
    return part.comparator === '=' && JSON.stringify(part.path) === name ? [part.value] : undefined;
  if (part.kind === 'in') return JSON.stringify(part.path) === name ? part.values : undefined;
  if (part.kind !== 'any') return undefined;
  const parts = part.of.map((each) => valuesOf(each, name));
  return parts.every((values) => values !== undefined) ? parts.flat() : undefined;
}

/** The texts between which the attribute must lie. Bounds only ever narrow the reading: the condition decides. */
export function textWindow(condition: Condition, path: Path): Window {
  const name = JSON.stringify(path);
  return conjuncts(condition).reduce<Window>((window, part) => narrower(window, boundsOf(part, name)), {});
}

/** No text lies in it. */
export function isEmpty({ from, to }: Window): boolean {
  return from !== undefined && to !== undefined && compareTexts(from, to) > 0;
}

function boundsOf(part: Condition, name: string): Window {
  if (part.kind === 'startsWith' && JSON.stringify(part.path) === name && isUsable(part.prefix))
    return { from: part.prefix, to: part.prefix + LAST_CHARACTER };
  if (part.kind !== 'compare' || JSON.stringify(part.path) !== name || !('S' in part.value)) return {};
  const text = part.value.S;
  if (!isUsable(text)) return {};
  switch (part.comparator) {
    case '=':
      return { from: text, to: text };
    case '<':
    case '<=':
      return { to: text };
    default:
      return { from: text };
  }
}

/** DynamoDB takes no empty key, nor a long one. */
function isUsable(text: string): boolean {
  return text !== '' && Buffer.byteLength(text) <= MAX_BOUND_BYTES;
}

/** The texts that lie in both. */
export function narrower(one: Window, other: Window): Window {
  const from = inOrder(one.from, other.from).at(-1);
  const to = inOrder(one.to, other.to).at(0);
  return { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
}

function inOrder(...texts: readonly (string | undefined)[]): readonly string[] {
  return texts.filter((text) => text !== undefined).sort(compareTexts);
}
