// Creates the tables of the synthesized template on the local DynamoDB, and recognizes those that an earlier run left.

import {
  CreateTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  type GlobalSecondaryIndexDescription,
  type KeySchemaElement,
  ResourceNotFoundException,
  type TableDescription,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { REGION } from '../template/intrinsics.ts';
import type { TableModel } from '../template/template-tables.ts';
import { UsageError } from '../usage-error.ts';
import { type EngineCredentials, LOCAL_CREDENTIALS } from './engine-credentials.ts';

const POLL_MS = 50;
const ACTIVE_TIMEOUT_MS = 10_000;

/** A client for a DynamoDB on this machine. */
export function localClient(endpoint: string, credentials: EngineCredentials = LOCAL_CREDENTIALS): DynamoDBClient {
  return new DynamoDBClient({ endpoint, region: REGION, credentials, maxAttempts: 3 });
}

/**
 * Creates the tables that are not there; gives the names of those it created.
 * @throws UsageError for a table that is there with other keys or indexes than the template's.
 */
export async function createTables(
  client: DynamoDBClient,
  tables: readonly TableModel[],
): Promise<ReadonlySet<string>> {
  const created = await Promise.all(
    tables.map(async (table) => ((await createTable(client, table)) ? table.name : '')),
  );
  return new Set(created.filter((name) => name !== ''));
}

async function createTable(client: DynamoDBClient, { name, create, ttl }: TableModel): Promise<boolean> {
  const found = await describe(client, name);
  if (found) {
    if (shape(found) === shape(create)) return false;
    throw new UsageError(
      `the table '${name}' that is there has other keys or indexes than the definition; delete it, or use other data`,
    );
  }
  await client.send(new CreateTableCommand(create));
  await active(client, name);
  if (ttl !== undefined) {
    const TimeToLiveSpecification = { AttributeName: ttl, Enabled: true };
    await client.send(new UpdateTimeToLiveCommand({ TableName: name, TimeToLiveSpecification }));
  }
  return true;
}

async function describe(client: DynamoDBClient, name: string): Promise<TableDescription | undefined> {
  try {
    return (await client.send(new DescribeTableCommand({ TableName: name }))).Table;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw new UsageError(`DynamoDB does not answer (${(error as Error).message || 'no connection'}); check --dynamodb`);
  }
}

async function active(client: DynamoDBClient, name: string): Promise<void> {
  const deadline = Date.now() + ACTIVE_TIMEOUT_MS;
  while ((await describe(client, name))?.TableStatus !== 'ACTIVE') {
    if (Date.now() > deadline) throw new UsageError(`the table '${name}' does not become active; restart DynamoDB`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

type IndexShape = Pick<GlobalSecondaryIndexDescription, 'IndexName' | 'KeySchema' | 'Projection'>;

/** Keys and indexes as one text, the same for the same. */
function shape(table: {
  KeySchema?: KeySchemaElement[] | undefined;
  GlobalSecondaryIndexes?: IndexShape[] | undefined;
  LocalSecondaryIndexes?: IndexShape[] | undefined;
}): string {
  const keys = (schema: KeySchemaElement[] = []) => schema.map((key) => `${key.KeyType} ${key.AttributeName}`).sort();
  const indexes = ({ IndexName, KeySchema, Projection }: IndexShape) =>
    JSON.stringify([IndexName, keys(KeySchema), Projection?.ProjectionType, Projection?.NonKeyAttributes?.sort()]);
  const { GlobalSecondaryIndexes = [], LocalSecondaryIndexes = [] } = table;
  return JSON.stringify([
    keys(table.KeySchema),
    GlobalSecondaryIndexes.map(indexes).sort(),
    LocalSecondaryIndexes.map(indexes).sort(),
  ]);
}
