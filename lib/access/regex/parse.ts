// Parses a regular expression: the syntax of RE2 without flags, which is that of Perl without what no machine with a finite
// number of states can do (look-around, back references). Each fault has RE2's words.

import { bracketSet, namedSet } from './bracket-set.ts';
import { type CharacterSet, isWord, notNewLine, range } from './character-set.ts';
import { Cursor, RegexError } from './cursor.ts';

/** A place without width: `before` and `after` are the characters around it, undefined at the ends of the text. */
export type Place = (before: number | undefined, after: number | undefined) => boolean;

/** Groups capture nothing here, and it makes no difference which of several matches is preferred. */
export type Tree =
  | { readonly kind: 'set'; readonly has: CharacterSet }
  | { readonly kind: 'place'; readonly holds: Place }
  | { readonly kind: 'sequence'; readonly parts: readonly Tree[] }
  | { readonly kind: 'choice'; readonly options: readonly Tree[] }
  | { readonly kind: 'repeat'; readonly part: Tree; readonly min: number; readonly max: number };

/** What is read of a group so far. */
type Group = { readonly options: Tree[]; parts: Tree[] };
type Repetition = { readonly min: number; readonly max: number };

/** Of one repetition, and of repetitions in repetitions as a product. */
const MAX_COUNT = 1_000;
const UNBOUNDED = Number.POSITIVE_INFINITY;

const wordEdge: Place = (before, after) => inWord(before) !== inWord(after);
/** The ends of the text are as U+0000, which is no letter. */
const inWord = (rune: number | undefined): boolean => isWord(rune ?? 0);
const PLACES: Readonly<Record<string, Place>> = {
  '^': (before) => before === undefined,
  '\\A': (before) => before === undefined,
  $: (_before, after) => after === undefined,
  '\\z': (_before, after) => after === undefined,
  '\\b': wordEdge,
  '\\B': (before, after) => !wordEdge(before, after),
};

/** @throws RegexError */
export function parseRegex(text: string): Tree {
  return new Parser(text).parse();
}

class Parser {
  readonly #cursor: Cursor;
  readonly #groups: Group[] = [{ options: [], parts: [] }];
  readonly #names = new Set<string>();

  constructor(text: string) {
    this.#cursor = new Cursor(text);
  }

  parse(): Tree {
    const cursor = this.#cursor;
    /** Where the repetition begins that was read last, if nothing was read since. */
    let repetition: number | undefined;
    while (cursor.more) {
      const start = cursor.at;
      const found = readRepetition(cursor);
      if (found) this.#repeat(found, start, repetition);
      else this.#readOther();
      repetition = found && start;
    }
    if (this.#groups.length > 1) throw new RegexError('missing closing )', cursor.text);
    return this.#closed();
  }

  get #group(): Group {
    return this.#groups.at(-1) as Group;
  }

  #repeat({ min, max }: Repetition, start: number, previous: number | undefined): void {
    const cursor = this.#cursor;
    // Which match is preferred makes no difference.
    cursor.skip('?');
    if (previous !== undefined) throw new RegexError('invalid nested repetition operator', cursor.since(previous));
    const part = this.#group.parts.pop();
    if (!part) throw new RegexError('missing argument to repetition operator', cursor.since(start));
    const repeated: Tree = { kind: 'repeat', part, min, max };
    if (countOf(repeated) > MAX_COUNT) throw new RegexError('invalid repeat count', cursor.since(start));
    this.#group.parts.push(repeated);
  }

  #readOther(): void {
    const cursor = this.#cursor;
    if (cursor.looksAt('(')) this.#open();
    else if (cursor.skip(')')) this.#close();
    else if (cursor.skip('|')) this.#nextOption();
    else if (cursor.skip('\\Q')) this.#quoted();
    else this.#group.parts.push(readPlace(cursor) ?? readSet(cursor));
  }

  /** `(`, `(?:`, `(?P<name>` or `(?<name>`. `(?)` sets no flag, and is nothing. */
  #open(): void {
    const cursor = this.#cursor;
    const start = cursor.at;
    if (cursor.skip('(?)')) return;
    if (cursor.match(/\(\?P?</y)) this.#name(start);
    else if (!cursor.skip('(?:') && !cursor.match(/\((?!\?)/y)) {
      cursor.match(/\(\?[imsU]*(?:-[imsU]*)?.?/suy);
      throw new RegexError('invalid or unsupported Perl syntax', cursor.since(start));
    }
    this.#groups.push({ options: [], parts: [] });
  }

  #name(start: number): void {
    const cursor = this.#cursor;
    const name = cursor.upTo('>');
    if (name === undefined || !/^\w+$/.test(name)) {
      throw new RegexError(
        'invalid named capture',
        name === undefined ? cursor.text.slice(start) : cursor.since(start),
      );
    }
    if (this.#names.has(name)) throw new RegexError('duplicate capture group name', name);
    this.#names.add(name);
  }

  #close(): void {
    if (this.#groups.length < 2) throw new RegexError('unexpected )', this.#cursor.text);
    const tree = this.#closed();
    this.#group.parts.push(tree);
  }

  /** The innermost group, taken away. */
  #closed(): Tree {
    const { options } = this.#nextOption();
    this.#groups.pop();
    return { kind: 'choice', options };
  }

  #nextOption(): Group {
    const group = this.#group;
    group.options.push({ kind: 'sequence', parts: group.parts });
    group.parts = [];
    return group;
  }

  /** `\Q…\E`, or to the end: every character is itself. */
  #quoted(): void {
    const cursor = this.#cursor;
    for (const character of cursor.upTo('\\E') ?? cursor.toEnd())
      this.#group.parts.push(one(character.codePointAt(0) ?? 0));
  }
}

/** `*`, `+`, `?`, or `{2}`, `{2,}`, `{2,3}`: a brace that counts nothing is an ordinary character. */
function readRepetition(cursor: Cursor): Repetition | undefined {
  const sign = cursor.match(/[*+?]/y)?.[0];
  if (sign) return { min: sign === '+' ? 1 : 0, max: sign === '?' ? 1 : UNBOUNDED };
  const found = cursor.match(/\{(0|[1-9][0-9]*)(?:(,)(0|[1-9][0-9]*)?)?\}/y);
  if (!found) return undefined;
  const [written, least, comma, most] = found;
  const min = Number(least);
  const last = Number(most ?? least);
  if (min > last || last > MAX_COUNT) throw new RegexError('invalid repeat count', written);
  return { min, max: comma && !most ? UNBOUNDED : last };
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

function readPlace(cursor: Cursor): Tree | undefined {
  const sign = cursor.match(/[$^]|\\[AzbB]/y)?.[0];
  const holds = sign && PLACES[sign];
  return holds ? { kind: 'place', holds } : undefined;
}

function readSet(cursor: Cursor): Tree {
  if (cursor.skip('.')) return { kind: 'set', has: notNewLine };
  if (cursor.skip('[')) return { kind: 'set', has: bracketSet(cursor) };
  const has = namedSet(cursor);
  return has ? { kind: 'set', has } : one(cursor.escapedRune());
}

function one(rune: number): Tree {
  return { kind: 'set', has: range(rune, rune) };
}
