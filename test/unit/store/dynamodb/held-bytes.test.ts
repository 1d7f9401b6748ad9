// What a read holds at once, counted: rows that were read and are given out later, and calls that are under way.

import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { itemBytes } from '../../../../lib/base/item-size.ts';
import type { Item } from '../../../../lib/base/value.ts';
import { oneOf } from '../../../../lib/condition/condition.ts';
import { table } from '../../../../lib/definition/table.ts';
import { planRead } from '../../../../lib/plan/read-plan.ts';
import { readItems } from '../../../../lib/store/dynamodb/read-items.ts';
import { keyPolicy } from '../../../support/access.ts';
import { UNBOUNDED, unmeteredWorld } from '../../../support/budget.ts';
import { item } from '../../../support/values.ts';

type Input = {
  readonly RequestItems?: Record<string, { readonly Keys: readonly { readonly id: { readonly S: string } }[] }>;
  readonly ExpressionAttributeValues?: Record<string, { readonly S: string }>;
  readonly ExclusiveStartKey?: Item;
  readonly Limit?: number;
};

const MB = 2 ** 20;
const required = { type: 'string', required: true } as const;
const tasks = table('tasks', {
  partitionKey: { id: 'string' },
  attributes: { team: required, due: required, owner: required },
  indexes: {
    by_team: { partitionKey: 'team', sortKey: 'due' },
    by_owner: { partitionKey: 'owner', projection: 'keys' },
  },
});
const keysTo = (count: number) => Array.from({ length: count }, (_, at) => ({ S: `${at}` }));

function storeOn(answer: (input: Input) => object) {
  const client = { send: async ({ input }: { input: Input }) => await answer(input) };
  return readItems(client as unknown as DynamoDBClient, 'table', unmeteredWorld);
}

describe('of partitions in one order', () => {
  const TEAMS = 500;
  const LARGE = 'x'.repeat(390_000);
  /** The first rows of all teams come before their second ones. The id tells which row it is. */
  const rowOf = (id: number, text: string) =>
    item({ id: `${1_000 + id}`, team: `${id % TEAMS}`, due: `${1_000 + id}`, text });
  const plan = planRead(keyPolicy({}, { table: tasks }), oneOf(['team'], keysTo(TEAMS)), {
    limit: 1_000,
    order: { path: ['due'], isDescending: false },
  });

  /** Reads all rows, one a call; gives them in order, those that were read by key, and the peak of bytes held. */
  async function readAll(text: string) {
    const events: { readonly row: Item; readonly isRead: boolean }[] = [];
    const byKey: string[] = [];
    const { read } = storeOn(({ RequestItems, ExpressionAttributeValues = {}, ExclusiveStartKey }) => {
      if (RequestItems) {
        const ids = RequestItems['table']?.Keys.map(({ id }) => id.S) ?? [];
        byKey.push(...ids);
        return { Responses: { table: ids.map((id) => rowOf(Number(id) - 1_000, text)) } };
      }
      const team = Number(Object.values(ExpressionAttributeValues)[0]?.S);
      const row = rowOf(ExclusiveStartKey ? team + TEAMS : team, text);
      events.push({ row, isRead: true });
      const { id, due } = row as { id: { S: string }; due: { S: string } };
      return { Items: [row], ...(!ExclusiveStartKey && { LastEvaluatedKey: { id, due, team: { S: `${team}` } } }) };
    });
    const given: Item[] = [];
    await read(plan, UNBOUNDED, (row) => {
      events.push({ row, isRead: false });
      return given.push(row) > 0;
    });
    // A row that is given out as it was read was held in between; one that is another object was read again.
    const kept = new Set(given);
    let [held, peak] = [0, 0];
    for (const { row, isRead } of events.filter((event) => kept.has(event.row))) {
      const wasRead = events.some((event) => event.isRead && event.row === row);
      if (wasRead) held += isRead ? itemBytes(row) : -itemBytes(row);
      peak = Math.max(peak, held);
    }
    return { given, byKey, peak };
  }
  const ids = (rows: readonly Item[]) => rows.map(({ id }) => id);
  const expected = Array.from({ length: 2 * TEAMS }, (_, id) => ({ S: `${1_000 + id}` }));

  it('no more than 8 MB of rows wait for their turn, however large each is', async () => {
    const { given, byKey, peak } = await readAll(LARGE);
    expect(ids(given)).toEqual(expected);
    expect(peak).toBeGreaterThan(4 * MB);
    expect(peak).toBeLessThan(8 * MB + itemBytes(rowOf(0, LARGE)) * 8);
    // What could not be held is read once more, and only once.
    expect(new Set(byKey).size).toBe(byKey.length);
  });

  it('nothing is read twice where all fit', async () => {
    const { given, byKey } = await readAll('short');
    expect(ids(given)).toEqual(expected);
    expect(byKey).toEqual([]);
  });
});

it('a step that runs beside others holds its share of rows at most, and asks again for those behind', async () => {
  const steps = 8;
  const text = 'x'.repeat(200_000);
  const asked = new Map<string, number[]>();
  const { read } = storeOn(({ ExpressionAttributeValues = {}, ExclusiveStartKey, Limit = 0 }) => {
    const team = Object.values(ExpressionAttributeValues)[0]?.S ?? '';
    const from = ExclusiveStartKey ? Number((ExclusiveStartKey['due'] as { S: string }).S) + 1 : 10;
    asked.set(team, [...(asked.get(team) ?? []), from]);
    const numbers = Array.from({ length: Math.min(Limit, 30 - from) }, (_, at) => `${from + at}`);
    const Items = numbers.map((due) => item({ id: `${team}-${due}`, team, due, text }));
    return {
      Items,
      ...(from + Items.length < 30 && { LastEvaluatedKey: item({ id: '', team, due: numbers.at(-1) ?? '' }) }),
    };
  });
  const plan = planRead(keyPolicy({}, { table: tasks }), oneOf(['team'], keysTo(steps)), {
    limit: 1_000,
    order: { path: ['due'], isDescending: false },
  });
  const given: Item[] = [];
  await read(plan, UNBOUNDED, (row) => given.push(row) > 0);
  expect(given).toHaveLength(20 * steps);
  expect(new Set(given.map(({ id }) => JSON.stringify(id))).size).toBe(20 * steps);
  const dues = given.map(({ due }) => (due as { S: string }).S);
  expect(dues).toEqual(dues.toSorted());
  // A share is 1 MB, which holds five rows.
  for (const from of asked.values()) expect(from).toEqual([10, 15, 20, 25]);
});

describe('calls whose answers may have 40 MB each are made one at a time', () => {
  /** The most calls for items by their keys that were under way at once. */
  async function mostAtOnce(run: (store: ReturnType<typeof storeOn>) => Promise<unknown>): Promise<number> {
    let [running, most] = [0, 0];
    const store = storeOn(async ({ RequestItems, ExpressionAttributeValues = {} }) => {
      if (!RequestItems) {
        const [owner = { S: '' }] = Object.values(ExpressionAttributeValues);
        return { Items: keysTo(120).map((id) => ({ id: { S: `${owner.S}-${id.S}` }, owner })) };
      }
      running += 1;
      most = Math.max(most, running);
      await new Promise(setImmediate);
      running -= 1;
      return { Responses: { table: RequestItems['table']?.Keys ?? [] } };
    });
    await run(store);
    return most;
  }

  it.each([
    ['of keys', 'batch', oneOf(['id'], keysTo(300))],
    ['of rows that an index holds a part of', 'union', oneOf(['owner'], keysTo(8))],
  ])('%s', async (_, kind, condition) => {
    const plan = planRead(keyPolicy({}, { table: tasks }), condition, { limit: 1_000 });
    expect(plan.kind).toBe(kind);
    expect(await mostAtOnce(({ read }) => read(plan, UNBOUNDED, () => true))).toBe(1);
    expect(await mostAtOnce(({ readAll }) => readAll(plan, UNBOUNDED, () => {}))).toBe(1);
  });
});
