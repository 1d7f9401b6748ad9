// Audit rows as the API would have written them, at times of a test's choice.

import { BatchWriteItemCommand } from '@aws-sdk/client-dynamodb';
import type { AuditEvent } from '../../lib/audit/row.ts';
import { auditRows } from '../../lib/audit/row.ts';
import type { Item } from '../../lib/base/value.ts';
import type { Table } from '../../lib/definition/table.ts';
import { world } from '../../lib/store/world.ts';
import type { TestEngine } from './engine.ts';
import { item } from './values.ts';

type Plain = Readonly<Record<string, unknown>>;

export type Told = Pick<AuditEvent, 'time' | 'id'> & {
  readonly table: Table;
  readonly key: Plain;
  readonly action?: string;
  /** The id of an API key, which is its username too. */
  readonly by?: string;
  readonly before?: Plain | undefined;
  readonly after?: Plain | undefined;
  /** Seconds since 1970. */
  readonly expireTime?: number;
};

/** A row and its further rows. */
export function rowsOf({ table, key, action = 'GET', by = 'writer', before, after, ...rest }: Told): readonly Item[] {
  const event: AuditEvent = {
    ...{ ...rest, action, outcome: 'ok', requestId: 'r', method: 'PUT', route: `/${table.name}/{id}` },
    ...{ pathParameters: new Map(), query: [], sensitive: [], resource: { table, key: item(key) } },
    user: { id: by, type: 'API_KEY', username: by },
    ...(before && { before: item(before) }),
    ...(after && { after: item(after) }),
  };
  return auditRows(event, world.digest);
}

const BATCH = 25;

export async function store({ client }: TestEngine, tableName: string, rows: readonly Item[]): Promise<void> {
  for (let at = 0; at < rows.length; at += BATCH) {
    const puts = rows.slice(at, at + BATCH).map((row) => ({ PutRequest: { Item: row as never } }));
    await client.send(new BatchWriteItemCommand({ RequestItems: { [tableName]: puts } }));
  }
}

/** What reading has cost. */
export type Cost = { readonly calls: string[]; units: number; keys: number; rows: number };

type Result = {
  readonly output: {
    readonly Items?: readonly unknown[];
    readonly Responses?: Readonly<Record<string, readonly unknown[]>>;
    readonly ConsumedCapacity?: unknown;
  };
};

/** A client on which every call adds to a cost. @param told before each call */
export function counting<Client extends TestEngine['client']>(
  client: Client,
  cost: () => Cost,
  told = () => {},
): Client {
  const count = (next: (args: never) => Promise<Result>, { commandName = '' }: { commandName?: string }) => {
    return async ({ input, ...rest }: { input: object }) => {
      told();
      const result = await next({ ...rest, input: { ...input, ReturnConsumedCapacity: 'TOTAL' } } as never);
      const { Items = [], Responses = {}, ConsumedCapacity } = result.output;
      const sum = cost();
      sum.calls.push(commandName);
      sum.keys += Items.length;
      sum.rows += Object.values(Responses).flat().length;
      for (const each of [ConsumedCapacity ?? []].flat())
        sum.units += (each as { CapacityUnits: number }).CapacityUnits;
      return result;
    };
  };
  client.middlewareStack.add(count as never, { step: 'initialize' });
  return client;
}
