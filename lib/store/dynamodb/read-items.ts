// The rows of one data table: runs read plans, call by call, within a request's budget. Every row is checked once more
// before it leaves.

import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ApiError } from '../../base/errors.ts';
import { MAX_ITEM_BYTES } from '../../base/item-size.ts';
import type { Item } from '../../base/value.ts';
import { BATCH_KEYS } from '../../dynamo/limits.ts';
import type { Ports } from '../../operations/request/ports.ts';
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
  rangeReader,
  segmentsOf,
} from './pages.ts';

/** Calls that are under way at once, for one request, unless their answers may have more bytes together. */
const MOST_CALLS = 8;
const MOST_BYTES = 16 * 1024 * 1024;
/** Twice what a page of an answer can show. */
const HELD_BYTES = 8 * 1024 * 1024;
/** The most bytes that one call of a query or scan reads. */
const PAGE_BYTES = 1024 * 1024;
const TOO_MUCH =
  'the query reads more than one request may; narrow it by a condition on an indexed attribute, or by a smaller range';

/** @param heldBytes the most bytes of items that steps which run side by side hold together until their turn comes */
export function readItems(
  client: DynamoDBClient,
  tableName: string,
  world: Gauged,
  heldBytes = HELD_BYTES,
): Pick<Ports, 'read' | 'readAll'> {
  return {
    read: async (plan, budget, take, from) => {
      const { until } = budget;
      const taking = new Taking(plan, take, from);
      const reading: Reading = { client, tableName, world, plan, until, wanted: () => taking.wanted, heldBytes };
      for await (const page of inOrder(reading, from)) {
        if (!taking.takePage(page)) return { next: taking.last, ended: 'full' };
        if (!taking.isDone && isSpent(world, budget)) return { next: taking.last, ended: 'spent' };
      }
      return { next: undefined, ended: 'done' };
    },
    readAll: async (plan, budget, visit) => {
      const wanted = () => Number.POSITIVE_INFINITY;
      const reading: Reading = { client, tableName, world, plan, until: budget.until, wanted, heldBytes };
      await readEverything(reading, () => isSpent(world, budget), visit);
    },
  };
}

/** Hands rows over until one is not taken, and knows the last place before which nothing is left. */
class Taking {
  last: Position | undefined;
  readonly #plan: ReadPlan;
  readonly #take: (item: Item) => boolean;
  #taken = 0;

  constructor(plan: ReadPlan, take: (item: Item) => boolean, from: Position | undefined) {
    this.#plan = plan;
    this.#take = take;
    this.last = from;
  }

  /** One more than are taken: that one tells that there is more. */
  get wanted(): number {
    return this.#plan.limit + 1 - this.#taken;
  }

  /** All steps are read. Of steps that run side by side only their end tells. */
  get isDone(): boolean {
    return !isMerged(this.#plan) && this.last?.step === this.#plan.steps.length;
  }

  takePage({ rows, next }: Page): boolean {
    for (const { step, place, item } of rows) {
      if (!isWanted(this.#plan, step, item)) continue;
      if (this.wanted <= 1 || !this.#take(item)) return false;
      this.#taken += 1;
      this.last = { step, after: place };
    }
    this.last = next;
    return true;
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

/** Steps that run side by side are queries. */
function streamOf(reading: Reading, start: Start): Stream {
  const step = reading.plan.steps[start.number] as QueryStep;
  return { step: start.number, next: rangeReader(reading, step, start) };
}

/** How many calls may be under way whose answers, or what is read for them, have so many bytes at most. */
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

/** Pages of one source after another; the first pages of so many sources are asked for at once. */
async function* ahead(sources: readonly Pages[], width: number): AsyncGenerator<KeyedPage> {
  const started: { readonly pages: ReturnType<Pages>; readonly first: Promise<IteratorResult<KeyedPage>> }[] = [];
  let next = 0;
  for (;;) {
    while (started.length < width && next < sources.length) {
      const pages = (sources[next] as Pages)();
      const first = pages.next();
      // Told to whoever gets so far; nobody may.
      first.catch(() => undefined);
      started.push({ pages, first });
      next += 1;
    }
    const source = started.shift();
    if (!source) return;
    for (let page = await source.first; !page.done; page = await source.pages.next()) yield page.value;
  }
}

/** Every row, in no order, so many calls at once; of what was read nothing is kept. */
async function readEverything(reading: Reading, isOver: () => boolean, visit: (item: Item) => void): Promise<void> {
  const { plan } = reading;
  const starts = startsOf(plan, undefined);
  const sources = plan.steps.flatMap((step, number) =>
    step.kind === 'scan'
      ? segmentsOf(reading, step, number, segmentCount(step.rows * step.source.rowBytes))
      : starts.filter((start) => start.number === number).flatMap((start) => pagesOf(reading, start)),
  );
  const visitAll = async (pages: AsyncGenerator<Page>) => {
    for await (const { rows, next } of pages) {
      for (const { step, item } of rows) if (isWanted(plan, step, item)) visit(item);
      if ((next.after !== undefined || sources.length > 0) && isOver()) throw new ApiError('too_costly', TOO_MUCH);
    }
  };
  const lane = async () => {
    for (let source = sources.shift(); source; source = sources.shift()) await visitAll(loadedPages(reading, source()));
  };
  await Promise.all(Array.from({ length: callsAtOnce(plan.steps.map(loadedBytes)) }, lane));
}

function segmentCount(bytes: number): number {
  return Math.min(MOST_CALLS, Math.max(1, Math.ceil(bytes / PAGE_BYTES)));
}

/** Whether a row is one of the plan, and its step is of the first branch that it satisfies. */
function isWanted(plan: ReadPlan, step: number, item: Item): boolean {
  if (!plan.accepts(item)) return false;
  if (plan.branches.length === 1) return true;
  const first = plan.branches.findIndex(({ accepts }) => accepts(item));
  return first === plan.steps[step]?.branch;
}
