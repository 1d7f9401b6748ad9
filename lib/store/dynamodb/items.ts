// Runs write plans: writes to one data table, its audit table and the requests table.

import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  PutItemCommand,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { compileAuditPut, compileWrite, type WriteTables } from '../../dynamo/transaction.ts';
import type { Ports, Written } from '../../operations/request/ports.ts';
import { cancellationCodes, isThrottled, storeError } from './store-errors.ts';

const REFUSED = 'ConditionalCheckFailed';

/**
 * Creates the port that writes an item, its audit rows and the row of its request in one transaction. The SDK gives each
 * transaction a token and retries with the same one: DynamoDB executes a token once within ten minutes.
 * Source: TransactWriteItems, ClientRequestToken, in the DynamoDB API reference.
 */
export function writeItem(client: DynamoDBClient, tables: WriteTables): Ports['write'] {
  return async (plan, auditRows, request) => {
    const TransactItems = compileWrite(plan, auditRows, tables, request);
    try {
      await client.send(new TransactWriteItemsCommand({ TransactItems: TransactItems as never }));
      return 'written';
    } catch (error) {
      const written = writtenOf(cancellationCodes(error), request !== undefined);
      if (written) return written;
      throw storeError(error);
    }
  };
}

/** Returns the outcome of a cancelled transaction by its codes; `undefined` if it is an error. */
function writtenOf(codes: readonly string[], hasRequest: boolean): Written | undefined {
  const ofAudit = codes.slice(1, hasRequest ? -1 : undefined);
  // Report success if the audit row exists: its id is new, so an earlier try succeeded and its answer was lost.
  if (ofAudit.includes(REFUSED)) return 'written';
  // Check the request before the item: if another try of the request won, the item has changed too.
  if (hasRequest && codes.at(-1) === REFUSED) return 'repeated';
  if (codes[0] === REFUSED) return 'lost';
  if (codes.includes('TransactionConflict')) return 'contended';
  return codes.some(isThrottled) ? 'throttled' : undefined;
}

/** Creates the port that puts audit rows alone. A row that exists was put by an earlier try of the SDK, as its id is new. */
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
