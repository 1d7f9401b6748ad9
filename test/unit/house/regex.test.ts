// No regular expression of lib takes longer than its text is long: each is given the texts that regular expressions are slow
// on, and twice the text may not take four times the work. Work is this process's own processor time, and only its growth
// is looked at. Permitted endpoints, which records bring, run on a machine of our own that reads each character once.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { compileRegex } from '../../../lib/access/regex/regex.ts';
import { proved } from '../../support/proof.ts';

const LIB = join(import.meta.dirname, '../../../lib');
/** Built with the app, before there is a request. */
const BUILD_TIME = /^infra\//;

/** Slow on texts that nobody but an operator or a program writes, and that are short. */
const SHORT: Readonly<Record<string, string>> = {
  '/[eE].*$/': 'a number, whose digits and exponent are bounded where it is read',
  '/\\{([^}]+)\\}/g': 'a route of the definition',
  '/\\(?((?:file:\\/\\/)?[^\\s()]+):(\\d+):\\d+\\)?$/': 'a line of a stack trace, where a definition is made',
  '/^(?:async )?(?:(.*) \\()?(.*?):(\\d+):(\\d+)\\)?$/': 'a line of a stack trace, which describe-error.ts has bounded',
  '/\\$(?!\\{?context\\.)|^\\s*#/m': 'a template of the synthesized stack',
  '/"[^"\\\\]*(?:\\\\.[^"\\\\]*)*"(\\s*:)?/g': 'an answer of DynamoDB, which is JSON: every string in it has an end',
};

function literalsOf(file: string): string[] {
  const source = ts.createSourceFile(file, readFileSync(join(LIB, file), 'utf8'), ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) found.push(node.text);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

const files = readdirSync(LIB, { recursive: true }).map(String);
const sources = files.filter((file) => /\.[jt]s$/.test(file) && !BUILD_TIME.test(file));
const literals = [...new Set(sources.flatMap(literalsOf))];

function regexOf(literal: string): RegExp {
  const end = literal.lastIndexOf('/');
  return new RegExp(literal.slice(1, end), literal.slice(end + 1));
}

/** Characters of every sort that an expression may tell apart, and those that stand in it. */
function charactersOf(literal: string): readonly string[] {
  const own = [...literal.replace(/\\[a-zA-Z]/g, '')].filter((each) => !/[\\^$|?*+()]/.test(each));
  return [...new Set([...own.slice(0, 6), ...'a0 \\"./(:[{%=\n\u2028'])];
}

/** What an expression may begin with before it repeats: its first characters, read as text. */
function beginningsOf(literal: string): readonly string[] {
  const text = /^\/\^?((?:\\[^a-zA-Z0-9]|[^\\^$.|?*+()[\]{}])*)/.exec(literal)?.[1]?.replaceAll('\\', '') ?? '';
  return text === '' ? [''] : ['', text];
}

type Attack = { readonly begin: string; readonly pump: string; readonly end: string };

function* attacksOn(literal: string): Generator<Attack> {
  const characters = charactersOf(literal);
  const pumps = [...characters, ...characters.flatMap((one) => characters.map((other) => one + other))];
  for (const begin of beginningsOf(literal)) {
    for (const pump of pumps) for (const end of ['', '\u0000', 'x\u2028y']) yield { begin, pump, end };
  }
}

const textOf = ({ begin, pump, end }: Attack, length: number) => begin + pump.repeat(length / pump.length) + end;

/** Microseconds of this process for so many rounds; the least of some. */
function work(regex: RegExp, text: string, rounds: number): number {
  let least = Number.POSITIVE_INFINITY;
  for (let tries = 0; tries < 3; tries += 1) {
    const start = process.cpuUsage().user;
    for (let round = 0; round < rounds; round += 1) text.replace(regex, '');
    least = Math.min(least, process.cpuUsage().user - start);
  }
  return least;
}

const FIRST_LENGTH = 8;
const LAST_LENGTH = 1_024;
/** So long a run of one text is slow enough to tell; measured work is the sum of several. */
const TELLING_NANOSECONDS = 100_000n;
const ENOUGH_MICROSECONDS = 2_000;
const MOST_ROUNDS = 64;
const FACTOR = 4;
/** Of linear work growth is about 1; of square work as much as the texts are longer. */
const MOST_GROWTH = 2.2;

function nanoseconds(regex: RegExp, text: string): bigint {
  const start = process.hrtime.bigint();
  text.replace(regex, '');
  return process.hrtime.bigint() - start;
}

const least = (one: bigint, other: bigint) => (one < other ? one : other);

/** The attack that costs most, and a length at which it can be told. Lengths rise slowly: work may grow without measure. */
function worstOf(literal: string): { readonly attack: Attack; readonly length: number } {
  const regex = regexOf(literal);
  const attacks = [...attacksOn(literal)];
  for (let length = FIRST_LENGTH; ; length *= 2) {
    let [worst, most] = [attacks[0] as Attack, 0n];
    for (const attack of attacks) {
      const text = textOf(attack, length);
      // Anything may come in between, once or twice.
      let took = nanoseconds(regex, text);
      for (let again = 0; again < 3 && took > most; again += 1) took = least(took, nanoseconds(regex, text));
      if (took > most) [worst, most] = [attack, took];
    }
    if (most > TELLING_NANOSECONDS || length >= LAST_LENGTH) return { attack: worst, length };
  }
}

/** How many times as much work the same number of characters is in texts that are longer: about 1, if linear. */
function growth(literal: string): number {
  const regex = regexOf(literal);
  const { attack, length } = worstOf(literal);
  const [short, long] = [textOf(attack, length), textOf(attack, length * FACTOR)];
  let rounds = FACTOR;
  while (rounds < MOST_ROUNDS && work(regex, short, rounds) < ENOUGH_MICROSECONDS) rounds *= 4;
  return work(regex, long, rounds / FACTOR) / Math.max(work(regex, short, rounds), ENOUGH_MICROSECONDS);
}

/** Judges by two of three measurements: other work on the machine comes in between. Planted and real ones are judged alike. */
function isSlow(literal: string): boolean {
  const [first, second] = [growth(literal) > MOST_GROWTH, growth(literal) > MOST_GROWTH];
  return first === second ? first : growth(literal) > MOST_GROWTH;
}

describe('a regular expression of lib', () => {
  it('is slow where it is planted so, or this test would see nothing', () => {
    for (const planted of ['/\\/+$/', '/^a*a*$/', '/\\s+x/']) expect(isSlow(planted), planted).toBe(true);
  }, 60_000);

  it('takes work in proportion to its text, whatever the text is', () => {
    expect(literals.length).toBeGreaterThan(100);
    const slow = literals.filter(isSlow);
    expect(slow.filter((literal) => SHORT[literal] === undefined)).toEqual([]);
    proved('regular expressions of lib', { expressions: literals.length, 'not linear': slow.length });
  }, 60_000);
});

describe('a permitted endpoint', () => {
  it.each([
    '(a+)+$',
    '(a|aa)+$',
    '(a|a?)+b',
    '(.*)*.*.*x',
    '(?:a?){500}a{500}',
    '([a-z]+)*!',
    '(\\w*\\d*)*-',
    '(a*)*b',
  ])('reads each character once, and the one behind it: %s', (pattern) => {
    const regex = compileRegex(pattern);
    for (const length of [100, 1_000, 8_000]) {
      let read = 0;
      const path = 'a'.repeat(length);
      const counted = {
        codePointAt: (at: number) => {
          read += 1;
          return path.codePointAt(at);
        },
      };
      regex.matches(counted as unknown as string);
      expect(read).toBeLessThanOrEqual(length + 1);
    }
  });
});
