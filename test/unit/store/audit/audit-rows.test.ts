// Rows that DynamoDB leaves unprocessed are asked for again, and never taken for absent.

import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from 'vitest';
import type { Item } from '../../../../lib/base/value.ts';
import { readAuditRows } from '../../../../lib/store/audit/audit-rows.ts';
import { item } from '../../../support/values.ts';

type Keys = readonly Item[];

/** A table that gives `perCall` rows in each call. */
function source(stored: Keys, perCall: number) {
  const asked: number[] = [];
  const send = ({ input }: { input: { RequestItems: { audit: { Keys: Keys; ConsistentRead: boolean } } } }) => {
    const { Keys: keys, ConsistentRead } = input.RequestItems.audit;
    expect(ConsistentRead).toBe(true);
    asked.push(keys.length);
    const same = (key: Item) => stored.find(({ id }) => JSON.stringify(id) === JSON.stringify(key['id']));
    const left = keys.slice(perCall);
    return Promise.resolve({
      Responses: {
        audit: keys
          .slice(0, perCall)
          .map(same)
          .filter((found) => found !== undefined),
      },
      UnprocessedKeys: left.length > 0 ? { audit: { Keys: left, ConsistentRead } } : {},
    });
  };
  return { source: { client: { send } as unknown as DynamoDBClient, tableName: 'audit' }, asked };
}

/** Time passes while it sleeps. */
function clock() {
  let now = 0;
  const sleep = (milliseconds: number) => {
    now += milliseconds * 1e3;
    return Promise.resolve();
  };
  return { now: () => now, sleep, random: () => 0.5 };
}

async function recordsOf(...args: Parameters<typeof readAuditRows>) {
  const records: (readonly Item[])[] = [];
  for await (const record of readAuditRows(...args)) records.push(record);
  return records;
}

const UNTIL = 20_000_000;
const key = (n: number) => ({ time: 't', id: `${n}` });
const row = (id: string, more = {}) => item({ time: 't', id, ...more });

describe('audit rows by their keys', () => {
  test('come in the order of the keys, a hundred in a call, without those that are gone', async () => {
    const { source: table, asked } = source(Array.from({ length: 250 }, (_, n) => row(`${n}`)).reverse(), 40);
    const found = await recordsOf(table, [...Array.from({ length: 250 }, (_, n) => key(n)), key(999)], clock(), UNTIL);
    expect(found.map(([first]) => first?.['id'])).toEqual(Array.from({ length: 250 }, (_, n) => ({ S: `${n}` })));
    expect(asked).toEqual([100, 60, 20, 100, 60, 20, 51, 11]);
  });

  test('have their further rows behind them', async () => {
    const stored = [row('1', { parts: 3 }), row('1#1'), row('1#2'), row('2')];
    const found = await recordsOf(source(stored, 1).source, [key(2), key(1)], clock(), UNTIL);
    expect(found.map((record) => record.length)).toEqual([1, 3]);
  });

  test('are not held together with the further rows of all', async () => {
    const stored = Array.from({ length: 40 }, (_, n) => [
      row(`${n}`, { parts: 4 }),
      ...[1, 2, 3].map((part) => row(`${n}#${part}`)),
    ]).flat();
    const { source: table, asked } = source(stored, 100);
    const keys = Array.from({ length: 40 }, (_, n) => key(n));
    const seen: number[] = [];
    for await (const record of readAuditRows(table, keys, clock(), UNTIL)) {
      expect(record).toHaveLength(4);
      seen.push(asked.slice(1).reduce((sum, each) => sum + each, 0) - seen.length * 3);
    }
    expect(seen).toHaveLength(40);
    // Further rows that were read and not given out yet.
    expect(Math.max(...seen)).toBe(24);
  });

  test('are refused where nothing comes until the time is up', async () => {
    const { source: table, asked } = source([row('1')], 0);
    await expect(recordsOf(table, [key(1)], clock(), UNTIL)).rejects.toMatchObject({ code: 'unavailable' });
    expect(asked.length).toBeGreaterThan(1);
  });
});
