// docs/reference/query.md, "Plans": the planner takes the cheapest way by estimated read units, and can say why it
// takes no other.

import { describe, expect, it } from 'vitest';
import { all, type Condition, compare, exists, FALSE, not, oneOf, TRUE } from '../../../lib/condition/condition.ts';
import { table } from '../../../lib/definition/table.ts';
import { choicesOf } from '../../../lib/plan/choices.ts';
import { cheapest } from '../../../lib/plan/choose.ts';
import type { ReadOptions } from '../../../lib/plan/read-plan.ts';
import { eq, N, planOf, rejectedOf, S, takenOf } from '../../support/plans.ts';

const required = { type: 'string', required: true } as const;

/** 10,000 items of 4 KB: 5,000 read units; 1,000 of each status, 100 of each team. */
const notes = table('notes', {
  partitionKey: { id: 'string' },
  attributes: { status: required, team: required, created: required },
  indexes: {
    by_status: { partitionKey: 'status', sortKey: 'created', distinct: 10 },
    by_team: { partitionKey: 'team', distinct: 100 },
  },
  size: { items: 10_000, itemBytes: 4_096 },
});
const status = eq('status', S('new'));
const team = eq('team', S('red'));
const ids = (count: number) =>
  oneOf(
    ['id'],
    Array.from({ length: count }, (_, i) => S(`i${i}`)),
  );
const byCreated = { order: { path: ['created'], isDescending: false } } as const;

const choice = (query: Condition, options: Partial<ReadOptions> = {}) => {
  const plan = planOf(notes, query, options);
  return [takenOf(plan), ...rejectedOf(plan)];
};

describe('the cheapest way is taken', () => {
  it.each<[string, Condition, string[]]>([
    [
      'a query of the rarer of two values',
      all([status, team]),
      [
        'query by_team',
        'query by_status: it costs 500 read units, the query 50',
        'scan: it costs 5000 read units, the query 50',
        'scan by_status: it costs 5000 read units, the query 50',
        'scan by_team: it costs 5000 read units, the query 50',
      ],
    ],
    [
      'of two that cost the same that of the table, which is never behind',
      TRUE,
      [
        'scan',
        'scan by_status: it costs 5000 read units, the scan 5000',
        'scan by_team: it costs 5000 read units, the scan 5000',
      ],
    ],
    [
      'a batch of few keys',
      all([ids(49), team]),
      [
        'batch',
        'query by_team: it costs 50 read units, the batch 49',
        'scan: it costs 5000 read units, the batch 49',
        'scan by_status: it costs 5000 read units, the batch 49',
        'scan by_team: it costs 5000 read units, the batch 49',
      ],
    ],
    [
      'a query of fewer rows than keys are given',
      all([ids(51), team]),
      [
        'query by_team',
        'batch: it costs 51 read units, the query 50',
        'scan: it costs 5000 read units, the query 50',
        'scan by_status: it costs 5000 read units, the query 50',
        'scan by_team: it costs 5000 read units, the query 50',
      ],
    ],
    ['one item by its key, whatever else is known: nothing is cheaper', all([ids(1), status]), ['get']],
    ['nothing, where nothing can be found', FALSE, ['never']],
  ])('%s', (_, query, expected) => {
    expect(choice(query)).toEqual(expected);
  });

  it('among some: a table always has a scan', () => {
    expect(() => cheapest([], { limit: 1 })).toThrow('there is always a scan of the table');
  });
});

describe('an order', () => {
  const unordered = 'it does not give the order that is asked for';

  it('is given by a dearer index: only it can go on from page to page', () => {
    expect(choice(all([status, team]), byCreated)).toEqual([
      'query by_status',
      `query by_team: ${unordered}`,
      `scan: ${unordered}`,
      `scan by_status: ${unordered}`,
      `scan by_team: ${unordered}`,
    ]);
  });

  it('is left to memory where nothing gives it, in the cheapest way', () => {
    expect(choice(team, byCreated)).toEqual([
      'query by_team',
      'scan: it costs 5000 read units, the query 50',
      'scan by_status: it costs 5000 read units, the query 50',
      'scan by_team: it costs 5000 read units, the query 50',
    ]);
    expect(planOf(notes, team, byCreated).sortedBy).toBe('memory');
  });

  it('is left to memory for keys that all fit in one page', () => {
    const keys = all([ids(10), status]);
    expect(takenOf(planOf(notes, keys, { ...byCreated, limit: 10 }))).toBe('batch');
    expect(takenOf(planOf(notes, keys, { ...byCreated, limit: 9 }))).toBe('query by_status');
  });

  it('is not left to memory for rows that are only estimated to fit', () => {
    expect(takenOf(planOf(notes, all([team, status]), { ...byCreated, limit: 1_000 }))).toBe('query by_status');
  });
});

describe('keys that are asked for one by one', () => {
  const orders = table('orders', { partitionKey: { customer: 'string' }, sortKey: { number: 'number' } });
  const kindOf = (customers: number, numbers: number) =>
    planOf(
      orders,
      all([
        oneOf(
          ['customer'],
          Array.from({ length: customers }, (_, i) => S(`c${i}`)),
        ),
        oneOf(
          ['number'],
          Array.from({ length: numbers }, (_, i) => N(i)),
        ),
      ]),
    ).kind;

  it('are a thousand at most', () => {
    expect(takenOf(planOf(notes, ids(1_000)))).toBe('batch');
    expect(takenOf(planOf(notes, ids(1_001)))).toBe('scan');
    expect(kindOf(40, 25)).toBe('batch');
    expect(kindOf(11, 91)).toBe('union');
  });

  it('are each asked for once, however they are written', () => {
    const twice = all([eq('customer', S('c')), oneOf(['number'], [{ N: '1.0' }, N(1), N(2)])]);
    expect(planOf(orders, twice).steps).toMatchObject([{ keys: [{ number: N(1) }, { number: N(2) }] }]);
  });

  it('are found behind whatever else is said of the key', () => {
    const condition = all([exists(['id']), not(eq('id', S('b'))), eq('id', S('a'))]);
    expect(choicesOf(condition, 'id')).toEqual([S('a')]);
  });

  it('are none where a key is only bound', () => {
    expect(planOf(orders, compare(['customer'], '>=', S('c'))).kind).toBe('scan');
  });
});
