// Auth records and groups by their ids, always read consistently: a revoked permission never serves one more request.

import { BatchGetItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ApiError } from '../base/errors.ts';
import type { Item } from '../base/value.ts';
import type { Ports, RecordTable } from '../operations/ports.ts';
import { storeError } from './store-errors.ts';

export type RecordTables = Readonly<Record<RecordTable, string>>;

const KEY: Readonly<Record<RecordTable, string>> = { auth: 'id', groups: 'group_id' };
const BATCH = 100;
const MAX_ROUNDS = 6;
const PAUSE_MILLISECONDS = 50;
const MAX_KEY_BYTES = 2_048;

export function loadRecords(
  client: DynamoDBClient,
  tables: RecordTables,
  world: Pick<Ports, 'sleep' | 'random'>,
): Ports['loadRecords'] {
  return async (table, ids) => {
    // An id that cannot be a key names no record.
    const keys = [...new Set(ids)].filter((id) => id !== '' && Buffer.byteLength(id) <= MAX_KEY_BYTES);
    const items: Item[] = [];
    for (let at = 0; at < keys.length; at += BATCH) {
      items.push(...(await loadBatch(keys.slice(at, at + BATCH), table)));
    }
    return items;
  };

  async function loadBatch(ids: readonly string[], table: RecordTable): Promise<Item[]> {
    const name = tables[table];
    const items: Item[] = [];
    let keys: Record<string, unknown>[] = ids.map((id) => ({ [KEY[table]]: { S: id } }));
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      if (round > 0) await world.sleep(world.random() * PAUSE_MILLISECONDS * 2 ** round);
      const { Responses = {}, UnprocessedKeys = {} } = await request(name, keys);
      items.push(...((Responses[name] ?? []) as Item[]));
      keys = UnprocessedKeys[name]?.Keys ?? [];
      if (keys.length === 0) return items;
    }
    // What was not read is not absent: it might hold a restriction.
    throw new ApiError('unavailable', undefined, [], `${keys.length} keys of ${name} stayed unprocessed`);
  }

  async function request(name: string, keys: Record<string, unknown>[]) {
    try {
      const RequestItems = { [name]: { Keys: keys as never, ConsistentRead: true } };
      return await client.send(new BatchGetItemCommand({ RequestItems }));
    } catch (error) {
      throw storeError(error);
    }
  }
}
