// What a regular expression is made of beside characters: choices, groups, repetitions and the ends of the text. Each answer
// is that of RE2.

import { describe, expect, it } from 'vitest';
import { RegexError } from '../../../lib/access/regex/parse.ts';
import { compileRegex } from '../../../lib/access/regex/regex.ts';
import { matching } from '../../support/regex.ts';

describe('a choice', () => {
  it.each([
    ['', [''], ['a']],
    ['a|b', ['a', 'b'], ['', 'ab', '|']],
    ['a|b|c', ['a', 'b', 'c'], ['', 'd', 'ac']],
    ['ab|cd', ['ab', 'cd'], ['abd', 'acd', 'a', 'cda']],
    ['a|', ['a', ''], ['b']],
    ['|a', ['', 'a'], ['b']],
    ['a||b', ['a', '', 'b'], ['ab']],
  ])('%s matches %j and not %j', (expression, matches, others) => {
    expect(matching(expression, [...matches, ...others])).toEqual(matches);
  });
});

describe('a group', () => {
  it.each([
    ['()', [''], ['a', '()']],
    ['(a|b)c', ['ac', 'bc'], ['a', 'bcc', 'c']],
    ['a(|b)', ['a', 'ab'], ['b', 'abb']],
    ['(?:a(?:b|c))d', ['abd', 'acd'], ['ad', 'abcd']],
    ['(ab|cd)e|f', ['abe', 'cde', 'f'], ['ab', 'abf', 'e']],
    ['((a|b)c|d)e', ['ace', 'bce', 'de'], ['ae', 'cde']],
    ['(?:a|b)c', ['ac', 'bc'], ['a', 'c']],
  ])('%s matches %j and not %j', (expression, matches, others) => {
    expect(matching(expression, [...matches, ...others])).toEqual(matches);
  });

  it.each([
    ['a(', 'missing closing ): `a(`'],
    ['((a)b', 'missing closing ): `((a)b`'],
    ['a(?:b', 'missing closing ): `a(?:b`'],
    ['a)b', 'unexpected ): `a)b`'],
    ['(a)b)c', 'unexpected ): `(a)b)c`'],
  ])('%j is refused: %j', (expression, fault) => {
    expect(() => compileRegex(expression)).toThrow(new RegexError(fault));
  });
  it.each([
    ['a(?', '(?'],
    ['b(?a)', '(?a'],
    ['(?!a)', '(?!'],
    ['(?<=a)', '(?<='],
    ['(?P=n)', '(?P'],
    ['(?P<n>a)', '(?P'],
    ['(?<n>a)', '(?<n'],
    ['a(?)b', '(?)'],
    ['a(?imsU-Usmi=b', '(?i'],
    ['(?\u{1f600}a)', '(?\u{1f600}'],
    ['(?\na)', '(?\n'],
  ])('%j is none: the fault shows %j and what is allowed', (expression, shown) => {
    const fault = new RegexError('invalid or unsupported Perl syntax', shown, 'groups are (…) or (?:…)');
    expect(() => compileRegex(expression)).toThrow(fault);
  });
});

describe('a repetition', () => {
  it.each([
    ['ba*', ['b', 'ba', 'baaa'], ['', 'bab']],
    ['ba+', ['ba', 'baaa'], ['b', 'bab']],
    ['ba?', ['b', 'ba'], ['baa']],
    ['ba{0}', ['b'], ['ba']],
    ['ba{2}', ['baa'], ['ba', 'baaa', 'baba']],
    ['ba{0,}', ['b', 'ba', 'baaa'], ['']],
    ['ba{2,}', ['baa', 'baaaa'], ['b', 'ba']],
    ['ba{0,2}', ['b', 'ba', 'baa'], ['baaa']],
    ['ba{2,3}', ['baa', 'baaa'], ['b', 'ba', 'baaaa']],
    ['a{10}', ['a'.repeat(10)], ['a', 'a'.repeat(9), 'a'.repeat(11)]],
    ['a{9,12}', ['a'.repeat(9), 'a'.repeat(12)], ['a'.repeat(8), 'a'.repeat(13)]],
    ['a{1000}', ['a'.repeat(1_000)], ['a'.repeat(999), 'a'.repeat(1_001)]],
  ])('%s counts', (expression, matches, others) => {
    expect(matching(expression, [...matches, ...others])).toEqual(matches);
  });

  it.each([
    ['ba*?', ['b', 'baaa'], ['']],
    ['ba+?', ['ba', 'baaa'], ['b']],
    ['ba??', ['b', 'ba'], ['baa', 'ba?']],
    ['ba{2}?', ['baa'], ['b', 'ba']],
  ])('%s matches the same, whichever match is preferred', (expression, matches, others) => {
    expect(matching(expression, [...matches, ...others])).toEqual(matches);
  });

  it.each([
    ['(ab|c)*', ['', 'ab', 'cab', 'abcab'], ['a', 'abb']],
    ['(a{2,3}){2}', ['aaaa', 'aaaaaa'], ['aaa', 'aaaaaaa']],
    ['(a*)*b', ['b', 'aab'], ['', 'a']],
    ['(a?){2,}b', ['b', 'aaab'], ['a']],
    ['(^a|b)+', ['a', 'ab', 'bb'], ['ba', '']],
    ['^*a', ['a'], ['^a', '']],
  ])('%s repeats what stands before it', (expression, matches, others) => {
    expect(matching(expression, [...matches, ...others])).toEqual(matches);
  });

  it.each(['{', 'a{', 'a{x}', 'a{1', 'a{,2}', 'a{1x}', 'a{1,x}', 'a{01}', 'a{1,02}', 'a{1, 2}'])(
    '%s counts nothing, and is itself',
    (text) => {
      expect(matching(text, [text, 'a', 'aa'])).toEqual([text]);
    },
  );

  it.each([
    ['*a', 'missing argument to repetition operator: `*`'],
    ['a|+?b', 'missing argument to repetition operator: `+?`'],
    ['a({2,3})', 'missing argument to repetition operator: `{2,3}`'],
    ['a**b', 'invalid nested repetition operator: `**`'],
    ['a+*?b', 'invalid nested repetition operator: `+*?`'],
    ['a???', 'invalid nested repetition operator: `???`'],
    ['ba{2}+', 'invalid nested repetition operator: `{2}+`'],
  ])('%s is refused: %s', (expression, fault) => {
    expect(() => compileRegex(expression)).toThrow(new RegexError(fault));
  });
});

describe('the copies that a repetition makes', () => {
  it.each(['{2,1}', '{1001}', '{1001,}', '{1,1001}', '{99999999999999999999}'])(
    'are at most a thousand, and no fewer than at least: a%s is refused',
    (count) => {
      expect(() => compileRegex(`a${count}`)).toThrow(new RegexError(`invalid repeat count: \`${count}\``));
    },
  );

  it.each([
    '(a{500}){2}',
    '(a{500,}){2}',
    '(a{2,500}){0,2}',
    '((a{10}){10}){10}',
    'a{1000}b{1000}',
    'a{1000}|b{1000}',
    '(a{2}b{3}){333}',
    '(a{1000})?',
    '(a{1000})*',
    '(a{1000})+',
    '(a{1000}){1,}',
    '(a*){1000}',
    '((a{1000}){0}){1000}',
    '(a{0}){1000}',
  ])('%s makes no more', (expression) => {
    expect(() => compileRegex(expression)).not.toThrow();
  });

  it.each([
    ['(a{501})', '{2}'],
    ['(a{501,})', '{2}'],
    ['(a{500})', '{3,}'],
    ['(a{2,501})', '{0,2}'],
    ['((a{10}){10})', '{11}'],
    ['(a{2}b{3})', '{334}'],
    ['(a{3}b{2})', '{334}'],
    ['(a|b{1000})', '{2}'],
    ['(b{1000}|a)', '{2}'],
    ['((a{1000})*)', '{2}'],
    ['((a*){1000})', '{2}'],
    ['((a{0}){1000})', '{2}'],
  ])('%s%s makes more', (expression, count) => {
    expect(() => compileRegex(expression + count)).toThrow(new RegexError(`invalid repeat count: \`${count}\``));
  });
});

describe('a place', () => {
  it.each([
    ['^a$', ['a'], ['^a$', 'aa']],
    ['a^b|a$b', [], ['ab', 'a\nb']],
    ['(^|a)(b|$)', ['', 'a', 'b', 'ab'], ['ba', 'aa']],
    ['(^|a)*b', ['b', 'ab', 'aab'], ['', 'a']],
    ['\n^a|a$\n', [], ['\na', 'a\n']],
    ['$^', [''], ['a']],
  ])('%j is an end of the whole text, of no line', (expression, matches, others) => {
    expect(matching(expression, [...matches, ...others])).toEqual(matches);
  });
});
