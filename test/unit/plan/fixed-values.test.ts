// What a condition demands of one attribute beyond doubt: some values, or a range of texts.

import { describe, expect, it } from 'vitest';
import type { Path } from '../../../lib/base/path.ts';
import {
  all,
  any,
  type Comparator,
  type Condition,
  compare,
  contains,
  exists,
  hasType,
  not,
  oneOf,
  startsWith,
  TRUE,
} from '../../../lib/condition/condition.ts';
import { fixedValues, isEmpty, textWindow, type Window } from '../../../lib/plan/fixed-values.ts';
import { N, S } from '../../support/plans.ts';

const ID: Path = ['user', 'id'];
const id = compare(ID, '=', S('a'));
const ids = oneOf(ID, [S('b'), S('c')]);

describe('the values that an attribute must be one of', () => {
  it.each<[string, Condition, readonly unknown[] | undefined]>([
    ['the one it equals', id, [S('a')]],
    ['those of a list', ids, [S('b'), S('c')]],
    ['those of one part of an all', all([compare(['x'], '=', N(1)), ids]), [S('b'), S('c')]],
    ['those of all parts of an any', any([id, ids]), [S('a'), S('b'), S('c')]],
    ['the fewer of two lists', all([ids, id]), [S('a')]],
    ['the fewer of two lists, in whatever order', all([id, ids]), [S('a')]],
    ['none known, where one part of an any says nothing of it', any([id, compare(['x'], '=', N(1))]), undefined],
    ['none known, where it is compared otherwise', compare(ID, '>=', S('a')), undefined],
    ['none known, where another attribute is one', compare(['user', 'name'], '=', S('a')), undefined],
    ['none known, where another attribute is one of a list', oneOf(['user'], [S('a'), S('b')]), undefined],
    ['none known, where it is denied', not(id), undefined],
    ['none known, where nothing is asked', TRUE, undefined],
  ])('are %s', (_, condition, expected) => {
    expect(fixedValues(condition, ID)).toEqual(expected);
  });
});

describe('the texts between which an attribute must lie', () => {
  const at = (comparator: Comparator, text: string) => compare(['time'], comparator, S(text));
  // Three bytes each.
  const bytes99 = '€'.repeat(33);

  it.each<[string, Condition, Window]>([
    ['are all', TRUE, {}],
    ['are the one it equals', at('=', '2026'), { from: '2026', to: '2026' }],
    ['begin at a lower bound', at('>=', '2026'), { from: '2026' }],
    ['begin at a lower bound that is not in it', at('>', '2026'), { from: '2026' }],
    ['end at an upper bound', at('<=', '2026'), { to: '2026' }],
    ['end at an upper bound that is not in it', at('<', '2026'), { to: '2026' }],
    ['begin with a prefix', startsWith(['time'], '2026-1'), { from: '2026-1', to: '2026-1\u{10FFFF}' }],
    ['lie between bounds', all([at('>=', '2025'), at('<', '2026')]), { from: '2025', to: '2026' }],
    ['lie between the nearest of several bounds', all([at('>', '1'), at('>', '3'), at('>', '2')]), { from: '3' }],
    ['lie before the first of several bounds', all([at('<', '2'), at('<', '1'), at('<', '3')]), { to: '1' }],
    ['are all where a number bounds it', compare(['time'], '>', N(1)), {}],
    ['are all where another attribute is bound', compare(['id'], '>', S('1')), {}],
    ['are all where another attribute begins with a prefix', startsWith(['id'], '1'), {}],
    ['are all where it contains a text', contains(['time'], S('2026')), {}],
    ['are all where it is there', all([exists(['time']), hasType(['time'], 'S')]), {}],
    ['are all where bounds are denied', not(at('>', '2026')), {}],
    ['are all where only one way of several is bound', any([at('>', '2026'), exists(['id'])]), {}],
    ['are all before an empty text, which is no key', at('<', ''), {}],
    ['are all with an empty prefix', startsWith(['time'], ''), {}],
    ['end at a bound of a hundred bytes', at('<', `${bytes99}a`), { to: `${bytes99}a` }],
    ['are all where a bound is longer than any key', at('<', `${bytes99}ab`), {}],
    ['are all where a prefix is longer than any key', startsWith(['time'], `${bytes99}ab`), {}],
  ])('%s', (_, condition, expected) => {
    expect(textWindow(condition, ['time'])).toEqual(expected);
  });

  it.each<[Window, boolean]>([
    [{}, false],
    [{ from: '2026' }, false],
    [{ to: '2026' }, false],
    [{ from: '2025', to: '2026' }, false],
    [{ from: '2026', to: '2026' }, false],
    [{ from: '2026', to: '2025' }, true],
    // The order of DynamoDB: an astral character comes last.
    [{ from: '\uFFFD', to: '\u{1F600}' }, false],
  ])('of %j are none: %s', (window, expected) => {
    expect(isEmpty(window)).toBe(expected);
  });
});
