// The rows of a plan's steps as DynamoDB gives them, call by call, each with its place: what was read before can be gone
// on from.

import { type DynamoDBClient, GetItemCommand, QueryCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { type Item, itemOf, type Value } from '../base/value.ts';
import { keyNames } from '../definition/table.ts';
import { BATCH_KEYS } from '../dynamo/limits.ts';
import { batchesOf, compileBatch, compileGet, compilePage, type PageInput } from '../dynamo/read-input.ts';
import { isInRange } from '../plan/key-range.ts';
import type { ReadPlan } from '../plan/read-plan.ts';
import { isMerged, keyText, type Start, sideBySide } from '../plan/resume.ts';
import type { KeysStep, Position, QueryStep, ScanStep } from '../plan/step.ts';
import { batchGet, type World } from './batch-get.ts';
import { sent } from './store-errors.ts';

/** Rows of one step. `places` are those behind each row, `end` the one behind all that was read. */
export type Page = {
  readonly step: number;
  readonly items: readonly Item[];
  readonly places: readonly Position['after'][];
  /** Undefined: the step has no more. */
  readonly end: Position['after'];
};

export type Reading = {
  readonly client: DynamoDBClient;
  readonly tableName: string;
  readonly world: World;
  readonly plan: ReadPlan;
  /** When the time is up, in microseconds since 1970. */
  readonly until: number;
  /** How many more rows are wanted now, of one of the steps that run side by side. */
  readonly wanted: () => number;
};

/** A part of a parallel scan. */
export type Segment = { readonly Segment: number; readonly TotalSegments: number };

/** Rows that are asked for at first where a filter may leave out most of them; four times as many each time after. */
const FIRST_ROWS = 100;
const GROWTH = 4;
/** Beyond so many rows the page of 1 MB is the limit. */
const MOST_ROWS = 10_000;

/** What is left of a step, as sources of pages that do not depend on each other. */
export function pagesOf(reading: Reading, start: Start): readonly (() => AsyncGenerator<Page>)[] {
  const step = reading.plan.steps[start.number];
  if (!step) return [];
  if (!('keys' in step)) return [() => rangePages(reading, step, start)];
  const from = typeof start.after === 'number' ? start.after : 0;
  return batchesOf(step, from).map((keys, at) => () => {
    const first = from + at * BATCH_KEYS;
    return keysPage(reading, step, { keys, first, number: start.number });
  });
}

type Keys = { readonly keys: readonly Item[]; readonly first: number; readonly number: number };

/** Rows in the order of their keys. */
async function* keysPage(reading: Reading, step: KeysStep, { keys, first, number }: Keys): AsyncGenerator<Page> {
  const { client, plan, tableName } = reading;
  const [key] = keys;
  const items: Item[] = [];
  const places: number[] = [];
  if (step.kind === 'get' && key) {
    const { Item } = await sent(client.send(new GetItemCommand(compileGet(plan, key, tableName) as never)));
    if (Item) items.push(Item as Item);
    places.push(first + 1);
  } else {
    const found = await byKeys(reading, keys);
    for (const [at, item] of found.entries()) {
      if (!item) continue;
      items.push(item);
      places.push(first + at + 1);
    }
  }
  const last = first + keys.length;
  yield { step: number, items, places, end: last < step.keys.length ? last : undefined };
}

/** The item of each key, or undefined where there is none. */
async function byKeys({ client, plan, tableName, world, until }: Reading, keys: readonly Item[]) {
  const found = await batchGet(client, compileBatch(plan, keys, tableName), world, until);
  const byText = new Map(found(tableName).map((item) => [keyText(plan.table, item), item]));
  return keys.map((key) => byText.get(keyText(plan.table, key)));
}

async function* rangePages(
  reading: Reading,
  step: QueryStep | ScanStep,
  { number, after, range }: Start,
  segment?: Segment,
): AsyncGenerator<Page> {
  const { plan, tableName } = reading;
  const { input, isExact } = compilePage(plan, step, tableName, range);
  const send = sender(reading, step, { ...input, ...segment });
  // A resumed range that leaves out a bound may be asked for with it.
  const isLeft = isMerged(plan)
    ? (key: Item) => isInRange(range, key[step.source.sortKey?.name ?? ''] as Value)
    : undefined;
  // Steps that run side by side hold their rows at once.
  let rows = isExact ? 1 : Math.ceil(FIRST_ROWS / sideBySide(plan));
  let start = typeof after === 'object' ? after : undefined;
  do {
    const limit = Math.max(reading.wanted(), rows);
    const { Items = [], LastEvaluatedKey } = await send(start, limit < MOST_ROWS ? limit : undefined);
    start = LastEvaluatedKey as Item | undefined;
    rows *= GROWTH;
    const keys = (Items as readonly Item[]).map((item) => partOf(item, step.source.keys));
    yield* step.isFetchedBack
      ? fetched(reading, { number, keys, end: start, isLeft })
      : [keptPage({ step: number, items: Items as readonly Item[], places: keys, end: start }, isLeft)];
  } while (start);
}

function partOf(item: Item, names: readonly string[]): Item {
  return itemOf(names.map((name) => [name, item[name] as Value]));
}

type PageOutput = { readonly Items?: unknown; readonly LastEvaluatedKey?: unknown };

function sender({ client }: Reading, step: QueryStep | ScanStep, input: PageInput) {
  return async (start: Item | undefined, limit: number | undefined): Promise<PageOutput> => {
    const place = { ...(start && { ExclusiveStartKey: start }), ...(limit !== undefined && { Limit: limit }) };
    const whole = { ...input, ...place } as never;
    return await sent(
      step.kind === 'query' ? client.send(new QueryCommand(whole)) : client.send(new ScanCommand(whole)),
    );
  };
}

function keptPage(page: Page, isLeft: ((key: Item) => boolean) | undefined): Page {
  if (!isLeft) return page;
  const kept = page.places.flatMap((place, at) => (isLeft(place as Item) ? [at] : []));
  return { ...page, items: kept.map((at) => page.items[at] as Item), places: kept.map((at) => page.places[at]) };
}

type Keyed = {
  readonly number: number;
  readonly keys: readonly Item[];
  readonly end: Item | undefined;
  readonly isLeft: ((key: Item) => boolean) | undefined;
};

/** The items of an index's rows, in the order of the index, a hundred at a time. An item that is gone leaves no row. */
async function* fetched(reading: Reading, { number, keys, end, isLeft }: Keyed): AsyncGenerator<Page> {
  const names = keyNames(reading.plan.table);
  const places = isLeft ? keys.filter(isLeft) : keys;
  if (places.length === 0) yield { step: number, items: [], places: [], end };
  for (let at = 0; at < places.length; at += BATCH_KEYS) {
    const some = places.slice(at, at + BATCH_KEYS);
    const found = await byKeys(
      reading,
      some.map((place) => partOf(place, names)),
    );
    const kept = some.flatMap((place, i) => (found[i] ? [{ place, item: found[i] }] : []));
    const isLast = at + BATCH_KEYS >= places.length;
    yield {
      step: number,
      items: kept.map(({ item }) => item),
      places: kept.map(({ place }) => place),
      end: isLast ? end : some.at(-1),
    };
  }
}

/** All rows of a scan, in parts that can be read side by side. */
export function segmentsOf(reading: Reading, step: ScanStep, number: number, count: number) {
  const start: Start = { number, after: undefined, range: {} };
  return Array.from(
    { length: count },
    (_, at) => () => rangePages(reading, step, start, count > 1 ? { Segment: at, TotalSegments: count } : undefined),
  );
}
