// Creates the tables that are measured and loads them: data and audit once for each size, the records once for all.

import {
  type AttributeDefinition,
  type AttributeValue,
  BatchWriteItemCommand,
  CreateTableCommand,
  type CreateTableCommandInput,
  type DynamoDBClient,
  type KeySchemaElement,
} from '@aws-sdk/client-dynamodb';
import type { Item } from '../lib/base/value.ts';
import { AUDIT_INDEXES } from '../lib/definition/audit-indexes.ts';
import type { Key, Table } from '../lib/definition/table.ts';
import { measuredApi } from './api.ts';
import { creationRows, watchedRows } from './audit-trail.ts';
import { authRecords, groupRecords } from './records.ts';
import { row } from './rows.ts';

/** Physical names. */
export type SizedTables = { readonly rows: number; readonly data: string; readonly audit: string };
export type Tables = {
  /** Smallest first. */
  readonly sizes: readonly SizedTables[];
  /** For what is created while it is measured: the others stay as they are loaded. */
  readonly created: SizedTables;
  readonly auth: string;
  readonly groups: string;
  readonly requests: string;
};

/** Told how many rows of how many are loaded. */
export type Progress = (loaded: number, total: number) => void;

const BATCH = 25;
/** Batches under way at once. */
const WRITERS = 8;

export type Wanted = {
  /** Smallest first. */
  readonly sizes: readonly number[];
  /** Whether the audit tables are loaded too; else they stay empty. */
  readonly audit: boolean;
};

export async function loadTables(
  client: DynamoDBClient,
  { sizes, audit }: Wanted,
  progress: Progress,
): Promise<Tables> {
  const tables: Tables = {
    sizes: sizes.map((rows) => ({ rows, data: `items-${rows}`, audit: `audit-${rows}` })),
    created: { rows: sizes.at(-1) ?? 1, data: 'items-created', audit: 'audit-created' },
    auth: 'auth',
    groups: 'groups',
    requests: 'requests',
  };
  await createTables(client, tables);
  await write(client, tables.auth, authRecords());
  await write(client, tables.groups, groupRecords());
  const total = (audit ? 2 : 1) * sizes.reduce((sum, rows) => sum + rows, 0);
  let loaded = 0;
  const count = (rows: number) => {
    loaded += rows;
    progress(loaded, total);
  };
  for (const size of tables.sizes) {
    const { items } = measuredApi(size.rows);
    await write(
      client,
      size.data,
      generate(size.rows, (at) => [row(at)]),
      count,
    );
    if (!audit) continue;
    await write(
      client,
      size.audit,
      generate(size.rows, (at) => creationRows(items, at)),
      count,
    );
    await write(client, size.audit, watchedRows(items));
  }
  return tables;
}

async function createTables(client: DynamoDBClient, { sizes, created, auth, groups, requests }: Tables): Promise<void> {
  for (const TableName of [auth, requests]) await create(client, { TableName, ...keyed(text('id')) });
  await create(client, { TableName: groups, ...keyed(text('group_id')) });
  for (const { rows, data, audit } of [...sizes, created]) {
    await create(client, { TableName: data, ...dataInput(measuredApi(rows).items) });
    await create(client, { TableName: audit, ...auditInput() });
  }
}

function* generate(rows: number, make: (at: number) => readonly Item[]): Iterable<Item> {
  for (let at = 0; at < rows; at += 1) yield* make(at);
}

type Keys = Pick<CreateTableCommandInput, 'AttributeDefinitions' | 'KeySchema' | 'GlobalSecondaryIndexes'>;

async function create(client: DynamoDBClient, input: Keys & { readonly TableName: string }): Promise<void> {
  await client.send(new CreateTableCommand({ BillingMode: 'PAY_PER_REQUEST', ...input }));
}

function text(name: string): Key {
  return { name, type: 'string' };
}

function keyed(...keys: readonly Key[]): {
  AttributeDefinitions: AttributeDefinition[];
  KeySchema: KeySchemaElement[];
} {
  return {
    AttributeDefinitions: keys.map(({ name, type }) => ({
      AttributeName: name,
      AttributeType: type === 'string' ? 'S' : 'N',
    })),
    KeySchema: keys.map(({ name }, at) => ({ AttributeName: name, KeyType: at === 0 ? 'HASH' : 'RANGE' })),
  };
}

type IndexKeys = { readonly name: string; readonly keys: readonly Key[] };

function indexed(base: readonly Key[], indexes: readonly IndexKeys[], projection: 'ALL' | 'KEYS_ONLY'): Keys {
  const used = [...base, ...indexes.flatMap(({ keys }) => keys)];
  const distinct = [...new Map(used.map((key) => [key.name, key])).values()];
  return {
    ...keyed(...base),
    AttributeDefinitions: keyed(...distinct).AttributeDefinitions,
    GlobalSecondaryIndexes: indexes.map(({ name, keys }) => ({
      IndexName: name,
      KeySchema: keyed(...keys).KeySchema,
      Projection: { ProjectionType: projection },
    })),
  };
}

function dataInput({ partitionKey: key, indexes: defined }: Table): Keys {
  const indexes = defined.map(({ name, partitionKey, sortKey }) => ({
    name,
    keys: sortKey ? [partitionKey, sortKey] : [partitionKey],
  }));
  return indexed([key], indexes, 'ALL');
}

function auditInput(): Keys {
  const indexes = Object.entries(AUDIT_INDEXES).map(([name, key]) => ({ name, keys: [text(key), text('time')] }));
  return indexed([text('time'), text('id')], indexes, 'KEYS_ONLY');
}

async function write(
  client: DynamoDBClient,
  table: string,
  rows: Iterable<Item>,
  count: (rows: number) => void = () => {},
): Promise<void> {
  const batches = batchesOf(rows);
  // The writers share one iterator: each takes the next batch when it is done with its last.
  const writer = async (): Promise<void> => {
    for (const batch of batches) {
      await writeBatch(client, table, batch);
      count(batch.length);
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, writer));
}

function* batchesOf(rows: Iterable<Item>): Generator<readonly Item[]> {
  let batch: Item[] = [];
  for (const each of rows) {
    batch.push(each);
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

async function writeBatch(client: DynamoDBClient, table: string, rows: readonly Item[]): Promise<void> {
  let puts = rows.map((Item) => ({ PutRequest: { Item: Item as Record<string, AttributeValue> } }));
  while (puts.length > 0) {
    const { UnprocessedItems } = await client.send(new BatchWriteItemCommand({ RequestItems: { [table]: puts } }));
    puts = (UnprocessedItems?.[table] ?? []) as typeof puts;
  }
}
