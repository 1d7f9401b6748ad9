// Predicates keep what follows from them, and joining them gives what joining their conditions gives.

import { describe, expect, it } from 'vitest';
import { all, any, type Condition, compare, exists, FALSE, oneOf, TRUE } from '../../../lib/condition/condition.ts';
import { evaluator } from '../../../lib/condition/evaluate.ts';
import { Predicate } from '../../../lib/condition/predicate.ts';
import { printCondition } from '../../../lib/condition/print.ts';
import { simplify } from '../../../lib/condition/simplify.ts';
import { N } from '../../support/plans.ts';
import { item } from '../../support/values.ts';

const parts: readonly (readonly Condition[])[] = [
  [],
  [TRUE],
  [FALSE],
  [compare(['n'], '=', N(1))],
  [TRUE, compare(['n'], '=', N(1))],
  [oneOf(['n'], [N(1), N(2)]), oneOf(['n'], [N(2), N(3)])],
  [compare(['n'], '=', N(1)), compare(['n'], '=', N(2)), exists(['m'])],
  [all([compare(['n'], '>', N(1)), exists(['m'])]), FALSE],
];
const rows = [item({}), item({ n: 1 }), item({ n: 2 }), item({ n: 2, m: 1 }), item({ n: 1, m: 1 }), item({ m: 1 })];

describe.each([
  ['all', Predicate.all, all],
  ['any', Predicate.any, any],
] as const)('%s of predicates', (_, join, joinConditions) => {
  it.each(parts)('is that of their conditions: %#', (...conditions) => {
    const joined = join(conditions.map((each) => Predicate.of(each)));
    const whole = joinConditions(conditions);
    expect(joined.condition).toEqual(whole);
    expect(printCondition(joined.simplified)).toBe(printCondition(simplify(whole)));
    expect(rows.map(joined.accepts)).toEqual(rows.map(evaluator(whole)));
  });

  it('of one is that one, with all it has made', () => {
    const one = Predicate.of(exists(['m']));
    expect(join([one])).toBe(one);
  });
});

it('makes the simplified form and the function once', () => {
  const one = Predicate.of(oneOf(['n'], [N(1), N(2)]));
  expect(one.simplified).toBe(one.simplified);
  expect(one.accepts).toBe(one.accepts);
});

it('leaves out of an all what holds everywhere, so that what is left keeps what it has made', () => {
  const one = Predicate.of(exists(['m']));
  expect(Predicate.all([Predicate.of(TRUE), one])).toBe(one);
});
