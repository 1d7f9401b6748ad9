// Reads of a whole table that no index serves, against one Scan call after the other, and the memory they take.

import { type DynamoDBClient, ScanCommand, type ScanCommandInput } from '@aws-sdk/client-dynamodb';
import { createClient, plainClient } from '../../lib/store/dynamodb/client.ts';
import { Counter, useOf } from '../counter.ts';
import type { Figure, Measured, Use } from '../figures.ts';
import { memoryRise, type Rise } from '../memory.ts';
import { CALLERS, idOf } from '../rows.ts';
import { short } from '../short.ts';
import { largest, type Measure, type Task } from '../task.ts';
import { inTurns } from '../turns.ts';
import { answered, eventOf, warmHandler } from '../warm.ts';

type Read = {
  readonly what: string;
  readonly endpoint: string;
  readonly query?: readonly (readonly [string, string])[];
  /** What a Scan asks for that reads the same. */
  readonly scan: Partial<ScanCommandInput>;
};

/** A scan of a large table takes seconds. */
const MOST_TURNS = 3;
/** Megabytes: what any list may take. */
const MEMORY = 64;

export const measureUnique: Measure = (task) =>
  measure(task, {
    what: 'unique of an attribute without an index',
    endpoint: 'GET /categories',
    scan: { ProjectionExpression: '#category', ExpressionAttributeNames: { '#category': 'category' } },
  });

export const measureCount: Measure = (task) =>
  measure(task, {
    what: 'list with _count=true',
    endpoint: 'GET /items',
    query: [
      ['_count', 'true'],
      ['_limit', '1'],
    ],
    scan: { Select: 'COUNT' },
  });

async function measure(task: Task, read: Read): Promise<Measured> {
  const compared = await compare(task, read, Math.min(MOST_TURNS, task.runs));
  const start = performance.now();
  await scan(plainClient(task.endpoint), task, {});
  return { figures: figuresOf(task, read, compared, performance.now() - start) };
}

type Compared = {
  /** Time of the Scan by time of the request. */
  readonly ratio: number;
  readonly milliseconds: { readonly request: number; readonly scan: number };
  readonly rise: Rise;
  readonly use: Use;
  readonly referenceUse: Use;
};

async function compare(task: Task, { endpoint, query = [], scan: input }: Read, turns: number): Promise<Compared> {
  const clients = { own: createClient(task.endpoint), plain: plainClient(task.endpoint) };
  const counters = { own: new Counter(clients.own), plain: new Counter(clients.plain) };
  const handler = warmHandler(task, { api: 'unaudited', endpoint, on: largest(task), client: clients.own });
  const event = eventOf(endpoint, { as: CALLERS.open, query });
  const ask = async (): Promise<void> => {
    await answered(handler, event);
  };
  await warm(task, clients.own);
  const rise = await memoryRise(ask);
  counters.own.take();
  const { ratio, milliseconds } = await inTurns(
    { prepare: () => {}, run: () => scan(clients.plain, task, input) },
    { prepare: () => {}, run: ask },
    { turns, perTurn: 1, warmUp: 0 },
  );
  return {
    ratio,
    milliseconds: { request: milliseconds.b, scan: milliseconds.a },
    rise,
    use: useOf(counters.own.take(), turns),
    referenceUse: useOf(counters.plain.take(), turns),
  };
}

/** An idle instance has answered before: its connection and its code are there. */
async function warm(task: Task, client: DynamoDBClient): Promise<void> {
  const endpoint = 'GET /item/{id}';
  const handler = warmHandler(task, { api: 'unaudited', endpoint, on: largest(task), client });
  await answered(handler, eventOf(endpoint, { as: CALLERS.open, parameters: { id: idOf(0) } }));
}

async function scan(client: DynamoDBClient, task: Task, input: Partial<ScanCommandInput>): Promise<void> {
  let start: ScanCommandInput['ExclusiveStartKey'];
  do {
    const TableName = largest(task).data;
    const answer = await client.send(
      new ScanCommand({ TableName, ...input, ...(start && { ExclusiveStartKey: start }) }),
    );
    start = answer.LastEvaluatedKey;
  } while (start);
}

function figuresOf(task: Task, { what }: Read, compared: Compared, whole: number): readonly Figure[] {
  const { ratio, milliseconds, rise, use, referenceUse } = compared;
  const row = 'full-scan';
  const ofRows = `${what}, ${short(largest(task).rows)} rows`;
  return [
    {
      row,
      what: ofRows,
      against: 'Scan calls one by one that read the same',
      value: ratio,
      unit: '×',
      target: { at: 'least', value: 2 },
      use,
      referenceUse,
      details: { milliseconds: milliseconds.request, referenceMilliseconds: milliseconds.scan },
    },
    {
      row,
      what: ofRows,
      against: 'Scan calls one by one of whole rows',
      value: whole / milliseconds.request,
      unit: '×',
      details: { referenceMilliseconds: whole },
    },
    {
      row,
      what: `${what}, memory`,
      against: 'the idle instance',
      value: rise.rss,
      unit: 'MB',
      target: { at: 'most', value: MEMORY },
      details: { heapMegabytes: rise.heap },
    },
  ];
}
