// How a regular expression writes one character: as itself, or behind a backslash. Each answer is that of RE2.

import { describe, expect, it } from 'vitest';
import { RegexError } from '../../../lib/access/regex/cursor.ts';
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
    ['\\a', '\x07', 'a'],
    ['\\f', '\f', 'f'],
    ['\\n', '\n', 'n'],
    ['\\r', '\r', 'r'],
    ['\\t', '\t', 't'],
    ['\\v', '\v', 'v'],
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
    ['\\0', '\x00'],
    ['\\01', '\x01'],
    ['\\08', '\x008'],
    ['\\012', '\n'],
    ['\\0123', '\n3'],
    ['\\12', '\n'],
    ['\\128', '\n8'],
    ['\\123', 'S'],
    ['\\1234', 'S4'],
    ['\\777', '\u01ff'],
  ])('%s counts in eights, with up to three digits', (expression, text) => {
    expect(matching(expression, [text, expression.slice(1)])).toEqual([text]);
  });

  it.each([
    ['\\x4a', 'J'],
    ['\\x4A', 'J'],
    ['\\xf0', '\u00f0'],
    ['\\x412', 'A2'],
    ['\\x{0}', '\x00'],
    ['\\x{41}', 'A'],
    ['\\x{000000041}', 'A'],
    ['\\x{aF}', '\u00af'],
    ['\\x{1F600}', SMILEY],
    ['\\x{10ffff}', '\u{10ffff}'],
  ])('%s counts in sixteens, with two digits or as many as stand in braces', (expression, text) => {
    expect(matching(expression, [text, expression.slice(1)])).toEqual([text]);
  });

  it.each([
    ['a\\q', '\\q'],
    ['\\Zb', '\\Z'],
    ['\\yb', '\\y'],
    ['\\Ab\\E', '\\E'],
    ['\\1', '\\1'],
    ['\\18', '\\1'],
    ['\\8', '\\8'],
    ['\\9a', '\\9'],
    ['\\\x80', '\\\x80'],
    ['\\é', '\\é'],
    [`\\${SMILEY}a`, `\\${SMILEY}`],
    ['\\x', '\\x'],
    ['\\x4', '\\x4'],
    ['\\xg', '\\xg'],
    ['a\\x4gb', '\\x4g'],
    ['\\x1\nb', '\\x1\n'],
    [`\\x${SMILEY}ab`, `\\x${SMILEY}a`],
    ['\\x{', '\\x{'],
    ['\\x{}a', '\\x{}'],
    ['\\x{12', '\\x{12'],
    ['\\x{aFg}', '\\x{aFg'],
    ['\\x{1\n}', '\\x{1\n'],
    [`\\x{${SMILEY}}`, `\\x{${SMILEY}`],
    ['a\\x{110000}b', '\\x{110000}'],
    ['\\x{1000000}b', '\\x{1000000}'],
  ])('%j is none: the fault shows %j', (expression, shown) => {
    expect(() => compileRegex(expression)).toThrow(new RegexError(`invalid escape sequence: \`${shown}\``));
  });

  it('needs a character behind its backslash', () => {
    const fault = 'trailing backslash at end of expression';
    for (const expression of ['\\', 'a\\', '[\\'])
      expect(() => compileRegex(expression)).toThrow(new RegexError(fault));
  });
});
