// Simplified or not, a condition gives every item the same answer; and what can be found to be false is.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Path } from '../../lib/base/path.ts';
import type { Value } from '../../lib/base/value.ts';
import {
  all,
  any,
  type Condition,
  compare,
  contains,
  exists,
  hasType,
  not,
  oneOf,
  startsWith,
} from '../../lib/condition/condition.ts';
import { isFalse } from '../../lib/condition/conjuncts.ts';
import { evaluator } from '../../lib/condition/evaluate.ts';
import { pathsOf } from '../../lib/condition/paths.ts';
import { printCondition } from '../../lib/condition/print.ts';
import { simplify } from '../../lib/condition/simplify.ts';
import { hostileItems, hostileValues } from '../corpus/hostile-items.ts';
import { conditions } from '../support/conditions.ts';
import { cases, times } from '../support/proof.ts';
import { item } from '../support/values.ts';

const a: Path = ['a'];
const value = fc.constantFrom(...hostileValues);
const texts = fc.constantFrom('', 'a', 'ab', 'abc', 'x', 'z', '\u{1f600}', '\ud7ff', '\uff5e');

/** Many demands on one attribute, so that they meet. */
const crowded: fc.Arbitrary<Condition> = fc
  .array(
    fc
      .oneof(
        fc
          .tuple(fc.constantFrom('=', '<', '<=', '>', '>=') as fc.Arbitrary<'='>, value)
          .map(([c, v]) => compare(a, c, v)),
        fc.array(value, { minLength: 1, maxLength: 8 }).map((values) => oneOf(a, values)),
        texts.map((text) => startsWith(a, text)),
        value.map((v) => contains(a, v)),
        fc.constantFrom('S', 'N', 'B', 'SS', 'L', 'M').map((type) => hasType(a, type as 'S')),
        fc.constant(exists(a)),
      )
      .chain((leaf) => fc.constantFrom(leaf, leaf, leaf, not(leaf))),
    { minLength: 2, maxLength: 5 },
  )
  .chain((parts) => fc.constantFrom(all(parts), all(parts), any(parts)));

function agree(condition: Condition): void {
  const simple = simplify(condition);
  const [asked, answered] = [evaluator(condition), evaluator(simple)];
  for (const row of hostileItems) {
    if (asked(row) !== answered(row)) expect.fail(`${printCondition(condition)} is not ${printCondition(simple)}`);
  }
  const known = new Set(pathsOf(condition).map((path) => JSON.stringify(path)));
  for (const path of pathsOf(simple)) expect(known).toContain(JSON.stringify(path));
}

describe('a simplified condition', () => {
  it('gives the same rows, and names no path that the condition does not', () => {
    fc.assert(fc.property(conditions, agree), cases(3_000));
  });

  it('gives the same rows where many demands meet in one attribute', () => {
    let contradictions = 0;
    fc.assert(
      fc.property(crowded, (condition) => {
        if (isFalse(simplify(condition))) contradictions += 1;
        agree(condition);
      }),
      cases(4_000),
    );
    expect(contradictions).toBeGreaterThan(times(200));
  });

  it('is simplified no further', () => {
    fc.assert(
      fc.property(conditions, (condition) => {
        const once = simplify(condition);
        expect(printCondition(simplify(once))).toBe(printCondition(once));
      }),
      cases(1_000),
    );
  });

  const S = (text: string): Value => ({ S: text });
  const N = (text: string): Value => ({ N: text });

  it.each([
    ['two values', all([compare(a, '=', S('x')), compare(a, '=', S('y'))]), 'false'],
    ['one value twice', all([compare(a, '=', N('1')), compare(a, '=', N('1.0'))]), 'a = 1'],
    ['lists', all([oneOf(a, [S('x'), S('y'), S('z')]), oneOf(a, [S('y'), S('z'), S('q')])]), 'a in ("y", "z")'],
    ['a list and a range', all([oneOf(a, [N('1'), N('5'), N('9')]), compare(a, '>', N('4'))]), 'a in (5, 9)'],
    ['ranges', all([compare(a, '>', N('1')), compare(a, '>=', N('3')), compare(a, '<', N('9'))]), 'a >= 3 and a < 9'],
    ['an empty range', all([compare(a, '>', N('3')), compare(a, '<=', N('3'))]), 'false'],
    ['two types', all([compare(a, '>', N('3')), startsWith(a, 'x')]), 'false'],
    ['prefixes', all([startsWith(a, 'x'), startsWith(a, 'xy')]), 'a starts with "xy"'],
    ['prefixes apart', all([startsWith(a, 'x'), startsWith(a, 'y')]), 'false'],
    ['a prefix outside a range', all([startsWith(a, 'x'), compare(a, '<', S('x'))]), 'false'],
    ['a prefix behind a range', all([startsWith(a, 'x'), compare(a, '>=', S('y'))]), 'false'],
    ['what is there and is not', all([exists(a), not(exists(a))]), 'false'],
    ['what is there anyway', all([exists(a), compare(a, '<', N('1'))]), 'a < 1'],
    ['a policy that says it twice', all([hasType(a, 'S'), startsWith(a, 'x')]), 'a starts with "x"'],
    ['one of two lists', any([compare(a, '=', S('x')), oneOf(a, [S('y'), S('x')])]), 'a in ("x", "y")'],
    ['a part of another', any([exists(['b']), all([exists(['b']), exists(['c'])])]), 'b exists'],
  ])('joins %s', (_, condition, text) => {
    expect(printCondition(simplify(condition))).toBe(text);
    expect(evaluator(condition)(item({ id: 'q' }))).toBe(evaluator(simplify(condition))(item({ id: 'q' })));
  });
});
