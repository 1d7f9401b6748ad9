// The parts of a condition at its top: what must all hold, and what of which one must hold.

import { type Condition, FALSE, TRUE } from './condition.ts';
import { nodeOf } from './node.ts';

/** The parts that must all hold for a condition to hold. */
export function conjuncts(condition: Condition): readonly Condition[] {
  const node = nodeOf(condition);
  return node.kind === 'all' ? node.of : [node];
}

/** The parts of which one must hold; `undefined` if the condition is no `any`. */
export function alternatives(condition: Condition): readonly Condition[] | undefined {
  const node = nodeOf(condition);
  return node.kind === 'any' ? node.of : undefined;
}

/** True for the condition that every item satisfies as it stands; others may hold for every item too. */
export function isTrue(condition: Condition): boolean {
  return condition === TRUE;
}

/** True for the condition that no item satisfies as it stands; `simplify` finds more of them. */
export function isFalse(condition: Condition): boolean {
  return condition === FALSE;
}
