// One page of audit rows or versions: so many, and no more than an answer holds.

import { ApiError } from '../base/errors.ts';
import { printItem } from '../base/json.ts';
import type { Item, Value } from '../base/value.ts';
import { MAX_LIMIT } from '../query/page.ts';

/** Of JSON: a Lambda answers at most 6 MB. */
const MAX_BYTES = 4 * 1024 * 1024;

export class Page {
  readonly #limit: number | undefined;
  readonly #items: Item[] = [];
  #bytes = 0;
  #more = false;

  /** @param limit the most items that were asked for; undefined: all, which must then fit */
  constructor(limit: number | undefined) {
    this.#limit = limit;
  }

  /** Takes items as long as there is room; false: there are more than the page takes. */
  add(items: readonly Item[]): boolean {
    for (const item of items) {
      this.#bytes += Buffer.byteLength(printItem(item));
      const isTooMuch = this.#bytes > MAX_BYTES && this.#items.length > 0;
      this.#more ||= this.#items.length >= (this.#limit ?? MAX_LIMIT) || isTooMuch;
      if (this.#more) return false;
      this.#items.push(item);
    }
    return true;
  }

  /** There is more than the page holds. */
  get isCut(): boolean {
    return this.#more;
  }

  get isEmpty(): boolean {
    return this.#items.length === 0;
  }

  /** @throws ApiError `too_costly` where there is more than was asked for, or than an answer holds */
  body(): Value {
    const { length } = this.#items;
    if (this.#more && length < (this.#limit ?? Number.POSITIVE_INFINITY)) {
      throw new ApiError('too_costly', `more than ${length} match; narrow the query, or ask for fewer with _limit`);
    }
    return { L: this.#items.map((item) => ({ M: item })) };
  }
}
