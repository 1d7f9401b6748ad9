// The DynamoDB client: one per Lambda instance, with time-outs and retries that fit a request's time budget.

import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { readProtoNames } from './proto-name.ts';

/** Tries of one call; the SDK pauses between them with full jitter, longer where DynamoDB throttles. */
const MAX_ATTEMPTS = 4;
const CONNECT_MILLISECONDS = 1_000;
/** For an answer to begin, and between any two parts of it. */
const ANSWER_MILLISECONDS = 3_000;

/** @param endpoint where DynamoDB is, if not where the environment says */
export function createClient(endpoint?: string): DynamoDBClient {
  // The SDK puts its middleware together once for each kind of call, not for each call.
  const client = plainClient(endpoint, { cacheMiddleware: true });
  // It makes a copy of every answer for a log that is not kept: a tenth of a list's processor time.
  client.middlewareStack.remove('loggerMiddleware');
  return readProtoNames(client);
}

/** The client without what is added to it: the benchmarks measure with it what that costs. */
export function plainClient(endpoint?: string, more: DynamoDBClientConfig = {}): DynamoDBClient {
  return new DynamoDBClient({
    ...more,
    ...(endpoint !== undefined && { endpoint }),
    maxAttempts: MAX_ATTEMPTS,
    retryMode: 'standard',
    requestHandler: {
      connectionTimeout: CONNECT_MILLISECONDS,
      requestTimeout: ANSWER_MILLISECONDS,
      // Else the SDK only warns, and waits on.
      throwOnRequestTimeout: true,
      socketTimeout: ANSWER_MILLISECONDS,
    },
  });
}
