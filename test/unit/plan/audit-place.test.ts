// Where a reading of audit rows goes on: what is left of a plan at a place, and what a cursor is bound to.

import { describe, expect, test } from 'vitest';
import { AuditPolicy } from '../../../lib/access/audit-policy.ts';
import { Permission } from '../../../lib/access/permission.ts';
import { table } from '../../../lib/definition/table.ts';
import { auditFingerprint, compareKeys, isLeft, placeAt, placeBefore, resumed } from '../../../lib/plan/audit-place.ts';
import { type AuditPlan, planAudit } from '../../../lib/plan/audit-plan.ts';
import { parseQuery } from '../../../lib/query/query.ts';
import { KEY, keyRecord, principalOf } from '../../support/access.ts';

const items = table('items', { partitionKey: { id: 'string' } });
const rows = table('audit', { partitionKey: { time: 'string' } });
const NOON = Date.UTC(2026, 10, 23, 12);
const DAY = 86_400_000;

type Query = readonly (readonly [string, string])[];

function planned(query: Query, now = NOON, permissions = {}): AuditPlan {
  const principal = principalOf(KEY, { auth: [keyRecord(permissions)] });
  const policy = AuditPolicy.of(Permission.decide(principal, 'GET', '/audit'), [items], now);
  const keys = { resource: () => ['r'], user: (type: string, id: string) => `${type}#${id}` };
  return planAudit(policy, parseQuery(query, new Map(), rows).condition, { keys, limit: 10, now });
}

const restricted = { exclude_fields: ['cost'] };
const key = (time: string, id = 'b') => ({ time, id });
const days = (plan: AuditPlan) => (plan.kind === 'days' ? `${plan.newest} to ${plan.oldest}` : plan.kind);

test('rows come newest first, of one time the later id first', () => {
  const keys = [key('2', 'a'), key('1', 'c'), key('2', 'b'), key('1', 'd')];
  expect(keys.toSorted(compareKeys).map(({ time, id }) => time + id)).toEqual(['2b', '2a', '1d', '1c']);
  expect(compareKeys(key('1'), key('1'))).toBe(0);
});

test.each<[string, boolean, string, string]>([
  ['behind a key', false, '2026-11-20', '2026-11-20a 2026-11-19z'],
  ['at a key', true, '2026-11-20', '2026-11-20b 2026-11-20a 2026-11-19z'],
])('%s what is left is what comes after it', (_, isIncluded, time, expected) => {
  const plan = planned([]);
  const left = resumed(plan, placeAt(plan, key(time), isIncluded));
  const all = [key('2026-11-21', 'a'), key(time, 'c'), key(time, 'b'), key(time, 'a'), key('2026-11-19', 'z')];
  const kept = all.filter((each) => isLeft(left, each));
  expect(kept.map(({ time: at, id }) => at + id).join(' ')).toBe(expected);
  expect(all.filter((each) => isLeft(plan, each))).toEqual(all);
});

test('all of a plan is left at no place', () => {
  const plan = planned([]);
  expect(resumed(plan, undefined)).toBe(plan);
});

test('the same partitions are left at a place', () => {
  const plan = planned([['user.id', 'u']]);
  const from = placeAt(plan, key('2026-11-20'));
  expect(from).toEqual({ time: '2026-11-20', id: 'b' });
  expect(resumed(plan, from)).toEqual({ ...plan, from, window: { to: '2026-11-20' } });
});

test('the place before a day is before the last moment of it, and behind the day after', () => {
  const place = placeBefore('2026-11-20', '2026-10-30');
  expect(place).toEqual({ time: '2026-11-20~', id: '', oldest: '2026-10-30' });
  const left = resumed(planned([]), place);
  const times = ['2026-11-21T00:00:00.000000Z', '2026-11-20T23:59:59.999999Z', '2026-11-19'];
  expect(times.map((time) => isLeft(left, key(time)))).toEqual([false, true, true]);
});

describe('a window', () => {
  test.each<[Query, string, object]>([
    [[], '2026-11-20', { to: '2026-11-20' }],
    [[['time__gte', '2026-11-01']], '2026-11-20', { from: '2026-11-01', to: '2026-11-20' }],
    [[['time__lte', '2026-11-19']], '2026-11-20', { to: '2026-11-19' }],
    [[['time__lte', '2026-11-21']], '2026-11-20', { to: '2026-11-20' }],
  ])('of %j narrows to a place at %s', (query, time, expected) => {
    const plan = planned(query);
    expect(resumed(plan, placeAt(plan, key(time))).window).toEqual(expected);
  });

  test('that is used up holds nothing: DynamoDB refuses ends that cross', () => {
    const plan = planned([['time__gte', '2026-11-20~~']]);
    expect(resumed(plan, placeBefore('2026-11-20', '2026-11-20')).kind).toBe('never');
  });
});

describe('days', () => {
  test.each<[string, Query, object, string]>([
    ['of a query end where it says', [['time__gte', '2026-11-01']], {}, '2026-11-20 to 2026-11-01'],
    ['that end at a gap end so far behind the row', [], {}, '2026-11-20 to 2026-10-19'],
    ['of a restricted caller end where its first page began to count', [], restricted, '2026-11-20 to 2026-10-22'],
  ])('%s', (_, query, permissions, expected) => {
    const plan = planned(query, NOON, permissions);
    const place = placeAt(plan, key('2026-11-20T10:00:00.000000Z'));
    expect(days(resumed(plan, place))).toBe(expected);
    // The page after midnight is the rest of the same reading.
    const tomorrow = planned(query, NOON + DAY, permissions);
    expect(auditFingerprint(tomorrow)).toBe(auditFingerprint(plan));
    expect(days(resumed(tomorrow, place))).toBe(expected);
  });

  test('without a row count on: a page that the time ended does not move the gap', () => {
    expect(days(resumed(planned([]), placeBefore('2026-11-10', '2026-10-30')))).toBe('2026-11-10 to 2026-10-30');
  });

  test('end before Tablegate began', () => {
    expect(days(planned([['time__gte', '2001']]))).toBe('2026-11-23 to 2025-01-01');
    expect(days(planned([['time__lte', '2025-01-20']]))).toBe('2025-01-20 to 2025-01-01');
  });
});

test('a cursor is bound to partitions, and to how days end', () => {
  const plans = [
    planned([]),
    planned([], NOON, restricted),
    planned([['time__gte', '2026']]),
    planned([['user.id', 'u']]),
    planned([['user.id', 'v']]),
    planned([['action__in', '[]']]),
  ];
  expect(new Set(plans.map(auditFingerprint)).size).toBe(plans.length);
});
