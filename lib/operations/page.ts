// One page of an answer: rows as JSON, each printed once, and no more than an answer holds.

import { printItem } from '../base/json.ts';
import type { Item } from '../base/value.ts';

/** Of JSON: a Lambda answers at most 6 MB. */
const MAX_BYTES = 4 * 1024 * 1024;

export class Page {
  readonly rows: string[] = [];
  readonly #limit: number;
  #bytes = 0;

  /** @param limit the most rows */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Takes a row as it is shown; false: there is no room for it. One row always fits. */
  add(item: Item): boolean {
    if (this.rows.length >= this.#limit) return false;
    const text = printItem(item);
    const bytes = Buffer.byteLength(text) + 1;
    if (this.rows.length > 0 && this.#bytes + bytes > MAX_BYTES) return false;
    this.#bytes += bytes;
    this.rows.push(text);
    return true;
  }
}
