// The calls that a read plan makes: what of its condition DynamoDB is asked, in which index, which way, and how much of
// each row it gives back.

import { describe, expect, it } from 'vitest';
import type { Value } from '../../../lib/base/value.ts';
import {
  all,
  any,
  type Condition,
  compare,
  exists,
  not,
  oneOf,
  startsWith,
  TRUE,
} from '../../../lib/condition/condition.ts';
import { table } from '../../../lib/definition/table.ts';
import { batchesOf, compileBatch, compileGet, compilePage } from '../../../lib/dynamo/read-input.ts';
import type { KeyRange } from '../../../lib/plan/key-range.ts';
import { planRead, type ReadOptions } from '../../../lib/plan/read-plan.ts';
import { keyPolicy } from '../../support/access.ts';
import { item } from '../../support/values.ts';

const orders = table('orders', {
  partitionKey: { customer: 'string' },
  sortKey: { number: 'number' },
  attributes: { status: { type: 'string', required: true }, team: { type: 'string', required: true } },
  indexes: {
    by_status: { partitionKey: 'status', projection: ['team'], distinct: 10_000 },
    by_team: { partitionKey: 'team', projection: 'keys', distinct: 100_000 },
  },
});
const eq = (name: string, value: Value): Condition => compare([name], '=', value);
const S = (text: string): Value => ({ S: text });
const N = (text: string): Value => ({ N: text });
const mine = eq('customer', S('c'));

function planOf(query: Condition, options: Partial<ReadOptions> = {}) {
  return planRead(keyPolicy({}, { table: orders }), query, { limit: 10, ...options });
}

function pages(query: Condition, options: Partial<ReadOptions> = {}) {
  const plan = planOf(query, options);
  return plan.steps.map((step) => ('keys' in step ? expect.fail('keys') : compilePage(plan, step, 'the-table')));
}

describe('a key condition', () => {
  it.each<[string, Condition[], string]>([
    ['nothing', [], '#a = :a'],
    ['a low end', [compare(['number'], '>', N('1'))], '#a = :a AND #b > :b'],
    ['a low end and its value', [compare(['number'], '>=', N('1'))], '#a = :a AND #b >= :b'],
    ['a high end', [compare(['number'], '<', N('1'))], '#a = :a AND #b < :b'],
    ['a high end and its value', [compare(['number'], '<=', N('1'))], '#a = :a AND #b <= :b'],
    [
      'both ends, which are included',
      [compare(['number'], '>', N('1')), compare(['number'], '<', N('2'))],
      '#a = :a AND #b BETWEEN :b AND :c',
    ],
  ])('of a partition and of the sort key says %s', (_, parts, expected) => {
    const [page] = pages(all([mine, ...parts]));
    expect(page?.input.KeyConditionExpression).toBe(expected);
  });

  const from5 = { value: N('5'), isIncluded: true };
  it.each<[string, KeyRange, string, Record<string, Value>]>([
    [
      'its ends',
      { low: { ...from5, isIncluded: false }, high: { value: N('9'), isIncluded: true } },
      ' AND #b BETWEEN :b AND :c',
      { ':b': N('5'), ':c': N('9') },
    ],
    ['its only value', { low: from5, high: from5 }, ' AND #b = :b', { ':b': N('5') }],
    ['nothing of an open one', {}, '', {}],
  ])('has the range that it is given instead of the step’s: %s', (_, range, expected, values) => {
    const plan = planOf(all([mine, compare(['number'], '>', N('1'))]));
    const [step] = plan.steps;
    if (step?.kind !== 'query') return expect.fail(plan.kind);
    const { input } = compilePage(plan, step, 'the-table', range);
    expect(input.KeyConditionExpression).toBe(`#a = :a${expected}`);
    expect(input.ExpressionAttributeValues).toEqual({ ':a': S('c'), ...values });
  });
});

describe('a page', () => {
  it.each([
    ['of the table', mine, {}, {}],
    ['of the table, backwards', mine, { order: { path: ['number'], isDescending: true } }, { ScanIndexForward: false }],
    ['of the table, forwards', mine, { order: { path: ['number'], isDescending: false } }, {}],
    ['of everything, in any order', TRUE, { order: { path: ['number'], isDescending: true } }, {}],
    ['of an index', eq('status', S('s')), { fields: [['team']] }, { IndexName: 'by_status' }],
  ] as const)('names its index, and says which way only where it goes backwards: %s', (_, query, options, expected) => {
    const [page] = pages(query, options);
    const { IndexName, ScanIndexForward } = page?.input ?? {};
    expect({ ...(IndexName && { IndexName }), ...(ScanIndexForward !== undefined && { ScanIndexForward }) }).toEqual(
      expected,
    );
  });

  it.each<[string, Condition, string | undefined]>([
    ['a key of a query', all([mine, not(eq('number', N('1')))]), undefined],
    ['a key of a scan', not(eq('number', N('1'))), '#a <> :a'],
    ['what an index holds', all([eq('status', S('s')), eq('team', S('t2'))]), '#b = :b'],
    ['what an index does not hold', all([eq('team', S('t')), eq('x', S('y'))]), undefined],
  ])('is filtered by what DynamoDB can know of a row there: %s', (_, query, expected) => {
    const [page] = pages(query, expected === '#b = :b' ? { fields: [['team']] } : {});
    expect(page?.input.FilterExpression).toBe(expected);
  });

  it('of a union is filtered by its own branch', () => {
    const query = any([all([mine, eq('x', S('1'))]), all([eq('customer', S('d')), eq('y', S('2'))])]);
    const filters = pages(query).map(({ input }) => [input.FilterExpression, input.ExpressionAttributeNames]);
    expect(filters).toEqual([
      ['#b = :b', { '#a': 'customer', '#b': 'x' }],
      ['#b = :b', { '#a': 'customer', '#b': 'y' }],
    ]);
  });

  it.each<[string, Condition, boolean]>([
    ['everything', TRUE, true],
    ['a partition', mine, true],
    ['a range of a partition', all([mine, compare(['number'], '>', N('1'))]), true],
    ['some of several partitions', oneOf(['customer'], [S('c'), S('d')]), true],
    ['a partition, filtered', all([mine, eq('x', S('1'))]), false],
    ['a scan, filtered', eq('x', S('1')), false],
    ['a scan, filtered by a key', compare(['number'], '>', N('1')), false],
    ['a partition, with what no key condition says of a key', all([mine, not(eq('number', N('1')))]), false],
    ['a partition, with a path that no filter may name', all([mine, exists(['customer', 'x'])]), false],
    ['a partition, with a path below its key', all([mine, compare(['customer', 'x'], '=', S('c'))]), false],
    ['an index that is fetched back', eq('team', S('t')), false],
  ])('is exact only where DynamoDB says all of its condition: %s', (_, query, expected) => {
    expect([...new Set(pages(query).map(({ isExact }) => isExact))]).toEqual([expected]);
  });

  it('is not exact where a filter does not fit', () => {
    const long = oneOf(
      ['x'],
      Array.from({ length: 5_000 }, (_, i) => S(`v${i}`)),
    );
    expect(pages(long)).toStrictEqual([{ input: { TableName: 'the-table' }, isExact: false }]);
    expect(pages(all([mine, long]))[0]).toMatchObject({ isExact: false });
  });

  it('says a prefix of a text key in its range', () => {
    const texts = table('texts', { partitionKey: { a: 'string' }, sortKey: { b: 'string' } });
    const plan = planRead(keyPolicy({}, { table: texts }), all([eq('a', S('x')), startsWith(['b'], 'p')]), {
      limit: 1,
    });
    const [step] = plan.steps;
    if (step?.kind !== 'query') return expect.fail(plan.kind);
    expect(compilePage(plan, step, 't')).toMatchObject({
      input: { KeyConditionExpression: '#a = :a AND #b BETWEEN :b AND :c' },
      isExact: true,
    });
  });
});

describe('what is read of a row', () => {
  const namesOf = ({ ProjectionExpression = '', ExpressionAttributeNames = {} }: object & Projected) =>
    ProjectionExpression.split(',')
      .map((placeholder) => ExpressionAttributeNames[placeholder])
      .toSorted();

  it('is the keys alone where it is fetched back', () => {
    const [page] = pages(eq('team', S('t')));
    expect(namesOf(page?.input ?? {})).toEqual(['customer', 'number', 'team']);
  });

  it('is what is wanted and the keys, of the index too', () => {
    const [page] = pages(eq('status', S('s')), { fields: [['team', 'x']] });
    expect(namesOf(page?.input ?? {})).toEqual(['customer', 'number', 'status', 'team']);
  });

  it('is what is wanted and the keys of an index that is scanned', () => {
    expect(pages(TRUE, { fields: [['customer']] })).toStrictEqual([
      {
        input: {
          TableName: 'the-table',
          IndexName: 'by_team',
          ProjectionExpression: '#a,#b,#c',
          ExpressionAttributeNames: { '#a': 'customer', '#b': 'number', '#c': 'team' },
        },
        isExact: true,
      },
    ]);
  });

  it('is what is wanted, of one item and of many', () => {
    const key = item({ customer: 'c', number: 1 });
    const get = planOf(all([mine, eq('number', N('1'))]), { fields: [['x', 'y'], ['z']] });
    expect(compileGet(get, key, 'the-table')).toMatchObject({ TableName: 'the-table', Key: key, ConsistentRead: true });
    expect(namesOf(compileGet(get, key, 'the-table'))).toEqual(['customer', 'number', 'x', 'z']);
    const { RequestItems } = compileBatch(get, [key], 'the-table');
    expect(RequestItems['the-table']).toMatchObject({ Keys: [key], ConsistentRead: true });
    expect(namesOf(RequestItems['the-table'] ?? {})).toEqual(['customer', 'number', 'x', 'z']);
  });

  it('is all of it where all is wanted', () => {
    const key = item({ customer: 'c', number: 1 });
    const get = planOf(all([mine, eq('number', N('1'))]));
    expect(compileGet(get, key, 't')).toStrictEqual({ TableName: 't', Key: key, ConsistentRead: true });
    expect(compileBatch(get, [key], 't')).toEqual({ RequestItems: { t: { Keys: [key], ConsistentRead: true } } });
    expect(pages(mine)[0]?.input).not.toHaveProperty('ProjectionExpression');
  });

  it('is all of it where more is wanted than an expression holds', () => {
    const fields = (count: number) => Array.from({ length: count }, (_, i) => [`f${i}`] as const);
    // The keys are wanted too, and 819 names fit.
    expect(pages(mine, { fields: fields(817) })[0]?.input.ProjectionExpression?.length).toBeLessThan(4_096);
    expect(pages(mine, { fields: fields(818) })[0]?.input.ProjectionExpression).toBeUndefined();
  });
});

describe('the keys of a batch', () => {
  it.each([
    [0, 250, [100, 100, 50]],
    [100, 250, [100, 50]],
    [200, 200, []],
  ])('are asked for a hundred at a time, from number %d of %d on', (from, count, sizes) => {
    const keys = Array.from({ length: count }, (_, i) => item({ id: `${i}` }));
    const batches = batchesOf({ kind: 'batch', keys, branch: 0, rows: count }, from);
    expect(batches.map(({ length }) => length)).toEqual(sizes);
    expect(batches.flat()).toEqual(keys.slice(from));
  });
});

type Projected = { readonly ProjectionExpression?: string; readonly ExpressionAttributeNames?: Record<string, string> };
