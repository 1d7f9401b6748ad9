// The DynamoDB client: one per Lambda instance, with time-outs and retries that fit a request's time budget.

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { readProtoNames } from './proto-name.ts';

/** Tries of one call; the SDK pauses between them with full jitter, longer where DynamoDB throttles. */
const MAX_ATTEMPTS = 4;
const CONNECT_MILLISECONDS = 1_000;
/** For an answer to begin, and between any two parts of it. */
const ANSWER_MILLISECONDS = 3_000;

/** @param endpoint where DynamoDB is, if not where the environment says */
export function createClient(endpoint?: string): DynamoDBClient {
  const client = new DynamoDBClient({
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
  return readProtoNames(client);
}
