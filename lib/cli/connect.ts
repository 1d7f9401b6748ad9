// A client for the DynamoDB that a command names.

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LOCAL_CREDENTIALS } from '../local/engine/engine-credentials.ts';
import { UsageError } from '../local/usage-error.ts';

/** @param endpoint its URL; `undefined` for the account's, with its credentials and region */
export function connect(endpoint: string | undefined): DynamoDBClient {
  if (endpoint === undefined) return new DynamoDBClient({});
  if (!URL.canParse(endpoint))
    throw new UsageError(`--dynamodb ${endpoint} is no URL; for example http://127.0.0.1:8000`);
  // A DynamoDB on this machine wants some credentials; few look at them.
  const own = process.env['AWS_ACCESS_KEY_ID'] !== undefined;
  const credentials = own ? {} : { credentials: LOCAL_CREDENTIALS };
  return new DynamoDBClient({ endpoint, region: process.env['AWS_REGION'] ?? 'us-east-1', ...credentials });
}
