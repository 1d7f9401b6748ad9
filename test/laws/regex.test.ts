// Our regular expressions against RE2JS, from which they took their syntax: a text that uses nothing of what ours leave out is
// refused by both, for the same reason, or accepted by both, and then both agree on every path. What ours leave out they
// refuse. RE2JS is a port of RE2, tested on RE2's own cases.

import fc from 'fast-check';
import { RE2JS } from 're2js';
import { describe, expect, it } from 'vitest';
import { compileRegex } from '../../lib/access/regex/regex.ts';
import { cases, proved, runs } from '../support/proof.ts';

type Matcher = { readonly matches: (text: string) => boolean };

/** What RE2 knows and ours refuse: escapes for letters and digits, sets and groups with names, `(?)`. */
const LEFT_OUT = /\\[aftnrvbBAzCQxpP0-7]|\[:|\(\?(?:\)|P?<)/;
/** What a refusal says of it: the reason, and what is allowed. */
const REFUSAL = /(?:invalid escape sequence|invalid character class range|unsupported Perl syntax): `[^;]*`; /su;

/** What comes of an expression: how it is refused, or what matches it. */
function outcome(compile: (text: string) => Matcher, text: string): { fault: string } | Matcher {
  try {
    return compile(text);
  } catch (error) {
    return { fault: (error as Error).message };
  }
}

/** After the reason follows the part that is wrong: how much of an escape is shown differs. */
const reasonOf = ({ fault }: { fault: string }) => ({ fault: fault.split(': `')[0] ?? '' });

/** How many subjects match, of those that both were asked about; undefined where both refuse. */
function agree(text: string, subjects: readonly string[]): number | undefined {
  const ours = outcome(compileRegex, text);
  const theirs = outcome((each) => RE2JS.compile(each), text);
  if ('fault' in ours || 'fault' in theirs) {
    const reasons = [ours, theirs].map((each) => ({ text, ...('fault' in each ? reasonOf(each) : each) }));
    expect(reasons[0]).toEqual(reasons[1]);
    return undefined;
  }
  const matching = (regex: Matcher) => subjects.filter((subject) => regex.matches(subject));
  expect({ text, matching: matching(ours) }).toEqual({ text, matching: matching(theirs) });
  return matching(ours).length;
}

// Texts that may be no regular expression: parts of the syntax in any order. Flags are refused before an expression is
// compiled (endpoint-pattern.ts), and RE2JS knows them.

const known = [
  ...['a', 'b', '/', '-', '_', '1', 'é', '😀', '\n', ' ', 'Z', '.', '^', '$', '|', '|', '\\', ']', '{', '}', ':]'],
  ...['*', '+', '?', '*?', '{0}', '{2}', '{1,2}', '{0,}', '{3,}', '{2}?', '{2,1}', '{,2}', '{02}', '{2', '{1000}'],
  ...['{1001}', '{9999999999}', '(', '(', '(?:', '(?:', ')', ')', '(?=', '(?!', '(?', 'a-b'],
  ...['[', '[^', '[]a]', '[^]]', '[a-]', '[-a]', '[^a]', '[b-a]', '[a-a]', '[a-z]', '[^/]', '[\\d-]', '[\\w_]'],
  ...['[[a]', '[\\]]', '[\\', '\\d', '\\D', '\\w', '\\W', '\\s', '\\S', '\\Z', '\\E', '\\u', '\\8', '\\é'],
  ...['\\.', '\\-', '\\_', '\\ ', '\\[', '\\\\', '\\/'],
];
const leftOut = [
  ...['\\b', '\\B', '\\A', '\\z', '\\C', '\\Q', '\\Qa.b\\E', '\\pL', '\\PN', '\\p{Greek}', '\\p{^L}', '\\p', '\\p{'],
  ...['\\n', '\\v', '\\t', '\\x41', '\\x', '\\x{1F600}', '\\x{', '\\0', '\\7', '\\101', '\\18', '\\377'],
  ...['[:alpha:]', '[[:^digit:]]', '[[:word:]_-]', '[[:no:]]', '[[:alpha:]', '[[:a]', '[\\w\\pP]'],
  ...['(?P<n>', '(?<m>', '(?<é>', '(?P<', '(?)', '(?<=', '(?P=', '(?<!'],
];
const flags = /\(\?[a-zA-Z-]+[:)]/;
const textOf = (parts: readonly string[]) =>
  fc
    .array(fc.constantFrom(...parts), { minLength: 1, maxLength: 9 })
    .map((chosen) => chosen.join(''))
    .filter((text) => !flags.test(text));
const texts = textOf(known).filter((text) => !LEFT_OUT.test(text));
const others = textOf([...known, ...leftOut, ...leftOut]).filter((text) => LEFT_OUT.test(text));

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
  ...[example('\\d', '1'), example('\\W', 'é'), example('[^\\w/]', 'é', ' '), example('[\\s/]', ' '), example('')],
  ...[example('^', ''), example('$', ''), example('\\.', '.'), example('[α-ω😀]', '😀')],
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

describe('what RE2 knows and paths do not need', () => {
  it('is refused with what is allowed, whatever stands around it', () => {
    let refused = 0;
    const property = fc.property(others, fc.array(subject, { minLength: 6, maxLength: 6 }), (text, subjects) => {
      const ours = outcome(compileRegex, text);
      if ('fault' in ours && REFUSAL.test(ours.fault)) refused += 1;
      // Some other part is refused first, or what looks left out is none: after an escaped backslash, in a set.
      else agree(text, subjects);
    });
    fc.assert(property, cases(TEXTS));
    expect(refused).toBeGreaterThan(runs(TEXTS) / 3);
    proved('regular expressions with what is left out', { texts: runs(TEXTS), refused });
  });

  const sound = [
    '\\a',
    '\\f',
    '\\t',
    '\\n',
    '\\r',
    '\\v',
    '\\b',
    '\\B',
    '\\A',
    '\\z',
    '\\Qa\\E',
    '\\Q',
    '\\x41',
    '\\x{41}',
  ];
  const inBrackets = ['[:alpha:]', '[:^word:]', '\\x41', '\\pL', '\\n', '\\101'].map((each) => `[a${each}]`);
  const groups = ['(?P<n>a)', '(?<n>a)', '(?)'];

  it.each([...sound, '\\pL', '\\PL', '\\p{Greek}', '\\0', '\\12', '\\101', ...inBrackets, ...groups])(
    'is right in RE2JS and refused here: %s',
    (text) => {
      for (const around of [text, `/a/${text}`, `(?:${text}|b)`, `[^/]+${text}.`]) {
        // `\b` after a bracket and the like mean something; `\Q` takes the rest.
        if (!text.startsWith('\\Q')) expect(outcome((each) => RE2JS.compile(each), around)).not.toHaveProperty('fault');
        expect(outcome(compileRegex, around)).toMatchObject({ fault: expect.stringMatching(REFUSAL) });
      }
    },
  );
});

describe('a set with a name', () => {
  const runes = Array.from({ length: 0x180 }, (_, rune) => String.fromCodePoint(rune));

  it.each(['.', '\\d', '\\D', '\\s', '\\S', '\\w', '\\W', '[\\d\\s]', '[^\\w]', '[^\\W\\d]', '[\\S\\s]'])(
    'has the characters that it has in RE2JS: %s',
    (text) => {
      expect(agree(text, runes)).toBeGreaterThan(0);
    },
  );
});
