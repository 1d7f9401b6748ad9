// The DynamoDB client: one per Lambda instance, with time-outs and retries that fit a request's time budget.

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';

/** Tries of one call; the SDK pauses between them with full jitter, longer where DynamoDB throttles. */
const MAX_ATTEMPTS = 5;
const CONNECT_MILLISECONDS = 1_000;
const REQUEST_MILLISECONDS = 5_000;

export function createClient(): DynamoDBClient {
  return new DynamoDBClient({
    maxAttempts: MAX_ATTEMPTS,
    retryMode: 'standard',
    requestHandler: { connectionTimeout: CONNECT_MILLISECONDS, requestTimeout: REQUEST_MILLISECONDS },
  });
}
