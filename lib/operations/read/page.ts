// Collects the rows of one page as JSON, each printed once, up to the size of an answer.

import { leavingBytes, MAX_JSON_BYTES, MAX_LEAVING_BYTES } from '../../base/answer-bytes.ts';
import { ApiError } from '../../base/errors.ts';
import { printItem } from '../../base/json.ts';
import type { Item } from '../../base/value.ts';

const BRACKETS = 2;

export class Page {
  readonly rows: string[] = [];
  readonly #limit: number;
  readonly #shorten: (row: Item) => Item;
  #json = BRACKETS;
  #leaving = BRACKETS;

  /**
   * @param limit the most rows
   * @param shorten returns a smaller row for one that no answer can hold
   */
  constructor(limit: number, shorten: (row: Item) => Item = (row) => row) {
    this.#limit = limit;
    this.#shorten = shorten;
  }

  /**
   * Returns true if a pruned row was added, false if it does not fit on this page. The first of a page may have more than 4 MB of JSON.
   * @throws ApiError `too_costly` if no page can hold it
   */
  add(item: Item): boolean {
    if (this.rows.length >= this.#limit) return false;
    const whole = printed(item);
    const row = fits(whole) ? whole : printed(this.#shorten(item));
    if (this.rows.length === 0 && !fits(row)) throw new ApiError('too_costly', ONE_ROW);
    const json = this.#json + row.json;
    const leaving = this.#leaving + row.leaving;
    if (this.rows.length > 0 && (json > MAX_JSON_BYTES || leaving > MAX_LEAVING_BYTES)) return false;
    this.#json = json;
    this.#leaving = leaving;
    this.rows.push(row.text);
    return true;
  }
}

const ONE_ROW =
  'one row alone is too large for an answer; where the endpoint takes _fields, ask for some of its attributes';

/** A printed row: the bytes of its JSON and of that JSON as Lambda escapes it, each with the comma after it. */
type Printed = { readonly text: string; readonly json: number; readonly leaving: number };

function printed(item: Item): Printed {
  const text = printItem(item);
  return { text, json: Buffer.byteLength(text) + 1, leaving: leavingBytes(text) + 1 };
}

function fits({ leaving }: Printed): boolean {
  return BRACKETS + leaving <= MAX_LEAVING_BYTES;
}
