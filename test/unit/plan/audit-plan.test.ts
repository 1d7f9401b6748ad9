// Which index of the audit table a query is read through, and between which times.

import { describe, expect, test } from 'vitest';
import { AuditPolicy } from '../../../lib/access/audit-policy.ts';
import { Permission } from '../../../lib/access/policy.ts';
import { printItem } from '../../../lib/base/json.ts';
import { table } from '../../../lib/definition/table.ts';
import { type AuditKeys, planAudit } from '../../../lib/plan/audit-plan.ts';
import { dayBefore, dayOf, lastDayUntil } from '../../../lib/plan/days.ts';
import { parseQuery } from '../../../lib/query/query.ts';
import { KEY, keyRecord, principalOf } from '../../support/access.ts';

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
    ['by_user, API_KEY#u, USERNAME#u, OIDC_GROUP#u', ['user.id', 'u']],
    ['by_user, USERNAME#u', ['user.id', 'u'], ['user.type', 'USERNAME']],
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

test('days go back over the ends of months and years', () => {
  expect(dayBefore('2026-03-01')).toBe('2026-02-28');
  expect(dayBefore('2026-01-01')).toBe('2025-12-31');
  expect(dayOf(Date.UTC(2026, 10, 23, 23, 59))).toBe('2026-11-23');
  expect(lastDayUntil('2026-1', '2026-11-23')).toBe('2026-09-30');
  expect(lastDayUntil('0', '2026-11-23') < '2025-01-01').toBe(true);
});
