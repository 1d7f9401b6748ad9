// The range of texts in which a condition confines one attribute.

import { describe, expect, it } from 'vitest';
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
  startsWith,
  TRUE,
} from '../../../lib/condition/condition.ts';
import { isEmpty, textWindow, type Window } from '../../../lib/plan/text-window.ts';
import { N, S } from '../../support/plans.ts';

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
