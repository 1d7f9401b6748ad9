// Finds the range of texts to which a condition restricts one attribute: the times of the audit rows that a query selects.

import type { Path } from '../base/path.ts';
import type { Value } from '../base/value.ts';
import type { Condition } from '../condition/condition.ts';
import { conjuncts } from '../condition/conjuncts.ts';
import { demandOf } from '../condition/demand.ts';
import { compareTexts } from '../condition/value-key.ts';

const MAX_BOUND_BYTES = 100;
/** The greatest character: after a prefix it makes a text that follows all texts with that prefix. */
const LAST_CHARACTER = '\u{10FFFF}';

/** A range of texts, both ends included. An end is `undefined` if the range is open there. */
export type Window = { readonly from?: string; readonly to?: string };

/**
 * Returns the range to which a condition restricts an attribute. It may be too wide, never too narrow: the condition decides.
 * `time >= "2026-11-22" and status = "ok"`, for `time` → `{ from: '2026-11-22' }`.
 */
export function textWindow(condition: Condition, path: Path): Window {
  const name = JSON.stringify(path);
  return conjuncts(condition).reduce<Window>((window, part) => narrower(window, boundsOf(part, name)), {});
}

/** True if no text is in the range. */
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

/** True if DynamoDB accepts a text as a bound: it refuses empty keys and long ones. */
function isUsable(text: string): boolean {
  return text !== '' && Buffer.byteLength(text) <= MAX_BOUND_BYTES;
}

/** Returns the range of the texts that are in both. */
export function narrower(one: Window, other: Window): Window {
  const from = inOrder(one.from, other.from).at(-1);
  const to = inOrder(one.to, other.to).at(0);
  return { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
}

function inOrder(...texts: readonly (string | undefined)[]): readonly string[] {
  return texts.filter((text) => text !== undefined).sort(compareTexts);
}
