// Reading the audit of a DynamoDB that is slow: what is given when the time is up, and that no call is made behind it.

import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from 'vitest';
import { AuditPolicy } from '../../../../lib/access/audit-policy.ts';
import { Permission } from '../../../../lib/access/permission.ts';
import { all } from '../../../../lib/condition/condition.ts';
import { resumed } from '../../../../lib/plan/audit-place.ts';
import { type AuditPlan, planAudit, planHistory } from '../../../../lib/plan/audit-plan.ts';
import { readAudit } from '../../../../lib/store/audit/audit.ts';
import { KEY, keyRecord, principalOf } from '../../../support/access.ts';
import { unmetered, untilTime } from '../../../support/budget.ts';
import { item } from '../../../support/values.ts';

const NOON = Date.UTC(2026, 10, 23, 12);
const policy = AuditPolicy.of(Permission.decide(principalOf(KEY, { auth: [keyRecord()] }), 'GET', '/audit'), [], NOON);
const UNTIL = 20_000_000;

type Input = { readonly RequestItems?: { audit: { Keys: unknown[] } }; readonly ExclusiveStartKey?: { n: number } };

const rows = Array.from({ length: 2_000 }, (_, n) => item({ time: `2026-11-${String(9_999 - n)}`, id: 'i' }));

/** A partition of two thousand rows, fifty keys in a call; every day of an audit is empty. Calls take so many seconds. */
function slow(seconds: number, secondsPerRow = 0) {
  let now = 0;
  const begun: number[] = [];
  const answer = ({ RequestItems, ExclusiveStartKey, ...input }: Input) => {
    if (RequestItems) return { Responses: { audit: RequestItems.audit.Keys } };
    if (!JSON.stringify(input).includes('by_resource')) return { Items: [] };
    const from = ExclusiveStartKey?.n ?? 0;
    return { Items: rows.slice(from, from + 50), LastEvaluatedKey: { n: from + 50 } };
  };
  const client = {
    send: ({ input }: { input: Input }) => {
      begun.push(now);
      // Calls that are made together take the time of one.
      const end = now + seconds * 1e6;
      return Promise.resolve().then(() => {
        now = Math.max(now, end);
        return answer(input);
      });
    },
  };
  const world = { now: () => now, random: () => 0, sleep: () => Promise.resolve(), ...unmetered };
  const read = readAudit(client as unknown as DynamoDBClient, 'audit', world);
  const visited: unknown[] = [];
  const run = (plan: AuditPlan) =>
    read(plan, untilTime(UNTIL), (record) => {
      now += secondsPerRow * 1e6;
      return visited.push(record) > 0;
    });
  return { run, begun, visited };
}

describe('a slow DynamoDB', () => {
  test.each([1, 2, 3])(
    'whose calls take %d s gives what it had time for, and is not called behind it',
    async (seconds) => {
      const { run, begun, visited } = slow(seconds);
      const read = await run(planHistory(policy, all([]), { limit: 1_000 }, ['k']));
      expect(read).toMatchObject({ ended: 'spent', next: { id: 'i' } });
      expect(visited.length).toBeGreaterThan(100);
      expect(Math.max(...begun)).toBeLessThanOrEqual(UNTIL);
    },
  );

  test('whose rows take long to look at gives those it had time for, and goes on behind the last of them', async () => {
    const { run, visited } = slow(0, 1.5);
    const read = await run(planHistory(policy, all([]), { limit: 1_000 }, ['k']));
    expect(visited).toEqual(rows.slice(0, 14).map((row) => [row]));
    expect(read).toEqual({ ended: 'spent', next: { time: '2026-11-9986', id: 'i' } });
  });

  test('gets past days without a row, some with every page', async () => {
    let plan = planAudit(policy, all([]), { keys: { resource: () => [], user: () => '' }, limit: 10, now: NOON });
    const days: string[] = [];
    for (;;) {
      const { run, begun } = slow(9);
      const read = await run(plan);
      expect(Math.max(...begun)).toBeLessThanOrEqual(UNTIL);
      if (read.ended === 'done') {
        expect(read.from).toBe('2026-10-22');
        break;
      }
      days.push(read.next.time.slice(0, 10));
      plan = resumed(plan, read.next);
    }
    expect(days.length).toBeGreaterThan(1);
    expect(days).toEqual([...new Set(days)].sort().reverse());
  });
});
