// Writes rows in batches of 25, again and again until DynamoDB has taken each.

import { setTimeout } from 'node:timers/promises';
import { type AttributeValue, BatchWriteItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { pauseBefore } from '../../base/backoff.ts';
import type { Item } from '../../base/value.ts';

export type TableRows = { readonly table: string; readonly rows: readonly Item[] };

const BATCH = 25;
const MAX_TRIES = 10;
const PAUSES = { first: 200, longest: 5_000 };
/** From this many rows on a terminal shows how far it is. */
const MANY_ROWS = 500;

/** Puts every row; shows how far it is on a terminal. Throws when DynamoDB takes no more. */
export async function writeRows(client: DynamoDBClient, tables: readonly TableRows[]): Promise<void> {
  const progress = progressBar(tables.reduce((sum, { rows }) => sum + rows.length, 0));
  let written = 0;
  for (const { table, rows } of tables) {
    for (let at = 0; at < rows.length; at += BATCH) {
      const batch = rows.slice(at, at + BATCH);
      await writeBatch(client, table, batch);
      written += batch.length;
      progress(written);
    }
  }
}

async function writeBatch(client: DynamoDBClient, table: string, rows: readonly Item[]): Promise<void> {
  let puts = rows.map((row) => ({ PutRequest: { Item: row as Record<string, AttributeValue> } }));
  for (let tries = 1; puts.length > 0; tries += 1) {
    if (tries > MAX_TRIES) throw new Error(`DynamoDB does not take the rows of '${table}': it is throttled`);
    if (tries > 1) await setTimeout(pauseBefore(PAUSES, tries - 2, Math.random()));
    const { UnprocessedItems } = await client.send(new BatchWriteItemCommand({ RequestItems: { [table]: puts } }));
    puts = (UnprocessedItems?.[table] ?? []) as typeof puts;
  }
}

function progressBar(total: number): (written: number) => void {
  if (!process.stderr.isTTY || total < MANY_ROWS) return () => {};
  return (written) => {
    process.stderr.write(`\r${written} of ${total} rows${written === total ? '\n' : ''}`);
  };
}
