// The rows of one data table: runs read plans, call by call, within one time budget.

import {
  BatchGetItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  QueryCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { ApiError } from '../base/errors.ts';
import { printItem } from '../base/json.ts';
import type { Item } from '../base/value.ts';
import { type BatchInput, compileRead, type PageInput } from '../dynamo/read-input.ts';
import type { Ports, Rows } from '../operations/ports.ts';
import type { ReadPlan } from '../plan/read-plan.ts';
import { storeError } from './store-errors.ts';

/** A read that takes longer is given up: API Gateway waits 29 seconds. */
const BUDGET_MICROSECONDS = 20_000_000;
/** Of JSON. Rows beyond this are not collected: a Lambda answers at most 6 MB. */
const MAX_BYTES = 4 * 1024 * 1024;
const FIRST_PAUSE = 50;
const LONGEST_PAUSE = 1_600;

type World = Pick<Ports, 'now' | 'sleep' | 'random'>;

/** Reads rows, in the order of the calls. Every row is checked once more before it leaves. */
export function readItems(client: DynamoDBClient, tableName: string, world: World): Pick<Ports, 'read' | 'readAll'> {
  return {
    read: async (plan) => {
      const rows = new RowCollector(plan);
      for await (const page of pages(client, plan, tableName, world)) {
        for (const item of page) if (plan.accepts(item)) rows.add(item);
        if (rows.isFull) break;
      }
      return rows.result();
    },
    readAll: async (plan, visit) => {
      for await (const page of pages(client, plan, tableName, world)) {
        for (const item of page) if (plan.accepts(item)) visit(item);
      }
    },
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
    this.#bytes += Buffer.byteLength(printItem(item));
    const isOverflow = this.#items.length >= this.#limit || (this.#bytes > MAX_BYTES && this.#items.length > 0);
    if (isOverflow) this.#more = true;
    else this.#items.push(item);
  }

  result(): Rows {
    return { items: this.#items, more: this.#more };
  }
}

type Rest = { readonly now: World['now']; readonly deadline: number };

/** The rows as each call gives them. @throws ApiError `too_costly` where there are more when the time is up. */
async function* pages(
  client: DynamoDBClient,
  plan: ReadPlan,
  tableName: string,
  world: World,
): AsyncGenerator<readonly Item[]> {
  const rest: Rest = { now: world.now, deadline: world.now() + BUDGET_MICROSECONDS };
  const compiled = compileRead(plan, tableName);
  switch (compiled.kind) {
    case 'never':
      return;
    case 'get': {
      const { Item } = await sent(client.send(new GetItemCommand(compiled.input as never)));
      yield Item ? [Item as Item] : [];
      return;
    }
    case 'batch':
      for (const input of compiled.inputs) yield* batchPages(client, input, world, rest);
      return;
    case 'query':
      return yield* furtherPages((input) => client.send(new QueryCommand(input as never)), compiled.input, rest);
    case 'scan':
      return yield* furtherPages((input) => client.send(new ScanCommand(input as never)), compiled.input, rest);
  }
}

async function sent<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw storeError(error);
  }
}

type PageOutput = { readonly Items?: unknown; readonly LastEvaluatedKey?: unknown };

async function* furtherPages(
  send: (input: object) => Promise<PageOutput>,
  input: PageInput,
  { now, deadline }: Rest,
): AsyncGenerator<readonly Item[]> {
  let start: unknown;
  do {
    const { Items = [], LastEvaluatedKey } = await sent(
      send({ ...input, ...(start ? { ExclusiveStartKey: start } : {}) }),
    );
    yield Items as readonly Item[];
    start = LastEvaluatedKey;
    if (start && now() > deadline) throw new ApiError('too_costly', 'the query reads too many items; narrow it');
  } while (start);
}

/**
 * Keys that DynamoDB left unprocessed are asked for again, after a pause with full jitter where it processed none.
 * @throws ApiError `unavailable` for what is left when the time is up: what was not read is not absent
 */
async function* batchPages(
  client: DynamoDBClient,
  { RequestItems }: BatchInput,
  { sleep, random }: World,
  { now, deadline }: Rest,
): AsyncGenerator<readonly Item[]> {
  let left: unknown = RequestItems;
  for (let fruitless = 0; ; ) {
    const { Responses = {}, UnprocessedKeys = {} } = await sent(
      client.send(new BatchGetItemCommand({ RequestItems: left } as never)),
    );
    const items = Object.values(Responses).flat() as unknown as readonly Item[];
    yield items;
    if (Object.keys(UnprocessedKeys).length === 0) return;
    left = UnprocessedKeys;
    fruitless = items.length > 0 ? 0 : fruitless + 1;
    const pause = random() * Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** fruitless);
    if (now() + pause * 1e3 > deadline) throw new ApiError('unavailable', undefined, [], 'keys stayed unprocessed');
    await sleep(pause);
  }
}
