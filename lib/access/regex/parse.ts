// Parses a pattern: the part of RE2's syntax that paths need. A text means what it means in RE2 or is refused, as are flags,
// look-around, back references, names for groups and sets, and escapes for letters.

/** A text that is no pattern; the reason is in RE2's words. */
export class RegexError extends Error {
  override readonly name = 'RegexError';

  /** @param part the text that is wrong @param fix what is allowed in its place */
  constructor(fault: string, part?: string, fix?: string) {
    super(`error parsing regexp: ${fault}${part ? `: \`${part}\`` : ''}${fix ? `; ${fix}` : ''}`);
  }
}

/** True for the code points (here called runes) in the set. */
export type CharacterSet = (rune: number) => boolean;

/** Groups capture nothing here, and it makes no difference which of several matches is preferred. */
export type Tree =
  | { readonly kind: 'set'; readonly has: CharacterSet }
  | { readonly kind: 'start' | 'end' }
  | { readonly kind: 'sequence'; readonly parts: readonly Tree[] }
  | { readonly kind: 'choice'; readonly options: readonly Tree[] }
  | { readonly kind: 'repeat'; readonly part: Tree; readonly min: number; readonly max: number };

type Repetition = { readonly min: number; readonly max: number };

/** Bounds one repetition, and the product of repetitions in repetitions. */
const MAX_COUNT = 1_000;
const UNBOUNDED = Number.POSITIVE_INFINITY;
const BAD_RANGE = 'invalid character class range';
const NEW_LINE = 0x0a;

/** The ranges of each named set by its letter: first and last characters in turn. */
const NAMED: Readonly<Record<string, string>> = { d: '09', s: '\t\n\f\r  ', w: '09AZ__az' };

/** @throws RegexError */
export function parseRegex(text: string): Tree {
  return new Parser(text).parse();
}

class Parser {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  parse(): Tree {
    const tree = this.#choice();
    if (this.#at < this.#text.length) throw new RegexError('unexpected )', this.#text);
    return tree;
  }

  #choice(): Tree {
    const options: Tree[] = [];
    do options.push(this.#sequence());
    while (this.#skip('|'));
    return { kind: 'choice', options };
  }

  #sequence(): Tree {
    const parts: Tree[] = [];
    /** The index at which the last repetition begins; `undefined` if it is not directly before. */
    let previous: number | undefined;
    while (this.#at < this.#text.length && !this.#looksAt('|') && !this.#looksAt(')')) {
      const start = this.#at;
      const repetition = this.#repetition();
      parts.push(repetition ? this.#repeated(parts.pop(), repetition, start, previous) : this.#part());
      previous = repetition && start;
    }
    return { kind: 'sequence', parts };
  }

  /** `*`, `+`, `?`, `{2}`, `{2,}` or `{2,3}`; `undefined` otherwise: a brace that counts nothing is an ordinary character. */
  #repetition(): Repetition | undefined {
    const sign = this.#match(/[*+?]/y)?.[0];
    if (sign) return { min: sign === '+' ? 1 : 0, max: sign === '?' ? 1 : UNBOUNDED };
    const found = this.#match(/\{(0|[1-9][0-9]*)(?:(,)(0|[1-9][0-9]*)?)?\}/y);
    if (!found) return undefined;
    const [written, least, comma, most] = found;
    const min = Number(least);
    const last = Number(most ?? least);
    if (min > last || last > MAX_COUNT) throw new RegexError('invalid repeat count', written);
    return { min, max: comma && !most ? UNBOUNDED : last };
  }

  #repeated(part: Tree | undefined, repetition: Repetition, start: number, previous: number | undefined): Tree {
    // A `?` prefers a shorter match, which makes no difference here.
    this.#skip('?');
    if (previous !== undefined) throw new RegexError('invalid nested repetition operator', this.#since(previous));
    if (!part) throw new RegexError('missing argument to repetition operator', this.#since(start));
    const repeated: Tree = { kind: 'repeat', part, ...repetition };
    if (countOf(repeated) > MAX_COUNT) throw new RegexError('invalid repeat count', this.#since(start));
    return repeated;
  }

  #part(): Tree {
    if (this.#skip('(')) return this.#group();
    if (this.#skip('^')) return { kind: 'start' };
    if (this.#skip('$')) return { kind: 'end' };
    if (this.#skip('.')) return { kind: 'set', has: (rune) => rune !== NEW_LINE };
    if (this.#skip('[')) return { kind: 'set', has: this.#bracket() };
    const rune = this.#namedSet() ?? this.#character();
    return { kind: 'set', has: typeof rune === 'number' ? range(rune, rune) : rune };
  }

  /** `(…)` or `(?:…)`, read after its `(`. */
  #group(): Tree {
    if (!this.#skip('?:') && this.#looksAt('?')) {
      const [part = ''] = this.#match(/\?<?.?/suy) ?? [];
      throw new RegexError('invalid or unsupported Perl syntax', `(${part}`, 'groups are (…) or (?:…)');
    }
    const tree = this.#choice();
    if (!this.#skip(')')) throw new RegexError('missing closing )', this.#text);
    return tree;
  }

  /** The set of `[…]`, read after its `[`. */
  #bracket(): CharacterSet {
    const start = this.#at - 1;
    const isNegated = this.#skip('^');
    const sets: CharacterSet[] = [];
    // A `]` that comes first is a character.
    for (let first = true; first || !this.#skip(']'); first = false) sets.push(this.#bracketPart(start));
    return isNegated ? noneOf(sets) : anyOf(sets);
  }

  /** A named set, a range or a character, inside the bracket that begins at `start`. */
  #bracketPart(start: number): CharacterSet {
    if (this.#looksAt('[:'))
      throw new RegexError(BAD_RANGE, '[:', 'write sets as a-z, \\d, \\w or \\s, and the character [ as \\[');
    const set = this.#namedSet();
    if (set) return set;
    const here = this.#at;
    const first = this.#endOfRange(start);
    if (this.#looksAt('-]') || !this.#skip('-')) return range(first, first);
    const last = this.#endOfRange(start);
    if (last < first) throw new RegexError(BAD_RANGE, this.#since(here));
    return range(first, last);
  }

  #endOfRange(start: number): number {
    if (this.#at === this.#text.length) throw new RegexError('missing closing ]', this.#since(start));
    return this.#character();
  }

  /** `\d`, `\s` or `\w`; in capitals the characters that are not in the set. */
  #namedSet(): CharacterSet | undefined {
    const letter = this.#match(/\\([dswDSW])/y)?.[1];
    if (letter === undefined) return undefined;
    const name = letter.toLowerCase();
    const set = ranges(NAMED[name] ?? '');
    return letter === name ? set : noneOf([set]);
  }

  /** Reads one character, which may be escaped if it is a mark; there must be one. */
  #character(): number {
    const start = this.#at;
    if (!this.#skip('\\')) return this.#rune();
    if (this.#at === this.#text.length) throw new RegexError('trailing backslash at end of expression');
    const rune = this.#rune();
    // Letters and digits may get a meaning one day.
    if (rune > 0x7f || /[0-9a-z]/i.test(String.fromCodePoint(rune)))
      throw new RegexError(
        'invalid escape sequence',
        this.#since(start),
        'escapes are \\d \\D \\s \\S \\w \\W and marks',
      );
    return rune;
  }

  #rune(): number {
    const rune = this.#text.codePointAt(this.#at) ?? 0;
    this.#at += rune > 0xffff ? 2 : 1;
    return rune;
  }

  #since(start: number): string {
    return this.#text.slice(start, this.#at);
  }

  #looksAt(part: string): boolean {
    return this.#text.startsWith(part, this.#at);
  }

  #skip(part: string): boolean {
    if (!this.#looksAt(part)) return false;
    this.#at += part.length;
    return true;
  }

  #match(sticky: RegExp): RegExpExecArray | null {
    sticky.lastIndex = this.#at;
    const found = sticky.exec(this.#text);
    if (found) this.#at += found[0].length;
    return found;
  }
}

/** How many copies of one part a tree makes at most: repetitions in repetitions are multiplied. */
function countOf(tree: Tree): number {
  switch (tree.kind) {
    case 'sequence':
      // Nothing, and what is repeated no times, is one copy.
      return Math.max(1, ...tree.parts.map(countOf));
    case 'choice':
      return Math.max(...tree.options.map(countOf));
    case 'repeat':
      return (tree.max === UNBOUNDED ? Math.max(1, tree.min) : tree.max) * countOf(tree.part);
    default:
      return 1;
  }
}

function range(first: number, last: number): CharacterSet {
  return (rune) => rune >= first && rune <= last;
}

function ranges(ends: string): CharacterSet {
  const runes = [...ends].map((end) => end.charCodeAt(0));
  return anyOf(runes.flatMap((first, at) => (at % 2 === 0 ? [range(first, runes[at + 1] ?? first)] : [])));
}

function anyOf(sets: readonly CharacterSet[]): CharacterSet {
  return (rune) => sets.some((has) => has(rune));
}

function noneOf(sets: readonly CharacterSet[]): CharacterSet {
  const has = anyOf(sets);
  return (rune) => !has(rune);
}
