// Sums the capacity that a Lambda instance consumes of DynamoDB, which every call is made to report.

import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Meter, Units } from '../../operations/request/ports.ts';
import { tracker } from './tracker.ts';

/** The kind of units that each call consumes. */
const COUNTED: Readonly<Record<string, keyof Units>> = {
  GetItemCommand: 'read',
  BatchGetItemCommand: 'read',
  QueryCommand: 'read',
  ScanCommand: 'read',
  TransactGetItemsCommand: 'read',
  PutItemCommand: 'write',
  UpdateItemCommand: 'write',
  DeleteItemCommand: 'write',
  BatchWriteItemCommand: 'write',
  TransactWriteItemsCommand: 'write',
};

type Capacity = { readonly CapacityUnits?: number };
type Args = { readonly input: object };
type Result = { readonly output: { readonly ConsumedCapacity?: Capacity | readonly Capacity[] } };
type Next = (args: never) => Promise<Result>;

const ROOT = /Root=(1-[0-9a-f]{8}-[0-9a-f]{24})/;

/** Creates the meter of a client. @param environment `API_NAME`, the deployment's name in metrics */
export function createMeter(client: DynamoDBClient, environment: Readonly<Record<string, string | undefined>>): Meter {
  return {
    clock: () => Number(process.hrtime.bigint() / 1_000n),
    consumed: countUnits(client),
    // Read the variable each time: Lambda sets it for each request.
    trace: () => ROOT.exec(process.env['_X_AMZN_TRACE_ID'] ?? '')?.[1],
    api: environment['API_NAME'] ?? 'local',
    track: tracker(),
  };
}

function countUnits(client: DynamoDBClient): Meter['consumed'] {
  const units = { read: 0, write: 0 };
  const count = (next: Next, { commandName = '' }: { commandName?: string }) => {
    const kind = COUNTED[commandName];
    if (kind === undefined) return next;
    return async ({ input, ...rest }: Args) => {
      const result = await next({ ...rest, input: { ReturnConsumedCapacity: 'TOTAL', ...input } } as never);
      const { ConsumedCapacity = [] } = result.output;
      const consumed = Array.isArray(ConsumedCapacity) ? ConsumedCapacity : [ConsumedCapacity];
      for (const { CapacityUnits = 0 } of consumed) units[kind] += CapacityUnits;
      return result;
    };
  };
  client.middlewareStack.add(count as never, { name: 'countUnits', step: 'initialize', override: true });
  return () => ({ ...units });
}
