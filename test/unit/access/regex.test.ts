// The part of RE2's syntax that paths need, in linear time. What every expression means is compared with another engine in
// test/laws/regex.test.ts; here stands what that cannot show.

import { describe, expect, it, vi } from 'vitest';
import { parseRegex, RegexError } from '../../../lib/access/regex/parse.ts';
import { makeProgram } from '../../../lib/access/regex/program.ts';
import { compileRegex } from '../../../lib/access/regex/regex.ts';

function faultOf(text: string): unknown {
  try {
    return compileRegex(text);
  } catch (error) {
    return error;
  }
}

const statesOf = (text: string) => makeProgram(parseRegex(text)).kinds.length;

describe('a regular expression', () => {
  it('is refused with a fault that names itself', () => {
    expect(String(faultOf('x[b-a]'))).toBe('RegexError: error parsing regexp: invalid character class range: `b-a`');
    expect(String(faultOf('x\\'))).toBe('RegexError: error parsing regexp: trailing backslash at end of expression');
  });

  it.each([
    ['[a', 'missing closing ]: `[a`'],
    ['(a', 'missing closing ): `(a`'],
    ['a)b', 'unexpected ): `a)b`'],
    ['a|*?', 'missing argument to repetition operator: `*?`'],
    ['ab**', 'invalid nested repetition operator: `**`'],
    ['a{2}{3}', 'invalid nested repetition operator: `{2}{3}`'],
    ['a{1001}', 'invalid repeat count: `{1001}`'],
    ['(a{100}){11}?', 'invalid repeat count: `{11}?`'],
    ['((a{1000}){1}){2}', 'invalid repeat count: `{2}`'],
    ['[b-a]', 'invalid character class range: `b-a`'],
    ['a\\', 'trailing backslash at end of expression'],
  ])('%s is refused in words of RE2', (text, fault) => {
    expect(() => compileRegex(text)).toThrow(new RegexError(fault));
  });

  it.each([
    ['a', 2],
    ['.*', 3],
    // A repetition without an end is a loop, whatever it stands in.
    ['((((((((a+)+)+)+)+)+)+)+)+', 11],
    ['((((((((a*)*)*)*)*)*)*)*)*', 11],
    ['a{3}', 4],
    ['a{3,}', 5],
    ['a{1,3}', 6],
    ['((a{10}){10}){10}', 1_001],
    ['((a{1000}){0}b){1000}', 1_001],
  ])('%s has %i states', (text, states) => {
    expect(statesOf(text)).toBe(states);
  });

  it('with more states than a path has time for is refused', () => {
    const thousands = 'a{999}'.repeat(10);
    expect(statesOf(`${thousands}a{9}`)).toBe(10_000);
    expect(() => compileRegex(`${thousands}a{10}`)).toThrow(new RegexError('expression too large'));
  });

  it('may nest as deep as its text is long', () => {
    const deep = `${'('.repeat(500)}a${')*'.repeat(500)}`;
    const regex = compileRegex(deep);
    expect([regex.matches(''), regex.matches('aaa'), regex.matches('ab')]).toEqual([true, true, false]);
  });

  it('reads no further where nothing can match any more', () => {
    const readOf = (expression: string, text: string) => {
      const read: number[] = [];
      const codePointAt = (at: number) => {
        read.push(at);
        return text.codePointAt(at);
      };
      const matches = compileRegex(expression).matches({ codePointAt } as unknown as string);
      return { matches, read };
    };
    expect(readOf('ab', 'xyz')).toEqual({ matches: false, read: [0, 1] });
    expect(readOf('a?', 'abc')).toEqual({ matches: false, read: [0, 1] });
    expect(readOf('$', 'abc')).toEqual({ matches: false, read: [0] });
    expect(readOf('ab', 'ab')).toEqual({ matches: true, read: [0, 1, 2] });
  });

  it('asks a set once about a character, however many copies of it wait', () => {
    const asked = vi.spyOn(Array.prototype, 'some');
    try {
      const regex = compileRegex('(([α-ω]|[一-龥]){0,31}){0,31}!');
      asked.mockClear();
      expect(regex.matches('α'.repeat(100))).toBe(false);
      expect(asked).toHaveBeenCalledTimes(200);
    } finally {
      asked.mockRestore();
    }
  });

  it('reads characters, not their halves', () => {
    const smiley = '\u{1f600}';
    expect(compileRegex('.').matches(smiley)).toBe(true);
    expect(compileRegex('..').matches(smiley)).toBe(false);
    expect(compileRegex(`[${smiley}]`).matches(smiley.slice(0, 1))).toBe(false);
  });
});
