// What is left of several demands, and that every item answers it as it answers them all.

import { describe, expect, it } from 'vitest';
import type { Path } from '../../../lib/base/path.ts';
import { type Item, itemOf, type Value } from '../../../lib/base/value.ts';
import {
  all,
  any,
  type Comparator,
  type Condition,
  compare,
  contains,
  exists,
  FALSE,
  hasType,
  not,
  oneOf,
  startsWith,
  TRUE,
} from '../../../lib/condition/condition.ts';
import { evaluator } from '../../../lib/condition/evaluate.ts';
import { printCondition } from '../../../lib/condition/print.ts';
import { simplify } from '../../../lib/condition/simplify.ts';
import { item } from '../../support/values.ts';

const a: Path = ['a'];
const S = (text: string): Value => ({ S: text });
const N = (number: number): Value => ({ N: String(number) });
const is = (comparator: Comparator, value: Value): Condition => compare(a, comparator, value);
const prefix = (text: string) => startsWith(a, text);

const values = [0, 1, 2, 3, 4, 5, 'a', 'b', 'ba', 'bb', 'bz', 'c', 'ca', 'q', true, null, ['x'], new Set(['x', 'q'])];
const rows: readonly Item[] = [
  item({}),
  ...values.flatMap((value) => [item({ a: value }), item({ a: value, b: 1 }), item({ a: { x: value } })]),
  item({ a: ['x'], l: ['x'] }),
  item({ l: ['y'] }),
];

/** In either order. */
function check(parts: readonly Condition[], join: typeof all, expected: string): void {
  for (const given of [parts, parts.toReversed()]) {
    const whole = join(given);
    const simple = simplify(whole);
    const [asked, answered] = [evaluator(whole), evaluator(simple)];
    for (const row of rows) expect(answered(row), JSON.stringify(row)).toBe(asked(row));
    expect([expected, expected.split(' and ').toReversed().join(' and ')]).toContain(printCondition(simple));
  }
}

describe('of demands on one attribute', () => {
  it.each<[string, Condition[], string]>([
    ['the tightest low end', [is('>', N(1)), is('>', N(3)), is('>', N(2))], 'a > 3'],
    ['the tightest high end', [is('<', N(1)), is('<', N(3)), is('<', N(2))], 'a < 1'],
    ['the stricter of two low ends', [is('>', N(1)), is('>=', N(1))], 'a > 1'],
    ['the stricter of two high ends', [is('<', N(1)), is('<=', N(1))], 'a < 1'],
    ['a looser end that is stricter goes', [is('>', N(1)), is('>=', N(2))], 'a >= 2'],
    ['one end beside a denial', [is('<', N(3)), not(is('=', N(1)))], 'a < 3 and not (a = 1)'],
    ['both ends', [is('>=', N(1)), is('<=', N(4)), is('>', N(0))], 'a >= 1 and a <= 4'],
    ['one value between both ends', [is('>=', N(3)), is('<=', N(3))], 'a >= 3 and a <= 3'],
    ['nothing between ends that meet', [is('>=', N(3)), is('<', N(3))], 'false'],
    ['nothing between ends that meet, the other', [is('>', N(3)), is('<=', N(3))], 'false'],
    ['nothing between ends that cross', [is('>=', N(4)), is('<=', N(1))], 'false'],
    ['nothing beyond what has no order', [is('>', { BOOL: false }), is('<', { BOOL: true })], 'false'],
    ['nothing below what has no order', [is('<', { NULL: true }), is('<=', { NULL: true })], 'false'],
    ['nothing above what has no order', [is('>', { BOOL: true }), is('>=', { BOOL: false })], 'false'],
    ['the longest prefix', [prefix('b'), prefix('ba'), prefix('')], 'a starts with "ba"'],
    ['nothing of two prefixes', [prefix('b'), prefix('c')], 'false'],
    ['a prefix and the end inside it', [prefix('b'), is('>', S('ba'))], 'a > "ba" and a starts with "b"'],
    ['a prefix and the end at its beginning', [prefix('b'), is('<=', S('b'))], 'a <= "b" and a starts with "b"'],
    ['a prefix and the end behind it', [prefix('b'), is('<', S('c'))], 'a < "c" and a starts with "b"'],
    ['nothing of a prefix behind its end', [prefix('b'), is('<', S('b'))], 'false'],
    ['nothing of a prefix far behind its end', [prefix('b'), is('<=', S('a'))], 'false'],
    ['nothing of a prefix before its end', [prefix('b'), is('>', S('c'))], 'false'],
    ['nothing of a prefix just before its end', [prefix('b'), is('>=', S('c'))], 'false'],
    [
      'a prefix behind which nothing comes',
      [prefix('\u{10ffff}'), is('>', S('c'))],
      'a > "c" and a starts with "\u{10ffff}"',
    ],
    [
      'all else that they say',
      [is('>', S('a')), is('<', S('q')), contains(a, S('z'))],
      'a > "a" and a < "q" and a contains "z"',
    ],
    ['a type beside what has it', [hasType(a, 'N'), is('<', N(3))], 'a < 3'],
    ['a type beside a prefix', [hasType(a, 'S'), prefix('b')], 'a starts with "b"'],
    ['a type beside what may have another', [hasType(a, 'L'), contains(a, S('x'))], 'a has type L and a contains "x"'],
    ['nothing of two types', [hasType(a, 'L'), is('<', N(3))], 'false'],
    ['nothing of what denies its type', [is('<', N(3)), not(hasType(a, 'N'))], 'false'],
    ['what denies another type goes', [is('<', N(3)), not(hasType(a, 'S'))], 'a < 3'],
    [
      'what denies a type stays where there is none',
      [exists(a), not(hasType(a, 'S'))],
      'a exists and not (a has type S)',
    ],
    ['nothing of what is not there', [not(exists(a)), contains(a, S('x'))], 'false'],
    ['a denial of what is not there', [not(exists(a)), not(is('=', N(1)))], 'not (a exists) and not (a = 1)'],
    ['what is there stays beside a denial', [exists(a), not(is('=', N(1)))], 'a exists and not (a = 1)'],
    ['the same once', [contains(a, S('x')), contains(a, S('x')), exists(a)], 'a contains "x"'],
    ['two that differ', [contains(a, S('x')), contains(a, S('q'))], 'a contains "x" and a contains "q"'],
    ['a value that meets the others', [oneOf(a, [N(1), N(4)]), is('=', N(4)), is('>', N(0))], 'a = 4'],
    ['the shortest list, in its order', [oneOf(a, [N(3), N(1), N(2)]), oneOf(a, [N(2), N(1)])], 'a in (2, 1)'],
    ['a list and a denial', [oneOf(a, [N(1), N(4)]), not(is('=', N(4)))], 'a = 1'],
  ])('there is left %s', (_, parts, expected) => {
    check(parts, all, expected);
  });

  it('below another there is left what meets all', () => {
    const below: Path = ['a', 'x'];
    check([compare(below, '=', N(1)), oneOf(below, [N(1), N(2)])], all, 'a.x = 1');
    check([compare(below, '=', N(1)), compare(below, '=', N(2))], all, 'false');
  });

  it('of two lists that are as long there is left the first', () => {
    const lists = all([oneOf(a, [N(1), N(2)]), oneOf(a, [N(2), N(1)])]);
    expect(printCondition(simplify(lists))).toBe('a in (1, 2)');
  });

  it('below one attribute there is left what is asked of each', () => {
    const each = [compare(['a', 'x'], '=', N(1)), compare(['a', 'y'], '=', N(2))];
    expect(printCondition(simplify(all(each)))).toBe('a.x = 1 and a.y = 2');
    expect(printCondition(simplify(any(each)))).toBe('a.x = 1 or a.y = 2');
  });

  it('in a list nothing is left out: an item with that element alone tells nothing', () => {
    const element: Path = ['l', 0];
    const whole = all([compare(element, '=', S('x')), oneOf(element, [S('x'), S('y')])]);
    expect(rows.filter(evaluator(simplify(whole)))).toEqual([item({ a: ['x'], l: ['x'] })]);
  });
});

describe('of any of several', () => {
  const [b, c] = [exists(['b']), exists(['c'])];

  it.each<[string, Condition[], string]>([
    ['one list of values of one attribute', [is('=', N(1)), oneOf(a, [N(2), N(3)])], 'a in (1, 2, 3)'],
    ['each value once', [is('=', N(1)), is('=', { N: '1.0' })], 'a = 1'],
    ['what is no list as it is', [is('<', N(1)), is('=', N(3))], 'a = 3 or a < 1'],
    ['the same once', [b, c, b], 'b exists or c exists'],
    ['what says more goes', [b, all([b, c])], 'b exists'],
    ['what says more of another stays', [c, all([b, exists(['d'])])], 'c exists or (b exists and d exists)'],
  ])('there is left %s', (_, parts, expected) => {
    const simple = simplify(any(parts));
    for (const row of rows) expect(evaluator(simple)(row)).toBe(evaluator(any(parts))(row));
    expect(printCondition(simple)).toBe(expected);
  });

  it('there is left one list of one attribute, whatever others are asked for', () => {
    const two = any([is('=', N(1)), compare(['b'], '=', N(1)), is('=', N(2)), compare(['a', 'x'], '=', N(3))]);
    expect(printCondition(simplify(two))).toBe('a in (1, 2) or b = 1 or a.x = 3');
  });
});

describe('a contradiction', () => {
  const never = all([is('=', N(1)), is('=', N(2))]);

  it.each<[string, Condition, string]>([
    ['decides all', all([exists(['b']), any([never, never])]), 'false'],
    ['leaves any', any([exists(['b']), never]), 'b exists'],
    ['is true where it is denied', not(never), 'true'],
    ['leaves nothing of any', any([never, all([never, exists(['b'])])]), 'false'],
  ])('%s', (_, condition, expected) => {
    expect(printCondition(simplify(condition))).toBe(expected);
  });

  it('is none in a constant', () => {
    expect([simplify(TRUE), simplify(FALSE)]).toEqual([TRUE, FALSE]);
  });

  it('keeps the groups beside it apart', () => {
    const [b, c] = [exists(['b']), exists(['c'])];
    const group = any([b, c]);
    expect(printCondition(simplify(all([group, is('>', N(1)), group, is('>', N(2))])))).toBe(
      'a > 2 and (b exists or c exists)',
    );
    expect(simplify(all([group, any([c, exists(['d'])])]))).toEqual(all([group, any([c, exists(['d'])])]));
    expect(rows.filter(evaluator(simplify(not(itemless))))).toEqual(rows);
  });

  const itemless = all([exists(a), not(exists(a))]);
  it('has no rows', () => {
    expect([itemOf([]), ...rows].filter(evaluator(simplify(itemless)))).toEqual([]);
  });
});
