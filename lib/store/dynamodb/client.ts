// Creates the DynamoDB client of a Lambda instance, with time-outs and retries that fit a request's time budget.

import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { readProtoNames } from './proto-name.ts';

/** The most tries of one call; the SDK pauses between them with full jitter, longer if DynamoDB throttles. */
const MAX_ATTEMPTS = 4;
const CONNECT_MILLISECONDS = 1_000;
/** The longest wait for an answer to begin, and between any two parts of it. */
const ANSWER_MILLISECONDS = 3_000;

/** Creates a client. @param endpoint DynamoDB's URL. @default the environment's */
export function createClient(endpoint?: string): DynamoDBClient {
  // Let the SDK build its middleware once for each kind of call, not for each call.
  const client = plainClient(endpoint, { cacheMiddleware: true });
  // Remove a copy of every answer for a log that nobody reads: it takes a tenth of a list's processor time.
  client.middlewareStack.remove('loggerMiddleware');
  return readProtoNames(client);
}

/** Creates a client without our middleware, whose cost the benchmarks measure against it. */
export function plainClient(endpoint?: string, more: DynamoDBClientConfig = {}): DynamoDBClient {
  return new DynamoDBClient({
    ...more,
    ...(endpoint !== undefined && { endpoint }),
    maxAttempts: MAX_ATTEMPTS,
    retryMode: 'standard',
    requestHandler: {
      connectionTimeout: CONNECT_MILLISECONDS,
      requestTimeout: ANSWER_MILLISECONDS,
      // Throw: by default the SDK only warns, and waits on.
      throwOnRequestTimeout: true,
      socketTimeout: ANSWER_MILLISECONDS,
    },
  });
}
