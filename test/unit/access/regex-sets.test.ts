// The sets of characters that a regular expression names or writes in brackets. Each answer is that of RE2; what is in a set
// of Unicode's, and in each set with a name, is compared with RE2JS in test/laws/regex.test.ts.

import { describe, expect, it } from 'vitest';
import { RegexError } from '../../../lib/access/regex/cursor.ts';
import { compileRegex } from '../../../lib/access/regex/regex.ts';
import { unicodeNames } from '../../../lib/access/regex/unicode-set.ts';
import { matching } from '../../support/regex.ts';

describe('a set in brackets', () => {
  it.each([
    ['[abd]', ['a', 'b', 'd'], ['c', '', 'ab']],
    ['[^ab]', ['c', '\n', '^'], ['a', 'b', '']],
    ['[a-c]', ['a', 'b', 'c'], ['`', 'd', '-']],
    ['[^a-c]', ['`', 'd', '-'], ['a', 'b', 'c']],
    ['[a-a]', ['a'], ['-', 'b']],
    ['[a-cx-z]', ['b', 'y'], ['d', 'w', '-']],
    ['[\u{1f600}-\u{1f602}]', ['\u{1f601}'], ['a', '\u{1f603}', '\u{1f600}'.slice(0, 1)]],
    ['[a^]', ['a', '^'], ['b']],
    ['[^^]', ['a'], ['^']],
    ['[.$|*+?(){}]', ['.', '$', '|', '*', '+', '?', '(', ')', '{', '}'], ['a']],
  ])('%s has %j and not %j', (expression, inside, outside) => {
    expect(matching(expression, [...inside, ...outside])).toEqual(inside);
  });

  it.each([
    ['[]a]', [']', 'a'], ['[']],
    ['[^]a]', ['b', '^'], [']', 'a']],
    ['[a]]', ['a]'], ['a', ']']],
    ['[\\]a]', [']', 'a'], ['\\']],
  ])('%s: a closing bracket that comes first or is escaped is a character', (expression, inside, outside) => {
    expect(matching(expression, [...inside, ...outside])).toEqual(inside);
  });

  it.each([
    ['[-a]', ['-', 'a'], [',', 'b']],
    ['[a-]', ['a', '-'], ['b', ']']],
    ['[^-a]', ['b'], ['-', 'a']],
    ['[a-c-]', ['b', '-'], ['d']],
    ['[a-c-e]', ['b', '-', 'e'], ['d']],
    ['[--/]', ['-', '.', '/'], [',', '0']],
    ['[\\d-z]', ['1', '-', 'z'], ['a']],
  ])('%s: a hyphen that joins no two characters is itself', (expression, inside, outside) => {
    expect(matching(expression, [...inside, ...outside])).toEqual(inside);
  });

  it.each([
    ['[\\n]', ['\n'], ['n', '\\']],
    ['[\\x41-\\x43]', ['A', 'B', 'C'], ['@', 'D', '-']],
    ['[\\d_]', ['1', '_'], ['a']],
    ['[^\\d_]', ['a'], ['1', '_']],
    ['[\\D1]', ['a', '1'], ['2']],
    ['[\\pL1]', ['a', 'é', '1'], ['2']],
    ['[^\\pL1]', ['2'], ['a', '1']],
    ['[[:alpha:]_]', ['a', '_'], ['1', ':', '[']],
    ['[_[:^alpha:]]', ['1', '_', ':'], ['a']],
    ['[^[:alpha:]1]', ['2', ':'], ['a', '1']],
  ])('%s holds escapes and sets with a name', (expression, inside, outside) => {
    expect(matching(expression, [...inside, ...outside])).toEqual(inside);
  });

  it.each([
    ['[[a]', ['[', 'a'], [':']],
    ['[[:a]', ['[', ':', 'a'], ['b']],
    ['[[:alpha]', ['[', ':', 'p'], ['b']],
    ['[[:alpha]]', [':]', 'a]'], ['a']],
  ])('%s: an opening bracket that begins no name is itself', (expression, inside, outside) => {
    expect(matching(expression, [...inside, ...outside])).toEqual(inside);
  });

  it.each([
    ['a[', 'missing closing ]: `[`'],
    ['a[b', 'missing closing ]: `[b`'],
    ['a[^', 'missing closing ]: `[^`'],
    ['a[]', 'missing closing ]: `[]`'],
    ['a[b-', 'missing closing ]: `[b-`'],
    ['a[[:word:]', 'missing closing ]: `[[:word:]`'],
    ['[ab-az]', 'invalid character class range: `b-a`'],
    ['[a-[:digit:]]', 'invalid character class range: `a-[`'],
    ['[a-\\d]', 'invalid escape sequence: `\\d`'],
    ['[a\\b]', 'invalid escape sequence: `\\b`'],
    ['[\\Qa\\E]', 'invalid escape sequence: `\\Q`'],
    ['a[[:x:]]', 'invalid character class range: `[:x:]`'],
    ['[a[:^x:]]', 'invalid character class range: `[:^x:]`'],
    ['[[:ALPHA:]]', 'invalid character class range: `[:ALPHA:]`'],
    ['[[:constructor:]]', 'invalid character class range: `[:constructor:]`'],
    ['[[::]]', 'invalid character class range: `[::]`'],
    ['[[:a]b:]', 'invalid character class range: `[:a]b:]`'],
  ])('%s is refused: %s', (expression, fault) => {
    expect(() => compileRegex(expression)).toThrow(new RegexError(fault));
  });
});

describe('a set with a name', () => {
  it.each([
    ['\\d', ['0', '9'], ['/', ':', 'a', '\u0663']],
    ['\\D', ['/', ':', 'a', '\u0663'], ['0', '9']],
    ['\\s', ['\t', '\n', '\f', '\r', ' '], ['\b', '\v', '\x0e', '\x1f', '!', '\u00a0']],
    ['\\S', ['\b', '\v', '\x0e', '\x1f', '!', '\u00a0'], ['\t', '\n', '\f', '\r', ' ']],
    ['\\w', ['0', '9', 'A', 'Z', '_', 'a', 'z'], ['/', ':', '@', '[', '^', '`', '{', 'é']],
    ['\\W', ['/', ':', '@', '[', '^', '`', '{', 'é'], ['0', '9', 'A', 'Z', '_', 'a', 'z']],
  ])('%s has %j and not %j', (expression, inside, outside) => {
    expect(matching(expression, [...inside, ...outside])).toEqual(inside);
  });

  it.each([
    ['alnum', ['0', '9', 'A', 'Z', 'a', 'z'], ['/', ':', '@', '[', '`', '{', '_', 'é']],
    ['alpha', ['A', 'Z', 'a', 'z'], ['@', '[', '`', '{', '0', 'é']],
    ['ascii', ['\x00', 'a', '\x7f'], ['\x80', 'é']],
    ['blank', ['\t', ' '], ['\b', '\n', '\x1f', '!']],
    ['cntrl', ['\x00', '\x1f', '\x7f'], [' ', '~', '\x80']],
    ['digit', ['0', '9'], ['/', ':']],
    ['graph', ['!', 'a', '~'], [' ', '\x7f']],
    ['lower', ['a', 'z'], ['`', '{', 'A']],
    ['print', [' ', 'a', '~'], ['\x1f', '\x7f']],
    ['punct', ['!', '/', ':', '@', '[', '`', '{', '~'], [' ', '0', '9', 'A', 'Z', 'a', 'z', '\x7f']],
    ['space', ['\t', '\n', '\v', '\f', '\r', ' '], ['\b', '\x0e', '\x1f', '!']],
    ['upper', ['A', 'Z'], ['@', '[', 'a']],
    ['word', ['0', '9', 'A', 'Z', '_', 'a', 'z'], ['/', ':', '@', '[', '^', '`', '{', 'é']],
    ['xdigit', ['0', '9', 'A', 'F', 'a', 'f'], ['/', ':', '@', 'G', '`', 'g']],
  ])('[:%s:] has %j and not %j', (name, inside, outside) => {
    expect(matching(`[[:${name}:]]`, [...inside, ...outside])).toEqual(inside);
    expect(matching(`[[:^${name}:]]`, [...inside, ...outside])).toEqual(outside);
  });
});

describe("a set of Unicode's", () => {
  it('is a category, a property or a script', () => {
    const names = unicodeNames();
    expect(names).toEqual(
      expect.arrayContaining(['C', 'Zs', 'Alphabetic', 'White_Space', 'Adlam', 'Zanabazar_Square']),
    );
    expect(names).toHaveLength(229);
  });

  it.each([
    ['\\pL', ['a', 'é', 'あ'], ['1', '']],
    ['\\PL', ['1', '\u{1f600}'], ['a', 'é']],
    ['\\p{L}', ['a', 'é'], ['1', 'aL}']],
    ['\\P{L}', ['1'], ['a', 'é']],
    ['\\p{^L}', ['1'], ['a', 'é']],
    ['\\P{^L}', ['a', 'é'], ['1']],
    ['\\p{Lu}', ['A', 'É'], ['a', 'ǅ']],
    ['\\pLu', ['Au'], ['A', 'u']],
    ['\\p{LC}', ['a', 'A', 'ǅ'], ['あ', '1']],
    ['\\p{Lc}', ['a', 'A', 'ǅ'], ['あ', '1']],
    ['\\p{Nd}', ['1', '\u0663'], ['½', 'a']],
    ['\\p{Greek}', ['α'], ['a', 'ж']],
    ['\\p{White_Space}', [' ', '\u00a0'], ['_']],
    ['\\p{Any}', ['\x00', 'a', '\u{10ffff}'], ['', 'ab']],
    ['\\p{Ascii}', ['\x00', 'a', '\x7f'], ['\x80']],
    ['\\p{Assigned}', ['a', '\u{1f600}'], ['\uffff', '\u{10ffff}']],
  ])('%s has %j and not %j', (expression, inside, outside) => {
    expect(matching(expression, [...inside, ...outside])).toEqual(inside);
  });

  it.each([
    ['\\p', '\\p'],
    ['a\\P', '\\P'],
    ['[\\p]', '\\p]'],
    ['\\p{', '\\p{'],
    ['a\\p{Lb', '\\p{Lb'],
    ['\\pXb', '\\pX'],
    ['\\p\u{1f600}b', '\\p\u{1f600}'],
    ['\\p\nb', '\\p\n'],
    ['\\p{}a', '\\p{}'],
    ['\\p{^}', '\\p{^}'],
    ['\\p^L', '\\p^'],
    ['\\p{^^L}', '\\p{^^L}'],
    ['\\p{l}', '\\p{l}'],
    ['\\p{ L}', '\\p{ L}'],
    ['\\p{Letter}', '\\p{Letter}'],
    ['\\p{Latn}', '\\p{Latn}'],
    ['\\p{Script=Greek}', '\\p{Script=Greek}'],
    ['\\p{ASCII}', '\\p{ASCII}'],
    ['\\p{any}', '\\p{any}'],
  ])('%j is none: the fault shows %j', (expression, shown) => {
    expect(() => compileRegex(expression)).toThrow(new RegexError(`invalid character class range: \`${shown}\``));
  });
});
