// Whole requests through a warm handler, in turns with a bare handler that answers the same.

import { isDeepStrictEqual } from 'node:util';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { HttpAnswer } from '../lib/http/problem.ts';
import type { Handler } from '../lib/http/serve.ts';
import { createClient, plainClient } from '../lib/store/dynamodb/client.ts';
import type { BareHandler, BareTables } from './bare/handlers.ts';
import { Counter, useOf } from './counter.ts';
import type { Use } from './figures.ts';
import type { Task } from './task.ts';
import { inTurns, type Turns } from './turns.ts';
import { answered, type WarmOptions, warmHandler } from './warm.ts';

export type Comparison = {
  readonly handler: Pick<WarmOptions, 'api' | 'endpoint' | 'on'>;
  readonly bare: (client: DynamoDBClient, tables: BareTables) => BareHandler;
  /** A new event each time. */
  readonly event: () => unknown;
  /** @default 200 */
  readonly status?: number;
  /** Requests in a turn. */
  readonly perTurn: number;
};

export type Compared = { readonly turns: Turns; readonly use: Use; readonly referenceUse: Use };

const COUNTED = 20;

/** @throws Error where the two do not answer the same */
export async function againstBare(task: Task, comparison: Comparison): Promise<Compared> {
  const { use, referenceUse } = await count(task, comparison);
  const { handler, bare } = sides(task, comparison, createClient(task.endpoint), plainClient(task.endpoint));
  const turns = await inTurns(
    { prepare: comparison.event, run: (event) => answered(handler, event, comparison.status) },
    { prepare: comparison.event, run: (event) => answered(bare, event, comparison.status) },
    { turns: task.runs, perTurn: comparison.perTurn },
  );
  return { turns, use, referenceUse };
}

type Sides = { readonly handler: Handler; readonly bare: Handler };

function sides(task: Task, { handler, bare }: Comparison, client: DynamoDBClient, plain: DynamoDBClient): Sides {
  const { auth, groups } = task.tables;
  return {
    handler: warmHandler(task, { ...handler, client }),
    bare: bare(plain, { auth, groups, data: handler.on.data, audit: handler.on.audit }) as Handler,
  };
}

/** What a request of each uses, once both are warm. */
async function count(task: Task, comparison: Comparison): Promise<Omit<Compared, 'turns'>> {
  const clients = { handler: createClient(task.endpoint), bare: plainClient(task.endpoint) };
  const counters = { handler: new Counter(clients.handler), bare: new Counter(clients.bare) };
  const { handler, bare } = sides(task, comparison, clients.handler, clients.bare);
  await checkSame(handler, bare, comparison);
  counters.handler.take();
  counters.bare.take();
  for (let at = 0; at < COUNTED; at += 1) {
    await answered(handler, comparison.event(), comparison.status);
    await answered(bare, comparison.event(), comparison.status);
  }
  return { use: useOf(counters.handler.take(), COUNTED), referenceUse: useOf(counters.bare.take(), COUNTED) };
}

/** Both are asked alike. What a create answers names its own item, so that one compares the shape alone. */
async function checkSame(handler: Handler, bare: Handler, { event, status = 200 }: Comparison): Promise<void> {
  const first = event();
  const second = status === 201 ? event() : first;
  const [ours, theirs] = [await answered(handler, first, status), await answered(bare, second, status)];
  const comparable = ({ body }: HttpAnswer): unknown =>
    status === 201 ? Object.keys(JSON.parse(body)) : JSON.parse(body);
  if (isDeepStrictEqual(comparable(ours), comparable(theirs))) return;
  throw new Error('the bare handler does not answer the same: the two cannot be compared');
}
