// Reads the rows of a plan's steps, call by call, each with its place, so that a later request can resume there.

import { type DynamoDBClient, GetItemCommand, QueryCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { itemBytes } from '../../base/item-size.ts';
import { type Item, itemOf, type Value } from '../../base/value.ts';
import { keyNames } from '../../definition/table.ts';
import { BATCH_KEYS } from '../../dynamo/limits.ts';
import { batchesOf, compileBatch, compileGet, compilePage, type PageInput } from '../../dynamo/read-input.ts';
import { isInRange } from '../../plan/key-range.ts';
import type { ReadPlan } from '../../plan/read-plan.ts';
import { isMerged, keyText, type Start, sideBySide } from '../../plan/resume.ts';
import type { KeysStep, Position, QueryStep, ScanStep } from '../../plan/step.ts';
import { batchGet, type World } from './batch-get.ts';
import { sent } from './store-errors.ts';

/** A row's place in its step, and its item, which is `undefined` if it is still to be read by its key. */
export type KeyedRow = { readonly step: number; readonly place: Position['after']; readonly item: Item | undefined };

export type Row = KeyedRow & { readonly item: Item };

/** Rows, and the position after all that was read for them. */
export type Page<Some extends KeyedRow = Row> = { readonly rows: readonly Some[]; readonly next: Position };

export type KeyedPage = Page<KeyedRow>;

export type Reading = {
  readonly client: DynamoDBClient;
  readonly tableName: string;
  readonly world: World;
  readonly plan: ReadPlan;
  /** The time at which reading stops, in microseconds since 1970. */
  readonly until: number;
  /** Returns how many more rows are wanted. */
  readonly wanted: () => number;
  /** The most bytes of items that parallel steps hold together until their turn comes. */
  readonly heldBytes: number;
};

/** A part of a parallel scan. */
export type Segment = { readonly Segment: number; readonly TotalSegments: number };

/** The limit of the first call if a filter may drop most rows. */
const FIRST_ROWS = 100;
/** The factor by which each further limit grows. */
const GROWTH = 4;
/** The most rows for which a limit is set; for more, DynamoDB's page of 1 MB is the limit. */
const MOST_ROWS = 10_000;

/** Returns the rest of a step as independent sources of pages. */
export function pagesOf(reading: Reading, start: Start): readonly (() => AsyncGenerator<KeyedPage>)[] {
  const step = reading.plan.steps[start.number];
  if (!step) return [];
  if (!('keys' in step)) return [() => pagesFrom(rangeReader(reading, step, start))];
  const from = typeof start.after === 'number' ? start.after : 0;
  return batchesOf(step, from).map((keys, at) => () => {
    const first = from + at * BATCH_KEYS;
    return keysPage(reading, step, { keys, first, number: start.number });
  });
}

type Keys = { readonly keys: readonly Item[]; readonly first: number; readonly number: number };

/** Reads one batch of keys as a page, rows in the order of the keys. */
async function* keysPage(reading: Reading, step: KeysStep, { keys, first, number }: Keys): AsyncGenerator<KeyedPage> {
  const found = step.kind === 'get' ? await byKey(reading, keys) : await byKeys(reading, keys);
  const rows = found.flatMap((item, at) => (item ? [{ step: number, place: first + at + 1, item }] : []));
  const last = first + keys.length;
  yield { rows, next: last < step.keys.length ? { step: number, after: last } : behind(number) };
}

function behind(step: number): Position {
  return { step: step + 1, after: undefined };
}

async function byKey(
  { client, plan, tableName }: Reading,
  [key]: readonly Item[],
): Promise<readonly (Item | undefined)[]> {
  const { Item } = await sent(client.send(new GetItemCommand(compileGet(plan, key as Item, tableName) as never)));
  return [Item as Item | undefined];
}

/** Reads the item of each key; `undefined` if there is none. Each key is requested once, though steps may name it twice. */
async function byKeys({ client, plan, tableName, world, until }: Reading, keys: readonly Item[]) {
  const texts = keys.map((key) => keyText(plan.table, key));
  const each = [...new Map(keys.map((key, at) => [texts[at], key])).values()];
  const found = await batchGet(client, compileBatch(plan, each, tableName), world, until);
  const byText = new Map(found(tableName).map((item) => [keyText(plan.table, item), item]));
  return texts.map((text) => byText.get(text));
}

/**
 * Returns the rows with their items, of which it reads at most a hundred by key. A row whose item no longer exists is left out.
 */
export async function loaded(reading: Reading, rows: readonly KeyedRow[]): Promise<readonly Row[]> {
  const names = keyNames(reading.plan.table);
  const due = rows.filter(({ item }) => !item);
  const found =
    due.length > 0
      ? await byKeys(
          reading,
          due.map(({ place }) => partOf(place as Item, names)),
        )
      : [];
  const items = new Map(due.map((row, at) => [row, found[at]]));
  return rows.flatMap((row) => {
    const item = row.item ?? items.get(row);
    return item ? [{ ...row, item }] : [];
  });
}

/** Completes pages with the items that rows lack, in pages of at most a hundred such rows. */
export async function* loadedPages(reading: Reading, pages: AsyncGenerator<KeyedPage>): AsyncGenerator<Page> {
  for await (const { rows, next } of pages) {
    const size = rows.some(({ item }) => !item) ? BATCH_KEYS : Math.max(1, rows.length);
    let at = 0;
    do {
      const some = rows.slice(at, at + size);
      const last = some.at(-1);
      at += size;
      const isRest = last && at < rows.length;
      yield { rows: await loaded(reading, some), next: isRest ? { step: last.step, after: last.place } : next };
    } while (at < rows.length);
  }
}

type Next = () => Promise<KeyedPage | undefined>;

async function* pagesFrom(next: Next): AsyncGenerator<KeyedPage> {
  for (let page = await next(); page; page = await next()) yield page;
}

/**
 * Reads a range page by page. A page of a parallel step has at most the step's share of bytes, but one row at least: rows that
 * do not fit are read again.
 */
export function rangeReader(
  reading: Reading,
  step: QueryStep | ScanStep,
  { number, after, range }: Start,
  segment?: Segment,
): Next {
  const { plan, tableName } = reading;
  const { input, isExact } = compilePage(plan, step, tableName, range);
  const send = sender(reading, step, { ...input, ...segment });
  const isLeft = ({ place }: KeyedRow) =>
    // Drop a row on an excluded bound: BETWEEN includes both.
    !isMerged(plan) || isInRange(range, (place as Item)[step.source.sortKey?.name ?? ''] as Value);
  const steps = sideBySide(plan);
  let rows = isExact ? 1 : Math.ceil(FIRST_ROWS / steps);
  let isCut = false;
  let start: Position | undefined = { step: number, after: typeof after === 'object' ? after : undefined };
  return async () => {
    if (!start) return undefined;
    const limit = isCut ? rows : Math.max(Math.ceil(reading.wanted() / steps), rows);
    const { Items = [], LastEvaluatedKey } = await send(start.after as Item, limit < MOST_ROWS ? limit : undefined);
    const fit = isMerged(plan)
      ? fitting(Items as readonly Item[], reading.heldBytes / steps)
      : (Items as readonly Item[]);
    isCut = fit.length < Items.length;
    rows = isCut ? fit.length : rows * GROWTH;
    const read = fit.map((item) => {
      const place = partOf(item, step.source.keys);
      return { step: number, place, item: step.isFetchedBack ? undefined : item };
    });
    const end = isCut ? read.at(-1)?.place : (LastEvaluatedKey as Item | undefined);
    start = end && { step: number, after: end };
    return { rows: read.filter(isLeft), next: start ?? behind(number) };
  };
}

/** Returns the first items within a number of bytes, and always the first one. */
function fitting(items: readonly Item[], most: number): readonly Item[] {
  let bytes = 0;
  const cut = items.findIndex((item, at) => {
    bytes += itemBytes(item);
    return at > 0 && bytes > most;
  });
  return cut < 0 ? items : items.slice(0, cut);
}

function partOf(item: Item, names: readonly string[]): Item {
  return itemOf(names.map((name) => [name, item[name] as Value]));
}

type PageOutput = { readonly Items?: readonly unknown[] | undefined; readonly LastEvaluatedKey?: unknown };

function sender({ client }: Reading, step: QueryStep | ScanStep, input: PageInput) {
  return async (start: Item | undefined, limit: number | undefined): Promise<PageOutput> => {
    const place = { ...(start && { ExclusiveStartKey: start }), ...(limit !== undefined && { Limit: limit }) };
    const whole = { ...input, ...place } as never;
    return await sent(
      step.kind === 'query' ? client.send(new QueryCommand(whole)) : client.send(new ScanCommand(whole)),
    );
  };
}

/** Returns the sources of a parallel scan, one for each segment. */
export function segmentsOf(reading: Reading, step: ScanStep, number: number, count: number) {
  const start: Start = { number, after: undefined, range: {} };
  return Array.from({ length: count }, (_, at) => () => {
    const segment = count > 1 ? { Segment: at, TotalSegments: count } : undefined;
    return pagesFrom(rangeReader(reading, step, start, segment));
  });
}
