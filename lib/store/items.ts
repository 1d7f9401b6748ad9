// The items of one data table: runs read plans and write plans, and takes nothing else.

import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { ApiError } from '../base/errors.ts';
import { itemBytes } from '../base/item-size.ts';
import type { Item } from '../base/value.ts';
import { compileRead, type ReadInput } from '../dynamo/read-input.ts';
import { compileAuditPut, compileWrite, type WriteTables } from '../dynamo/transaction.ts';
import type { Ports, Rows } from '../operations/ports.ts';
import type { ReadPlan } from '../plan/read-plan.ts';
import { cancellationCodes, storeError } from './store-errors.ts';

/** A read that takes longer is given up: API Gateway waits 29 seconds. */
const BUDGET_MICROSECONDS = 20_000_000;
/** Rows beyond this are not collected: a Lambda answers at most 6 MB. */
const MAX_BYTES = 4 * 1024 * 1024;

/** Reads the rows of a plan, page by page until its limit. Every row is checked once more before it leaves. */
export function readItems(client: DynamoDBClient, tableName: string, now: Ports['now']): Ports['read'] {
  return async (plan) => {
    const compiled = compileRead(plan, tableName);
    const rows = new RowCollector(plan);
    const deadline = now() + BUDGET_MICROSECONDS;
    let start: Item | undefined;
    do {
      const page = await readPage(client, compiled, start);
      for (const item of page.items) if (plan.accepts(item)) rows.add(item);
      start = page.next;
      if (start && !rows.isFull && now() > deadline)
        throw new ApiError('too_costly', 'the query reads too many items; narrow it');
    } while (start && !rows.isFull);
    return rows.result();
  };
}

class RowCollector {
  readonly #limit: number;
  readonly #items: Item[] = [];
  #bytes = 0;
  #more = false;

  constructor({ limit }: ReadPlan) {
    this.#limit = limit;
  }

  get isFull(): boolean {
    return this.#more;
  }

  add(item: Item): void {
    if (this.#more) return;
    this.#bytes += itemBytes(item);
    const isOverflow = this.#items.length >= this.#limit || (this.#bytes > MAX_BYTES && this.#items.length > 0);
    if (isOverflow) this.#more = true;
    else this.#items.push(item);
  }

  result(): Rows {
    return { items: this.#items, more: this.#more };
  }
}

type Page = { readonly items: readonly Item[]; readonly next: Item | undefined };

async function readPage(client: DynamoDBClient, compiled: ReadInput, start: Item | undefined): Promise<Page> {
  const from = start && { ExclusiveStartKey: start as never };
  try {
    switch (compiled.kind) {
      case 'never':
        return { items: [], next: undefined };
      case 'get': {
        const { Item } = await client.send(new GetItemCommand(compiled.input as never));
        return { items: Item ? [Item as Item] : [], next: undefined };
      }
      case 'query':
        return page(await client.send(new QueryCommand({ ...(compiled.input as object), ...from } as never)));
      case 'scan':
        return page(await client.send(new ScanCommand({ ...(compiled.input as object), ...from } as never)));
    }
  } catch (error) {
    throw storeError(error);
  }
}

function page(output: { readonly Items?: unknown; readonly LastEvaluatedKey?: unknown }): Page {
  return { items: (output.Items ?? []) as Item[], next: output.LastEvaluatedKey as Item | undefined };
}

/** Writes an item and its audit rows in one transaction. */
export function writeItem(client: DynamoDBClient, tables: WriteTables): Ports['write'] {
  return async (plan, auditRows) => {
    const TransactItems = compileWrite(plan, auditRows, tables);
    try {
      await client.send(new TransactWriteItemsCommand({ TransactItems: TransactItems as never }));
      return 'written';
    } catch (error) {
      const codes = cancellationCodes(error);
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
