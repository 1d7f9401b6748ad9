// Limits the time of one request: however slow DynamoDB is, or however often it throttles, the function answers before Lambda
// ends it, which API Gateway would report as a 502.

import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ApiError } from '../../base/errors.ts';
import type { Ports } from '../../operations/request/ports.ts';
import { storeError } from './store-errors.ts';

/**
 * Microseconds after a request began. A function has 25 seconds, a call three, and the pause before a retry four. After the first
 * time no failed call is retried; after the second, by which every read has ended, no call is made.
 */
const LAST_RETRY = 15_000_000;
const LAST_CALL = 21_000_000;

type Next = (args: never) => Promise<unknown>;

/** Adds the limit to a client. @returns a function to call when a request begins: an instance serves one at a time */
export function limitTime(client: DynamoDBClient, { now }: Pick<Ports, 'now'>): Ports['begin'] {
  let startedAt = Number.POSITIVE_INFINITY;
  const limit = (next: Next) => async (args: never) => {
    if (now() - startedAt > LAST_CALL) throw new ApiError('unavailable', undefined, [], 'the request has no time left');
    try {
      return await next(args);
    } catch (error) {
      // Convert the error, so that the SDK does not retry.
      throw now() - startedAt > LAST_RETRY ? storeError(error) : error;
    }
  };
  client.middlewareStack.add(limit as never, {
    name: 'limitTime',
    step: 'finalizeRequest',
    priority: 'low',
    override: true,
  });
  return () => {
    startedAt = now();
  };
}
