// What a regular expression is made of beside characters: choices, groups, repetitions, places and quotations. Each answer
// is that of RE2.

import { describe, expect, it } from 'vitest';
import { RegexError } from '../../../lib/access/regex/cursor.ts';
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
    ['(ab|cd)e|f', ['abe', 'cde', 'f'], ['ab', 'abf', 'e']],
    ['((a|b)c|d)e', ['ace', 'bce', 'de'], ['ae', 'cde']],
    ['(?:a|b)c', ['ac', 'bc'], ['a', 'c']],
    ['(?P<name>a|b)c', ['ac', 'bc'], ['a', 'c']],
    ['(?<n_1>a|b)c', ['ac', 'bc'], ['a', 'c']],
    ['(?<one>a)(?P<two>b)', ['ab'], ['a']],
    ['a(?)b', ['ab'], ['a?b', 'b']],
  ])('%s matches %j and not %j', (expression, matches, others) => {
    expect(matching(expression, [...matches, ...others])).toEqual(matches);
  });

  it.each([
    ['a(', 'missing closing ): `a(`'],
    ['((a)b', 'missing closing ): `((a)b`'],
    ['a(?:b', 'missing closing ): `a(?:b`'],
    ['a(?<n>', 'missing closing ): `a(?<n>`'],
    ['a)b', 'unexpected ): `a)b`'],
    ['(a)b)c', 'unexpected ): `(a)b)c`'],
    ['a(?<nb', 'invalid named capture: `(?<nb`'],
    ['(?P<>a)', 'invalid named capture: `(?P<>`'],
    ['(?<é>a)', 'invalid named capture: `(?<é>`'],
    ['b(?<n->a)', 'invalid named capture: `(?<n->`'],
    ['(?<-n>a)', 'invalid named capture: `(?<-n>`'],
    ['(?<n>(?P<n>a))', 'duplicate capture group name: `n`'],
    ['a(?', 'invalid or unsupported Perl syntax: `(?`'],
    ['b(?a)', 'invalid or unsupported Perl syntax: `(?a`'],
    ['(?!a)', 'invalid or unsupported Perl syntax: `(?!`'],
    ['(?P=n)', 'invalid or unsupported Perl syntax: `(?P`'],
    ['a(?imsU-Usmi=b', 'invalid or unsupported Perl syntax: `(?imsU-Usmi=`'],
    ['(?i-\u{1f600}a)', 'invalid or unsupported Perl syntax: `(?i-\u{1f600}`'],
    ['(?\na)', 'invalid or unsupported Perl syntax: `(?\n`'],
  ])('%j is refused: %j', (expression, fault) => {
    expect(() => compileRegex(expression)).toThrow(new RegexError(fault));
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
    ['a(?)*b', ['b', 'aab'], ['a']],
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
    ['(?)?', 'missing argument to repetition operator: `?`'],
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
    ['\\Aa\\z', ['a'], ['aa', '\\Aa\\z']],
    ['a^b|a\\Ab|a$b|a\\zb', [], ['ab', 'a\nb']],
    ['(^|a)(b|$)', ['', 'a', 'b', 'ab'], ['ba', 'aa']],
    ['(^|a)*b', ['b', 'ab', 'aab'], ['', 'a']],
    ['\n^a|a$\n', [], ['\na', 'a\n']],
    ['$^', [''], ['a']],
  ])('%j is an end of the whole text, of no line', (expression, matches, others) => {
    expect(matching(expression, [...matches, ...others])).toEqual(matches);
  });

  it.each([
    ['.\\b.', ['a-', '-a', 'aé', '_/', '0 ', 'Z@', '`a'], ['ab', '--', 'a_', '09', 'éé']],
    ['.\\B.', ['ab', '--', 'a_', '09', 'éé'], ['a-', '-a', 'aé', '_/', '0 ', 'Z@', '`a']],
    ['\\b.', ['a', '0', '_'], ['-', 'é']],
    ['\\B.', ['-', 'é'], ['a', '0', '_']],
    ['.\\b', ['a', '0', '_'], ['-', 'é']],
    ['.\\B', ['-', 'é'], ['a', '0', '_']],
    ['\\b', [], ['', 'a']],
    ['\\B', [''], ['a']],
  ])('%s is an edge of a word of ASCII, or none', (expression, matches, others) => {
    expect(matching(expression, [...matches, ...others])).toEqual(matches);
  });
});

describe('a quotation', () => {
  it.each([
    ['\\Qa.b\\Ec', ['a.bc'], ['axbc', 'a.b']],
    ['\\Qa.b', ['a.b'], ['axb']],
    ['a\\Q', ['a'], ['a\\Q']],
    ['\\Q\\E', [''], ['\\E']],
    ['\\Q(a|*\\n[\\E', ['(a|*\\n['], []],
    ['\\Qa\nb', ['a\nb'], ['a']],
    ['\\Qab\\E+', ['ab', 'abb'], ['abab']],
    ['\\Qa\u{1f600}\\E+', ['a\u{1f600}\u{1f600}'], ['a']],
    ['(\\Qa)\\E|b)', ['a)', 'b'], ['a']],
    ['\\Qa\\E.\\Q.\\E', ['ax.'], ['axx']],
    ['a*\\Q\\E*', ['', 'aa'], ['a*']],
  ])('%j matches %j and not %j', (expression, matches, others) => {
    expect(matching(expression, [...matches, ...others])).toEqual(matches);
  });

  it.each([
    ['a\\E', 'invalid escape sequence: `\\E`'],
    ['a|\\Q\\E*', 'missing argument to repetition operator: `*`'],
  ])('%s is refused: %s', (expression, fault) => {
    expect(() => compileRegex(expression)).toThrow(new RegexError(fault));
  });
});
