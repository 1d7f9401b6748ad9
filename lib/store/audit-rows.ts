// Audit rows by their keys, each with its further rows.

import { BatchGetItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ApiError } from '../base/errors.ts';
import { attribute, type Item } from '../base/value.ts';
import { type AuditKey, compileKey, furtherKeys } from '../dynamo/audit-input.ts';
import type { Ports } from '../operations/ports.ts';
import { storeError } from './store-errors.ts';

type Source = { readonly client: DynamoDBClient; readonly tableName: string };
type World = Pick<Ports, 'sleep' | 'random'>;

const BATCH = 100;
/** Calls in a row that bring nothing. */
const MAX_VAIN = 6;
const PAUSE_MILLISECONDS = 50;

/** The rows of those keys, in their order. A key without a row is left out: the row expired, its index entry lingers. */
export async function readAuditRows(
  source: Source,
  keys: readonly AuditKey[],
  world: World,
): Promise<readonly (readonly Item[])[]> {
  const rows = await readRows(source, keys, world);
  const further = (key: AuditKey): readonly AuditKey[] => {
    const parts = attribute(rows.get(nameOf(key)) ?? {}, 'parts');
    return parts && 'N' in parts ? furtherKeys(key, Number(parts.N)) : [];
  };
  const more = await readRows(source, keys.flatMap(further), world);
  return keys
    .map((key) => [rows.get(nameOf(key)), ...further(key).map((each) => more.get(nameOf(each)))])
    .filter(([row]) => row !== undefined)
    .map((record) => record.filter((row) => row !== undefined));
}

function nameOf({ time, id }: AuditKey): string {
  return `${time} ${id}`;
}

async function readRows(source: Source, keys: readonly AuditKey[], world: World): Promise<ReadonlyMap<string, Item>> {
  const found = new Map<string, Item>();
  for (let at = 0; at < keys.length; at += BATCH) {
    for (const row of await readBatch(source, keys.slice(at, at + BATCH).map(compileKey), world)) {
      const { time, id } = row as { readonly time: { readonly S: string }; readonly id: { readonly S: string } };
      found.set(nameOf({ time: time.S, id: id.S }), row);
    }
  }
  return found;
}

/** One call brings 16 MB at most; what it leaves is asked for again. */
async function readBatch(source: Source, keys: readonly Item[], world: World): Promise<readonly Item[]> {
  const rows: Item[] = [];
  let left = keys;
  for (let vain = 0; left.length > 0; ) {
    const { found, unprocessed } = await request(source, left);
    rows.push(...found);
    left = unprocessed;
    if (left.length === 0) break;
    vain = found.length > 0 ? 0 : vain + 1;
    // What was not read is not absent.
    if (vain >= MAX_VAIN) throw new ApiError('unavailable', undefined, [], `${left.length} audit rows stayed unread`);
    await world.sleep(world.random() * PAUSE_MILLISECONDS * 2 ** vain);
  }
  return rows;
}

/** Consistent, as an index may know of a row before every replica of the table does. */
async function request({ client, tableName }: Source, keys: readonly Item[]) {
  try {
    const RequestItems = { [tableName]: { Keys: keys as never, ConsistentRead: true } };
    const { Responses = {}, UnprocessedKeys = {} } = await client.send(new BatchGetItemCommand({ RequestItems }));
    return {
      found: (Responses[tableName] ?? []) as unknown as Item[],
      unprocessed: (UnprocessedKeys[tableName]?.Keys ?? []) as unknown as Item[],
    };
  } catch (error) {
    throw storeError(error);
  }
}
