// Writes to one data table and its audit table: runs write plans, and takes nothing else.

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
 * Writes an item, its audit rows and the row of its request in one transaction. The SDK sends each with a token of its own,
 * and sends it again where no answer comes: within ten minutes DynamoDB takes the same token for the same transaction.
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

/** What the codes of a cancelled transaction tell; undefined: it is an error. */
function writtenOf(codes: readonly string[], hasRequest: boolean): Written | undefined {
  const ofAudit = codes.slice(1, hasRequest ? -1 : undefined);
  // An audit row that is there is this very one, as its id is new: a try was done, and its answer lost.
  if (ofAudit.includes(REFUSED)) return 'written';
  // Before the item: a repeat that has lost to its twin finds the item changed too.
  if (hasRequest && codes.at(-1) === REFUSED) return 'repeated';
  if (codes[0] === REFUSED) return 'lost';
  if (codes.includes('TransactionConflict')) return 'contended';
  return codes.some(isThrottled) ? 'throttled' : undefined;
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
