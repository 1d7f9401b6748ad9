// Records of two tables in one consistent call. What an engine does not do at will is forced on the client: keys that stay
// unprocessed. What it does is in test/handlers/warm-records.test.ts.

import { BatchGetItemCommand, type BatchGetItemCommandInput, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { ApiError } from '../../../../lib/base/errors.ts';
import { loadRecords } from '../../../../lib/store/dynamodb/records.ts';

const client = mockClient(DynamoDBClient);
const pauses: number[] = [];
/** Time passes while it sleeps. */
let now = 0;
const world = {
  now: () => now,
  sleep: (milliseconds: number) => {
    pauses.push(milliseconds);
    now += milliseconds * 1e3;
    return Promise.resolve();
  },
  random: () => 0.5,
};
const load = loadRecords(new DynamoDBClient({}), { auth: 'Auth', groups: 'Groups' }, world);

type Keys = NonNullable<NonNullable<BatchGetItemCommandInput['RequestItems']>[string]['Keys']>;
const many = (prefix: string, count: number) => Array.from({ length: count }, (_, i) => `${prefix}${i}`);

/** The keys of every call, by table; each table's must be read consistently. */
const calls = () =>
  client.commandCalls(BatchGetItemCommand).map(({ args: [{ input }] }) =>
    Object.fromEntries(
      Object.entries(input.RequestItems ?? {}).map(([name, { Keys = [], ConsistentRead }]) => {
        expect(ConsistentRead).toBe(true);
        return [name, Keys.flatMap((key) => Object.values(key).map(({ S }) => S))];
      }),
    ),
  );

/** Every key is a record, but those that `refused` leaves unprocessed in that call. */
function answer(refused: (key: string, call: number) => boolean = () => false): void {
  let call = 0;
  client.on(BatchGetItemCommand).callsFake(({ RequestItems = {} }: BatchGetItemCommandInput) => {
    call += 1;
    const isRefused = (key: Keys[number]) => Object.values(key).some(({ S = '' }) => refused(S, call));
    const each = Object.entries(RequestItems).map(([name, { Keys = [] }]) => [name, Keys] as const);
    return {
      Responses: Object.fromEntries(each.map(([name, keys]) => [name, keys.filter((key) => !isRefused(key))])),
      UnprocessedKeys: Object.fromEntries(
        each.flatMap(([name, keys]) => {
          const Keys = keys.filter(isRefused);
          return Keys.length > 0 ? [[name, { Keys }]] : [];
        }),
      ),
    };
  });
}

beforeEach(() => {
  client.reset();
  pauses.length = 0;
});

describe('records', () => {
  it('of both tables are one call, each id once', async () => {
    answer();
    const { auth, groups } = await load({ auth: ['a', 'b', 'a'], groups: ['a', 'g', 'g'] });
    expect(calls()).toEqual([{ Auth: ['a', 'b'], Groups: ['a', 'g'] }]);
    expect(auth).toEqual([{ id: { S: 'a' } }, { id: { S: 'b' } }]);
    expect(groups).toEqual([{ group_id: { S: 'a' } }, { group_id: { S: 'g' } }]);
  });

  it('of one table name no other', async () => {
    answer();
    await load({ auth: [], groups: ['g'] });
    expect(calls()).toEqual([{ Groups: ['g'] }]);
  });

  it('whose ids cannot be keys are asked for in no call', async () => {
    answer();
    const long = 'ü'.repeat(1_025);
    expect(await load({ auth: ['', long], groups: [long] })).toEqual({ auth: [], groups: [] });
    expect(calls()).toEqual([]);
    await load({ auth: ['', 'a'], groups: ['ü'.repeat(1_024)] });
    expect(calls()).toEqual([{ Auth: ['a'], Groups: ['ü'.repeat(1_024)] }]);
  });

  it.each([
    [100, 0, 1],
    [40, 60, 1],
    [40, 61, 2],
    [1, 200, 3],
    [250, 250, 5],
  ])('%i and %i of the tables are asked for in calls of a hundred', async (auth, groups, expected) => {
    answer();
    const found = await load({ auth: many('a', auth), groups: many('g', groups) });
    expect([found.auth.length, found.groups.length]).toEqual([auth, groups]);
    const sizes = calls().map((call) => Object.values(call).flat().length);
    expect(sizes).toHaveLength(expected);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(100);
  });
});

describe('unprocessed keys', () => {
  it('are asked for again, they alone and of both tables, with full jitter', async () => {
    const late: Readonly<Record<string, number>> = { b: 3, g: 2 };
    answer((key, call) => call < (late[key] ?? 0));
    const found = await load({ auth: ['a', 'b'], groups: ['g', 'h'] });
    expect(calls()).toEqual([
      { Auth: ['a', 'b'], Groups: ['g', 'h'] },
      { Auth: ['b'], Groups: ['g'] },
      { Auth: ['b'] },
    ]);
    expect(pauses).toEqual([25, 25]);
    expect([found.auth.length, found.groups.length]).toEqual([2, 2]);
  });

  it('of one call do not keep the others', async () => {
    answer((key, call) => key === 'a7' && call <= 2);
    expect((await load({ auth: many('a', 150), groups: [] })).auth).toHaveLength(150);
    expect(calls().map((call) => call['Auth']?.length)).toEqual([100, 50, 1]);
  });

  it('that stay so are no absent records', async () => {
    answer((key) => key === 'g');
    const error = await load({ auth: ['a'], groups: ['g'] }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ code: 'unavailable', reason: '1 keys of Groups stayed unprocessed' });
    expect(pauses).toEqual([25, 50, 100, 200, 400, 800, 800]);
  });
});
