// Auth records and groups by their ids, of both tables in one call, always read consistently: a revoked permission never
// serves one more request.

import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Item } from '../../base/value.ts';
import { BATCH_KEYS } from '../../dynamo/limits.ts';
import type { BatchInput } from '../../dynamo/read-input.ts';
import type { Ports, RecordTable } from '../../operations/request/ports.ts';
import { batchGet, type Found, type World } from './batch-get.ts';

export type RecordTables = Readonly<Record<RecordTable, string>>;

/** A key and the name of its table in the account. */
type Wanted = readonly [name: string, key: Item];

const KEYS = [
  ['auth', 'id'],
  ['groups', 'group_id'],
] as const;
const MAX_KEY_BYTES = 2_048;

/** In microseconds: keys that stay unprocessed for longer are given up, and their caller's request with them. */
const PATIENCE = 3_000_000;

export function loadRecords(client: DynamoDBClient, tables: RecordTables, world: World): Ports['loadRecords'] {
  return async (ids) => {
    const until = world.now() + PATIENCE;
    const wanted = KEYS.flatMap(([table, key]) =>
      keyable(ids[table]).map((id): Wanted => [tables[table], { [key]: { S: id } }]),
    );
    const batches: Promise<Found>[] = [];
    for (let at = 0; at < wanted.length; at += BATCH_KEYS)
      batches.push(batchGet(client, inputOf(wanted.slice(at, at + BATCH_KEYS)), world, until));
    const found = await Promise.all(batches);
    const of = (table: RecordTable) => found.flatMap((foundIn) => foundIn(tables[table]));
    return { auth: of('auth'), groups: of('groups') };
  };
}

function inputOf(wanted: readonly Wanted[]): BatchInput {
  const RequestItems: Record<string, { Keys: Item[]; ConsistentRead: true }> = {};
  for (const [name, key] of wanted) {
    RequestItems[name] ??= { Keys: [], ConsistentRead: true };
    RequestItems[name].Keys.push(key);
  }
  return { RequestItems };
}

/** Each once; an id that cannot be a key names no record. */
function keyable(ids: readonly string[]): readonly string[] {
  return [...new Set(ids)].filter((id) => id !== '' && Buffer.byteLength(id) <= MAX_KEY_BYTES);
}
