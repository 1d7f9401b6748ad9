// Items by their keys, read consistently; what DynamoDB leaves unprocessed is asked for again.

import { BatchGetItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ApiError } from '../base/errors.ts';
import type { Item } from '../base/value.ts';
import type { BatchInput } from '../dynamo/read-input.ts';
import type { Ports } from '../operations/ports.ts';
import { sent } from './store-errors.ts';

const FIRST_PAUSE = 50;
const LONGEST_PAUSE = 1_600;

export type World = Pick<Ports, 'now' | 'sleep' | 'random'>;

/**
 * The items that are there, in no order. Pauses have full jitter, and are made where a call has processed nothing.
 * @param until microseconds since 1970
 * @throws ApiError `unavailable` for what is left when the time is up: what was not read is not absent
 */
export async function batchGet(
  client: DynamoDBClient,
  { RequestItems }: BatchInput,
  { now, sleep, random }: World,
  until: number,
): Promise<readonly Item[]> {
  const found: Item[] = [];
  let left: unknown = RequestItems;
  for (let fruitless = 0; ; ) {
    const command = new BatchGetItemCommand({ RequestItems: left } as never);
    const { Responses = {}, UnprocessedKeys = {} } = await sent(client.send(command));
    const items = Object.values(Responses).flat() as unknown as readonly Item[];
    found.push(...items);
    if (Object.keys(UnprocessedKeys).length === 0) return found;
    left = UnprocessedKeys;
    fruitless = items.length > 0 ? 0 : fruitless + 1;
    const pause = random() * Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** fruitless);
    if (now() + pause * 1e3 > until) throw new ApiError('unavailable', undefined, [], 'keys stayed unprocessed');
    await sleep(pause);
  }
}
