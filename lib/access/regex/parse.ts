// Parses regular expressions in the part of RE2's syntax that paths need. A pattern means the same as in RE2 or is refused:
// flags, look-around, back references, names for groups and sets, and escapes of letters.

/** The error of a malformed pattern, in RE2's words. */
export class RegexError extends Error {
  override readonly name = 'RegexError';

  /** @param part the malformed part of the pattern @param fix the allowed forms */
  constructor(fault: string, part?: string, fix?: string) {
    super(`error parsing regexp: ${fault}${part ? `: \`${part}\`` : ''}${fix ? `; ${fix}` : ''}`);
  }
}

/** Returns true for the code points (here called runes) in the set. */
export type CharacterSet = (rune: number) => boolean;

/** The syntax tree of a pattern. Groups do not capture, and greedy and lazy repetitions are the same. */
export type Tree =
  | { readonly kind: 'set'; readonly has: CharacterSet }
  | { readonly kind: 'start' | 'end' }
  | { readonly kind: 'sequence'; readonly parts: readonly Tree[] }
  | { readonly kind: 'choice'; readonly options: readonly Tree[] }
  | { readonly kind: 'repeat'; readonly part: Tree; readonly min: number; readonly max: number };

type Repetition = { readonly min: number; readonly max: number };

/** The largest count of one repetition, and the largest product of counts of nested ones. */
const MAX_COUNT = 1_000;
const UNBOUNDED = Number.POSITIVE_INFINITY;
const BAD_RANGE = 'invalid character class range';
const NEW_LINE = 0x0a;

/** Ranges of each named set by its letter, written as pairs of first and last character. */
const NAMED: Readonly<Record<string, string>> = { d: '09', s: '\t\n\f\r  ', w: '09AZ__az' };

/**
 * Parses a pattern: `ab*` → a choice of one sequence of the set of `a` and a repeat of the set of `b`.
 * @throws RegexError
 */
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

  /** Parses `*`, `+`, `?`, `{2}`, `{2,}` or `{2,3}`; `undefined` otherwise, as a brace without a count is a literal character. */
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
    // Skips the `?` of a lazy repetition, which matches the same texts.
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

  /** Parses the rest of `(…)` or `(?:…)` after its `(`. */
  #group(): Tree {
    if (!this.#skip('?:') && this.#looksAt('?')) {
      const [part = ''] = this.#match(/\?<?.?/suy) ?? [];
      throw new RegexError('invalid or unsupported Perl syntax', `(${part}`, 'groups are (…) or (?:…)');
    }
    const tree = this.#choice();
    if (!this.#skip(')')) throw new RegexError('missing closing )', this.#text);
    return tree;
  }

  /** Parses the rest of `[…]` after its `[`. */
  #bracket(): CharacterSet {
    const start = this.#at - 1;
    const isNegated = this.#skip('^');
    const sets: CharacterSet[] = [];
    // A `]` that comes first is a literal character.
    for (let first = true; first || !this.#skip(']'); first = false) sets.push(this.#bracketPart(start));
    return isNegated ? noneOf(sets) : anyOf(sets);
  }

  /** Parses a named set, a range or a character, inside the bracket that begins at `start`. */
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

  /** Parses `\d`, `\s` or `\w`, or their complements in capitals; `undefined` if there is none. */
  #namedSet(): CharacterSet | undefined {
    const letter = this.#match(/\\([dswDSW])/y)?.[1];
    if (letter === undefined) return undefined;
    const name = letter.toLowerCase();
    const set = ranges(NAMED[name] ?? '');
    return letter === name ? set : noneOf([set]);
  }

  /** Parses one character, which may be escaped if it is punctuation. The pattern must not be at its end. */
  #character(): number {
    const start = this.#at;
    if (!this.#skip('\\')) return this.#rune();
    if (this.#at === this.#text.length) throw new RegexError('trailing backslash at end of expression');
    const rune = this.#rune();
    // Escaped letters and digits are refused: they may get a meaning one day.
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

/** Returns the most copies of one part that a tree makes: counts of nested repetitions are multiplied. */
function countOf(tree: Tree): number {
  switch (tree.kind) {
    case 'sequence':
      // An empty sequence, or a part repeated 0 times, counts as one copy.
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
