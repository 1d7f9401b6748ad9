// Reads the sets of characters that a regular expression writes: `[…]`, `\d` and its like, `\p{…}`.

import { anyOf, type CharacterSet, noneOf, perlSet, posixSet, range } from './character-set.ts';
import { type Cursor, RegexError } from './cursor.ts';
import { unicodeSet } from './unicode-set.ts';

const BAD_RANGE = 'invalid character class range';

/** The set of `[…]`, read from behind its `[`. */
export function bracketSet(cursor: Cursor): CharacterSet {
  const start = cursor.at - 1;
  const join = cursor.skip('^') ? noneOf : anyOf;
  const sets: CharacterSet[] = [];
  // A `]` that comes first is a character.
  for (let first = true; first || !cursor.skip(']'); first = false)
    sets.push(namedByPosix(cursor) ?? part(cursor, start));
  return join(sets);
}

/** The set that an escape names; undefined, and nothing read, if none is named here. */
export function namedSet(cursor: Cursor): CharacterSet | undefined {
  const perl = cursor.match(/\\([dswDSW])/y)?.[1];
  return perl ? perlSet(perl) : namedByUnicode(cursor);
}

function namedByUnicode(cursor: Cursor): CharacterSet | undefined {
  const start = cursor.at;
  const letter = cursor.match(/\\([pP])/y)?.[1];
  if (letter === undefined) return undefined;
  const written = cursor.skip('{') ? cursor.upTo('}') : cursor.match(/./suy)?.[0];
  if (written === undefined) throw new RegexError(BAD_RANGE, cursor.text.slice(start));
  const negated = written.startsWith('^');
  const set = unicodeSet(negated ? written.slice(1) : written);
  if (!set) throw new RegexError(BAD_RANGE, cursor.since(start));
  return (letter === 'P') === negated ? set : noneOf([set]);
}

/** `[:name:]`, inside a bracket. */
function namedByPosix(cursor: Cursor): CharacterSet | undefined {
  const start = cursor.at;
  const written = cursor.looksAt('[:') ? cursor.upTo(':]') : undefined;
  // Without an end anywhere in the text it is an ordinary `[`.
  if (written === undefined) return undefined;
  const set = posixSet(written.slice(2));
  if (!set) throw new RegexError(BAD_RANGE, cursor.since(start));
  return set;
}

/** A named set, a range or a character, inside the bracket that begins at `start`. */
function part(cursor: Cursor, start: number): CharacterSet {
  const set = namedSet(cursor);
  if (set) return set;
  const here = cursor.at;
  const first = endOfRange(cursor, start);
  if (cursor.looksAt('-]') || !cursor.skip('-')) return range(first, first);
  const last = endOfRange(cursor, start);
  if (last < first) throw new RegexError(BAD_RANGE, cursor.since(here));
  return range(first, last);
}

function endOfRange(cursor: Cursor, start: number): number {
  if (!cursor.more) throw new RegexError('missing closing ]', cursor.since(start));
  return cursor.escapedRune();
}
