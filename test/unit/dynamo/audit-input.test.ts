// The calls that an audit plan makes: keys of one partition of an index, newest first, between the times asked for.

import { describe, expect, it } from 'vitest';
import { AuditPolicy } from '../../../lib/access/audit-policy.ts';
import { Permission } from '../../../lib/access/permission.ts';
import { table } from '../../../lib/definition/table.ts';
import { compileKeys, compileRows, dayPartitions, furtherKeys, keyOf } from '../../../lib/dynamo/audit-input.ts';
import { type AuditPlan, planAudit } from '../../../lib/plan/audit-plan.ts';
import { parseQuery } from '../../../lib/query/query.ts';
import { KEY, keyRecord, principalOf } from '../../support/access.ts';
import { item } from '../../support/values.ts';

const rows = table('audit', { partitionKey: { time: 'string' } });
const permission = Permission.decide(principalOf(KEY, { auth: [keyRecord()] }), 'GET', '/audit');
const NOW = Date.UTC(2026, 10, 23, 12);
const policy = AuditPolicy.of(permission, [], NOW);
const keys = { resource: () => [], user: () => '' };

function planOf(query: readonly (readonly [string, string])[], limit = 10): AuditPlan {
  return planAudit(policy, parseQuery(query, new Map(), rows).condition, { keys, limit, now: NOW });
}

describe('the keys of a partition', () => {
  it.each<[string, [string, string][], string, object]>([
    ['all of it', [], '#a = :a', {}],
    ['from a time on', [['time__gte', '2026-11-22']], '#a = :a AND #b >= :b', { ':b': '2026-11-22' }],
    ['until a time', [['time__lte', '2026-11-22']], '#a = :a AND #b <= :b', { ':b': '2026-11-22' }],
    [
      'between two times',
      [['time__between', '["2026-11-21","2026-11-22"]']],
      '#a = :a AND #b BETWEEN :b AND :c',
      { ':b': '2026-11-21', ':c': '2026-11-22' },
    ],
  ])('are asked for newest first: %s', (_, query, expression, bounds) => {
    const values = Object.entries({ ':a': 'API_KEY#u', ...bounds }).map(([name, text]) => [name, { S: text }]);
    expect(compileKeys(planOf(query), 'by_user', 'API_KEY#u', 'the-audit')).toEqual({
      TableName: 'the-audit',
      IndexName: 'by_user',
      KeyConditionExpression: expression,
      ScanIndexForward: false,
      Limit: 25,
      ExpressionAttributeNames: { '#a': 'user_key', ...(query.length > 0 && { '#b': 'time' }) },
      ExpressionAttributeValues: Object.fromEntries(values),
    });
  });

  it.each([
    [1, 25],
    [24, 25],
    [25, 26],
    [999, 1_000],
    [5_000, 1_000],
  ])('are asked for one more than the %d wanted, and 25 to 1,000 at once: %d', (limit, expected) => {
    expect(compileKeys(planOf([], limit), 'by_day', '2026-11-23#0', 'the-audit').Limit).toBe(expected);
  });
});

describe('a row', () => {
  it('of a day lies in one of its four partitions', () => {
    expect(dayPartitions('2026-11-23')).toEqual(['2026-11-23#0', '2026-11-23#1', '2026-11-23#2', '2026-11-23#3']);
  });

  it('is read consistently, with up to a hundred in a call', () => {
    const many = Array.from({ length: 201 }, (_, n) => ({ time: 't', id: `${n}` }));
    const calls = compileRows(many, 'the-audit').map(({ RequestItems }) => RequestItems['the-audit']);
    expect(calls.map((call) => [call?.Keys.length, call?.ConsistentRead])).toEqual([
      [100, true],
      [100, true],
      [1, true],
    ]);
    expect(calls.flatMap((call) => call?.Keys ?? []).map(keyOf)).toEqual(many);
    expect(compileRows([], 'the-audit')).toEqual([]);
  });

  it('is found by its time and its id', () => {
    expect(keyOf(item({ time: 't', id: 'i', more: 1 }))).toEqual({ time: 't', id: 'i' });
  });

  it.each([
    [0, []],
    [1, []],
    [3, ['i#1', 'i#2']],
  ])('of %d parts has the others behind its id', (parts, ids) => {
    expect(furtherKeys({ time: 't', id: 'i' }, parts)).toEqual(ids.map((id) => ({ time: 't', id })));
  });
});
