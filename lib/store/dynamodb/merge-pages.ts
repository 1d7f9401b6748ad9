// Merges the rows of parallel steps into the order of their sort keys: of equal values, the first step's row comes first.
// plan/resume.ts computes from one row where every step goes on.
//
// All steps are open at once, so the bytes of waiting items are bounded: when they are too many, the items farthest in the
// order are dropped, their places kept, and each is read again by its key when its turn comes.

import { itemBytes } from '../../base/item-size.ts';
import type { Item } from '../../base/value.ts';
import { BATCH_KEYS } from '../../dynamo/limits.ts';
import type { ReadPlan } from '../../plan/read-plan.ts';
import { comparePlaces, type StepPlace } from '../../plan/resume.ts';
import type { KeyedPage, KeyedRow, Page, Row } from './pages.ts';

/** The most steps that are opened at once. */
const WIDTH = 8;
/** The bytes of items that are read by their keys at once: as many as a page of an answer can show. */
const MOST_FETCHED = 4 * 1024 * 1024;
const GROWTH = 4;

export type Merging = {
  readonly plan: ReadPlan;
  /** Reads the items of rows without one. A row whose item no longer exists is left out. */
  readonly load: (rows: readonly KeyedRow[]) => Promise<readonly Row[]>;
  /** Returns how many more rows are wanted. */
  readonly wanted: () => number;
  /** The most bytes of items that all streams hold together. */
  readonly heldBytes: number;
  /** The place after which the steps go on; `undefined` if they begin. */
  readonly from: StepPlace | undefined;
};

export type Source = {
  readonly step: number;
  /** Returns the rows that follow; `undefined` if there are no more. */
  readonly next: () => Promise<KeyedPage | undefined>;
};

type Waiting = KeyedRow & { readonly bytes: number };

/** The rows of one step that were read and not yet taken, and the place up to which the step was read. */
class Stream {
  readonly step: number;
  readonly #source: Source;
  readonly #itemBytes: number;
  #rows: Waiting[] = [];
  #end: Item | undefined;
  #held = 0;
  isDone = false;

  /** @param guess the estimated bytes of an item that was not read */
  constructor(source: Source, guess: number) {
    this.step = source.step;
    this.#source = source;
    this.#itemBytes = guess;
  }

  /** The place of the next row; if none is left, the last place that was read. Valid once `fill` is done. */
  get place(): StepPlace {
    return { step: this.step, key: (this.#rows[0]?.place ?? this.#end) as Item };
  }

  get isEmpty(): boolean {
    return this.#rows.length === 0;
  }

  /** The bytes of the waiting items. */
  get held(): number {
    return this.#held;
  }

  async fill(): Promise<void> {
    const page = await this.#source.next();
    this.#end = page?.next.after as Item | undefined;
    this.#rows = (page?.rows ?? []).map((row) => ({
      ...row,
      bytes: row.item ? itemBytes(row.item) : this.#itemBytes,
    }));
    this.#held = this.#rows.reduce((sum, { item, bytes }) => sum + (item ? bytes : 0), 0);
    this.#endIfDone();
  }

  take(): Waiting {
    const row = this.#rows.shift() as Waiting;
    if (row.item) this.#held -= row.bytes;
    this.#endIfDone();
    return row;
  }

  /** Drops the items and keeps their places. */
  drop(): void {
    if (this.#held === 0) return;
    this.#rows = this.#rows.map((row) => ({ ...row, item: undefined }));
    this.#held = 0;
  }

  /** Marks the stream done if no row waits and DynamoDB has no further page. */
  #endIfDone(): void {
    this.isDone = this.isEmpty && this.#end === undefined;
  }
}

/** Rows in order that are returned as one page. Those without an item are read by their keys in one call. */
class Ready {
  readonly rows: KeyedRow[] = [];
  readonly #least: number;
  #due = 0;
  #dueBytes = 0;

  /** @param least the fewest rows of a full page, unless one call cannot read them: it grows from page to page */
  constructor(least: number) {
    this.#least = least;
  }

  add(row: Waiting): void {
    this.rows.push(row);
    if (row.item) return;
    this.#due += 1;
    this.#dueBytes += row.bytes;
  }

  isFull(wanted: number): boolean {
    if (this.#due >= BATCH_KEYS || this.#dueBytes >= MOST_FETCHED) return true;
    return this.rows.length >= Math.max(wanted, this.#least);
  }

  next(): Ready {
    return new Ready(Math.min(BATCH_KEYS, this.#least * GROWTH));
  }
}

export async function* mergePages(merging: Merging, sources: readonly Source[]): AsyncGenerator<Page> {
  const { plan, load, wanted, heldBytes, from } = merging;
  const open = await opened(merging, sources);
  let reached = from;
  let ready = new Ready(1);
  for (let least = open.shift(); least; least = open.shift()) {
    // Never go back: a step that is resumed in the middle of its range may return a place before the one reached.
    if (!reached || comparePlaces(plan, least.place, reached) >= 0) reached = least.place;
    const { isEmpty } = least;
    if (!isEmpty) ready.add(least.take());
    if (isEmpty || ready.isFull(wanted())) {
      // Yield a position at which reading may stop: all rows up to it were read and returned.
      yield { rows: await load(ready.rows), next: { step: reached.step, after: reached.key } };
      ready = ready.next();
    }
    if (isEmpty) await least.fill();
    insert(plan, open, least);
    if (isEmpty) dropFarthest(open, heldBytes);
  }
  if (reached && ready.rows.length > 0)
    yield { rows: await load(ready.rows), next: { step: reached.step, after: reached.key } };
}

/** Opens the streams, and returns them in the order of their next rows. */
async function opened({ plan, heldBytes }: Merging, sources: readonly Source[]): Promise<Stream[]> {
  const open: Stream[] = [];
  for (let at = 0; at < sources.length; at += WIDTH) {
    const streams = sources.slice(at, at + WIDTH).map((source) => new Stream(source, plan.table.size.itemBytes));
    await Promise.all(streams.map((stream) => stream.fill()));
    for (const stream of streams) insert(plan, open, stream);
    dropFarthest(open, heldBytes);
  }
  return open;
}

/** Inserts a stream by its next row; drops it if it is done. */
function insert(plan: ReadPlan, open: Stream[], stream: Stream): void {
  if (stream.isDone) return;
  let [low, high] = [0, open.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (comparePlaces(plan, (open[middle] as Stream).place, stream.place) < 0) low = middle + 1;
    else high = middle;
  }
  open.splice(low, 0, stream);
}

function dropFarthest(open: readonly Stream[], most: number): void {
  let held = open.reduce((sum, stream) => sum + stream.held, 0);
  for (let at = open.length - 1; held > most; at -= 1) {
    const stream = open[at] as Stream;
    held -= stream.held;
    stream.drop();
  }
}
