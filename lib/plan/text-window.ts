// The range of texts in which a condition confines one attribute: the days and times of audit rows that a query means.

import type { Path } from '../base/path.ts';
import type { Value } from '../base/value.ts';
import type { Condition } from '../condition/condition.ts';
import { conjuncts } from '../condition/conjuncts.ts';
import { demandOf } from '../condition/demand.ts';
import { compareTexts } from '../condition/value-key.ts';

const MAX_BOUND_BYTES = 100;
/** Behind every text that begins with a prefix. */
const LAST_CHARACTER = '\u{10FFFF}';

/** A range of texts, both ends in it; an end that is not given is open. */
export type Window = { readonly from?: string; readonly to?: string };

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
  const demand = demandOf(part);
  if (!demand || JSON.stringify(demand.path) !== name) return {};
  const { values = [], low, high, prefix } = demand;
  if (prefix !== undefined) return isUsable(prefix) ? { from: prefix, to: prefix + LAST_CHARACTER } : {};
  const [only, another] = values;
  const from = usableText(another ? undefined : (only ?? low?.value));
  const to = usableText(another ? undefined : (only ?? high?.value));
  return { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
}

function usableText(value: Value | undefined): string | undefined {
  return value && 'S' in value && isUsable(value.S) ? value.S : undefined;
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
