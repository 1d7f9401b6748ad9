// What a condition demands of a sort key, as a range that DynamoDB can be asked for.

import { describe, expect, it } from 'vitest';
import type { Value } from '../../../lib/base/value.ts';
import {
  all,
  any,
  type Comparator,
  type Condition,
  compare,
  contains,
  exists,
  hasType,
  not,
  oneOf,
  startsWith,
} from '../../../lib/condition/condition.ts';
import { table } from '../../../lib/definition/table.ts';
import { isEmptyRange, isInRange, isKeyValue, type KeyRange, onlyValue, rangeOf } from '../../../lib/plan/key-range.ts';
import { N, S } from '../../support/plans.ts';

const time = { name: 'time', type: 'string' } as const;
const count = { name: 'count', type: 'number' } as const;
const logs = table('logs', {
  partitionKey: { host: 'string' },
  sortKey: { time: 'string' },
  indexes: { by_count: { partitionKey: 'host', sortKey: { count: 'number' } } },
});

const at = (comparator: Comparator, value: Value) => compare(['time'], comparator, value);
const included = (value: Value) => ({ value, isIncluded: true });
const excluded = (value: Value) => ({ value, isIncluded: false });

describe('the range of a sort key', () => {
  it.each<[string, Condition, KeyRange]>([
    ['is one value', at('=', S('5')), { low: included(S('5')), high: included(S('5')) }],
    ['begins at a value', at('>=', S('5')), { low: included(S('5')) }],
    ['begins behind a value', at('>', S('5')), { low: excluded(S('5')) }],
    ['ends at a value', at('<=', S('5')), { high: included(S('5')) }],
    ['ends before a value', at('<', S('5')), { high: excluded(S('5')) }],
    ['is that of a prefix', startsWith(['time'], '5'), { low: included(S('5')), high: excluded(S('6')) }],
    [
      'is open where nothing comes behind a prefix',
      startsWith(['time'], '\u{10FFFF}'),
      { low: included(S('\u{10FFFF}')) },
    ],
    ['is open where the key is there', all([exists(['time']), hasType(['time'], 'S')]), {}],
    ['is open where the key contains a text', contains(['time'], S('5')), {}],
    ['is open where the key is one of a list', oneOf(['time'], [S('5'), S('6')]), {}],
    ['is open where another attribute is bound', compare(['host'], '>', S('5')), {}],
    ['is open where a part of the attribute is bound', compare(['time', 'x'], '>', S('5')), {}],
    ['is open where a bound is denied', not(at('>', S('5'))), {}],
    ['is open where only one way of several is bound', any([at('>', S('5')), exists(['x'])]), {}],
    ['is open where a bound is of another type', at('>', N(5)), {}],
    ['is open where a bound is empty', at('>=', S('')), {}],
    ['is open where a bound is longer than any sort key', at('<', S('x'.repeat(1_025))), {}],
    ['ends at the longest sort key', at('<', S('x'.repeat(1_024))), { high: excluded(S('x'.repeat(1_024))) }],
  ])('%s', (_, condition, expected) => {
    expect(rangeOf(condition, time, logs)).toEqual(expected);
  });

  it.each<[string, Condition[], KeyRange]>([
    ['the highest low', [at('>', S('3')), at('>=', S('5')), at('>', S('4'))], { low: included(S('5')) }],
    ['the lowest high', [at('<', S('7')), at('<=', S('5')), at('<', S('6'))], { high: included(S('5')) }],
    ['the low that leaves its value out', [at('>=', S('5')), at('>', S('5'))], { low: excluded(S('5')) }],
    ['the high that leaves its value out', [at('<', S('5')), at('<=', S('5'))], { high: excluded(S('5')) }],
    [
      'the low that leaves its value out, in whatever order',
      [at('>', S('5')), at('>=', S('5'))],
      { low: excluded(S('5')) },
    ],
    ['a low and a high', [at('>', S('3')), at('<', S('5'))], { low: excluded(S('3')), high: excluded(S('5')) }],
  ])('of several bounds has %s', (_, bounds, expected) => {
    expect(rangeOf(all(bounds), time, logs)).toEqual(expected);
  });

  it('of numbers has bounds that are numbers', () => {
    const range = (value: Value) => rangeOf(compare(['count'], '>', value), count, logs);
    expect([range(N(5)), range(S('5'))]).toEqual([{ low: excluded(N(5)) }, {}]);
  });
});

describe('a range', () => {
  const ranges: Record<string, KeyRange> = {
    'all values': {},
    '5 to 7': { low: included(N(5)), high: included(N(7)) },
    'between 5 and 7': { low: excluded(N(5)), high: excluded(N(7)) },
    'from 5': { low: included(N(5)) },
    'until 7': { high: included(N(7)) },
    'only 5': { low: included(N(5)), high: included(N(5)) },
    'from 5 to before 5': { low: included(N(5)), high: excluded(N(5)) },
    'behind 5 to 5': { low: excluded(N(5)), high: included(N(5)) },
    '7 to 5': { low: included(N(7)), high: included(N(5)) },
  };
  const of = (name: string) => ranges[name] as KeyRange;

  it.each([
    ['all values', [4, 5, 6, 7, 8]],
    ['5 to 7', [5, 6, 7]],
    ['between 5 and 7', [6]],
    ['from 5', [5, 6, 7, 8]],
    ['until 7', [4, 5, 6, 7]],
    ['only 5', [5]],
    ['from 5 to before 5', []],
    ['7 to 5', []],
  ])('of %s has %j in it', (name, expected) => {
    expect([4, 5, 6, 7, 8].filter((number) => isInRange(of(name), N(number)))).toEqual(expected);
  });

  it('of one value has that alone', () => {
    const found = Object.keys(ranges).filter((name) => onlyValue(of(name)) !== undefined);
    expect(found).toEqual(['only 5']);
    expect(onlyValue(of('only 5'))).toEqual(N(5));
    expect(onlyValue({ low: included(N(5)), high: included({ N: '5.0' }) })).toEqual(N(5));
  });

  it('whose ends cross, or meet in what one of them leaves out, is empty', () => {
    expect(Object.keys(ranges).filter((name) => isEmptyRange(of(name)))).toEqual([
      'from 5 to before 5',
      'behind 5 to 5',
      '7 to 5',
    ]);
  });
});

describe('a value', () => {
  it.each<[string, Value, boolean]>([
    ['a text', S('x'), true],
    ['the longest partition key', S('x'.repeat(2_048)), true],
    ['a longer text', S('x'.repeat(2_049)), false],
    ['an empty text', S(''), false],
    ['a number', N(1), false],
    ['null', { NULL: true }, false],
  ])('that is %s can be a key of texts or not', (_, value, expected) => {
    expect(isKeyValue(logs, logs.partitionKey, value)).toBe(expected);
  });

  it('that is no number is no key of numbers', () => {
    expect([N(1), S('1')].map((value) => isKeyValue(logs, count, value))).toEqual([true, false]);
  });
});
