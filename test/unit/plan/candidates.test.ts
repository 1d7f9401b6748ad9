// docs/reference/query.md, "Plans": the ways to read the rows of a condition. Each test names the way that is taken,
// then the others.

import { describe, expect, it } from 'vitest';
import { all, any, type Condition, compare, oneOf, startsWith } from '../../../lib/condition/condition.ts';
import { printCondition } from '../../../lib/condition/print.ts';
import { table } from '../../../lib/definition/table.ts';
import { plansOf, type ReadOptions } from '../../../lib/plan/read-plan.ts';
import { keyPolicy } from '../../support/access.ts';
import { eq, N, planOf, S, takenOf, waysOf } from '../../support/plans.ts';

const required = { type: 'string', required: true } as const;

/** 10,000 items of 4 KB: 5,000 read units; 500 of them each status costs, 5 each team. */
const notes = table('notes', {
  partitionKey: { id: 'string' },
  attributes: { status: required, team: required, created: required, size: { type: 'number', required: true } },
  indexes: {
    by_status: { partitionKey: 'status', sortKey: 'created', distinct: 10 },
    by_team: { partitionKey: 'team', sortKey: 'size', distinct: 1_000 },
  },
  size: { items: 10_000, itemBytes: 4_096 },
});
const SCANS = ['scan', 'scan by_status', 'scan by_team'];

const ways = (query: Condition) => waysOf(planOf(notes, query));
const status = (text: string) => eq('status', S(text));
const team = (text: string) => eq('team', S(text));
const x = (number: number) => eq('x', N(number));
const texts = (count: number, from = 0) => Array.from({ length: count }, (_, i) => S(`t${from + i}`));
const numbers = (count: number) => Array.from({ length: count }, (_, i) => N(i));

describe('an any', () => {
  it('is read branch by branch, each by its cheapest way', () => {
    const plan = planOf(
      notes,
      any([
        all([status('new'), compare(['created'], '>', S('2026')), team('red')]),
        // Of two ways that cost the same the first.
        all([status('old'), eq('created', S('2026')), team('blue')]),
      ]),
    );
    expect(takenOf(plan)).toBe('union by_team by_status');
    expect(plan.cost).toBe(10);
    expect(waysOf(plan)).toEqual(['union by_team by_status', ...SCANS]);
  });

  it('of lists and single values is read value by value', () => {
    const plan = planOf(notes, any([oneOf(['team'], texts(2)), all([status('new'), eq('created', S('2026'))])]));
    expect([takenOf(plan), plan.steps.length, plan.cost]).toEqual(['union by_team by_status', 3, 15]);
  });

  it('has in each branch what stands beside it', () => {
    const { branches } = planOf(notes, all([x(1), any([all([status('new'), eq('y', N(2))]), team('red')])]));
    expect(branches.map(({ condition }) => printCondition(condition))).toEqual([
      'team = "red" and x = 1',
      'status = "new" and y = 2 and x = 1',
    ]);
  });

  it('of parts of one partition is read part by part', () => {
    const plan = planOf(
      notes,
      all([status('new'), any(['2024', '2026'].map((year) => startsWith(['created'], year)))]),
    );
    expect(waysOf(plan)).toEqual(['union by_status', 'query by_status', ...SCANS]);
    expect(plan.cost).toBe(100);
  });

  it('in an any is taken apart where the branch that it stands in has no other key', () => {
    const inner = any([all([team('red'), eq('y', N(1))]), all([team('blue'), eq('z', N(1))])]);
    const plan = planOf(notes, any([all([x(1), inner]), all([status('old'), eq('created', S('2026'))])]));
    expect([takenOf(plan), plan.steps.length, plan.cost]).toEqual(['union by_team by_status', 3, 15]);
    const keyed = planOf(notes, any([all([team('green'), inner, x(1)]), team('white')]));
    expect([takenOf(keyed), keyed.steps.length]).toEqual(['union by_team', 2]);
  });

  it('whose branches all contradict what stands beside it is never true', () => {
    const query = all([status('new'), any([all([team('a'), x(1)]), all([team('b'), x(1)])]), x(2)]);
    expect(ways(query)).toEqual(['never', 'query by_status', ...SCANS]);
    const order = { path: ['created'], isDescending: false } as const;
    expect(planOf(notes, query, { order })).toMatchObject({ kind: 'never', sortedBy: 'steps' });
  });

  it.each<[string, Condition, string[]]>([
    ['one branch names no key', any([x(1), eq('y', N(2))]), ['query by_status']],
    ['only some branches name a key', any([compare(['created'], '>', S('2026')), x(1)]), ['query by_status']],
    [
      'the branches name what lies below a key',
      any([compare(['created', 'x'], '=', N(1)), compare(['created', 'y'], '=', N(1))]),
      ['query by_status'],
    ],
  ])('is left to the filter where %s', (_, part, expected) => {
    expect(ways(all([status('new'), part]))).toEqual([...expected, ...SCANS]);
  });

  it('is scanned for where one branch names no partition', () => {
    expect(ways(any([status('new'), eq('created', S('2026'))]))).toEqual(SCANS);
  });
});

describe('a union', () => {
  const branches = (name: string, count: number, beside: string) =>
    any(texts(count).map((text, i) => all([eq(name, text), eq(beside, N(i))])));

  it('has a thousand branches at most', () => {
    expect(ways(branches('id', 1_000, 'x'))).toEqual(['union', ...SCANS]);
    expect(ways(branches('id', 1_001, 'x'))).toEqual(SCANS);
  });

  it('is looked for among a thousand branches of all anys at most', () => {
    const second = branches('team', 2, 'y');
    expect(ways(all([branches('id', 998, 'x'), second]))).toEqual(['union by_team', 'union', ...SCANS]);
    expect(ways(all([branches('id', 999, 'x'), second]))).toEqual(['union', ...SCANS]);
  });

  it('that is not taken is named by its index, where it has but one', () => {
    const statuses = any([all([status('new'), x(1)]), all([status('old'), x(2)])]);
    expect(ways(all([statuses, team('red')]))).toEqual(['query by_team', 'union by_team', ...SCANS]);
    const dearer = any([all([status('new'), eq('created', S('2026')), x(1)]), all([team('red'), x(2)])]);
    const cheaper = any(['a', 'b'].map((text, i) => all([team(text), eq('size', N(i))])));
    expect(ways(all([dearer, cheaper]))).toEqual(['union by_team', 'union', ...SCANS]);
  });

  it('has a thousand steps at most', () => {
    const half = (count: number, from: number, n: number) =>
      all([oneOf(['team'], texts(count, from)), eq('size', N(1)), x(n)]);
    expect(ways(any([half(500, 0, 1), half(500, 500, 2)]))).toEqual(['union by_team', ...SCANS]);
    expect(ways(any([half(501, 0, 1), half(500, 501, 2)]))).toEqual(SCANS);
  });
});

describe('a list of sort keys', () => {
  const created = (...values: Parameters<typeof oneOf>[1]) => all([status('new'), oneOf(['created'], values)]);

  it('is read value by value', () => {
    const plan = planOf(notes, created(S('1'), S('2')));
    expect(waysOf(plan)).toEqual(['union by_status', ...SCANS]);
    const at = (text: string) => ({ value: S(text), isIncluded: true });
    expect(plan.steps).toMatchObject(['1', '2'].map((text) => ({ range: { low: at(text), high: at(text) } })));
    expect(plan.cost).toBe(10);
  });

  it('is left to the filter where one of them is no key', () => {
    const plan = planOf(notes, created(S('1'), N(2)));
    expect(waysOf(plan)).toEqual(['query by_status', ...SCANS]);
    expect(plan.steps).toMatchObject([{ range: {} }]);
    expect(plan.cost).toBe(500);
  });

  it('is read value by value in a thousand steps at most, else partition by partition', () => {
    const steps = (teams: number, sizes: number) =>
      planOf(notes, all([oneOf(['team'], texts(teams)), oneOf(['size'], numbers(sizes))])).steps.length;
    expect([steps(10, 100), steps(11, 91)]).toEqual([1_000, 11]);
  });
});

describe('a list of keys', () => {
  it('is scanned for where there are more than a thousand', () => {
    expect(ways(oneOf(['id'], texts(1_000)))).toEqual(['batch', ...SCANS]);
    expect(ways(oneOf(['id'], texts(1_001)))).toEqual(SCANS);
  });
});

describe('a list of partitions', () => {
  it('is scanned for where one of them is no key', () => {
    expect(ways(oneOf(['status'], [S('new'), S('old')]))).toEqual(['union by_status', ...SCANS]);
    expect(ways(oneOf(['status'], [S('new'), S('')]))).toEqual(SCANS);
  });
});

describe('an order', () => {
  const sortedBy = (query: Condition, path: ReadOptions['order'] & object = by(['created'])) => {
    const plan = planOf(notes, query, { order: path });
    return [takenOf(plan), plan.sortedBy];
  };
  const by = (path: readonly [string, ...string[]]) => ({ path, isDescending: false });

  it.each<[string, Condition, string[]]>([
    ['a query of an index by it', status('new'), ['query by_status', 'steps']],
    [
      'a union of queries by it, though others are cheaper',
      any([all([status('new'), team('red')]), all([status('old'), team('blue')])]),
      ['union by_status', 'steps'],
    ],
    [
      'queries of single sort keys',
      all([status('new'), oneOf(['created'], [S('1'), S('2')])]),
      ['union by_status', 'steps'],
    ],
    ['one item, which has any order', eq('id', S('a')), ['get', 'steps']],
    ['what has no row', eq('id', N(1)), ['never', 'steps']],
    [
      'no union of which a part has another order',
      any([status('new'), team('red')]),
      ['union by_status by_team', 'memory'],
    ],
    [
      'no union of which all parts have another',
      any([all([team('red'), x(1)]), all([team('blue'), x(2)])]),
      ['union by_team', 'memory'],
    ],
  ])('is given by %s', (_, query, expected) => {
    expect(sortedBy(query)).toEqual(expected);
  });

  it('is given by a hundred queries of single sort keys at most: each is open before the first row is known', () => {
    const plan = (count: number) => sortedBy(all([status('new'), oneOf(['created'], texts(count))]));
    expect([plan(100), plan(101)]).toEqual([
      ['union by_status', 'steps'],
      ['union by_status', 'memory'],
    ]);
    expect(sortedBy(oneOf(['status'], texts(101)))).toEqual(['union by_status', 'steps']);
  });

  it('of what lies below a sort key is given by memory', () => {
    expect(sortedBy(status('new'), by(['created', 'x']))).toEqual(['query by_status', 'memory']);
  });
});

it('all ways to read some rows are plans of their own', () => {
  const query = all([status('new'), team('red')]);
  const plans = plansOf(keyPolicy({}, { table: notes }), query, { limit: 7 });
  expect(plans.map(takenOf)).toEqual(['query by_status', 'query by_team', ...SCANS]);
  for (const plan of plans) {
    expect(plan).toMatchObject({ table: notes, limit: 7, needs: 'all' });
    expect(plan.rejected()).toEqual([]);
  }
});

it('a key that nothing has leaves nothing else to think of', () => {
  expect(ways(eq('id', N(1)))).toEqual(['never']);
});
