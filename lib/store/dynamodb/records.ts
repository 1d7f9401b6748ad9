// Loads auth records and groups by their ids, from both tables in one call, always with consistent reads: a revoked
// permission serves no further request.

import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Item } from '../../base/value.ts';
import { BATCH_KEYS } from '../../dynamo/limits.ts';
import type { BatchInput } from '../../dynamo/read-input.ts';
import type { Ports, RecordTable } from '../../operations/request/ports.ts';
import { batchGet, type ItemsByTable, type World } from './batch-get.ts';

export type RecordTables = Readonly<Record<RecordTable, string>>;

/** The key of a record, and the name of its table in the account. */
type Wanted = readonly [name: string, key: Item];

const KEYS = [
  ['auth', 'id'],
  ['groups', 'group_id'],
] as const;
const MAX_KEY_BYTES = 2_048;

/** Microseconds after which keys that stay unprocessed fail the request. */
const PATIENCE = 3_000_000;

export function loadRecords(client: DynamoDBClient, tables: RecordTables, world: World): Ports['loadRecords'] {
  return async (ids) => {
    const until = world.now() + PATIENCE;
    const wanted = KEYS.flatMap(([table, key]) =>
      keyable(ids[table]).map((id): Wanted => [tables[table], { [key]: { S: id } }]),
    );
    const batches: Promise<ItemsByTable>[] = [];
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

/** Returns each id once, without those that DynamoDB refuses as a key: they name no record. */
function keyable(ids: readonly string[]): readonly string[] {
  return [...new Set(ids)].filter((id) => id !== '' && Buffer.byteLength(id) <= MAX_KEY_BYTES);
}
