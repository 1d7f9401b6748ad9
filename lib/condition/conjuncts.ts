// Splits a condition at its top level: into the parts of a conjunction or of a disjunction.

import { type Condition, FALSE, TRUE } from './condition.ts';
import { nodeOf } from './node.ts';

/** Returns the parts of a conjunction; of another condition, the condition alone. */
export function conjuncts(condition: Condition): readonly Condition[] {
  const node = nodeOf(condition);
  return node.kind === 'all' ? node.of : [node];
}

/** Returns the parts of a disjunction; `undefined` if the condition is no `any`. */
export function alternatives(condition: Condition): readonly Condition[] | undefined {
  const node = nodeOf(condition);
  return node.kind === 'any' ? node.of : undefined;
}

/** True only for the constant `true`; other conditions may hold for every item too. */
export function isTrue(condition: Condition): boolean {
  return condition === TRUE;
}

/** True only for the constant `false`; `simplify` finds other conditions that no item satisfies. */
export function isFalse(condition: Condition): boolean {
  return condition === FALSE;
}
