// Reading by plans against a DynamoDB that is slow, busy or has more: what is asked again, and what is given up.

import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import type { Item } from '../../../lib/base/value.ts';
import { compare, oneOf, TRUE } from '../../../lib/condition/condition.ts';
import { planRead, type ReadPlan } from '../../../lib/plan/read-plan.ts';
import { readItems } from '../../../lib/store/read-items.ts';
import { codeOf, keyPolicy } from '../../support/access.ts';

type Input = { readonly RequestItems: Record<string, { Keys: Item[]; ConsistentRead?: boolean }> };
type Output = Record<string, unknown>;

const keys = (count: number) => Array.from({ length: count }, (_, at) => ({ S: `k${at}` }));
const byKeys = (count: number, limit = 1_000, policy = keyPolicy()) =>
  planRead(policy, oneOf(['id'], keys(count)), limit);

/** The store on a client that answers as told; time passes while it sleeps and while it is asked. */
function storeOn(answer: (input: Input, call: number) => Output, secondsPerCall = 0) {
  const asked: Input[] = [];
  const pauses: number[] = [];
  let now = 0;
  const client = {
    send: ({ input }: { input: Input }) => {
      asked.push(structuredClone(input));
      now += secondsPerCall * 1e6;
      return Promise.resolve(answer(input, asked.length));
    },
  };
  const world = {
    now: () => now,
    random: () => 1,
    sleep: (milliseconds: number) => {
      pauses.push(milliseconds);
      now += milliseconds * 1e3;
      return Promise.resolve();
    },
  };
  return { ...readItems(client as unknown as DynamoDBClient, 'table', world), asked, pauses };
}

const everything = ({ RequestItems }: Input): Output => ({ Responses: { table: RequestItems['table']?.Keys ?? [] } });

async function refusal(run: () => Promise<unknown>): Promise<string | undefined> {
  const error = await run().then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return codeOf(() => {
    if (error) throw error;
  });
}

describe('a batch', () => {
  it('asks for a hundred keys a call, consistently, each key once', async () => {
    const store = storeOn(everything);
    const { items, more } = await store.read(byKeys(250));
    expect([items.length, more]).toEqual([250, false]);
    expect(store.asked.map(({ RequestItems }) => RequestItems['table']?.Keys.length)).toEqual([100, 100, 50]);
    expect(store.asked.every(({ RequestItems }) => RequestItems['table']?.ConsistentRead)).toBe(true);
    expect(new Set(store.asked.flatMap(({ RequestItems }) => JSON.stringify(RequestItems['table']?.Keys))).size).toBe(
      3,
    );
  });

  it('stops where the limit is passed', async () => {
    const store = storeOn(everything);
    const { items, more } = await store.read(byKeys(250, 10));
    expect([items.length, more, store.asked.length]).toEqual([10, true, 1]);
  });

  it('asks again for what was left unprocessed, and for nothing else', async () => {
    const half = ({ RequestItems }: Input): Output => {
      const { Keys = [] } = RequestItems['table'] ?? {};
      const done = Keys.slice(0, Math.ceil(Keys.length / 2));
      const left = Keys.slice(done.length);
      return {
        Responses: { table: done },
        UnprocessedKeys: left.length > 0 ? { table: { Keys: left, ConsistentRead: true } } : {},
      };
    };
    const store = storeOn(half);
    const { items } = await store.read(byKeys(100));
    expect(items.map(({ id }) => id)).toEqual(keys(100));
    expect(store.asked.length).toBe(7);
    expect(store.asked.every(({ RequestItems }) => RequestItems['table']?.ConsistentRead)).toBe(true);
  });

  it('waits longer each time that nothing comes, and then is 503: never is what was not read absent', async () => {
    const nothing = ({ RequestItems }: Input): Output => ({ Responses: {}, UnprocessedKeys: RequestItems });
    const store = storeOn(nothing);
    expect(await refusal(() => store.read(byKeys(3)))).toBe('unavailable');
    expect(store.pauses.slice(0, 3)).toEqual([100, 200, 400]);
    const waited = store.pauses.reduce((sum, each) => sum + each, 0);
    expect([waited > 10_000, waited <= 20_000]).toEqual([true, true]);
  });

  it('holds every row against the policy, for DynamoDB filters none', async () => {
    const policy = keyPolicy({ filter_fields: [{ field: 'id', operator: 'in', value: ['k1', 'k7'] }] });
    const { items } = await storeOn(everything).read(planRead(policy, oneOf(['id'], keys(5)), 10));
    expect(items.map(({ id }) => id)).toEqual([{ S: 'k1' }]);
  });
});

describe('pages', () => {
  const page = (_: Input, call: number): Output => ({
    Items: [{ id: { S: `k${call}` } }],
    LastEvaluatedKey: { id: call },
  });
  const scan = (limit: number): ReadPlan => planRead(keyPolicy(), TRUE, limit);

  it('are read until the limit is passed', async () => {
    const store = storeOn(page);
    const { items, more } = await store.read(scan(3));
    expect([items.length, more, store.asked.length]).toEqual([3, true, 4]);
    expect(store.asked[2]).toMatchObject({ ExclusiveStartKey: { id: 2 } });
  });

  it('are given up when the time is up: 503, never a part', async () => {
    expect(await refusal(() => storeOn(page, 9).read(scan(1_000)))).toBe('too_costly');
    const seen: Item[] = [];
    const store = storeOn(page, 9);
    expect(await refusal(() => store.readAll(scan(Number.POSITIVE_INFINITY), (item) => seen.push(item)))).toBe(
      'too_costly',
    );
    expect(store.asked.length).toBe(3);
  });

  it('are all visited by who wants all, whatever the limit', async () => {
    const last = (input: Input, call: number): Output => (call < 50 ? page(input, call) : { Items: [] });
    const seen: Item[] = [];
    await storeOn(last).readAll(scan(1), (item) => seen.push(item));
    expect(seen).toHaveLength(49);
  });
});

it('a plan that can find nothing makes no call', async () => {
  const store = storeOn(everything);
  for (const never of [
    oneOf(['id'], []),
    oneOf(['id'], [{ N: '1' }, { S: '' }]),
    compare(['id'], '=', { BOOL: true }),
  ]) {
    expect(await store.read(planRead(keyPolicy(), never, 5))).toEqual({ items: [], more: false });
  }
  expect(store.asked).toEqual([]);
});
