// One page of an answer: rows as JSON, each printed once, and no more than an answer holds.

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
   * @param shorten what is shown of a row that no answer can hold
   */
  constructor(limit: number, shorten: (row: Item) => Item = (row) => row) {
    this.#limit = limit;
    this.#shorten = shorten;
  }

  /**
   * Takes a row as it is shown, the first of a page even if it alone has more than 4 MB of JSON; false: there is no room for it on this page.
   * @throws ApiError `too_costly` where no page has room for it
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

/** A row with the comma behind it: the bytes of its JSON, and those of that JSON as it leaves. */
type Printed = { readonly text: string; readonly json: number; readonly leaving: number };

function printed(item: Item): Printed {
  const text = printItem(item);
  return { text, json: Buffer.byteLength(text) + 1, leaving: leavingBytes(text) + 1 };
}

function fits({ leaving }: Printed): boolean {
  return BRACKETS + leaving <= MAX_LEAVING_BYTES;
}
