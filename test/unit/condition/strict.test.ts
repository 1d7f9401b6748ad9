// Three-valued logic against an oracle that computes SQL's truth directly on an item.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Path } from '../../../lib/base/path.ts';
import { type Item, itemOf, typeOf, type Value } from '../../../lib/base/value.ts';
import {
  type Algebra,
  type Condition,
  compare,
  contains,
  exists,
  FALSE,
  fold,
  not,
  oneOf,
} from '../../../lib/condition/condition.ts';
import { equalValues, evaluator, valueAt } from '../../../lib/condition/evaluate.ts';
import { printCondition } from '../../../lib/condition/print.ts';
import { allOf, anyOf, notOf, strict, type Truth, UNKNOWN } from '../../../lib/condition/strict.ts';
import { hostileItems } from '../../corpus/hostile-items.ts';
import { conditions } from '../../support/conditions.ts';
import { cases, times } from '../../support/proof.ts';

type Sql = boolean | undefined;

const and = (parts: readonly Sql[]): Sql =>
  parts.includes(false) ? false : parts.includes(undefined) ? undefined : true;
const negate = (part: Sql): Sql => (part === undefined ? undefined : !part);
const or = (parts: readonly Sql[]): Sql => negate(and(parts.map(negate)));

function sqlOf(item: Item): Algebra<Sql> {
  const on = (path: Path, types: readonly string[], test: () => boolean): Sql => {
    const value = valueAt(item, path);
    return value && types.includes(typeOf(value)) ? test() : undefined;
  };
  const plain = (leaf: Condition) => evaluator(leaf)(item);
  const holders: Readonly<Record<string, readonly string[]>> = {
    S: ['S', 'SS', 'L'],
    N: ['NS', 'L'],
    B: ['B', 'BS', 'L'],
  };
  const equality = (path: Path, wanted: Value): Sql =>
    on(path, [typeOf(wanted)], () => equalValues(wanted, valueAt(item, path) ?? { NULL: true }));
  return {
    true: () => true,
    false: () => false,
    all: and,
    any: or,
    not: negate,
    compare: (leaf) => on(leaf.path, [typeOf(leaf.value)], () => plain(leaf)),
    in: ({ path, values }) => or(values.map((value) => equality(path, value))),
    startsWith: (leaf) => on(leaf.path, ['S'], () => plain(leaf)),
    contains: (leaf) => on(leaf.path, holders[typeOf(leaf.value)] ?? ['L'], () => plain(leaf)),
    exists: plain,
    type: plain,
  };
}

const read = (truth: Truth, item: Item): Sql => {
  const [yes, no] = [evaluator(truth.whenTrue)(item), evaluator(truth.whenFalse)(item)];
  if (yes && no) throw new Error('true and false at once');
  return yes ? true : no ? false : undefined;
};

describe('strict', () => {
  it('is the logic of SQL', () => {
    const seen = new Map<Sql, number>();
    const law = fc.property(conditions, fc.constantFrom(...hostileItems), (condition, item) => {
      const expected = fold(condition, sqlOf(item));
      seen.set(expected, (seen.get(expected) ?? 0) + 1);
      expect(read(strict(condition), item), printCondition(condition)).toBe(expected);
    });
    fc.assert(law, cases(3_000));
    for (const truth of [true, false, undefined]) expect(seen.get(truth), String(truth)).toBeGreaterThan(times(150));
  });

  const secret = not(compare(['status'], '=', { S: 'secret' }));
  it.each<[string, Item, Sql]>([
    ['another status', itemOf([['status', { S: 'open' }]]), true],
    ['that status', itemOf([['status', { S: 'secret' }]]), false],
    ['no status', itemOf([]), undefined],
    ['a number as status', itemOf([['status', { N: '1' }]]), undefined],
  ])('`status ne "secret"` on %s', (_, item, expected) => {
    expect(read(strict(secret), item)).toBe(expected);
  });

  it('finds a list of several types never false', () => {
    expect(strict(oneOf(['a'], [{ S: 'x' }, { N: '1' }])).whenFalse).toBe(FALSE);
  });

  it('knows an empty list to be false', () => {
    expect(read(strict(oneOf(['a'], [])), itemOf([]))).toBe(false);
    expect(read(strict(not(oneOf(['a'], []))), itemOf([]))).toBe(true);
  });
});

describe('the combinators', () => {
  const yes = strict(not(exists(['a'])));
  const no = strict(exists(['a']));

  it.each<[string, Truth, Sql]>([
    ['not unknown', notOf(UNKNOWN), undefined],
    ['true and unknown', allOf([yes, UNKNOWN]), undefined],
    ['false and unknown', allOf([no, UNKNOWN]), false],
    ['true or unknown', anyOf([yes, UNKNOWN]), true],
    ['false or unknown', anyOf([no, UNKNOWN]), undefined],
    ['all of none', allOf([]), true],
    ['any of none', anyOf([]), false],
    ['not any of none', notOf(anyOf([])), true],
  ])('%s', (_, truth, expected) => {
    expect(read(truth, itemOf([]))).toBe(expected);
  });
});

describe('a policy that denies a member', () => {
  it.each<[Value, string]>([
    [{ S: 'x' }, '(a has type S or a has type SS or a has type L) and not (a contains "x")'],
    [{ N: '1' }, '(a has type NS or a has type L) and not (a contains 1)'],
    [{ B: new Uint8Array([1]) }, '(a has type B or a has type BS or a has type L) and not (a contains "AQ==")'],
    [{ BOOL: true }, 'a has type L and not (a contains true)'],
    [{ NULL: true }, 'a has type L and not (a contains null)'],
  ])('holds of what could contain it, and of nothing else: %j', (value, expected) => {
    expect(printCondition(strict(not(contains(['a'], value))).whenTrue)).toBe(expected);
    expect(printCondition(strict(contains(['a'], value)).whenFalse)).toBe(expected);
  });
});
