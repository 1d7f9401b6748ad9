// Where the steps of a plan go on behind a row: one after another, or side by side.

import { describe, expect, it } from 'vitest';
import type { Value } from '../../../lib/base/value.ts';
import { all, any, type Condition, compare, oneOf } from '../../../lib/condition/condition.ts';
import { table } from '../../../lib/definition/table.ts';
import { planRead, type ReadOptions } from '../../../lib/plan/read-plan.ts';
import { comparePlaces, fingerprint, isMerged, keyText, sideBySide, startsOf } from '../../../lib/plan/resume.ts';
import { keyPolicy } from '../../support/access.ts';
import { item } from '../../support/values.ts';

const S = (text: string): Value => ({ S: text });
const N = (text: string): Value => ({ N: text });
const orders = table('orders', {
  partitionKey: { customer: 'string' },
  sortKey: { number: 'number' },
  attributes: { status: { type: 'string', required: true } },
  indexes: { by_status: { partitionKey: 'status', distinct: 10_000 } },
});
const of3 = oneOf(['customer'], [S('a'), S('b'), S('c')]);
const from2 = compare(['number'], '>=', N('2'));
const to9 = compare(['number'], '<', N('9'));
const row = item({ customer: 'b', number: 5 });

const planOf = (query: Condition, options: Partial<ReadOptions> = {}) =>
  planRead(keyPolicy({}, { table: orders }), query, { limit: 10, ...options });
const by = (isDescending: boolean) => ({ order: { path: ['number'] as const, isDescending } });

/** `number after [low, high)` of each step that is left. */
function starts(...[plan, from]: Parameters<typeof startsOf>) {
  return startsOf(plan, from).map(({ number, after, range: { low, high } }) => {
    const end = (bound: typeof low) =>
      bound && `${'N' in bound.value && bound.value.N}${bound.isIncluded ? ' too' : ''}`;
    return [number, after, end(low), end(high)];
  });
}

describe('steps one after another', () => {
  const plan = planOf(all([of3, from2]));

  it('all begin at the beginning', () => {
    expect(plan.steps).toHaveLength(3);
    expect(starts(plan, undefined)).toEqual([0, 1, 2].map((number) => [number, undefined, '2 too', undefined]));
  });

  it('go on behind the row in its own step, and then whole', () => {
    expect(starts(plan, { step: 1, after: row })).toEqual([
      [1, row, '2 too', undefined],
      [2, undefined, '2 too', undefined],
    ]);
    expect(starts(plan, { step: 2, after: undefined })).toEqual([[2, undefined, '2 too', undefined]]);
    expect(starts(plan, { step: 3, after: undefined })).toEqual([]);
  });

  it('go on behind so many keys', () => {
    const keys = planOf(all([of3, oneOf(['number'], [N('1'), N('2')])]));
    expect(starts(keys, { step: 0, after: 4 })).toEqual([[0, 4, undefined, undefined]]);
  });
});

describe('steps side by side', () => {
  it.each([
    [
      false,
      [
        [0, undefined, '5', '9'],
        [1, row, '2 too', '9'],
        [2, undefined, '5 too', '9'],
      ],
    ],
    [
      true,
      [
        [0, undefined, '2 too', '5'],
        [1, row, '2 too', '9'],
        [2, undefined, '2 too', '5 too'],
      ],
    ],
  ])('have all come as far as the row, those before it past its value (descending: %s)', (isDescending, expected) => {
    const plan = planOf(all([of3, from2, to9]), by(isDescending));
    expect([isMerged(plan), sideBySide(plan)]).toEqual([true, 3]);
    expect(starts(plan, { step: 1, after: row })).toEqual(expected);
  });

  it('that have come to their end are left out', () => {
    const plan = planOf(
      any([
        all([compare(['customer'], '=', S('a')), compare(['number'], '<=', N('4'))]),
        all([compare(['customer'], '=', S('b')), from2]),
      ]),
      by(false),
    );
    expect(isMerged(plan)).toBe(true);
    expect(starts(plan, { step: 1, after: row }).map(([number]) => number)).toEqual([1]);
    expect(starts(plan, { step: 1, after: item({ customer: 'b', number: 3 }) }).map(([number]) => number)).toEqual([
      0, 1,
    ]);
  });

  it('begin at the beginning where nothing was read', () => {
    const plan = planOf(all([of3, from2]), by(false));
    expect(starts(plan, { step: 0, after: undefined })).toHaveLength(3);
  });

  it('are no single step, and none that memory sorts', () => {
    expect(isMerged(planOf(compare(['customer'], '=', S('a')), by(false)))).toBe(false);
    expect([isMerged(planOf(of3)), sideBySide(planOf(of3))]).toEqual([false, 1]);
    expect(isMerged(planOf(of3, { order: { path: ['x'], isDescending: false } }))).toBe(false);
  });
});

describe('two places', () => {
  const place = (step: number, number: number) => ({ step, key: item({ customer: 'a', number }) });

  it.each([
    [false, place(0, 2), place(1, 10), -1],
    [false, place(0, 10), place(1, 2), 1],
    [true, place(0, 2), place(1, 10), 1],
    [true, place(0, 10), place(1, 2), -1],
    [false, place(0, 2), place(1, 2), -1],
    [true, place(2, 2), place(1, 2), 1],
    [false, place(1, 2), place(1, 2), 0],
  ])(
    'are in the order of their values, then of their steps (descending: %s, %j, %j)',
    (isDescending, one, other, sign) => {
      expect(Math.sign(comparePlaces(planOf(of3, by(isDescending)), one, other))).toBe(sign);
    },
  );
});

describe('the key of an item', () => {
  it('has one text, that of no other', () => {
    const texts = [
      ['a', 1],
      ['a', 2],
      ['b', 1],
      ['a,N1', 1],
    ].map(([customer, number]) => keyText(orders, item({ customer, number, x: 1 })));
    expect(new Set(texts).size).toBe(4);
    expect(keyText(orders, item({ customer: 'a', number: 1, x: 2 }))).toBe(texts[0]);
  });
});

describe('the fingerprint of a plan', () => {
  const print = (query: Condition, options: Partial<ReadOptions> = {}) => fingerprint(planOf(query, options));
  const a = compare(['customer'], '=', S('a'));

  it.each<[string, string, string]>([
    [
      'other keys',
      print(all([a, oneOf(['number'], [N('1'), N('2')])])),
      print(all([a, oneOf(['number'], [N('1'), N('3')])])),
    ],
    ['another partition', print(a), print(compare(['customer'], '=', S('b')))],
    ['another order', print(a, by(true)), print(a, by(false))],
    ['another kind', print(a), print(compare(['x'], '=', S('a')))],
    ['another index', print(a), print(compare(['status'], '=', S('a')))],
    ['more steps', print(of3), print(oneOf(['customer'], [S('a'), S('b')]))],
    [
      'other branches',
      print(any([all([a, compare(['x'], '=', S('1'))]), all([a, compare(['y'], '=', S('1'))])])),
      print(of3),
    ],
  ])('is another with %s', (_, one, other) => {
    expect(one).not.toBe(other);
  });

  it('does not differ with the range, which may move with time', () => {
    expect(print(all([a, from2]))).toBe(print(all([a, to9])));
  });
});
