// Steps that run side by side → one sequence of rows in the order of their sort keys: of equal values, the first step's row
// comes first. See plan/resume.ts, which tells from one row where every step goes on.
//
// Every step is open at once, so the items that wait for their turn are bounded: when they are too many bytes, those
// farthest in the order are dropped, their places kept, and each is read again by its key when its turn comes.

import { itemBytes } from '../../base/item-size.ts';
import type { Item } from '../../base/value.ts';
import { BATCH_KEYS } from '../../dynamo/limits.ts';
import type { ReadPlan } from '../../plan/read-plan.ts';
import { comparePlaces, type StepPlace } from '../../plan/resume.ts';
import type { KeyedPage, KeyedRow, Page, Row } from './pages.ts';

/** Steps that are asked for more rows at once. */
const WIDTH = 8;
/** Bytes of items that are read by their keys at once: as many as a page of an answer can show. */
const MOST_FETCHED = 4 * 1024 * 1024;
const GROWTH = 4;

export type Merging = {
  readonly plan: ReadPlan;
  /** Reads the items of the rows that have none. A row whose item is gone is left out. */
  readonly load: (rows: readonly KeyedRow[]) => Promise<readonly Row[]>;
  /** Returns how many more rows are wanted. */
  readonly wanted: () => number;
  /** The most bytes of items that all streams hold together. */
  readonly heldBytes: number;
  /** The place behind which the steps go on; `undefined` if they begin. */
  readonly from: StepPlace | undefined;
};

export type Source = {
  readonly step: number;
  /** Returns the rows that follow; `undefined` if there are no more. */
  readonly next: () => Promise<KeyedPage | undefined>;
};

type Waiting = KeyedRow & { readonly bytes: number };

/** One step: rows that were read and not given out, and the place up to which it is known. */
class Stream {
  readonly step: number;
  readonly #source: Source;
  readonly #itemBytes: number;
  #rows: Waiting[] = [];
  #end: Item | undefined;
  #held = 0;
  isDone = false;

  /** @param guess bytes of an item that was not read */
  constructor(source: Source, guess: number) {
    this.step = source.step;
    this.#source = source;
    this.#itemBytes = guess;
  }

  /** The place of the next row, or the last place that was read. Known once `fill` is done. */
  get place(): StepPlace {
    return { step: this.step, key: (this.#rows[0]?.place ?? this.#end) as Item };
  }

  get isEmpty(): boolean {
    return this.#rows.length === 0;
  }

  /** Bytes of the items that wait here. */
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

  /** Nothing is left where nothing was read behind an open end. */
  #endIfDone(): void {
    this.isDone = this.isEmpty && this.#end === undefined;
  }
}

/** Rows in order that are given out together. Those without an item are read by their keys in one call. */
class Ready {
  readonly rows: KeyedRow[] = [];
  readonly #least: number;
  #due = 0;
  #dueBytes = 0;

  /** @param least rows, unless they are too many for the call: where few are taken, more are read next time */
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
    // A step that goes on in the middle of its range is asked for rows before the place too, which are not its own.
    if (!reached || comparePlaces(plan, least.place, reached) >= 0) reached = least.place;
    const { isEmpty } = least;
    if (!isEmpty) ready.add(least.take());
    if (isEmpty || ready.isFull(wanted())) {
      // Everything up to this place was read, and nothing before it is left: reading may be broken off here.
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

/** Streams in the order of their next rows. */
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

/** Puts a stream where its next row comes in the order, unless it has none. */
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
