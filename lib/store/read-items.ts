// The rows of one data table: runs read plans, call by call, within a request's time. Every row is checked once more
// before it leaves.

import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ApiError } from '../base/errors.ts';
import type { Item } from '../base/value.ts';
import type { Ports } from '../operations/ports.ts';
import type { ReadPlan } from '../plan/read-plan.ts';
import { isMerged, sideBySide, startsOf } from '../plan/resume.ts';
import type { Position } from '../plan/step.ts';
import type { World } from './batch-get.ts';
import { mergePages } from './merge-pages.ts';
import { type Page, pagesOf, type Reading, segmentsOf } from './pages.ts';

/** Calls that are under way at once, for one request. */
const MOST_CALLS = 8;
const SEGMENT_BYTES = 1024 * 1024;

export function readItems(client: DynamoDBClient, tableName: string, world: World): Pick<Ports, 'read' | 'readAll'> {
  return {
    read: async (plan, until, take, from) => {
      const isLate = () => world.now() > until;
      const taking = new Taking(plan, { take, isLate }, from);
      const wanted = () => Math.ceil(taking.wanted / sideBySide(plan));
      const reading: Reading = { client, tableName, world, plan, until, wanted };
      for await (const page of inOrder(reading, from)) {
        const ended = taking.takePage(page);
        if (ended) return { next: taking.last, ended };
        if (!taking.isDone && isLate()) return { next: taking.last, ended: 'time' };
      }
      return { next: undefined, ended: 'done' };
    },
    readAll: async (plan, until, visit) => {
      const wanted = () => Number.POSITIVE_INFINITY;
      await readEverything({ client, tableName, world, plan, until, wanted }, visit);
    },
  };
}

type Taker = { readonly take: (item: Item) => boolean; readonly isLate: () => boolean };

/** Hands rows over until one is not taken or the time is up, and knows the last place before which nothing is left. */
class Taking {
  last: Position | undefined;
  readonly #plan: ReadPlan;
  readonly #taker: Taker;
  #taken = 0;

  constructor(plan: ReadPlan, taker: Taker, from: Position | undefined) {
    this.#plan = plan;
    this.#taker = taker;
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

  /** Takes one row of a page at least, whatever the time: each request gets farther than the one before it. */
  takePage({ step, items, places, end }: Page): 'full' | 'time' | undefined {
    for (const [at, item] of items.entries()) {
      if (at > 0 && this.#taker.isLate()) {
        this.last = { step, after: places[at - 1] };
        return 'time';
      }
      if (!isWanted(this.#plan, step, item)) continue;
      if (this.wanted <= 1 || !this.#taker.take(item)) return 'full';
      this.#taken += 1;
      this.last = { step, after: places[at] };
    }
    if (end !== undefined) this.last = { step, after: end };
    else if (!isMerged(this.#plan)) this.last = { step: step + 1, after: undefined };
    return undefined;
  }
}

function inOrder(reading: Reading, from: Position | undefined): AsyncGenerator<Page> {
  const { plan } = reading;
  const starts = startsOf(plan, from);
  if (isMerged(plan)) {
    const streams = starts.flatMap((start) =>
      pagesOf(reading, start).map((pages) => ({ step: start.number, pages: pages() })),
    );
    const place = from && typeof from.after === 'object' ? { step: from.step, key: from.after } : undefined;
    return mergePages(plan, streams, place);
  }
  const sources = starts.flatMap((start) => pagesOf(reading, start));
  const rows = Math.max(1, ...plan.steps.map((step) => step.rows));
  return ahead(sources, Math.min(MOST_CALLS, Math.max(1, Math.ceil(plan.limit / rows))));
}

/** Pages of one source after another; the first pages of so many sources are asked for at once. */
async function* ahead(sources: readonly (() => AsyncGenerator<Page>)[], width: number): AsyncGenerator<Page> {
  const started: { readonly pages: AsyncGenerator<Page>; readonly first: Promise<IteratorResult<Page>> }[] = [];
  let next = 0;
  for (;;) {
    while (started.length < width && next < sources.length) {
      const pages = (sources[next] as () => AsyncGenerator<Page>)();
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
async function readEverything(reading: Reading, visit: (item: Item) => void): Promise<void> {
  const { plan, world, until } = reading;
  const starts = startsOf(plan, undefined);
  const sources = plan.steps.flatMap((step, number) =>
    step.kind === 'scan'
      ? segmentsOf(reading, step, number, segmentCount(step.rows * step.source.rowBytes))
      : starts.filter((start) => start.number === number).flatMap((start) => pagesOf(reading, start)),
  );
  const visitAll = async (pages: AsyncGenerator<Page>) => {
    for await (const page of pages) {
      for (const item of inTime(page, () => world.now() > until)) if (isWanted(plan, page.step, item)) visit(item);
    }
  };
  const lane = async () => {
    for (let source = sources.shift(); source; source = sources.shift()) await visitAll(source());
  };
  await Promise.all(Array.from({ length: MOST_CALLS }, lane));
}

/** @throws ApiError `too_costly` where rows of a page are left, or more pages, when the time is up */
function* inTime({ items, end }: Page, isLate: () => boolean): Iterable<Item> {
  const checkTime = () => {
    if (isLate()) throw new ApiError('too_costly', 'the query reads too many items; narrow it');
  };
  for (const [at, item] of items.entries()) {
    if (at > 0) checkTime();
    yield item;
  }
  if (end !== undefined) checkTime();
}

function segmentCount(bytes: number): number {
  return Math.min(MOST_CALLS, Math.max(1, Math.ceil(bytes / SEGMENT_BYTES)));
}

/** Whether a row is one of the plan, and its step is of the first branch that it satisfies. */
function isWanted(plan: ReadPlan, step: number, item: Item): boolean {
  return plan.accepts(item) && plan.branchOf(item) === plan.steps[step]?.branch;
}
