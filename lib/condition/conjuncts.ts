// The parts that must all hold for a condition to hold.

import type { Condition } from './condition.ts';

export function conjuncts(condition: Condition): readonly Condition[] {
  return condition.kind === 'all' ? condition.of : [condition];
}
