// "A write is decided on a consistent read and pinned to it … no other writer can slip between check and write."

import { describe, expect, it } from 'vitest';
import type { Item } from '../../../lib/base/value.ts';
import { withAttributes } from '../../../lib/base/value.ts';
import { evaluator } from '../../../lib/condition/evaluate.ts';
import { printCondition } from '../../../lib/condition/print.ts';
import { type Table, table } from '../../../lib/definition/table.ts';
import { changedPaths, changesOf, type UpdateMode } from '../../../lib/plan/changes.ts';
import { planCreate, planDelete, planUpdate } from '../../../lib/plan/write-plan.ts';
import { codeOf, keyPolicy, NOW } from '../../support/access.ts';
import { item } from '../../support/values.ts';

const plain = table('items', { partitionKey: { id: 'string' }, attributes: { declared: 'string' } });
const versioned = table('items', { partitionKey: { id: 'string' }, version: '_v' });
const expiring = table('items', { partitionKey: { id: 'string' }, ttl: 'until' });

function update(of: Table, stored: Item, body: Item, mode: UpdateMode = 'put', permissions = {}) {
  const policy = keyPolicy(permissions, { table: of });
  const plan = planUpdate(policy, stored, changesOf(stored, body, mode), changedPaths(body, mode));
  if (plan.kind !== 'update') throw new Error(plan.kind);
  return plan;
}

const stored = item({ id: 'a', x: 1, deep: { list: [1, { y: 'z' }] }, gone: true });

describe('a create', () => {
  it('is of an item that is not there, or has expired', () => {
    const plan = planCreate(keyPolicy({}, { table: expiring }), item({ id: 'a', until: NOW + 5 }), NOW * 1000);
    if (plan.kind !== 'create') throw new Error(plan.kind);
    const holds = evaluator(plan.condition);
    expect(
      [{}, { id: 'a' }, { id: 'a', until: NOW + 1 }, { id: 'a', until: NOW }, { id: 'a', until: 'x' }].map((each) =>
        holds(item(each)),
      ),
    ).toEqual([true, false, false, true, false]);
    expect(plan.key).toEqual(item({ id: 'a' }));
  });

  it('is of a first version that no earlier item of the key can have had', () => {
    const plan = planCreate(keyPolicy({}, { table: versioned }), item({ id: 'a' }), NOW * 1000);
    expect(plan.after).toEqual(item({ id: 'a', _v: NOW * 1_000_000 }));
    expect(plan.before).toBeUndefined();
  });
});

describe('an update', () => {
  it('has both whole images', () => {
    const { before, after, key } = update(plain, stored, item({ x: 2, gone: null, n: 1 }), 'merge-patch');
    expect(before).toEqual(stored);
    expect(after).toEqual(item({ id: 'a', x: 2, deep: { list: [1, { y: 'z' }] }, n: 1 }));
    expect(key).toEqual(item({ id: 'a' }));
  });

  it('raises the version, or begins with the first', () => {
    const versionAfter = (version: unknown) =>
      update(versioned, item({ id: 'a', _v: version }), item({ x: 1 })).after?.['_v'];
    expect(versionAfter(1)).toEqual({ N: '2' });
    expect(versionAfter(999_999_999_999)).toEqual({ N: '1000000000000' });
    expect(versionAfter(undefined)).toEqual({ N: '1' });
    expect(versionAfter(9007199254740993n)).toEqual({ N: '9007199254740994' });
    // What no write of the API has stored counts nothing.
    for (const foreign of [-5, 1.5, '5']) expect(versionAfter(foreign)).toEqual({ N: '1' });
  });

  it.each([
    ['the very item', {}, true],
    ['an item that is not there', undefined, false],
    ['a value that changed', { x: 2 }, false],
    ['a value that changed its type', { x: '1' }, false],
    ['a value that changed deep inside', { deep: { list: [1, { y: 'w' }] } }, false],
    ['a value that is gone', { gone: undefined }, false],
    ['an attribute that the update sets', { fresh: 1 }, false],
    ['an attribute that the update removes, though it was not there', { absent: 1 }, false],
    ['an attribute that the definition names', { declared: 'x' }, false],
    ['an attribute that the policy names', { team: 'x' }, false],
  ])('is pinned against %s', (_, change, holds) => {
    const body = item({ fresh: 1, absent: null });
    const policy = { filter_fields: [{ field: 'team', operator: 'exists', value: false }] };
    const { lock } = update(plain, stored, body, 'merge-patch', policy);
    const now = change ? item({ id: 'a', x: 1, deep: { list: [1, { y: 'z' }] }, gone: true, ...change }) : item({});
    expect(evaluator(lock.whole)(now)).toBe(holds);
    expect(lock.version).toBeUndefined();
  });

  it('names its key only to say that the item is there: DynamoDB finds it by the key', () => {
    const { lock } = update(versioned, item({ id: 'a', _v: 3 }), item({ x: 2 }));
    expect(printCondition(lock.whole)).toBe('id exists and _v = 3 and not (x exists)');
    expect(lock.version && printCondition(lock.version)).toBe('id exists and _v = 3');
  });

  it('is pinned to the version where there is one', () => {
    const { lock } = update(versioned, item({ id: 'a', _v: 3, x: 1 }), item({ x: 2 }));
    const version = lock.version;
    if (!version) throw new Error('no version');
    for (const condition of [lock.whole, version]) {
      expect(evaluator(condition)(item({ id: 'a', _v: 3, x: 1 }))).toBe(true);
      expect(evaluator(condition)(item({ id: 'a', _v: 4, x: 1 }))).toBe(false);
      expect(evaluator(condition)(item({ id: 'a', x: 1 }))).toBe(false);
      expect(evaluator(condition)(item({}))).toBe(false);
    }
    expect(evaluator(lock.whole)(item({ id: 'a', _v: 3, x: 2 }))).toBe(false);
  });

  it('of an item without a version is pinned to its absence', () => {
    const { lock } = update(versioned, item({ id: 'a' }), item({ x: 2 }));
    expect(evaluator(lock.whole)(item({ id: 'a' }))).toBe(true);
    expect(evaluator(lock.whole)(item({ id: 'a', _v: 1 }))).toBe(false);
    expect(lock.version).toBeUndefined();
  });

  it('that changes nothing leaves the item as it is', () => {
    for (const [names, absent] of [
      [{}, '_'],
      [{ _: 1, __: 1 }, '___'],
    ] as const) {
      const same = withAttributes(stored, item(names));
      const { changes, after } = update(plain, same, item({ absent: null }), 'merge-patch');
      expect(after).toEqual(same);
      // DynamoDB takes no update that says nothing: it removes what is not there.
      expect(changes).toEqual({ set: item({}), remove: [absent] });
    }
  });

  it('that removes what the schema then gives out stores that, and names it once', () => {
    const policy = keyPolicy({}, { table: plain });
    const plan = planUpdate(policy, stored, { set: item({ gone: 'default' }), remove: ['gone', 'x'] }, [
      ['gone'],
      ['x'],
    ]);
    expect(plan).toMatchObject({ changes: { set: item({ gone: 'default' }), remove: ['x'] } });
    expect(plan.after).toEqual(item({ id: 'a', deep: { list: [1, { y: 'z' }] }, gone: 'default' }));
  });

  it('of rows outside the policy is refused', () => {
    const permissions = { update_filters: [{ field: 'x', value: 1 }] };
    expect(codeOf(() => update(plain, stored, item({ x: 2 }), 'put', permissions))).toBe('row_not_permitted');
    expect(codeOf(() => update(plain, item({ id: 'a', x: 2 }), item({ x: 1 }), 'put', permissions))).toBe(
      'row_not_permitted',
    );
  });
});

describe('a delete', () => {
  it('is pinned to the item that was read', () => {
    const plan = planDelete(keyPolicy({}, { table: plain }), stored);
    if (plan.kind !== 'delete') throw new Error(plan.kind);
    expect([plan.before, plan.after]).toEqual([stored, undefined]);
    expect(evaluator(plan.lock.whole)(stored)).toBe(true);
    expect(evaluator(plan.lock.whole)(withAttributes(stored, item({ x: 2 })))).toBe(false);
    expect(evaluator(plan.lock.whole)(item({}))).toBe(false);
  });

  it('of rows outside the policy is refused', () => {
    const policy = keyPolicy({ delete_filters: [{ field: 'x', value: 2 }] }, { table: plain });
    expect(codeOf(() => planDelete(policy, stored))).toBe('row_not_permitted');
  });
});
