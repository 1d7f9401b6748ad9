// Sets of characters, and the ASCII sets that have names.

/** Whether a code point is in the set. */
export type CharacterSet = (rune: number) => boolean;

export const range =
  (first: number, last: number): CharacterSet =>
  (rune) =>
    rune >= first && rune <= last;

export function anyOf(sets: readonly CharacterSet[]): CharacterSet {
  return (rune) => sets.some((has) => has(rune));
}

export function noneOf(sets: readonly CharacterSet[]): CharacterSet {
  const has = anyOf(sets);
  return (rune) => !has(rune);
}

const WORD = '09AZ__az';
const NEW_LINE = 0x0a;

/** By the letter behind the backslash, by what stands between `[:` and `:]`. Each is made when it is asked for. */
const PERL: Readonly<Record<string, string>> = { d: '09', s: '\t\n\f\r  ', w: WORD };
const POSIX: Readonly<Record<string, string>> = {
  alnum: '09AZaz',
  alpha: 'AZaz',
  ascii: '\x00\x7f',
  blank: '\t\t  ',
  cntrl: '\x00\x1f\x7f\x7f',
  digit: '09',
  graph: '!~',
  lower: 'az',
  print: ' ~',
  punct: '!/:@[`{~',
  space: '\t\r  ',
  upper: 'AZ',
  word: WORD,
  xdigit: '09AFaf',
};

/** What `\b` calls a letter. */
export const isWord = ranges(WORD);
export const notNewLine: CharacterSet = (rune) => rune !== NEW_LINE;

/** @param letter `d`, `s` or `w`; in capitals for what is not in the set */
export function perlSet(letter: string): CharacterSet | undefined {
  const name = letter.toLowerCase();
  return named(PERL, name, letter !== name);
}

/** @param name as `alpha`; as `^alpha` for what is not in the set */
export function posixSet(name: string): CharacterSet | undefined {
  const negated = name.startsWith('^');
  return named(POSIX, negated ? name.slice(1) : name, negated);
}

function named(sets: Readonly<Record<string, string>>, name: string, negated: boolean): CharacterSet | undefined {
  const ends = Object.hasOwn(sets, name) ? sets[name] : undefined;
  if (ends === undefined) return undefined;
  return negated ? noneOf([ranges(ends)]) : ranges(ends);
}

/** The set of the ranges whose first and last characters follow each other: `09af` is `[0-9a-f]`. */
function ranges(ends: string): CharacterSet {
  const runes = [...ends].map((end) => end.charCodeAt(0));
  return anyOf(runes.flatMap((first, at) => (at % 2 === 0 ? [range(first, runes[at + 1] ?? first)] : [])));
}
