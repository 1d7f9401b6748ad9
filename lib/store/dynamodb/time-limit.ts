// The time of one request: however slow DynamoDB is, or however often it asks to come back, the function answers for itself
// before Lambda ends it, which API Gateway would tell as a 502.

import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ApiError } from '../../base/errors.ts';
import type { Ports } from '../../operations/request/ports.ts';
import { storeError } from './store-errors.ts';

/**
 * In microseconds after a request began. A function has 25 seconds, a call three, and the pause before a try four: what fails
 * after the first is not tried again; after the second, by which every reading has ended, no call is made.
 */
const LAST_RETRY = 15_000_000;
const LAST_CALL = 21_000_000;

type Next = (args: never) => Promise<unknown>;

/** @returns what is to be called when a request begins: an instance serves one at a time */
export function limitTime(client: DynamoDBClient, { now }: Pick<Ports, 'now'>): Ports['begin'] {
  let startedAt = Number.POSITIVE_INFINITY;
  const limit = (next: Next) => async (args: never) => {
    if (now() - startedAt > LAST_CALL) throw new ApiError('unavailable', undefined, [], 'the request has no time left');
    try {
      return await next(args);
    } catch (error) {
      // As an error of the catalogue it is none that the SDK would try again.
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
