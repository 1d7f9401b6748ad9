// Our regular expressions against RE2JS, from which they took their syntax: whatever the text, either both refuse it, for the
// same reason, or both accept it and agree on every path. RE2JS is a port of RE2, tested on RE2's own cases.

import fc from 'fast-check';
import { RE2JS } from 're2js';
import { describe, expect, it } from 'vitest';
import { compileRegex } from '../../lib/access/regex/regex.ts';
import { unicodeNames } from '../../lib/access/regex/unicode-set.ts';
import { cases, proved, runs } from '../support/proof.ts';

type Matcher = { readonly matches: (text: string) => boolean };

/** What comes of an expression: how it is refused, or what matches it. */
function outcome(compile: (text: string) => Matcher, text: string): { fault: string } | Matcher {
  try {
    return compile(text);
  } catch (error) {
    // Behind the reason stands the part that is wrong: how much of an escape is shown differs.
    return { fault: (error as Error).message.split(': `')[0] ?? '' };
  }
}

/** How many subjects match, of those that both were asked about; undefined where both refuse. */
function agree(text: string, subjects: readonly string[]): number | undefined {
  const ours = outcome(compileRegex, text);
  const theirs = outcome((each) => RE2JS.compile(each), text);
  if ('fault' in ours || 'fault' in theirs) {
    expect({ text, ...ours }).toEqual({ text, ...theirs });
    return undefined;
  }
  const matching = (regex: Matcher) => subjects.filter((subject) => regex.matches(subject));
  expect({ text, matching: matching(ours) }).toEqual({ text, matching: matching(theirs) });
  return matching(ours).length;
}

// Texts that may be no regular expression: parts of the syntax in any order. Flags are refused before an expression is
// compiled (endpoint-pattern.ts), and RE2JS knows them.

const parts = [
  ...['a', 'b', '/', '-', '_', '1', 'é', '😀', '\n', ' ', 'Z', '.', '^', '$', '|', '|', '\\', ']', '{', '}', ':]'],
  ...['*', '+', '?', '*?', '{0}', '{2}', '{1,2}', '{0,}', '{3,}', '{2}?', '{2,1}', '{,2}', '{02}', '{2', '{1000}'],
  ...['{1001}', '{9999999999}', '(', '(', '(?:', '(?P<n>', '(?<m>', '(?<é>', '(?P<', '(?)', ')', ')', '(?=', '(?!'],
  ...[
    '(?<=',
    '(?P=',
    '(?',
    '[',
    '[^',
    '[]a]',
    '[^]]',
    '[a-]',
    '[-a]',
    '[^a]',
    '[b-a]',
    '[a-a]',
    '[a-z]',
    '[^/]',
    '[\\d-]',
  ],
  ...[
    'a-b',
    '[:alpha:]',
    '[[:^digit:]]',
    '[[:word:]_-]',
    '[[:no:]]',
    '[[:alpha:]',
    '[[:a]',
    '[\\w\\pP]',
    '[\\]]',
    '[\\',
  ],
  ...['\\d', '\\D', '\\w', '\\W', '\\s', '\\S', '\\b', '\\B', '\\A', '\\z', '\\Z', '\\C', '\\Q', '\\E', '\\Qa.b\\E'],
  ...['\\pL', '\\PN', '\\p{Greek}', '\\p{^L}', '\\P{^Lu}', '\\p{Any}', '\\p{Ascii}', '\\p', '\\p{', '\\p{Grek}'],
  ...['\\.', '\\-', '\\_', '\\ ', '\\é', '\\u', '\\n', '\\v', '\\x41', '\\x', '\\xg', '\\x{1F600}', '\\x{110000}'],
  ...['\\x{}', '\\x{0041}', '\\x{', '\\0', '\\7', '\\8', '\\101', '\\18', '\\377'],
];
const flags = /\(\?[a-zA-Z-]+[:)]/;
const texts = fc
  .array(fc.constantFrom(...parts), { minLength: 1, maxLength: 9 })
  .map((chosen) => chosen.join(''))
  .filter((text) => !flags.test(text));

const letters = ['a', 'b', '/', '-', '_', '1', 'é', 'α', '😀', '\n', ' ', 'A', 'Z', '.', ']', '\\', '0', '{', '}', ','];
const subject = fc.array(fc.constantFrom(...letters), { maxLength: 5 }).map((chosen) => chosen.join(''));

// Expressions that are right, each with texts that match it, as far as its places allow.

type Example = { readonly text: string; readonly matching: readonly string[] };
const example = (text: string, ...matching: readonly string[]): Example => ({ text, matching });
const pairs = (left: readonly string[], right: readonly string[]) => left.flatMap((a) => right.map((b) => a + b));
const few = (matching: readonly string[]): readonly string[] => matching.slice(0, 6);

const leaf = fc.constantFrom(
  ...[
    example('a', 'a'),
    example('/', '/'),
    example('.', 'b', '😀'),
    example('[^/]', 'a', '\n'),
    example('[a-b1]', 'b'),
  ],
  ...[example('\\d', '1'), example('\\W', 'é'), example('\\pL', 'é', 'a'), example('[[:space:]/]', ' '), example('')],
  ...[example('^', ''), example('$', ''), example('\\b', ''), example('\\B', ''), example('\\x{1f600}', '😀')],
);
/** Each with how often the part stands in the example: no more or fewer than the sign allows. */
const repetitions = fc.constantFrom<readonly [string, number]>(
  ...[['*', 0] as const, ['*', 2] as const, ['+', 1] as const, ['+', 3] as const, ['?', 0] as const],
  ...[['{2}', 2] as const, ['{0,2}', 1] as const, ['{1,3}', 3] as const, ['{2,}', 4] as const],
);
const grouped = fc.letrec<{ tree: Example }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 5 },
    leaf,
    fc.tuple(tie('tree'), repetitions).map(([{ text, matching }, [sign, count]]) => {
      const repeated = matching.map((each) => each.repeat(count));
      return example(`(?:${text})${sign}`, ...few(repeated));
    }),
    fc
      .tuple(tie('tree'), tie('tree'))
      .map(([a, b]) => example(`${a.text}${b.text}`, ...few(pairs(a.matching, b.matching)))),
    fc
      .tuple(tie('tree'), tie('tree'))
      .map(([a, b]) => example(`(${a.text}|${b.text})`, ...few([...a.matching, ...b.matching]))),
  ),
})).tree;

/** Texts near another: with a character more, less or changed. */
const near = (text: string): readonly string[] =>
  ['', ...text].flatMap((_, at) => [
    text.slice(0, at) + text.slice(at + 1),
    ...['a', '/', '\n'].map((letter) => text.slice(0, at) + letter + text.slice(at)),
  ]);

const TEXTS = 4_000;

describe('a regular expression', () => {
  it('is refused and matches as in RE2JS, whatever its text is', () => {
    let refused = 0;
    let matching = 0;
    const property = fc.property(texts, fc.array(subject, { minLength: 6, maxLength: 6 }), (text, subjects) => {
      const count = agree(text, ['', ...subjects]);
      if (count === undefined) refused += 1;
      else matching += count;
    });
    fc.assert(property, cases(TEXTS));
    expect(refused).toBeGreaterThan(runs(TEXTS) / 10);
    expect(refused).toBeLessThan((runs(TEXTS) * 9) / 10);
    expect(matching).toBeGreaterThan(runs(TEXTS) / 40);
    proved('texts as regular expressions', { texts: runs(TEXTS), refused, matching });
  });

  it('matches as in RE2JS, whatever it is made of', () => {
    let asked = 0;
    let matching = 0;
    const property = fc.property(grouped, ({ text, matching: examples }) => {
      const subjects = examples.flatMap((each) => [each, ...near(each)]);
      asked += subjects.length;
      matching += agree(text, subjects) ?? 0;
    });
    fc.assert(property, cases(1_500));
    expect(matching).toBeGreaterThan(asked / 10);
    expect(matching).toBeLessThan((asked * 9) / 10);
    proved('regular expressions and paths', { expressions: runs(1_500), asked, matching });
  });
});

describe('a set with a name', () => {
  const runes = Array.from({ length: 0x180 }, (_, rune) => String.fromCodePoint(rune));
  const posix = ['alnum', 'alpha', 'ascii', 'blank', 'cntrl', 'digit', 'graph', 'lower', 'print', 'punct', 'space'];
  const names = [...posix, 'upper', 'word', 'xdigit'].flatMap((name) => [`[[:${name}:]]`, `[[:^${name}:]]`]);

  it.each(['.', '\\d', '\\D', '\\s', '\\S', '\\w', '\\W', ...names])(
    'has the characters that it has in RE2JS: %s',
    (text) => {
      expect(agree(text, runes)).toBeGreaterThan(0);
    },
  );
});

describe("a set of Unicode's", () => {
  // Letters, marks, digits, signs and spaces that have been what they are for many versions of Unicode.
  const runes = [...'aZ09_-/ .\t\n\x00\x7f\u00a0éßǅªαΩЖאع٣ेกあ漢한ʰ\u0301\u200d\u2028€→☃😀👍🏽𝔸\ud7ff\ue000\uffff'];
  const others = ['Any', 'Ascii', 'Assigned', 'Lc'];
  const unknown = ['', 'l', 'LATIN', 'Latn', 'Letter', 'Script=Latin', 'sc=Latin', 'ASCII', 'any', 'Thai Tibetan', '^'];

  it.each([
    ['known', [...unicodeNames(), ...others], 0],
    ['unknown', unknown, unknown.length],
  ])('is what it is in RE2JS: %s', (_, names, refused) => {
    const counts = names.flatMap((name) =>
      [`\\p{${name}}`, `[^\\P{${name}}/]`, `\\p{^${name}}`].map((text) => agree(text, runes)),
    );
    expect(counts.filter((count) => count === undefined)).toHaveLength(3 * refused);
  });
});
