// Reading by plans against a DynamoDB that is slow, busy or has more: what is asked again, and what is given up.

import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import type { Item } from '../../../../lib/base/value.ts';
import { all, compare, oneOf, TRUE } from '../../../../lib/condition/condition.ts';
import { table } from '../../../../lib/definition/table.ts';
import { planRead, type ReadPlan } from '../../../../lib/plan/read-plan.ts';
import type { Position } from '../../../../lib/plan/step.ts';
import { readItems } from '../../../../lib/store/dynamodb/read-items.ts';
import { codeOf, keyPolicy } from '../../../support/access.ts';
import { item } from '../../../support/values.ts';

type Input = { readonly RequestItems: Record<string, { Keys: { id: { S: string } }[]; ConsistentRead?: boolean }> };
type Output = Record<string, unknown>;

const BUDGET = 20_000_000;
const UNITS = 100;

const keys = (count: number) => Array.from({ length: count }, (_, at) => ({ S: `k${at}` }));
const byKeys = (count: number, limit = 1_000, policy = keyPolicy()) =>
  planRead(policy, oneOf(['id'], keys(count)), { limit });

/** The store on a client that answers as told; time passes while it sleeps and while it is asked. */
function storeOn(
  answer: (input: Input, call: number) => Output,
  secondsPerCall = 0,
  unitsPerCall = 0,
  secondsPerLook = 0,
) {
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
    consumed: () => ({ read: asked.length * unitsPerCall, write: 0 }),
    now: () => {
      now += secondsPerLook * 1e6;
      return now;
    },
    random: () => 1,
    sleep: (milliseconds: number) => {
      pauses.push(milliseconds);
      now += milliseconds * 1e3;
      return Promise.resolve();
    },
  };
  const budget = () => ({ until: now + BUDGET, readUnits: UNITS });
  const { read, readAll } = readItems(client as unknown as DynamoDBClient, 'table', world);
  return {
    asked,
    pauses,
    read: async (plan: ReadPlan, from?: Position) => {
      const items: Item[] = [];
      const take = (item: Item) => items.push(item) > 0;
      return { items, ...(await read(plan, budget(), take, from)) };
    },
    readAll: (plan: ReadPlan, visit: (item: Item) => void) => readAll(plan, budget(), visit),
  };
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
    const { items, ended } = await store.read(byKeys(250));
    expect([items.length, ended]).toEqual([250, 'done']);
    expect(store.asked.map(({ RequestItems }) => RequestItems['table']?.Keys.length)).toEqual([100, 100, 50]);
    expect(store.asked.every(({ RequestItems }) => RequestItems['table']?.ConsistentRead)).toBe(true);
    expect(new Set(store.asked.flatMap(({ RequestItems }) => JSON.stringify(RequestItems['table']?.Keys))).size).toBe(
      3,
    );
  });

  it('stops where the limit is passed', async () => {
    const store = storeOn(everything);
    const { items, ended, next } = await store.read(byKeys(250, 10));
    expect([items.length, ended, store.asked.length]).toEqual([10, 'full', 1]);
    expect(next).toEqual({ step: 0, after: 10 });
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
    const policy = keyPolicy({ filter_fields: [{ field: 'x', value: 'shown' }] });
    const answer = ({ RequestItems }: Input): Output => ({
      Responses: {
        table: RequestItems['table']?.Keys.map(({ id }) => item({ id: id.S, x: id.S === 'k1' ? 'shown' : 'not' })),
      },
    });
    const { items } = await storeOn(answer).read(byKeys(5, 10, policy));
    expect(items.map(({ id }) => id)).toEqual([{ S: 'k1' }]);
  });
});

describe('pages', () => {
  const page = (_: Input, call: number): Output => ({
    Items: [{ id: { S: `k${call}` } }],
    // They end somewhere, so that a bound that is missing is a failure and no loop.
    ...(call < 200 && { LastEvaluatedKey: { id: { S: `k${call}` } } }),
  });
  const scan = (limit: number, of = keyPolicy()): ReadPlan => planRead(of, TRUE, { limit });
  /** One segment: what is asked can be followed. */
  const small = keyPolicy({}, { table: table('items', { partitionKey: { id: 'string' }, size: { items: 10 } }) });

  it('are read until the limit is passed, and tell where to go on', async () => {
    const store = storeOn(page);
    const { items, ended, next } = await store.read(scan(3));
    expect([items.length, ended, store.asked.length]).toEqual([3, 'full', 4]);
    expect(store.asked[2]).toMatchObject({ ExclusiveStartKey: { id: { S: 'k2' } } });
    expect(next).toEqual({ step: 0, after: item({ id: 'k3' }) });
  });

  it('begin behind the place that they are told', async () => {
    const store = storeOn(page);
    await store.read(scan(1), { step: 0, after: item({ id: 'q' }) });
    expect(store.asked[0]).toMatchObject({ ExclusiveStartKey: { id: { S: 'q' } } });
  });

  it('end when the time is up: a short page that tells where to go on', async () => {
    const store = storeOn(page, 9);
    const { items, ended, next } = await store.read(scan(1_000));
    expect([items.length, ended, next]).toEqual([3, 'spent', { step: 0, after: { id: { S: 'k3' } } }]);
  });

  it('that are all wanted are given up when the time is up: 503, never a part', async () => {
    const seen: Item[] = [];
    const store = storeOn(page, 9);
    expect(await refusal(() => store.readAll(scan(9, small), (row) => seen.push(row)))).toBe('too_costly');
    expect(store.asked.length).toBe(3);
  });

  it('end when more units are consumed than the budget has: a short page that tells where to go on', async () => {
    const store = storeOn(page, 0, 40);
    const { items, ended, next } = await store.read(scan(1_000));
    expect([items.length, ended, next]).toEqual([3, 'spent', { step: 0, after: { id: { S: 'k3' } } }]);
  });

  it('that are all wanted overshoot the budget by the calls under way', async () => {
    const store = storeOn(page, 0, 40);
    expect(await refusal(() => store.readAll(scan(1), () => {}))).toBe('too_costly');
    expect(store.asked.length).toBeLessThanOrEqual(3 + 7);
  });

  it.each([
    ['time', 9, 0],
    ['units', 0, 40],
  ])('of many sources are given up between them when the %s is spent', async (_, seconds, units) => {
    const team = { type: 'string', required: true } as const;
    const tasks = table('tasks', {
      partitionKey: { id: 'string' },
      attributes: { team },
      indexes: { by_team: { partitionKey: 'team' } },
      size: { items: 100_000 },
    });
    const plan = planRead(keyPolicy({}, { table: tasks }), oneOf(['team'], keys(90)), { limit: 1 });
    expect([plan.kind, plan.steps.length]).toEqual(['union', 90]);
    const store = storeOn(() => ({ Items: [] }), seconds, units);
    expect(await refusal(() => store.readAll(plan, () => {}))).toBe('too_costly');
    expect(store.asked.length).toBeLessThanOrEqual(3 + 8);
  });

  it('are all visited by who wants all, whatever the limit', async () => {
    const last = (input: Input, call: number): Output => (call < 50 ? page(input, call) : { Items: [] });
    const seen: Item[] = [];
    await storeOn(last).readAll(scan(1, small), (row) => seen.push(row));
    expect(seen).toHaveLength(49);
  });

  it('of a large table are read side by side by who wants all', async () => {
    const store = storeOn((_, call) => ({ Items: [{ id: { S: `k${call}` } }] }));
    const seen: Item[] = [];
    await store.readAll(scan(1), (row) => seen.push(row));
    const segments = store.asked.map((input) => (input as unknown as { Segment: number }).Segment);
    expect(segments.toSorted((one, other) => one - other)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(seen).toHaveLength(8);
  });
});

describe('the time that is up within a page', () => {
  const rows = keys(100).map(({ S }, at) => item({ id: S, x: at % 2 === 0 ? 'shown' : 'not' }));
  const one = (): Output => ({ Items: rows });
  const plan = planRead(keyPolicy({ filter_fields: [{ field: 'x', value: 'shown' }] }), TRUE, { limit: 1_000 });
  const shown = rows.filter((_, at) => at % 2 === 0);

  it('cuts it behind the last row that was looked at, shown or not, and the next one goes on there', async () => {
    const found: Item[] = [];
    let from: Position | undefined;
    let pages = 0;
    do {
      const after = from && JSON.stringify(from.after);
      const at = rows.findIndex(({ id }) => JSON.stringify({ id }) === after) + 1;
      // A look at the clock between rows takes two seconds, so that eleven rows are looked at.
      const store = storeOn(() => ({ Items: rows.slice(at) }), 0, 0, 2);
      const read = await store.read(plan, from);
      found.push(...read.items);
      expect(store.asked.length).toBe(1);
      expect(read.ended).toBe(read.next ? 'spent' : 'done');
      from = read.next;
      pages += 1;
    } while (from);
    expect(found).toEqual(shown);
    expect(pages).toBeGreaterThan(5);
  });

  it('leaves one row to each page at least: who asks again gets farther', async () => {
    const { next, ended } = await storeOn(one, 30).read(plan);
    expect([ended, next]).toEqual(['spent', { step: 0, after: { id: { S: 'k0' } } }]);
  });

  it('is 503 where all rows are wanted', async () => {
    const seen: Item[] = [];
    const store = storeOn(one, 0, 0, 2);
    expect(await refusal(() => store.readAll(plan, (row) => seen.push(row)))).toBe('too_costly');
    expect(seen.length).toBeLessThan(20);
  });
});

it('steps that run side by side ask for their share of rows at first: what they hold is held at once', async () => {
  const tasks = table('tasks', {
    partitionKey: { id: 'string' },
    attributes: { team: { type: 'string', required: true }, due: { type: 'string', required: true } },
    indexes: { by_team: { partitionKey: 'team', sortKey: 'due' } },
  });
  const asked = all([oneOf(['team'], keys(40)), compare(['note'], '=', { S: 'x' })]);
  const plan = planRead(keyPolicy({}, { table: tasks }), asked, {
    limit: 10,
    order: { path: ['due'], isDescending: false },
  });
  const store = storeOn(() => ({ Items: [] }));
  await store.read(plan);
  expect(store.asked.map((input) => (input as unknown as { Limit: number }).Limit)).toEqual(Array(40).fill(3));
});

it('a plan that can find nothing makes no call', async () => {
  const store = storeOn(everything);
  for (const never of [
    oneOf(['id'], []),
    oneOf(['id'], [{ N: '1' }, { S: '' }]),
    compare(['id'], '=', { BOOL: true }),
  ]) {
    const read = await store.read(planRead(keyPolicy(), never, { limit: 5 }));
    expect(read).toEqual({ items: [], next: undefined, ended: 'done' });
  }
  expect(store.asked).toEqual([]);
});
