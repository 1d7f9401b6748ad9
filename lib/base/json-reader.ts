// Parses JSON text (RFC 8259, strictly) into values in one pass. Written by hand because no library keeps 38 digits, refuses
// duplicate keys, bounds the depth and treats `__proto__` as an ordinary name, all at once.

import { quote } from './errors.ts';
import { canonicalNumber } from './number.ts';
import { printPath } from './path.ts';
import { type Item, itemOf, type Value } from './value.ts';

/** Deepest nesting of lists and maps that DynamoDB stores, the item itself included. */
export const MAX_NESTING = 32;

/** A fault in JSON text. `path` leads to it inside the text, such as `items[0].id`; it is empty for the text as a whole. */
export class JsonFault extends Error {
  override readonly name = 'JsonFault';
  readonly path: string;

  constructor(path: readonly (string | number)[], message: string) {
    super(message);
    this.path = printPath(path);
  }
}

const SPACE = /[ \t\n\r]*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORDS: readonly (readonly [string, Value])[] = [
  ['true', { BOOL: true }],
  ['false', { BOOL: false }],
  ['null', { NULL: true }],
];

export class JsonReader {
  readonly #text: string;
  readonly #path: (string | number)[] = [];
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /**
   * Parses the whole text: `{"n":1.0}` → `{ M: { n: { N: '1' } } }`.
   * @throws JsonFault
   */
  document(): Value {
    const value = this.#value();
    this.#skipSpace();
    return this.#at === this.#text.length ? value : this.#unexpected('the end of the text');
  }

  #value(): Value {
    this.#skipSpace();
    switch (this.#text[this.#at]) {
      case '{':
        return { M: this.#members() };
      case '[':
        return { L: this.#elements() };
      case '"':
        return { S: this.#string() };
      default:
        return this.#scalar();
    }
  }

  #members(): Item {
    const members = new Map<string, Value>();
    this.#each('}', () => {
      this.#skipSpace();
      if (this.#text[this.#at] !== '"') this.#unexpected('a key in double quotes');
      const name = this.#string();
      if (members.has(name)) this.#fault(`is not valid JSON: the key ${quote(name)} stands twice in one object`);
      this.#skipSpace();
      if (!this.#take(':')) this.#unexpected('":"');
      members.set(name, this.#under(name));
    });
    return itemOf(members);
  }

  #elements(): Value[] {
    const elements: Value[] = [];
    this.#each(']', () => elements.push(this.#under(elements.length)));
    return elements;
  }

  /** Parses a list of parts separated by commas, from its opening bracket to `close`. */
  #each(close: string, part: () => void): void {
    if (this.#path.length >= MAX_NESTING) this.#fault(`nested more than ${MAX_NESTING} levels deep; flatten it`, []);
    this.#at += 1;
    this.#skipSpace();
    if (this.#take(close)) return;
    for (;;) {
      part();
      this.#skipSpace();
      if (this.#take(close)) return;
      if (!this.#take(',')) this.#unexpected(`"," or "${close}"`);
    }
  }

  #under(step: string | number): Value {
    this.#path.push(step);
    const value = this.#value();
    this.#path.pop();
    return value;
  }

  #string(): string {
    const start = this.#at;
    let end = start + 1;
    while (end < this.#text.length && this.#text[end] !== '"') end += this.#text[end] === '\\' ? 2 : 1;
    this.#at = end + 1;
    const text = decode(this.#text.slice(start, this.#at));
    if (text === undefined)
      return this.#fault('is not valid JSON: a text is not closed, or has a bad escape or a control character');
    return text.isWellFormed() ? text : this.#fault('holds half a surrogate pair, which is no text');
  }

  #scalar(): Value {
    for (const [word, value] of WORDS) if (this.#take(word)) return value;
    NUMBER.lastIndex = this.#at;
    const digits = NUMBER.exec(this.#text)?.[0];
    if (digits === undefined) return this.#unexpected('a value');
    this.#at += digits.length;
    const number = canonicalNumber(digits);
    if (number !== undefined) return { N: number };
    return this.#fault('is a number DynamoDB cannot hold; at most 38 digits, between 1E-130 and 9.99E+125');
  }

  #take(word: string): boolean {
    if (!this.#text.startsWith(word, this.#at)) return false;
    this.#at += word.length;
    return true;
  }

  #skipSpace(): void {
    SPACE.lastIndex = this.#at;
    this.#at += SPACE.exec(this.#text)?.[0].length ?? 0;
  }

  #unexpected(expected: string): never {
    const found = this.#at < this.#text.length ? JSON.stringify(this.#text[this.#at]) : 'the end';
    return this.#fault(`is not valid JSON: ${found} at position ${this.#at}, where ${expected} is due`);
  }

  #fault(message: string, path: readonly (string | number)[] = this.#path): never {
    throw new JsonFault(path, message);
  }
}

/** Decodes a JSON string with its quotes; `undefined` if it is malformed. */
function decode(quoted: string): string | undefined {
  try {
    return JSON.parse(quoted) as string;
  } catch {
    return undefined;
  }
}
