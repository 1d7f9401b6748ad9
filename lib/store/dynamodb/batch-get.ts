// Reads items by their keys, consistently. Keys that DynamoDB leaves unprocessed are requested again, with backoff.

import { BatchGetItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { pauseBefore } from '../../base/backoff.ts';
import { ApiError } from '../../base/errors.ts';
import type { Item } from '../../base/value.ts';
import type { BatchInput } from '../../dynamo/read-input.ts';
import type { Ports } from '../../operations/request/ports.ts';
import { sent } from './store-errors.ts';

const PAUSES = { first: 50, longest: 1_600 };

export type World = Pick<Ports, 'now' | 'sleep' | 'random'>;

/** Returns the items that a batch found in a table. @param tableName its name in the account */
export type ItemsByTable = (tableName: string) => readonly Item[];

/**
 * Returns the items that exist, in no order. The pause before the next call grows with each call that processed nothing.
 * @param until microseconds since 1970
 * @throws ApiError `unavailable` if keys are left when the time is up: an item that was not read may exist
 */
export async function batchGet(
  client: DynamoDBClient,
  { RequestItems }: BatchInput,
  { now, sleep, random }: World,
  until: number,
): Promise<ItemsByTable> {
  const found = new Map<string, readonly Item[]>();
  const foundIn: ItemsByTable = (tableName) => found.get(tableName) ?? [];
  let left: BatchInput['RequestItems'] = RequestItems;
  for (let fruitless = 0; ; ) {
    const command = new BatchGetItemCommand({ RequestItems: left } as never);
    const { Responses = {}, UnprocessedKeys = {} } = await sent(client.send(command));
    const read = Object.entries(Responses as unknown as Readonly<Record<string, readonly Item[]>>);
    for (const [name, items] of read) found.set(name, [...foundIn(name), ...items]);
    left = again(RequestItems, UnprocessedKeys as unknown as BatchInput['RequestItems']);
    if (Object.keys(left).length === 0) return foundIn;
    fruitless = read.some(([, items]) => items.length > 0) ? 0 : fruitless + 1;
    const pause = pauseBefore(PAUSES, fruitless, random());
    if (now() + pause * 1e3 > until) throw stayedUnprocessed(left);
    await sleep(pause);
  }
}

/** Returns the requests for unprocessed keys: DynamoDB's answer has the keys, the first request says how they are read. */
function again(asked: BatchInput['RequestItems'], unprocessed: BatchInput['RequestItems']): BatchInput['RequestItems'] {
  const entries = Object.entries(unprocessed);
  return Object.fromEntries(
    entries.map(([name, { Keys }]) => [name, { ...asked[name], ConsistentRead: true, Keys }] as const),
  );
}

function stayedUnprocessed(left: BatchInput['RequestItems']): ApiError {
  const counts = Object.entries(left).map(([name, { Keys }]) => `${Keys.length} keys of ${name}`);
  return new ApiError('unavailable', undefined, [], `${counts.join(' and ')} stayed unprocessed`);
}
