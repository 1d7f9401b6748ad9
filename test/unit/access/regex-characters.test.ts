// How a regular expression writes one character: as itself, or behind a backslash. Each answer is that of RE2.

import { describe, expect, it } from 'vitest';
import { RegexError } from '../../../lib/access/regex/parse.ts';
import { compileRegex } from '../../../lib/access/regex/regex.ts';
import { matching } from '../../support/regex.ts';

const SMILEY = '\u{1f600}';

describe('a character of a regular expression', () => {
  it.each([
    ['a', ['a'], ['A', 'b', '', 'aa']],
    ['a-b]}', ['a-b]}'], []],
    ['\uffffa', ['\uffffa'], ['\uffff']],
    ['\u{10000}a', ['\u{10000}a'], ['\u{10000}']],
    [`${SMILEY}+`, [SMILEY, SMILEY + SMILEY], ['', SMILEY.slice(0, 1)]],
  ])('%j is itself', (expression, same, others) => {
    expect(matching(expression, [...same, ...others])).toEqual(same);
  });

  it.each([
    ['.', ['a', '\r', '\u2028', '\uffff', SMILEY], ['', '\n', 'ab']],
    ['.a', ['\uffffa', '\u{10000}a', '\u{10ffff}a'], ['\na']],
    ['..', ['ab', `${SMILEY}a`], ['a', SMILEY, '\r\n']],
  ])('%j is any but a new line', (expression, same, others) => {
    expect(matching(expression, [...same, ...others])).toEqual(same);
  });
});

describe('an escape of a regular expression', () => {
  it.each([
    ['\\.', '.', 'a'],
    ['\\\\', '\\', ''],
    ['\\{', '{', '\\{'],
    ['\\_', '_', '\\_'],
    ['\\/', '/', '\\/'],
    ['\\:', ':', '\\:'],
    ['\\@', '@', '\\@'],
    ['\\[', '[', '\\['],
    ['\\`', '`', '\\`'],
    ['\\\x7f', '\x7f', '\\'],
  ])('%j stands for %j', (expression, character, other) => {
    expect(matching(expression, [character, other])).toEqual([character]);
  });

  it.each([
    ['a\\q', '\\q'],
    ['\\Zb', '\\Z'],
    ['\\yb', '\\y'],
    ['b\\E', '\\E'],
    ['\\1', '\\1'],
    ['\\18', '\\1'],
    ['\\8', '\\8'],
    ['\\9a', '\\9'],
    ['\\\x80', '\\\x80'],
    ['\\é', '\\é'],
    [`\\${SMILEY}a`, `\\${SMILEY}`],
    ['\\n', '\\n'],
    ['\\b.', '\\b'],
    ['\\Aa', '\\A'],
    ['\\Qa\\E', '\\Q'],
    ['\\x41', '\\x'],
    ['\\0123', '\\0'],
    ['\\p{L}+', '\\p'],
    ['[\\pL1]', '\\p'],
  ])('%j is none: the fault shows %j and what is allowed', (expression, shown) => {
    const allowed = 'escapes are \\d \\D \\s \\S \\w \\W and marks';
    expect(() => compileRegex(expression)).toThrow(new RegexError('invalid escape sequence', shown, allowed));
  });

  it('needs a character behind its backslash', () => {
    const fault = 'trailing backslash at end of expression';
    for (const expression of ['\\', 'a\\', '[\\'])
      expect(() => compileRegex(expression)).toThrow(new RegexError(fault));
  });
});
