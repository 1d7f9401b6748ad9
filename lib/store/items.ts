// Writes to one data table and its audit table: runs write plans, and takes nothing else.

import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  PutItemCommand,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { compileAuditPut, compileWrite, type WriteTables } from '../dynamo/transaction.ts';
import type { Ports } from '../operations/ports.ts';
import { cancellationCodes, storeError } from './store-errors.ts';

/** Writes an item, its audit rows and the row of its request in one transaction. */
export function writeItem(client: DynamoDBClient, tables: WriteTables): Ports['write'] {
  return async (plan, auditRows, request) => {
    const TransactItems = compileWrite(plan, auditRows, tables, request);
    try {
      await client.send(new TransactWriteItemsCommand({ TransactItems: TransactItems as never }));
      return 'written';
    } catch (error) {
      const codes = cancellationCodes(error);
      // First: a repeat that has lost to its twin finds the item changed too.
      if (request && codes.at(-1) === 'ConditionalCheckFailed') return 'repeated';
      if (codes[0] === 'ConditionalCheckFailed') return 'lost';
      if (isContended(error, codes)) return 'contended';
      throw storeError(error);
    }
  };
}

/** A taken audit id is as good as a conflict: the next try has another. */
function isContended(error: unknown, codes: readonly string[]): boolean {
  const isInProgress = error instanceof Error && error.name === 'TransactionInProgressException';
  return isInProgress || codes.includes('TransactionConflict') || codes.includes('ConditionalCheckFailed');
}

/** Puts audit rows by themselves. A row that is there already is this very row: its id is new, and the SDK tried again. */
export function putAudit(client: DynamoDBClient, tableName: string | undefined): Ports['putAudit'] {
  return async (rows) => {
    if (tableName === undefined) return;
    for (const row of rows) {
      try {
        await client.send(new PutItemCommand(compileAuditPut(row, tableName) as never));
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw storeError(error);
      }
    }
  };
}
