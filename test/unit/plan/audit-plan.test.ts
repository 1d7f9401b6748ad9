// Which index of the audit table a query is read through, and between which times.

import { describe, expect, test } from 'vitest';
import { AuditPolicy } from '../../../lib/access/audit-policy.ts';
import { Permission } from '../../../lib/access/permission.ts';
import { printItem } from '../../../lib/base/json.ts';
import { table } from '../../../lib/definition/table.ts';
import { type AuditKeys, planAudit, planHistory } from '../../../lib/plan/audit-plan.ts';
import { dayBefore, dayOf, lastDayUntil } from '../../../lib/plan/days.ts';
import { parseQuery } from '../../../lib/query/query.ts';
import { KEY, keyRecord, principalOf } from '../../support/access.ts';
import { item } from '../../support/values.ts';

const items = table('items', { partitionKey: { id: 'string' } });
const orders = table('orders', { partitionKey: { customer: 'string' }, sortKey: { number: 'number' } });
const rows = table('audit', { partitionKey: { time: 'string' } });
const permission = Permission.decide(principalOf(KEY, { auth: [keyRecord()] }), 'GET', '/audit');
const NOW = Date.UTC(2026, 10, 23, 12);
const policy = AuditPolicy.of(permission, [items, orders], NOW);
const keys: AuditKeys = {
  resource: ({ name }, key) => [`${name} ${printItem(key)}`],
  user: (type, id) => `${type}#${id}`,
};

function planned(...query: readonly (readonly [string, string])[]) {
  const { condition } = parseQuery(query, new Map(), rows);
  const plan = planAudit(policy, condition, { keys, limit: 10, now: NOW });
  if (plan.kind === 'never') return 'never';
  const isByDay = plan.kind === 'days';
  const access = isByDay
    ? [`${plan.newest} back to`, plan.end === 'gap' ? 'a gap' : plan.oldest]
    : [plan.index, ...plan.keys];
  return [...access, ...Object.entries(plan.window).map(([end, text]) => `${end} ${text}`)].join(', ');
}

describe('a query', () => {
  test.each<[string, ...[string, string][]]>([
    ['2026-11-23 back to, a gap'],
    ['by_resource, items {"id":"a"}', ['resource.key.id', 'a']],
    ['by_resource, items {"id":"5"}', ['resource.key.id', '5']],
    ['by_resource, items {"id":"a"}, items {"id":"b"}', ['resource.key.id__in', '["a","b"]']],
    ['by_resource, items {"id":"a"}', ['resource.key.id', 'a'], ['resource.table', 'items'], ['user.id', 'u']],
    ['by_resource, orders {"customer":"c","number":7}', ['resource.key.customer', 'c'], ['resource.key.number', '7']],
    ['2026-11-23 back to, a gap', ['resource.key.customer', 'c']],
    ['2026-11-23 back to, a gap', ['resource.key.id__ne', 'a']],
    ['2026-11-23 back to, a gap', ['resource.table', 'items']],
    ['2026-11-23 back to, a gap', ['resource.table', 'gone'], ['resource.key.id', 'a']],
    // No table is named by a number.
    ['by_resource, items {"id":"a"}', ['resource.table__in', '["items",5]'], ['resource.key.id', 'a']],
    // No table has both key attributes.
    ['by_resource', ['resource.key.id', 'a'], ['resource.key.customer', 'c'], ['resource.key.number', '7']],
    ['by_user, API_KEY#u, USERNAME#u, OIDC_GROUP#u', ['user.id', 'u']],
    ['by_user, USERNAME#u', ['user.id', 'u'], ['user.type', 'USERNAME']],
    // No caller has a number for its id.
    ['by_user, USERNAME#u', ['user.id__in', '["u",5]'], ['user.type', 'USERNAME']],
    [
      '2026-11-23 back to, a gap',
      ['_where', '{"any":[{"field":"user.id","value":"u"},{"field":"action","value":"GET"}]}'],
    ],
    [
      '2026-11-02 back to, 2026-11-01, from 2026-11-01, to 2026-11-02',
      ['time__between', '["2026-11-01","2026-11-02"]'],
    ],
    ['2026-10-31 back to, a gap, to 2026-11', ['time__lt', '2026-11']],
    [
      '2026-11-23 back to, 2026-11-22, from 2026-11-22T21, to 2027',
      ['time__gte', '2026-11-22T21'],
      ['time__lt', '2027'],
    ],
    ['never', ['time__gt', '2026-02'], ['time__lt', '2026-01']],
    ['never', ['action__in', '[]']],
  ])('%s', (expected, ...query) => {
    expect(planned(...query)).toBe(expected);
  });
});

test('an API without tables may have rows of former ones: they are read by day', () => {
  const none = AuditPolicy.of(permission, [], NOW);
  const { condition } = parseQuery([], new Map(), rows);
  expect(planAudit(none, condition, { keys, limit: 10, now: NOW }).kind).toBe('days');
});

test('days go back over the ends of months and years', () => {
  expect(dayBefore('2026-03-01')).toBe('2026-02-28');
  expect(dayBefore('2026-01-01')).toBe('2025-12-31');
  expect(dayOf(Date.UTC(2026, 10, 23, 23, 59))).toBe('2026-11-23');
  expect(lastDayUntil('2026-1', '2026-11-23')).toBe('2026-09-30');
  // Before Tablegate existed there is no day to look at.
  expect(lastDayUntil('0', '2026-11-23')).toBe('2024-12-31');
});

describe('the changes of one item', () => {
  const planOf = (...query: readonly (readonly [string, string])[]) =>
    planHistory(policy, parseQuery(query, new Map(), rows).condition, { limit: 7 }, ['k', 'l', 'k']);

  test('are read by its partitions, each once, between the times asked for', () => {
    expect(planOf()).toMatchObject({
      kind: 'partitions',
      index: 'by_resource',
      keys: ['k', 'l'],
      table: 'audit',
      // A version is known once the change before it is.
      limit: 8,
      window: {},
      policy,
    });
    expect(planOf(['time__gte', '2026'], ['time__lt', '2027'])).toMatchObject({ window: { from: '2026', to: '2027' } });
  });

  test.each<[string, [string, string][]]>([
    [
      'times that hold nothing',
      [
        ['time__gte', '2027'],
        ['time__lt', '2026'],
      ],
    ],
    ['what is never true', [['id__in', '[]']]],
  ])('are not read for %s', (_, query) => {
    expect(planOf(...query)).toMatchObject({ kind: 'never' });
    expect(planOf(...query)).not.toHaveProperty('keys');
  });
});

describe('a read of one item’s rows', () => {
  const read = { keys, limit: 10, now: NOW };

  test('is by its partitions, whatever else the query names', () => {
    const { condition } = parseQuery([['user.id', 'u']], new Map(), rows);
    const plan = planAudit(policy, condition, read, { table: items, key: item({ id: 'a' }) });
    expect(plan).toMatchObject({ kind: 'partitions', index: 'by_resource', keys: ['items {"id":"a"}'] });
  });
});

describe('too many partitions', () => {
  const ids = (count: number) => JSON.stringify(Array.from({ length: count }, (_, i) => `i${i}`));

  test.each([
    ['by items', 'resource.key.id', 64, true],
    ['by items', 'resource.key.id', 65, false],
    ['by callers of three kinds', 'user.id', 21, true],
    ['by callers of three kinds', 'user.id', 22, false],
  ])('are read by day: %s, %s of %d', (_, name, count, isByKey) => {
    expect(planned([`${name}__in`, ids(count)]).startsWith('by_')).toBe(isByKey);
  });

  test.each([
    [64, /^by_user, USERNAME#i0, /],
    [65, /^2026-11-23 back to/],
  ])('are read by day: by callers of one kind, of %d', (count, expected) => {
    expect(planned(['user.id__in', ids(count)], ['user.type', 'USERNAME'])).toMatch(expected);
  });

  test('of several tables are added up', () => {
    const notes = table('notes', { partitionKey: { id: 'string' } });
    const both = AuditPolicy.of(permission, [items, notes], NOW);
    const kindOf = (count: number) => {
      const { condition } = parseQuery([['resource.key.id__in', ids(count)]], new Map(), rows);
      return planAudit(both, condition, { keys, limit: 10, now: NOW }).kind;
    };
    expect([kindOf(32), kindOf(33)]).toEqual(['partitions', 'days']);
  });

  test('of two key attributes are multiplied', () => {
    const numbers = (count: number) => JSON.stringify(Array.from({ length: count }, (_, i) => i));
    const both = (count: number) =>
      planned(['resource.key.customer__in', ids(8)], ['resource.key.number__in', numbers(count)]);
    expect(both(8)).toMatch(/^by_resource, orders /);
    expect(both(9)).toMatch(/^2026-11-23 back to/);
  });

  test('are not made one by one', () => {
    const made: string[] = [];
    const resource = ({ name }: { readonly name: string }) => {
      made.push(name);
      return [name];
    };
    const names = ['resource.key.customer__in', 'resource.key.number__in'] as const;
    const { condition } = parseQuery(
      [
        [names[0], ids(8)],
        [names[1], '[1,2,3,4,5,6,7,8,9]'],
      ],
      new Map(),
      rows,
    );
    expect(planAudit(policy, condition, { keys: { ...keys, resource }, limit: 10, now: NOW }).kind).toBe('days');
    expect(made).toEqual([]);
  });
});

describe('a restricted caller', () => {
  const restricted = AuditPolicy.of(
    Permission.decide(
      principalOf(KEY, { auth: [keyRecord({ filter_fields: [{ field: 'x', value: 'y' }] })] }),
      'GET',
      '/audit',
    ),
    [items],
    NOW,
  );
  const daysOf = (of: AuditPolicy, ...query: readonly (readonly [string, string])[]) => {
    const plan = planAudit(of, parseQuery(query, new Map(), rows).condition, { keys, limit: 10, now: NOW });
    return plan.kind === 'days' ? [plan.newest, plan.oldest, plan.end] : plan.kind;
  };

  test('reads 32 days back where the query does not say how far, and is told so', () => {
    expect(daysOf(restricted)).toEqual(['2026-11-23', '2026-10-22', 'assumed']);
    expect(daysOf(restricted, ['time__gte', '2026-11-01'])).toEqual(['2026-11-23', '2026-11-01', 'query']);
    // From where the query begins.
    expect(daysOf(restricted, ['time__lte', '2026-09-30'])).toEqual(['2026-09-30', '2026-08-29', 'assumed']);
    expect(daysOf(policy)).toEqual(['2026-11-23', '2026-10-22', 'gap']);
  });

  test('reads the day that clocks five minutes ahead may have begun', () => {
    const at = (now: number) => {
      const plan = planAudit(policy, parseQuery([], new Map(), rows).condition, { keys, limit: 10, now });
      return plan.kind === 'days' && plan.newest;
    };
    const midnight = Date.UTC(2026, 10, 24);
    expect([at(midnight - 300_000), at(midnight - 300_001)]).toEqual(['2026-11-24', '2026-11-23']);
  });
});
