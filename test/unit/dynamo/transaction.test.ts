// limits.md and the pins of access.md, as they come out: one TransactWriteItems input that DynamoDB takes, or a refusal.

import { describe, expect, it } from 'vitest';
import { type Item, itemOf, type Value } from '../../../lib/base/value.ts';
import { type Table, table } from '../../../lib/definition/table.ts';
import { compileAuditPut, compileWrite, type TransactItem, type WriteAction } from '../../../lib/dynamo/transaction.ts';
import { changedPaths, changesOf, type Reading } from '../../../lib/plan/changes.ts';
import { planCreate, planDelete, planUpdate } from '../../../lib/plan/write-plan.ts';
import { codeOf, keyPolicy, NOW } from '../../support/access.ts';
import { item } from '../../support/values.ts';

const plain = table('items', { partitionKey: { id: 'string' } });
const versioned = table('items', { partitionKey: { id: 'string' }, version: '_v' });
const tables = { data: 'data-table', audit: 'audit-table' };
const row = item({ time: 't', id: 'i' });

/** An item of so many attributes beside its key. */
function wide(count: number, more: object = {}): Item {
  const many = Array.from({ length: count }, (_, i) => [`attribute${i}`, { N: String(i) }] as const);
  return itemOf([['id', { S: 'a' }], ...many, ...Object.entries(item({ ...more }))]);
}

function updateOf(of: Table, stored: Item, body: Item, reading: Reading = 'put', permissions = {}) {
  const policy = keyPolicy(permissions, { table: of });
  return planUpdate(policy, stored, changesOf(stored, body, reading), changedPaths(body, reading));
}
const deleteOf = (of: Table, stored: Item, permissions = {}) =>
  planDelete(keyPolicy(permissions, { table: of }), stored);
const createOf = (of: Table, made: Item) => planCreate(keyPolicy({}, { table: of }), made, NOW * 1000);

const actionOf = (written: TransactItem | undefined): WriteAction => {
  const action = written?.Put ?? written?.Update ?? written?.Delete;
  if (!action) throw new Error('no action');
  return action;
};

/** What DynamoDB refuses in expressions: too many bytes or operators, and placeholders unknown or unused. */
function checkExpressions(action: WriteAction): void {
  const texts = [action.ConditionExpression, action.UpdateExpression].filter((text) => text !== undefined);
  const { ExpressionAttributeNames: names, ExpressionAttributeValues: values } = action;
  for (const text of texts) {
    expect(text).not.toBe('');
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(4_096);
    const operators = text.match(/<>|<=|>=|[=<>]|\b(?:AND|OR|NOT|IN)\b|\w+\(/g) ?? [];
    expect(operators.length).toBeLessThanOrEqual(300);
  }
  const used = new Set(texts.flatMap((text) => text.match(/[#:][a-z]+/g) ?? []));
  const given = [...Object.keys(names ?? {}), ...Object.keys(values ?? {})];
  expect([...used].toSorted()).toEqual(given.toSorted());
  if (names) expect(Object.keys(names)).not.toEqual([]);
  if (values) expect(Object.keys(values)).not.toEqual([]);
}

describe('every write', () => {
  it.each([
    ['a create', createOf(plain, item({ id: 'a', x: 1 }))],
    ['an update', updateOf(plain, item({ id: 'a', x: 1, y: null }), item({ x: 2, y: null, z: 1 }), 'merge-patch')],
    ['an update that changes nothing', updateOf(plain, item({ id: 'a' }), item({ absent: null }), 'merge-patch')],
    ['an update that only removes', updateOf(plain, item({ id: 'a', x: 1 }), item({ x: null }), 'merge-patch')],
    ['an update of a wide item', updateOf(versioned, wide(500, { _v: 1 }), item({ x: 2 }))],
    ['a wide update', updateOf(versioned, item({ id: 'a', _v: 1 }), withoutId(wide(500)))],
    ['a wide removal', updateOf(versioned, wide(500, { _v: 1 }), nulls(wide(500)), 'merge-patch')],
    ['a delete', deleteOf(plain, item({ id: 'a', x: [{ y: 1 }] }))],
    ['a delete of a wide item', deleteOf(versioned, wide(500, { _v: 1 }))],
    ['an update under a long policy', updateOf(plain, item({ id: 'a', x: 'v1' }), item({ y: 1 }), 'put', long())],
    ['a delete under a long policy', deleteOf(plain, item({ id: 'a', x: 'v1' }), long())],
  ])('is one action on the item, pinned, with its audit rows behind it: %s', (_, plan) => {
    const [first, ...rest] = compileWrite(plan, [row, item({ time: 't', id: 'i#1' })], tables);
    const action = actionOf(first);
    expect(action.TableName).toBe('data-table');
    expect(action.ConditionExpression).not.toBe('');
    checkExpressions(action);
    expect(rest.map((each) => each.Put?.TableName)).toEqual(['audit-table', 'audit-table']);
  });

  it('has no audit rows where there is no audit table', () => {
    expect(compileWrite(createOf(plain, item({ id: 'a' })), [row], { ...tables, audit: undefined })).toHaveLength(1);
  });

  it('adds audit rows, and never writes over one', () => {
    const action = compileAuditPut(row, 'audit-table');
    expect(action.Item).toEqual(row);
    const [name] = Object.entries(action.ExpressionAttributeNames ?? {})[0] ?? [];
    expect(action.ConditionExpression).toBe(`attribute_not_exists(${name})`);
    checkExpressions(action);
  });
});

describe('an update', () => {
  it('sets and removes what changes, and nothing else', () => {
    const stored = item({ id: 'a', x: 1, y: 2, z: 3 });
    const [written] = compileWrite(updateOf(plain, stored, item({ x: 5, y: null }), 'merge-patch'), [], tables);
    const { UpdateExpression: text = '', Key, ExpressionAttributeNames: names = {} } = actionOf(written);
    const [set = '', remove = ''] = text.replace('SET ', '').split(' REMOVE ');
    expect(Key).toEqual(item({ id: 'a' }));
    expect(names[set.split(' = ')[0] ?? '']).toBe('x');
    expect(names[remove]).toBe('y');
  });

  it('writes no key attribute', () => {
    const [written] = compileWrite(updateOf(versioned, item({ id: 'a', _v: 1 }), item({ x: 1 })), [], tables);
    const { UpdateExpression: text = '', ExpressionAttributeNames: names = {} } = actionOf(written);
    const key = Object.entries(names).find(([, name]) => name === 'id')?.[0] ?? 'none';
    expect(text.match(/#[a-z]+/g)).not.toContain(key);
  });

  it('of more attributes than an expression holds puts the whole item, pinned by its version', () => {
    const stored = item({ id: 'a', _v: 7, kept: true });
    const [written] = compileWrite(updateOf(versioned, stored, withoutId(wide(400))), [], tables);
    expect(written?.Update).toBeUndefined();
    expect(written?.Put?.Item).toEqual(wide(400, { _v: 8, kept: true }));
    expect(Object.values(written?.Put?.ExpressionAttributeNames ?? {})).toContain('_v');
    expect(Object.values(written?.Put?.ExpressionAttributeValues ?? {})).toContainEqual({ N: '7' });
  });

  it('of more attributes than an expression holds is refused where there is no version', () => {
    const plan = updateOf(plain, item({ id: 'a' }), withoutId(wide(400)));
    expect(codeOf(() => compileWrite(plan, [], tables))).toBe('too_large');
  });
});

describe('an item with too many attributes to pin', () => {
  it.each([
    ['updated', (of: Table, stored: Item) => updateOf(of, stored, item({ x: 1 }))],
    ['deleted', (of: Table, stored: Item) => deleteOf(of, stored)],
  ])('is %s by its version', (_, planOf) => {
    const [written] = compileWrite(planOf(versioned, wide(400, { _v: 3 })), [], tables);
    const {
      ExpressionAttributeValues: values = {},
      ConditionExpression: text,
      ExpressionAttributeNames: names = {},
    } = actionOf(written);
    const version = Object.entries(names).find(([, name]) => name === '_v')?.[0];
    const three = Object.entries(values).find(([, value]) => 'N' in value && value.N === '3')?.[0];
    expect(text).toContain(`${version} = ${three}`);
    expect(Object.values(names)).not.toContain('attribute0');
  });

  it.each([
    ['updated', (stored: Item) => updateOf(plain, stored, item({ x: 1 }))],
    ['deleted', (stored: Item) => deleteOf(plain, stored)],
    ['updated, its version missing', (stored: Item) => updateOf(versioned, stored, item({ x: 1 }))],
  ])('and no version is not %s', (_, planOf) => {
    expect(codeOf(() => compileWrite(planOf(wide(400)), [], tables))).toBe('too_large');
  });
});

describe('the size of an item', () => {
  const big = (bytes: number) => item({ id: 'a', x: 'y'.repeat(bytes - 'id'.length - 'a'.length - 'x'.length) });

  it('is 400 KB at most', () => {
    expect(codeOf(() => compileWrite(createOf(plain, big(409_600)), [], tables))).toBeUndefined();
    expect(codeOf(() => compileWrite(createOf(plain, big(409_601)), [], tables))).toBe('too_large');
  });

  it('is that of the item after an update', () => {
    const plan = updateOf(plain, big(300_000), item({ more: 'y'.repeat(120_000) }));
    expect(codeOf(() => compileWrite(plan, [], tables))).toBe('too_large');
    const less = updateOf(plain, big(300_000), item({ x: 'y'.repeat(120_000) }));
    expect(codeOf(() => compileWrite(less, [], tables))).toBeUndefined();
  });
});

function withoutId(of: Item): Item {
  return itemOf(Object.entries(of).filter(([name]) => name !== 'id'));
}

function nulls(of: Item): Item {
  return itemOf(Object.keys(withoutId(of)).map((name): [string, Value] => [name, { NULL: true }]));
}

/** A policy of more operands than any expression holds. */
function long() {
  return { filter_fields: [{ field: 'x', value: Array.from({ length: 1_000 }, (_, i) => `v${i}`) }] };
}
