// A place in the text of a regular expression, and what is read there by every part of the syntax: characters (as code
// points, here called runes) and escapes.

/** A text that is no regular expression; the message is RE2's. */
export class RegexError extends Error {
  override readonly name = 'RegexError';

  /** @param part what of the text is wrong */
  constructor(fault: string, part?: string) {
    super(`error parsing regexp: ${fault}${part ? `: \`${part}\`` : ''}`);
  }
}

/** By the letter behind the backslash. */
const CONTROLS: ReadonlyMap<string, number> = new Map([
  ['a', 0x07],
  ['t', 0x09],
  ['n', 0x0a],
  ['v', 0x0b],
  ['f', 0x0c],
  ['r', 0x0d],
]);
const MAX_RUNE = 0x10ffff;

export class Cursor {
  readonly text: string;
  at = 0;

  constructor(text: string) {
    this.text = text;
  }

  get more(): boolean {
    return this.at < this.text.length;
  }

  /** What was read since a place. */
  since(start: number): string {
    return this.text.slice(start, this.at);
  }

  looksAt(part: string): boolean {
    return this.text.startsWith(part, this.at);
  }

  /** Reads a text if it stands here. */
  skip(part: string): boolean {
    if (!this.looksAt(part)) return false;
    this.at += part.length;
    return true;
  }

  /** Reads what a sticky expression finds here. */
  match(sticky: RegExp): RegExpExecArray | null {
    sticky.lastIndex = this.at;
    const found = sticky.exec(this.text);
    if (found) this.at += found[0].length;
    return found;
  }

  /** Reads up to and including an end; undefined, and nothing read, if the end does not follow. */
  upTo(end: string): string | undefined {
    const found = this.text.indexOf(end, this.at);
    if (found === -1) return undefined;
    const part = this.text.slice(this.at, found);
    this.at = found + end.length;
    return part;
  }

  /** Reads all that is left. */
  toEnd(): string {
    const part = this.text.slice(this.at);
    this.at = this.text.length;
    return part;
  }

  /** Reads one character; there must be one. */
  rune(): number {
    const rune = this.text.codePointAt(this.at) ?? 0;
    this.at += rune > 0xffff ? 2 : 1;
    return rune;
  }

  /** Reads one character, which an escape may stand for. */
  escapedRune(): number {
    const start = this.at;
    if (!this.skip('\\')) return this.rune();
    if (!this.more) throw new RegexError('trailing backslash at end of expression');
    const octal = this.match(/0[0-7]{0,2}|[1-7][0-7]{1,2}/y);
    if (octal) return Number.parseInt(octal[0], 8);
    if (this.skip('x')) return this.#hexadecimal(start);
    const rune = this.rune();
    const escaped = String.fromCodePoint(rune);
    const control = CONTROLS.get(escaped);
    if (control !== undefined) return control;
    // Only marks may be escaped for no reason: letters may get a meaning one day.
    if (rune > 0x7f || /[0-9a-z]/i.test(escaped)) throw new RegexError('invalid escape sequence', this.since(start));
    return rune;
  }

  #hexadecimal(start: number): number {
    const digits = this.match(/\{[0-9a-fA-F]+\}|[0-9a-fA-F]{2}/y);
    const rune = digits ? Number.parseInt(digits[0].replace('{', ''), 16) : Number.NaN;
    if (rune <= MAX_RUNE) return rune;
    if (!digits) this.match(/\{[0-9a-fA-F]*.|.{0,2}/suy);
    throw new RegexError('invalid escape sequence', this.since(start));
  }
}
