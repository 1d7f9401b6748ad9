// A Lambda that calls DynamoDB, to be bundled as the real ones are: it says what it found and what it was built with.

import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import api from '#api';

const client = new DynamoDBClient({});

export async function handler(): Promise<{ tables: readonly string[]; endpoints: number }> {
  const { TableNames = [] } = await client.send(new ListTablesCommand({}));
  return { tables: TableNames, endpoints: api.endpoints.length };
}
