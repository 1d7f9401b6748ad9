// Counts what a client asks of DynamoDB and what comes back: calls, read and write units, bytes. Measured requests are
// counted on a client of its own, so that counting takes none of their time.

import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Use } from './figures.ts';

type Capacity = { readonly CapacityUnits?: number };
type Args = { readonly input: object };
type Result = {
  readonly output: { readonly ConsumedCapacity?: Capacity | readonly Capacity[] };
  readonly response: { readonly headers?: Readonly<Record<string, string>> };
};
type Next = (args: never) => Promise<Result>;

export type Sent = { readonly command: string; readonly units: number; readonly bytes: number };

const WRITES = /Put|Write|Update|Delete/;

export class Counter {
  #sent: Sent[] = [];

  constructor(client: DynamoDBClient) {
    const sizes = new WeakMap<object, number>();
    const count =
      (next: Next, { commandName = '' }: { readonly commandName?: string }) =>
      async (args: Args) => {
        const input = { ReturnConsumedCapacity: 'TOTAL', ...args.input };
        const { output, ...rest } = await next({ ...args, input } as never);
        const consumed = [output.ConsumedCapacity ?? []].flat();
        const units = consumed.reduce((sum, { CapacityUnits = 0 }) => sum + CapacityUnits, 0);
        this.#sent.push({ command: commandName, units, bytes: sizes.get(rest.response) ?? 0 });
        return { output, ...rest };
      };
    const size = (next: Next) => async (args: never) => {
      const result = await next(args);
      sizes.set(result.response, Number(result.response.headers?.['content-length'] ?? 0));
      return result;
    };
    client.middlewareStack.add(count as never, { name: 'benchUnits', step: 'initialize' });
    const relation = { relation: 'after', toMiddleware: 'deserializerMiddleware' } as const;
    client.middlewareStack.addRelativeTo(size as never, { name: 'benchBytes', ...relation });
  }

  /** What was sent since the last time. */
  take(): readonly Sent[] {
    const sent = this.#sent;
    this.#sent = [];
    return sent;
  }
}

/** The use of so many requests, as that of one. */
export function useOf(sent: readonly Sent[], requests = 1): Use {
  const sum = (pick: (each: Sent) => number) => sent.reduce((total, each) => total + pick(each), 0) / requests;
  return {
    calls: sum(() => 1),
    readUnits: sum(({ command, units }) => (WRITES.test(command) ? 0 : units)),
    writeUnits: sum(({ command, units }) => (WRITES.test(command) ? units : 0)),
    bytes: sum(({ bytes }) => bytes),
  };
}
