// query.md, "Plans": the cheapest way to read that misses no row, from policy AND query.

import { describe, expect, it } from 'vitest';
import { type Item, itemOf, type Value } from '../../../lib/base/value.ts';
import { all, any, type Condition, compare, FALSE, not, oneOf, TRUE } from '../../../lib/condition/condition.ts';
import { table } from '../../../lib/definition/table.ts';
import { compileRead } from '../../../lib/dynamo/read-input.ts';
import { planGet, planRead } from '../../../lib/plan/read-plan.ts';
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
    const plan = planRead(keyPolicy(permissions, { table: of }), query, 10);
    expect(plan.kind).toBe(kind);
    expect(plan.candidates.map(({ access }) => access.kind)).toContain(kind);
    expect(plan.candidates.every(({ cost }) => cost >= Math.min(...plan.candidates.map((each) => each.cost)))).toBe(
      true,
    );
  });

  it('is no get or query by what is no key, which DynamoDB would refuse', () => {
    const values = [S(''), N('1'), S('x'.repeat(2_049)), { BOOL: true }] as Value[];
    for (const value of values) {
      const plan = planRead(keyPolicy({}, { table: items }), eq('id', value), 1);
      expect(['never', 'scan'], JSON.stringify(value)).toContain(plan.kind);
      expect(plan.accepts(item({ id: 'a' }))).toBe(false);
      const partition = planRead(keyPolicy({}, { table: orders }), eq('customer', value), 1);
      expect(['never', 'scan'], JSON.stringify(value)).toContain(partition.kind);
    }
    const half = planRead(keyPolicy({}, { table: orders }), all([eq('customer', S('c')), eq('number', S('1'))]), 1);
    expect(half.kind).not.toBe('get');
    expect(half.accepts(item({ customer: 'c', number: 1 }))).toBe(false);
  });

  it.each([
    ['get', items, eq('id', S('a'))],
    ['query', orders, eq('customer', S('a'))],
    ['scan', items, TRUE],
  ] as const)('by %s accepts only what policy and query accept', (kind, of, query) => {
    const policy = keyPolicy(filters({ field: 'colour', operator: 'ne', value: 'red' }), { table: of });
    const plan = planRead(policy, all([query, not(eq('x', N('1')))]), 10);
    expect(plan.kind).toBe(kind);
    const accepts = (plain: object) => plan.accepts(item({ id: 'a', customer: 'a', number: 1, ...plain }));
    expect([{ colour: 'blue' }, { colour: 'blue', x: 1 }, { colour: 'red' }, {}].map(accepts)).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });

  it('keeps two different values of one key, which nothing has', () => {
    const plan = planRead(keyPolicy(filters({ field: 'id', value: 'a' }), { table: items }), eq('id', S('b')), 10);
    expect([plan.accepts(item({ id: 'a' })), plan.accepts(item({ id: 'b' }))]).toEqual([false, false]);
  });

  it('of one item is a get that the policy still accepts or not', () => {
    const policy = keyPolicy(filters({ field: 'colour', value: 'red' }), { table: items });
    const plan = planGet(policy, item({ id: 'a' }));
    expect(plan).toMatchObject({ kind: 'get', key: { id: { S: 'a' } }, limit: 1 });
    expect([plan.accepts(item({ id: 'a', colour: 'red' })), plan.accepts(item({ id: 'a' }))]).toEqual([true, false]);
    expect(planGet(keyPolicy(filters({ any: [] })), item({ id: 'a' })).kind).toBe('never');
  });

  it('leaves out expired rows', () => {
    const expiring = table('items', { partitionKey: { id: 'string' }, ttl: 'until' });
    const plan = planRead(keyPolicy({}, { table: expiring }), TRUE, 10);
    expect([plan.accepts(item({ id: 'a', until: NOW })), plan.accepts(item({ id: 'a' }))]).toEqual([false, true]);
  });
});

describe('the input of a read', () => {
  const input = (of: typeof items, query: Condition, permissions = {}) =>
    compileRead(planRead(keyPolicy(permissions, { table: of }), query, 10), 'the-table');

  it('is nothing where nothing is read', () => {
    expect(input(items, FALSE)).toEqual({ kind: 'never' });
  });

  it('of one item is consistent', () => {
    expect(input(items, eq('id', S('a')))).toEqual({
      kind: 'get',
      input: { TableName: 'the-table', Key: { id: S('a') }, ConsistentRead: true },
    });
  });

  it('of everything has no empty maps', () => {
    expect(input(items, TRUE)).toEqual({ kind: 'scan', input: { TableName: 'the-table' } });
  });

  it('of a partition has its key in the key condition, and no key in the filter', () => {
    const compiled = input(orders, all([eq('customer', S('c')), compare(['number'], '>', N('5')), eq('x', S('y'))]));
    if (compiled.kind !== 'query') throw new Error(compiled.kind);
    const { KeyConditionExpression: key = '', FilterExpression: filter = '', ...names } = compiled.input;
    const placeholder = (name: string) =>
      Object.entries(names.ExpressionAttributeNames ?? {}).find(([, value]) => value === name)?.[0] ?? 'none';
    expect(key).toContain(`${placeholder('customer')} = `);
    expect(filter).toContain(placeholder('x'));
    for (const keyName of ['customer', 'number']) expect(filter).not.toContain(placeholder(keyName));
    expect(filter).not.toContain(' y');
  });

  it('never says more than the condition: what does not fit is left to memory', () => {
    const many = oneOf(
      ['x'],
      Array.from({ length: 5_000 }, (_, i) => S(`v${i}`)),
    );
    const compiled = input(items, many);
    expect(compiled).toEqual({ kind: 'scan', input: { TableName: 'the-table' } });
    const plan = planRead(keyPolicy(), many, 10);
    const row = (x: string): Item =>
      itemOf([
        ['id', S('a')],
        ['x', S(x)],
      ]);
    expect([plan.accepts(row('v4999')), plan.accepts(row('w'))]).toEqual([true, false]);
  });
});
