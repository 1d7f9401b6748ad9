// The sets of characters that a regular expression names or writes in brackets. Each answer is that of RE2; what is in each
// set with a name is compared with RE2JS in test/laws/regex.test.ts.

import { describe, expect, it } from 'vitest';
import { RegexError } from '../../../lib/access/regex/parse.ts';
import { compileRegex } from '../../../lib/access/regex/regex.ts';
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
    ['[\\[-\\]]', ['[', '\\', ']'], ['Z', '^', '-']],
    ['[\\d_]', ['1', '_'], ['a']],
    ['[^\\d_]', ['a'], ['1', '_']],
    ['[\\D1]', ['a', '1'], ['2']],
  ])('%s holds escapes and sets with a name', (expression, inside, outside) => {
    expect(matching(expression, [...inside, ...outside])).toEqual(inside);
  });

  it.each([
    ['[[a]', ['[', 'a'], [':']],
    ['[[a:]', ['[', ':', 'a'], ['b']],
    ['[\\[:a:]', ['[', ':', 'a'], ['b']],
    ['[a[]:]', ['a:]', '[:]'], ['a']],
  ])('%s: an opening bracket inside is itself', (expression, inside, outside) => {
    expect(matching(expression, [...inside, ...outside])).toEqual(inside);
  });

  it.each([
    ['a[', 'missing closing ]: `[`'],
    ['a[b', 'missing closing ]: `[b`'],
    ['a[^', 'missing closing ]: `[^`'],
    ['a[]', 'missing closing ]: `[]`'],
    ['a[b-', 'missing closing ]: `[b-`'],
    ['[ab-az]', 'invalid character class range: `b-a`'],
    ['[a-[:digit:]]', 'invalid character class range: `a-[`'],
  ])('%s is refused: %s', (expression, fault) => {
    expect(() => compileRegex(expression)).toThrow(new RegexError(fault));
  });

  it.each(['[a-\\d]', '[a\\b]', '[\\Qa\\E]', '[\\n]', '[\\x41]'])('%s is refused for its escape', (expression) => {
    expect(() => compileRegex(expression)).toThrow('invalid escape sequence: `\\');
  });

  it.each(['[[:alpha:]]', '[a[:^x:]]', '[[:ALPHA:]]', '[[::]]', '[[:a]', '[^_[:alpha]]', '[\\d[:a]b:]'])(
    '%s is refused: no set has a name there',
    (expression) => {
      const allowed = 'write sets as a-z, \\d, \\w or \\s, and the character [ as \\[';
      const fault = new RegexError('invalid character class range', '[:', allowed);
      expect(() => compileRegex(expression)).toThrow(fault);
    },
  );
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
});
