// The requests table: what became of writes with an idempotency key, and the key that this deployment seals with.

import { createHmac, randomBytes } from 'node:crypto';
import { type DynamoDBClient, GetItemCommand, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { ApiError } from '../base/errors.ts';
import type { Item } from '../base/value.ts';
import { SEAL_ID } from '../definition/requests.ts';
import type { Ports } from '../operations/ports.ts';
import { cancellationCodes, storeError } from './store-errors.ts';

const KEY_BYTES = 32;
/** After this time a function reads the key again, so that a new one takes effect. */
const KEPT_MICROSECONDS = 300_000_000;
const TRIES = 8;
const PAUSE_MILLISECONDS = 20;

type World = Pick<Ports, 'now' | 'sleep' | 'random'>;

export function findRequest(client: DynamoDBClient, tableName: string): Ports['findRequest'] {
  return async (id) => {
    try {
      const input = { TableName: tableName, Key: { id: { S: id } }, ConsistentRead: true };
      const { Item } = await client.send(new GetItemCommand(input));
      return Item as Item | undefined;
    } catch (error) {
      throw storeError(error);
    }
  };
}

/** Seals with the key of the table, which is made at the first use of all. */
export function createSeal(client: DynamoDBClient, tableName: string, world: World): Ports['seal'] {
  let known: { readonly key: Promise<Uint8Array>; readonly until: number } | undefined;
  return async (text) => {
    const now = world.now();
    if (!known || now > known.until) {
      known = { key: loadKey(client, tableName, world), until: now + KEPT_MICROSECONDS };
    }
    const current = known;
    try {
      const key = await current.key;
      return createHmac('sha256', key).update(text).digest('base64url');
    } catch (error) {
      // A key that could not be had is asked for again by the next request.
      if (known === current) known = undefined;
      throw error;
    }
  };
}

async function loadKey(client: DynamoDBClient, tableName: string, world: World): Promise<Uint8Array> {
  const find = findRequest(client, tableName);
  for (let tries = 0; tries < TRIES; tries += 1) {
    const row = await find(SEAL_ID);
    if (row) return keyOf(row);
    await makeKey(client, tableName);
    await world.sleep(world.random() * PAUSE_MILLISECONDS * tries);
  }
  throw new ApiError('unavailable', undefined, [], 'no seal key could be made');
}

/** Of several who make the first key one succeeds; all read it afterwards. */
async function makeKey(client: DynamoDBClient, tableName: string): Promise<void> {
  const Item = { id: { S: SEAL_ID }, key: { B: randomBytes(KEY_BYTES) } };
  const Put = { TableName: tableName, Item, ConditionExpression: 'attribute_not_exists(id)' };
  try {
    await client.send(new TransactWriteItemsCommand({ TransactItems: [{ Put }] }));
  } catch (error) {
    const codes = cancellationCodes(error);
    if (!codes.includes('ConditionalCheckFailed') && !codes.includes('TransactionConflict')) throw storeError(error);
  }
}

function keyOf({ key }: Item): Uint8Array {
  if (!key || !('B' in key) || key.B.length < KEY_BYTES) {
    throw new Error(`the row ${SEAL_ID} of the requests table holds no key of ${KEY_BYTES} bytes; delete it`);
  }
  return key.B;
}
