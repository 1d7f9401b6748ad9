// Runs read plans on one data table, call by call, within a request's budget. The plan's condition is evaluated on every row
// before it is given out, whatever DynamoDB has filtered.

import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ApiError } from '../../base/errors.ts';
import { MAX_ITEM_BYTES } from '../../base/item-size.ts';
import type { Item } from '../../base/value.ts';
import { BATCH_KEYS } from '../../dynamo/limits.ts';
import type { Budget, Ports } from '../../operations/request/ports.ts';
import type { ReadPlan } from '../../plan/read-plan.ts';
import { isMerged, type Start, startsOf } from '../../plan/resume.ts';
import type { Position, QueryStep, Step } from '../../plan/step.ts';
import { type Gauged, isSpent } from './budget.ts';
import { type Merging, mergePages, type Source as Stream } from './merge-pages.ts';
import {
  type KeyedPage,
  loaded,
  loadedPages,
  type Page,
  pagesOf,
  type Reading,
  type Row,
  rangeReader,
  segmentsOf,
} from './pages.ts';

/** The most concurrent calls of one request. */
const MOST_CALLS = 8;
/** The most bytes that the answers of concurrent calls may have together. */
const MOST_BYTES = 16 * 1024 * 1024;
/** Twice the bytes that a page of an answer can show. */
const HELD_BYTES = 8 * 1024 * 1024;
/** The most bytes that one call of a query or scan reads. */
const PAGE_BYTES = 1024 * 1024;
const TOO_MUCH =
  'the query reads more than one request may; narrow it by a condition on an indexed attribute, or by a smaller range';

/**
 * Creates the ports that read the data table.
 * @param heldBytes the most bytes of items that parallel steps hold together until their turn comes
 */
export function readItems(
  client: DynamoDBClient,
  tableName: string,
  world: Gauged,
  heldBytes = HELD_BYTES,
): Pick<Ports, 'read' | 'readAll'> {
  return {
    read: async (plan, budget, take, from) => {
      const { until } = budget;
      const isLate = () => world.now() > until;
      const collector = new RowCollector(plan, { take, isLate }, from);
      const reading: Reading = { client, tableName, world, plan, until, wanted: () => collector.wanted, heldBytes };
      for await (const page of inOrder(reading, from)) {
        const ended = collector.takePage(page);
        if (ended) return { next: collector.last, ended };
        if (!collector.isDone && isSpent(world, budget)) return { next: collector.last, ended: 'spent' };
      }
      return { next: undefined, ended: 'done' };
    },
    readAll: async (plan, budget, visit) => {
      const wanted = () => Number.POSITIVE_INFINITY;
      const reading: Reading = { client, tableName, world, plan, until: budget.until, wanted, heldBytes };
      await readEverything(reading, budget, world, visit);
    },
  };
}

type Taker = { readonly take: (item: Item) => boolean; readonly isLate: () => boolean };

/** Hands rows to a taker until it refuses one or the time is up, and records the position from which a next page goes on. */
class RowCollector {
  last: Position | undefined;
  readonly #plan: ReadPlan;
  readonly #taker: Taker;
  #taken = 0;

  constructor(plan: ReadPlan, taker: Taker, from: Position | undefined) {
    this.#plan = plan;
    this.#taker = taker;
    this.last = from;
  }

  /** The number of rows still to read: one more than the limit, as that row proves that there are more. */
  get wanted(): number {
    return this.#plan.limit + 1 - this.#taken;
  }

  /** True if all steps are read. Always false for parallel steps, which are done when their pages end. */
  get isDone(): boolean {
    return !isMerged(this.#plan) && this.last?.step === this.#plan.steps.length;
  }

  /** Takes one row of a page at least, even if the time is up, so that each request gets farther than the one before it. */
  takePage({ rows, next }: Page): 'full' | 'spent' | undefined {
    for (const [at, { step, place, item }] of rows.entries()) {
      const before = rows[at - 1];
      if (before && this.#taker.isLate()) {
        this.last = { step: before.step, after: before.place };
        return 'spent';
      }
      if (!isWanted(this.#plan, step, item)) continue;
      if (this.wanted <= 1 || !this.#taker.take(item)) return 'full';
      this.#taken += 1;
      this.last = { step, after: place };
    }
    this.last = next;
    return undefined;
  }
}

function inOrder(reading: Reading, from: Position | undefined): AsyncGenerator<Page> {
  const { plan, wanted, heldBytes } = reading;
  const starts = startsOf(plan, from);
  if (isMerged(plan)) {
    const load: Merging['load'] = (rows) => loaded(reading, rows);
    const place = from && typeof from.after === 'object' ? { step: from.step, key: from.after } : undefined;
    return mergePages(
      { plan, load, wanted, heldBytes, from: place },
      starts.map((start) => streamOf(reading, start)),
    );
  }
  const sources = starts.flatMap((start) => pagesOf(reading, start));
  const rows = Math.max(1, ...plan.steps.map((step) => step.rows));
  const width = Math.min(Math.max(1, Math.ceil(plan.limit / rows)), callsAtOnce(plan.steps.map(firstBytes)));
  return loadedPages(reading, ahead(sources, width));
}

/** The rows of one parallel step, which is always a query. */
function streamOf(reading: Reading, start: Start): Stream {
  const step = reading.plan.steps[start.number] as QueryStep;
  return { step: start.number, next: rangeReader(reading, step, start) };
}

/** Returns how many calls may be made at once. @param bytes the most bytes that a call of each step may bring */
function callsAtOnce(bytes: readonly number[]): number {
  return Math.min(MOST_CALLS, Math.max(1, Math.floor(MOST_BYTES / Math.max(1, ...bytes))));
}

/** The most bytes of a step's first page. */
function firstBytes(step: Step): number {
  return 'keys' in step ? Math.min(step.keys.length, BATCH_KEYS) * MAX_ITEM_BYTES : PAGE_BYTES;
}

/** The most bytes of a page with the items that are read for it by their keys. */
function loadedBytes(step: Step): number {
  return 'keys' in step || !step.isFetchedBack ? firstBytes(step) : BATCH_KEYS * MAX_ITEM_BYTES;
}

type Pages = () => AsyncGenerator<KeyedPage>;

/** Reads one source after another. @param width the number of sources whose first pages are requested at once */
async function* ahead(sources: readonly Pages[], width: number): AsyncGenerator<KeyedPage> {
  const started: { readonly pages: ReturnType<Pages>; readonly first: Promise<IteratorResult<KeyedPage>> }[] = [];
  let next = 0;
  for (;;) {
    while (started.length < width && next < sources.length) {
      const pages = (sources[next] as Pages)();
      const first = pages.next();
      // Prevent an unhandled rejection if iteration stops before this source.
      first.catch(() => undefined);
      started.push({ pages, first });
      next += 1;
    }
    const source = started.shift();
    if (!source) return;
    for (let page = await source.first; !page.done; page = await source.pages.next()) yield page.value;
  }
}

/** Visits every row, in no order, with concurrent calls. No row is stored. */
async function readEverything(
  reading: Reading,
  budget: Budget,
  world: Gauged,
  visit: (item: Item) => void,
): Promise<void> {
  const { plan } = reading;
  const starts = startsOf(plan, undefined);
  const sources = plan.steps.flatMap((step, number) =>
    step.kind === 'scan'
      ? segmentsOf(reading, step, number, segmentCount(step.rows * step.source.rowBytes))
      : starts.filter((start) => start.number === number).flatMap((start) => pagesOf(reading, start)),
  );
  const visitAll = async (pages: AsyncGenerator<Page>) => {
    for await (const { rows, next } of pages) {
      for (const { step, item } of inTime(rows, () => world.now() > budget.until)) {
        if (isWanted(plan, step, item)) visit(item);
      }
      const isMore = next.after !== undefined || sources.length > 0;
      if (isMore && isSpent(world, budget)) throw new ApiError('too_costly', TOO_MUCH);
    }
  };
  const lane = async () => {
    for (let source = sources.shift(); source; source = sources.shift()) await visitAll(loadedPages(reading, source()));
  };
  await Promise.all(Array.from({ length: callsAtOnce(plan.steps.map(loadedBytes)) }, lane));
}

/** Iterates over rows. @throws ApiError `too_costly` if rows are left when the time is up */
function* inTime(rows: readonly Row[], isLate: () => boolean): Iterable<Row> {
  for (const [at, row] of rows.entries()) {
    if (at > 0 && isLate()) throw new ApiError('too_costly', TOO_MUCH);
    yield row;
  }
}

function segmentCount(bytes: number): number {
  return Math.min(MOST_CALLS, Math.max(1, Math.ceil(bytes / PAGE_BYTES)));
}

/** True if the plan accepts a row, and its step is of the first branch that it satisfies: no row comes twice. */
function isWanted(plan: ReadPlan, step: number, item: Item): boolean {
  return plan.accepts(item) && plan.branchOf(item) === plan.steps[step]?.branch;
}
