// docs/reference/limits.md, "What DynamoDB takes", and the pins of writes, as they come out: one TransactWriteItems
// input that DynamoDB takes, or a refusal.

import { describe, expect, it } from 'vitest';
import { type Item, itemOf, type Value } from '../../../lib/base/value.ts';
import { type Table, table } from '../../../lib/definition/table.ts';
import { compileAuditPut, compileWrite, type TransactItem, type WriteAction } from '../../../lib/dynamo/transaction.ts';
import { changedPaths, changesOf, type UpdateMode } from '../../../lib/plan/changes.ts';
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

function updateOf(of: Table, stored: Item, body: Item, mode: UpdateMode = 'put', permissions = {}) {
  const policy = keyPolicy(permissions, { table: of });
  return planUpdate(policy, stored, changesOf(stored, body, mode), changedPaths(body, mode));
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
    expect(compileAuditPut(row, 'audit-table')).toEqual({
      TableName: 'audit-table',
      Item: row,
      ConditionExpression: 'attribute_not_exists(#a)',
      ExpressionAttributeNames: { '#a': 'time' },
    });
  });
});

describe('an update', () => {
  it('sets and removes what changes, and nothing else', () => {
    const stored = item({ id: 'a', x: 1, y: 2, z: 3 });
    const [written] = compileWrite(updateOf(plain, stored, item({ x: 5, y: null }), 'merge-patch'), [], tables);
    expect(written).toEqual({
      Update: {
        TableName: 'data-table',
        Key: item({ id: 'a' }),
        UpdateExpression: 'SET #b = :d REMOVE #c',
        ConditionExpression: 'attribute_exists(#a) AND #b = :a AND #c = :b AND #d = :c',
        ExpressionAttributeNames: { '#a': 'id', '#b': 'x', '#c': 'y', '#d': 'z' },
        ExpressionAttributeValues: { ':a': { N: '1' }, ':b': { N: '2' }, ':c': { N: '3' }, ':d': { N: '5' } },
      },
    });
  });

  it.each([
    ['sets', { x: 5, y: 6 }, 'SET #b = :c, #c = :d'],
    ['removes', { x: null, y: null }, 'REMOVE #b, #c'],
  ])('that only %s has one clause', (_, body, expected) => {
    const stored = item({ id: 'a', x: 1, y: 2 });
    const [written] = compileWrite(updateOf(plain, stored, item(body), 'merge-patch'), [], tables);
    expect(written?.Update?.UpdateExpression).toBe(expected);
  });

  // The version is one of them.
  it.each([
    [300, 'sets', 'Update', wide(0, { _v: 1 }), wide(299)],
    [301, 'sets', 'Put', wide(0, { _v: 1 }), wide(300)],
    [300, 'sets or removes', 'Update', wide(299, { _v: 1 }), nulls(wide(299))],
    [301, 'sets or removes', 'Put', wide(300, { _v: 1 }), nulls(wide(300))],
  ])('of %d attributes that it %s is one %s', (_count, _verb, action, stored, body) => {
    const plan = updateOf(versioned, stored, withoutId(body), 'merge-patch');
    expect(Object.keys(compileWrite(plan, [], tables)[0] ?? {})).toEqual([action]);
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

describe('the condition of a write', () => {
  const short = { delete_filters: [{ field: 'x', operator: 'gt', value: 'a' }] };
  const few = item({ id: 'a', _v: 7, x: 'v1' });
  const many = wide(400, { _v: 7, x: 'v1' });

  it.each([
    ['all attributes and the policy', few, short, 'attribute_exists(#a) AND #b = :a AND #c = :b AND #c > :c'],
    ['all attributes', few, long('delete_filters'), 'attribute_exists(#a) AND #b = :a AND #c = :b'],
    ['the version and the policy', many, short, 'attribute_exists(#a) AND #b = :a AND #c > :b'],
    ['the version', many, long('delete_filters'), 'attribute_exists(#a) AND #b = :a'],
  ])('names as much as fits into it: %s', (_, stored, permissions, expected) => {
    const [written] = compileWrite(deleteOf(versioned, stored, permissions), [], tables);
    expect(written?.Delete?.ConditionExpression).toBe(expected);
    expect(written?.Delete?.ExpressionAttributeNames).toMatchObject({ '#a': 'id', '#b': '_v' });
    expect(written?.Delete?.ExpressionAttributeValues).toMatchObject({ ':a': { N: '7' } });
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
    const write = () => compileWrite(planOf(wide(400)), [], tables);
    expect(codeOf(write)).toBe('too_large');
    expect(write).toThrow('the item has too many attributes to be changed safely; its table needs a version attribute');
  });
});

describe('the size of an item', () => {
  const big = (bytes: number) => item({ id: 'a', x: 'y'.repeat(bytes - 'id'.length - 'a'.length - 'x'.length) });

  it('is 400 KB at most', () => {
    expect(codeOf(() => compileWrite(createOf(plain, big(409_600)), [], tables))).toBeUndefined();
    const write = () => compileWrite(createOf(plain, big(409_601)), [], tables);
    expect(codeOf(write)).toBe('too_large');
    expect(write).toThrow('the item would be larger than 400 KB');
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
function long(filters = 'filter_fields') {
  return { [filters]: [{ field: 'x', value: Array.from({ length: 1_000 }, (_, i) => `v${i}`) }] };
}
