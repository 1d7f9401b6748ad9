// What a condition demands of one attribute beyond doubt.

import { describe, expect, it } from 'vitest';
import type { Path } from '../../../lib/base/path.ts';
import {
  all,
  any,
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
import { type Demand, demandOf, fixedValues, implies, isKeyDemand, narrows } from '../../../lib/condition/demand.ts';
import { N, S } from '../../support/plans.ts';

const ID: Path = ['user', 'id'];
const id = compare(ID, '=', S('a'));
const ids = oneOf(ID, [S('b'), S('c')]);
const n: Path = ['n'];

describe('the demand of a leaf', () => {
  const path = n;
  it.each<[string, Condition, Demand, boolean]>([
    ['an equality', compare(n, '=', N(1)), { path, types: ['N'], values: [N(1)] }, true],
    ['a list', oneOf(n, [N(1), S('a'), N(2)]), { path, types: ['N', 'S'], values: [N(1), S('a'), N(2)] }, true],
    ['>', compare(n, '>', N(1)), { path, types: ['N'], low: { value: N(1), isIncluded: false } }, true],
    ['>=', compare(n, '>=', N(1)), { path, types: ['N'], low: { value: N(1), isIncluded: true } }, true],
    ['<', compare(n, '<', S('b')), { path, types: ['S'], high: { value: S('b'), isIncluded: false } }, true],
    ['<=', compare(n, '<=', S('b')), { path, types: ['S'], high: { value: S('b'), isIncluded: true } }, true],
    ['a prefix', startsWith(n, ''), { path, types: ['S'], prefix: '' }, true],
    ['a part of text', contains(n, S('a')), { path, types: ['S', 'SS', 'L'] }, false],
    ['a number inside', contains(n, N(1)), { path, types: ['NS', 'L'] }, false],
    ['bytes inside', contains(n, { B: new Uint8Array([1]) }), { path, types: ['B', 'BS', 'L'] }, false],
    ['another value inside', contains(n, { NULL: true }), { path, types: ['L'] }, false],
    ['presence', exists(n), { path, types: 'any' }, false],
    ['a type', hasType(n, 'M'), { path, types: ['M'] }, false],
  ])('%s', (_, condition, demand, isOfKeys) => {
    expect(demandOf(condition)).toEqual(demand);
    expect(isKeyDemand(demand)).toBe(isOfKeys);
  });

  it('is none of constants, groups and denials', () => {
    for (const condition of [TRUE, FALSE, all([id, exists(n)]), any([id, exists(n)]), not(id)])
      expect(demandOf(condition)).toBeUndefined();
  });
});

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

describe('an attribute that is there wherever a condition holds', () => {
  it.each<[string, Condition, boolean]>([
    ['compared with its type', compare(n, '>', N(1)), true],
    ['compared with another type', compare(n, '=', S('1')), false],
    ['one of a list of its type', oneOf(n, [N(1), N(2)]), true],
    ['one of a list of several types', oneOf(n, [N(1), S('2')]), false],
    ['present', exists(n), true],
    ['of its type', hasType(n, 'N'), true],
    ['of another type', hasType(n, 'S'), false],
    ['below it', exists(['n', 'a']), false],
    ['another', exists(['m']), false],
    ['denied', not(exists(n)), false],
    ['one part of an all', all([exists(['m']), exists(n)]), true],
    ['each part of an any', any([compare(n, '<', N(1)), exists(n)]), true],
    ['one part of an any', any([exists(['m']), exists(n)]), false],
    ['nothing asked', TRUE, false],
    ['nothing met', FALSE, true],
  ])('%s: %s', (_, condition, expected) => {
    expect(implies(condition, 'n', 'N')).toBe(expected);
  });

  it.each([
    [startsWith(n, 'a'), true],
    [contains(n, S('a')), true],
    [contains(n, N(1)), false],
  ])('text: %#', (condition, expected) => {
    expect(implies(condition, 'n', 'S')).toBe(expected);
  });
});

describe('a condition that narrows a key', () => {
  const keys = new Set(['n', 'user']);
  it.each<[string, Condition, boolean]>([
    ['by a value', compare(n, '=', N(1)), true],
    ['by a list', oneOf(n, [N(1), N(2)]), true],
    ['by a bound', compare(n, '<', N(1)), true],
    ['by a prefix', startsWith(n, 'a'), true],
    ['not by what it contains', contains(n, S('a')), false],
    ['not by presence', exists(n), false],
    ['not by a type', hasType(n, 'N'), false],
    ['not by a denial', not(compare(n, '=', N(1))), false],
    ['not by a path below it', id, false],
    ['not by another attribute', compare(['m'], '=', N(1)), false],
    ['by one conjunct', all([exists(['m']), compare(n, '=', N(1))]), true],
    ['by all alternatives', any([compare(n, '=', N(1)), compare(['user'], '=', N(1))]), true],
    ['not by some alternatives', any([compare(n, '=', N(1)), exists(n)]), false],
    ['not at all', TRUE, false],
    ['to nothing', FALSE, true],
  ])('%s: %s', (_, condition, expected) => {
    expect(narrows(condition, keys)).toBe(expected);
  });
});
