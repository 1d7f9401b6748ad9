// Auth records and groups by their ids, of both tables in one call, always read consistently: a revoked permission never
// serves one more request.

import { BatchGetItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ApiError } from '../base/errors.ts';
import type { Item } from '../base/value.ts';
import type { Ports, RecordTable } from '../operations/ports.ts';
import { sent } from './store-errors.ts';

export type RecordTables = Readonly<Record<RecordTable, string>>;

/** A key and the name of its table in the account. */
type Wanted = readonly [name: string, key: Item];
type Responses = Readonly<Record<string, readonly Item[]>>;

const KEYS = [
  ['auth', 'id'],
  ['groups', 'group_id'],
] as const;
const BATCH = 100;
const MAX_ROUNDS = 6;
const PAUSE_MILLISECONDS = 50;
const MAX_KEY_BYTES = 2_048;

type World = Pick<Ports, 'sleep' | 'random'>;

export function loadRecords(client: DynamoDBClient, tables: RecordTables, world: World): Ports['loadRecords'] {
  return async (ids) => {
    const wanted = KEYS.flatMap(([table, key]) =>
      keyable(ids[table]).map((id): Wanted => [tables[table], { [key]: { S: id } }]),
    );
    const batches: Promise<readonly Responses[]>[] = [];
    for (let at = 0; at < wanted.length; at += BATCH)
      batches.push(loadBatch(client, wanted.slice(at, at + BATCH), world));
    const responses = (await Promise.all(batches)).flat();
    const of = (name: string) => responses.flatMap((each) => each[name] ?? []);
    return { auth: of(tables.auth), groups: of(tables.groups) };
  };
}

async function loadBatch(client: DynamoDBClient, batch: readonly Wanted[], world: World): Promise<Responses[]> {
  const responses: Responses[] = [];
  let wanted = batch;
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    if (round > 0) await world.sleep(world.random() * PAUSE_MILLISECONDS * 2 ** round);
    const { Responses = {}, UnprocessedKeys = {} } = await send(client, wanted);
    responses.push(Responses as Responses);
    wanted = Object.entries(UnprocessedKeys).flatMap(([name, { Keys = [] }]) =>
      Keys.map((key): Wanted => [name, key as Item]),
    );
    if (wanted.length === 0) return responses;
  }
  // What was not read is not absent: it might hold a restriction.
  const names = [...new Set(wanted.map(([name]) => name))].join(' and ');
  throw new ApiError('unavailable', undefined, [], `${wanted.length} keys of ${names} stayed unprocessed`);
}

function send(client: DynamoDBClient, wanted: readonly Wanted[]) {
  const RequestItems: Record<string, { Keys: never[]; ConsistentRead: true }> = {};
  for (const [name, key] of wanted) {
    RequestItems[name] ??= { Keys: [], ConsistentRead: true };
    RequestItems[name].Keys.push(key as never);
  }
  return sent(client.send(new BatchGetItemCommand({ RequestItems })));
}

/** Each once; an id that cannot be a key names no record. */
function keyable(ids: readonly string[]): readonly string[] {
  return [...new Set(ids)].filter((id) => id !== '' && Buffer.byteLength(id) <= MAX_KEY_BYTES);
}
