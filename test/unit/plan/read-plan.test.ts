// docs/reference/query.md, "Plans": the cheapest way to read that misses no row, from policy AND query.

import { describe, expect, it } from 'vitest';
import type { Path } from '../../../lib/base/path.ts';
import type { Value } from '../../../lib/base/value.ts';
import {
  all,
  any,
  type Condition,
  compare,
  exists,
  FALSE,
  not,
  oneOf,
  TRUE,
} from '../../../lib/condition/condition.ts';
import { evaluator } from '../../../lib/condition/evaluate.ts';
import { table } from '../../../lib/definition/table.ts';
import { compileGet, compilePage } from '../../../lib/dynamo/read-input.ts';
import { planGet, planRead, type ReadOptions } from '../../../lib/plan/read-plan.ts';
import { keyPolicy, NOW } from '../../support/access.ts';
import { item } from '../../support/values.ts';

const items = table('items', { partitionKey: { id: 'string' } });
const orders = table('orders', { partitionKey: { customer: 'string' }, sortKey: { number: 'number' } });
const eq = (name: string, value: Value): Condition => compare([name], '=', value);
const S = (text: string): Value => ({ S: text });
const N = (text: string): Value => ({ N: text });
const filters = (...filter_fields: object[]) => ({ filter_fields });

describe('a read', () => {
  it.each([
    ['never, where the query cannot be true', items, {}, FALSE, 'never'],
    ['never, where the policy cannot be true', items, filters({ any: [] }), TRUE, 'never'],
    ['get, where the query fixes the key', items, {}, eq('id', S('a')), 'get'],
    ['get, where the policy fixes the key', items, filters({ field: 'id', value: 'a' }), TRUE, 'get'],
    [
      'get, where both fix a part of it',
      orders,
      filters({ field: 'customer', value: 'c' }),
      eq('number', N('1')),
      'get',
    ],
    ['query, where the partition is fixed', orders, {}, eq('customer', S('c')), 'query'],
    ['query, where the policy fixes the partition', orders, filters({ field: 'customer', value: 'c' }), TRUE, 'query'],
    ['scan, where nothing is fixed', items, {}, TRUE, 'scan'],
    ['scan, where the sort key alone is fixed', orders, {}, eq('number', N('1')), 'scan'],
    ['scan, where the key is compared otherwise', items, {}, compare(['id'], '>', S('a')), 'scan'],
    ['scan, where the key is what it may not be', items, {}, not(eq('id', S('a'))), 'scan'],
    ['scan, where the key is one of two things', items, {}, any([eq('id', S('a')), eq('x', S('b'))]), 'scan'],
    ['scan, where a path below the key is fixed', items, {}, compare(['id', 'x'], '=', S('a')), 'scan'],
  ] as const)('is %s', (_, of, permissions, query, kind) => {
    const plan = planRead(keyPolicy(permissions, { table: of }), query, { limit: 10 });
    expect(plan.kind).toBe(kind);
    expect(plan.rejected().every(({ cost, reason }) => (cost ?? plan.cost) >= plan.cost && reason !== '')).toBe(true);
  });

  it('is no get or query by what is no key, which DynamoDB would refuse', () => {
    const values = [S(''), N('1'), S('x'.repeat(2_049)), { BOOL: true }] as Value[];
    for (const value of values) {
      const plan = planRead(keyPolicy({}, { table: items }), eq('id', value), { limit: 1 });
      expect(['never', 'scan'], JSON.stringify(value)).toContain(plan.kind);
      expect(plan.accepts(item({ id: 'a' }))).toBe(false);
      const partition = planRead(keyPolicy({}, { table: orders }), eq('customer', value), { limit: 1 });
      expect(['never', 'scan'], JSON.stringify(value)).toContain(partition.kind);
    }
    const half = planRead(keyPolicy({}, { table: orders }), all([eq('customer', S('c')), eq('number', S('1'))]), {
      limit: 1,
    });
    expect(half.kind).not.toBe('get');
    expect(half.accepts(item({ customer: 'c', number: 1 }))).toBe(false);
  });

  it.each([
    ['get', items, eq('id', S('a'))],
    ['query', orders, eq('customer', S('a'))],
    ['scan', items, TRUE],
  ] as const)('by %s accepts only what policy and query accept', (kind, of, query) => {
    const policy = keyPolicy(filters({ field: 'colour', operator: 'ne', value: 'red' }), { table: of });
    const plan = planRead(policy, all([query, not(eq('x', N('1')))]), { limit: 10 });
    expect(plan.kind).toBe(kind);
    const accepts = (plain: object) => plan.accepts(item({ id: 'a', customer: 'a', number: 1, ...plain }));
    expect([{ colour: 'blue' }, { colour: 'blue', x: 1 }, { colour: 'red' }, {}].map(accepts)).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });

  it('of one branch holds its rows to policy and query as they were given', () => {
    const { branches, branchOf, accepts, condition } = planRead(
      keyPolicy({}, { table: orders }),
      eq('customer', S('a')),
      {
        limit: 10,
      },
    );
    expect(branches).toEqual([{ condition }]);
    expect([accepts, branchOf].map((ask) => ask(item({ id: 'x', customer: 'a' })))).toEqual([true, 0]);
  });

  it('of a union of unions looks at each part of an any once to find a row’s branch, not at each of their product', () => {
    const required = { type: 'string', required: true } as const;
    const things = table('things', {
      partitionKey: { id: 'string' },
      attributes: { s: required, t: required },
      indexes: { by_s: { partitionKey: 's', distinct: 1_000 }, by_t: { partitionKey: 't', distinct: 1_000 } },
      size: { items: 100_000 },
    });
    const parts = (name: string) =>
      any(Array.from({ length: 30 }, (_, at) => all([eq(name, S(`${at}`)), not(eq('x', N(`${at + 100}`)))])));
    const inner = any(Array.from({ length: 30 }, (_, at) => all([eq('t', S(`${at}`)), exists(['y'])])));
    const query = any([all([parts('s'), inner]), all([exists(['never']), any([eq('s', S('x')), eq('t', S('y'))])])]);
    const plan = planRead(keyPolicy({}, { table: things }), query, { limit: 10 });
    expect(plan.branches.length).toBeGreaterThan(30);
    let looks = 0;
    const row = new Proxy(item({ id: 'a', s: '29', t: '29', x: 1, y: 1 }), {
      getOwnPropertyDescriptor: (target, name) => {
        looks += 1;
        return Reflect.getOwnPropertyDescriptor(target, name);
      },
    });
    const branch = plan.branchOf(row);
    expect(looks).toBeLessThan(200);
    expect(plan.branches.findIndex(({ condition }) => evaluator(condition)(row))).toBe(branch);
  });

  it('keeps two different values of one key, which nothing has', () => {
    const plan = planRead(keyPolicy(filters({ field: 'id', value: 'a' }), { table: items }), eq('id', S('b')), {
      limit: 10,
    });
    expect([plan.accepts(item({ id: 'a' })), plan.accepts(item({ id: 'b' }))]).toEqual([false, false]);
  });

  it('of one item is a get that the policy still accepts or not', () => {
    const policy = keyPolicy(filters({ field: 'colour', value: 'red' }), { table: items });
    const plan = planGet(policy, item({ id: 'a' }));
    const get = { kind: 'get', keys: [{ id: { S: 'a' } }], branch: 0, rows: 1 };
    expect(plan).toMatchObject({ kind: 'get', steps: [get], limit: 1, needs: 'all', cost: 1 });
    expect(plan.rejected()).toEqual([]);
    expect(plan.branches).toEqual([{ condition: plan.condition }]);
    expect([plan.accepts(item({ id: 'a', colour: 'red' })), plan.accepts(item({ id: 'a' }))]).toEqual([true, false]);
    const nothing = planGet(keyPolicy(filters({ any: [] })), item({ id: 'a' }));
    expect(nothing).toMatchObject({ kind: 'never', steps: [], branches: [], cost: 0 });
    expect(nothing.rejected()).toEqual([]);
  });

  it('leaves out expired rows', () => {
    const expiring = table('items', { partitionKey: { id: 'string' }, ttl: 'until' });
    const plan = planRead(keyPolicy({}, { table: expiring }), TRUE, { limit: 10 });
    expect([plan.accepts(item({ id: 'a', until: NOW })), plan.accepts(item({ id: 'a' }))]).toEqual([false, true]);
  });
});

describe('the input of a read', () => {
  const planOf = (of: typeof items, query: Condition, permissions = {}, fields?: readonly Path[]) =>
    planRead(keyPolicy(permissions, { table: of }), query, { limit: 10, fields });
  const input = (...args: Parameters<typeof planOf>) => {
    const plan = planOf(...args);
    const [step] = plan.steps;
    if (!step || 'keys' in step) throw new Error(plan.kind);
    return compilePage(plan, step, 'the-table').input;
  };

  it('of one item is consistent', () => {
    const plan = planOf(items, eq('id', S('a')));
    const Key = { id: S('a') };
    expect(plan.steps).toMatchObject([{ kind: 'get', keys: [Key] }]);
    expect(compileGet(plan, item(Key), 'the-table')).toMatchObject({ TableName: 'the-table', ConsistentRead: true });
  });

  it('of everything has no empty maps', () => {
    expect(input(items, TRUE)).toEqual({ TableName: 'the-table' });
  });

  it('of a partition has its keys in the key condition, and no key in the filter', () => {
    const query = all([eq('customer', S('c')), compare(['number'], '>', N('5')), eq('x', S('y'))]);
    const { KeyConditionExpression, FilterExpression, ...names } = input(orders, query);
    expect(KeyConditionExpression).toBe('#a = :a AND #b > :b');
    expect(FilterExpression).toBe('#c = :c');
    expect(names.ExpressionAttributeNames).toEqual({ '#a': 'customer', '#b': 'number', '#c': 'x' });
    expect(names.ExpressionAttributeValues).toEqual({ ':a': S('c'), ':b': N('5'), ':c': S('y') });
  });

  it('of some fields leaves the others in DynamoDB, but for what is checked', () => {
    const { ProjectionExpression, ExpressionAttributeNames = {} } = input(
      orders,
      all([eq('customer', S('c')), eq('x', S('y'))]),
      filters({ field: 'secret', value: 'no' }),
      [['a', 'b']],
    );
    const names = (ProjectionExpression ?? '').split(',').map((placeholder) => ExpressionAttributeNames[placeholder]);
    expect(names.toSorted()).toEqual(['a', 'customer', 'number', 'secret', 'x']);
  });

  it('of some fields in an order needs what it is ordered by', () => {
    const order = { path: ['b', 'c'], isDescending: false } as const;
    const { needs } = planRead(keyPolicy({}, { table: items }), TRUE, { limit: 10, fields: [['a']], order });
    expect(needs).toEqual(new Set(['id', 'a', 'b']));
  });

  it('never says more than the condition: what does not fit is left to memory', () => {
    const many = oneOf(
      ['x'],
      Array.from({ length: 5_000 }, (_, i) => S(`v${i}`)),
    );
    expect(input(items, many)).toEqual({ TableName: 'the-table' });
    const plan = planOf(items, many);
    expect([plan.accepts(item({ id: 'a', x: 'v4999' })), plan.accepts(item({ id: 'a', x: 'w' }))]).toEqual([
      true,
      false,
    ]);
  });
});

describe('an index', () => {
  const S_ = { created: { type: 'string', required: true }, status: 'string', team: 'string' } as const;
  const notes = table('notes', {
    partitionKey: { id: 'string' },
    attributes: S_,
    indexes: {
      by_status: { partitionKey: 'status', sortKey: 'created', distinct: 100 },
      by_team: { partitionKey: 'team', projection: 'keys', distinct: 1_000 },
      by_owner: { partitionKey: { owner: 'string' }, sortKey: { due: 'string' } },
    },
  });
  const shape = (query: Condition, options: Partial<ReadOptions> = {}, permissions = {}) => {
    const plan = planRead(keyPolicy(permissions, { table: notes }), query, { limit: 10, ...options });
    const index = plan.steps.map((step) => ('keys' in step ? 'keys' : (step.source.index?.name ?? 'table')));
    return [plan.kind, [...new Set(index)].join()];
  };
  const since = compare(['created'], '>=', S('2026'));

  it.each([
    ['read where its partition key is fixed', eq('status', S('new')), ['query', 'by_status']],
    ['not read where it could lack rows', eq('owner', S('me')), ['scan', 'table']],
    [
      'read where the query sees to it that it lacks none',
      all([eq('owner', S('me')), compare(['due'], '<', S('3'))]),
      ['query', 'by_owner'],
    ],
    [
      'not read where the query wants what it cannot hold',
      all([eq('owner', S('me')), compare(['due'], '<', N('3'))]),
      ['scan', 'table'],
    ],
    ['read once for each of several values', oneOf(['status'], [S('new'), S('old')]), ['union', 'by_status']],
    [
      'read for each branch of an any',
      any([eq('status', S('new')), eq('team', S('red'))]),
      ['union', 'by_status,by_team'],
    ],
    ['not read where one branch needs all', any([eq('status', S('new')), eq('x', S('red'))]), ['scan', 'table']],
    ['read beside a get', any([eq('status', S('new')), eq('id', S('a'))]), ['union', 'by_status,keys']],
    ['read and fetched back from where it holds keys only', eq('team', S('red')), ['query', 'by_team']],
    ['not read where the key is fixed too', all([eq('status', S('new')), eq('id', S('a'))]), ['get', 'keys']],
    ['scanned where it holds all that is wanted', exists(['owner']), ['scan', 'table']],
    ['scanned where it holds fewer rows', all([exists(['owner']), exists(['due'])]), ['scan', 'by_owner']],
  ])('is %s', (_, query, expected) => {
    expect(shape(query)).toEqual(expected);
  });

  it('counts a policy like a query', () => {
    expect(shape(TRUE, {}, filters({ field: 'status', value: 'new' }))).toEqual(['query', 'by_status']);
    expect(shape(since, {}, filters({ field: 'status', value: ['new', 'old'] }))).toEqual(['union', 'by_status']);
    expect(shape(eq('status', S('old')), {}, filters({ field: 'status', value: ['new', 'older'] }))).toEqual([
      'never',
      '',
    ]);
  });

  it('of keys is enough where nothing else is wanted', () => {
    const [step] = planRead(keyPolicy({}, { table: notes }), eq('team', S('red')), {
      limit: 1,
      fields: [['id']],
    }).steps;
    expect(step).toMatchObject({ kind: 'query', isFetchedBack: false });
    const [whole] = planRead(keyPolicy({}, { table: notes }), eq('team', S('red')), { limit: 1 }).steps;
    expect(whole).toMatchObject({ kind: 'query', isFetchedBack: true });
    const [all_] = planRead(keyPolicy({}, { table: notes }), exists(['team']), { limit: 1, fields: [['team']] }).steps;
    expect(all_).toMatchObject({ kind: 'scan', source: { index: { name: 'by_team' } } });
  });

  it('gives an order where it has it, else memory does', () => {
    const order = { path: ['created'] as const, isDescending: true };
    const plan = (query: Condition) => planRead(keyPolicy({}, { table: notes }), query, { limit: 10, order });
    expect(plan(eq('status', S('new')))).toMatchObject({
      kind: 'query',
      sortedBy: 'steps',
      steps: [{ isForward: false }],
    });
    expect(plan(oneOf(['status'], [S('new'), S('old')]))).toMatchObject({ kind: 'union', sortedBy: 'steps' });
    expect(plan(eq('team', S('red')))).toMatchObject({ kind: 'query', sortedBy: 'memory' });
    expect(plan(oneOf(['id'], [S('a'), S('b')]))).toMatchObject({ kind: 'batch', sortedBy: 'memory' });
    expect(plan(all([eq('status', S('new')), eq('team', S('red'))]))).toMatchObject({ sortedBy: 'steps' });
  });

  it('that was not read has its reason', () => {
    const { rejected } = planRead(keyPolicy({}, { table: notes }), eq('owner', S('me')), { limit: 10 });
    expect(rejected().find(({ index }) => index === 'by_owner')?.reason).toBe('it has no items without due');
    const other = planRead(keyPolicy({}, { table: notes }), all([eq('status', S('x')), eq('team', S('y'))]), {
      limit: 10,
    });
    expect(other.rejected().find(({ index }) => index === 'by_team')?.reason).toMatch(
      /^it costs \d+(\.\d+)? read units, the query /,
    );
  });
});
