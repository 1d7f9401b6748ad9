// Steps that run side by side → one sequence of rows in the order of their sort keys: of equal values, the first step's row
// comes first. See plan/resume.ts, which tells from one row where every step goes on.

import type { Item } from '../base/value.ts';
import type { ReadPlan } from '../plan/read-plan.ts';
import { comparePlaces, type StepPlace } from '../plan/resume.ts';
import type { Page } from './pages.ts';

/** Steps that are asked for more rows at once. */
const WIDTH = 8;

/** One step: rows that were read and not given out, and the place up to which it is known. */
class Stream {
  readonly #pages: AsyncGenerator<Page>;
  readonly step: number;
  #page: Page | undefined;
  #at = 0;
  isDone = false;

  constructor(step: number, pages: AsyncGenerator<Page>) {
    this.step = step;
    this.#pages = pages;
  }

  /** The place of the next row, or the last place that was read; undefined where nothing was read yet. */
  get frontier(): Item | undefined {
    return (this.#page?.places[this.#at] ?? this.#page?.end) as Item | undefined;
  }

  get isEmpty(): boolean {
    return this.#at >= (this.#page?.items.length ?? 0);
  }

  async fill(): Promise<void> {
    if (!this.isEmpty || this.isDone) return;
    const { value, done } = await this.#pages.next();
    this.#page = value as Page | undefined;
    this.#at = 0;
    // Nothing is left where nothing was read behind an open end.
    this.isDone = done === true || (this.isEmpty && this.#page?.end === undefined);
  }

  /** The next row, as a page of its own. */
  take(): Page {
    const { items, places } = this.#page as Page;
    const page = {
      step: this.step,
      items: [items[this.#at] as Item],
      places: [places[this.#at]],
      end: places[this.#at],
    };
    this.#at += 1;
    if (this.isEmpty && this.#page?.end === undefined) this.isDone = true;
    return page;
  }
}

/** @param from the place behind which the steps go on; undefined: they begin */
export async function* mergePages(
  plan: ReadPlan,
  pages: readonly { readonly step: number; readonly pages: AsyncGenerator<Page> }[],
  from: StepPlace | undefined,
): AsyncGenerator<Page> {
  let reached = from;
  let open = pages.map((each) => new Stream(each.step, each.pages));
  for (let at = 0; at < open.length; at += WIDTH) {
    await Promise.all(open.slice(at, at + WIDTH).map((stream) => stream.fill()));
  }
  for (;;) {
    open = open.filter(({ isDone }) => !isDone);
    const [first, ...others] = open;
    if (!first) return;
    const least = others.reduce((best, each) => (isBefore(plan, each, best) ? each : best), first);
    // A step that goes on in the middle of its range is asked for rows before the place too, which are not its own.
    const place = { step: least.step, key: least.frontier as Item };
    if (!reached || comparePlaces(plan, place, reached) >= 0) reached = place;
    if (!least.isEmpty) {
      yield least.take();
      continue;
    }
    // Everything up to this place was read, and nothing before it is left: reading may be broken off here.
    yield { step: reached.step, items: [], places: [], end: reached.key };
    await least.fill();
  }
}

function isBefore(plan: ReadPlan, one: Stream, other: Stream): boolean {
  const [left, right] = [one.frontier, other.frontier];
  if (!left || !right) return left === undefined && right !== undefined;
  return comparePlaces(plan, { step: one.step, key: left }, { step: other.step, key: right }) < 0;
}
