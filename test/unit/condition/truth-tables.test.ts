// What operators about lists, sets and parts of text say of each type of attribute: in a policy true, false or unknown, in a
// query true or false. Written by hand.

import { describe, expect, it } from 'vitest';
import { fromPlain } from '../../../lib/base/plain.ts';
import { itemOf, type Value } from '../../../lib/base/value.ts';
import { evaluator } from '../../../lib/condition/evaluate.ts';
import { type Filter, filterCondition, filterTruth, parseFilter } from '../../../lib/condition/filter.ts';
import { item } from '../../support/values.ts';

const plain = (value: unknown): Value => fromPlain(value) ?? expect.fail('no value');

const ATTRIBUTES: Readonly<Record<string, Value>> = {
  text: { S: 'red,big' },
  word: { S: 'red' },
  number: { N: '1' },
  list: plain(['red', 'big', 1]),
  nested: plain([['red', 'big']]),
  SS: { SS: ['red', 'big'] },
  NS: { NS: ['1', '2'] },
  BS: { BS: [new Uint8Array([1])] },
  map: plain({ red: 1 }),
  null: { NULL: true },
};

/** `T`, `F` or `?` in a policy; then `t` or `f` in a query. */
const TABLE: readonly (readonly [string, unknown, Readonly<Record<string, string>>])[] = [
  [
    'contains',
    'red',
    { text: 'Tt', word: 'Tt', number: '?f', list: 'Tt', nested: 'Ff', SS: 'Tt', NS: '?f', BS: '?f', map: '?f' },
  ],
  ['contains', 1, { text: '?f', word: '?f', number: '?f', list: 'Tt', nested: 'Ff', SS: '?f', NS: 'Tt', map: '?f' }],
  [
    'notcontains',
    'red',
    { text: 'Ff', word: 'Ff', number: '?t', list: 'Ff', nested: 'Tt', SS: 'Ff', NS: '?t', map: '?t', null: '?t' },
  ],
  [
    'haselements',
    ['red', 'big'],
    {
      text: '?f',
      word: '?f',
      number: '?f',
      list: 'Tt',
      nested: 'Ff',
      SS: 'Tt',
      NS: '?f',
      BS: '?f',
      map: '?f',
      null: '?f',
    },
  ],
  ['haselements', ['red'], { text: '?f', word: '?f', list: 'Tt', SS: 'Tt', NS: '?f', null: '?f' }],
  ['haselements', ['red', 'small'], { text: '?f', list: 'Ff', SS: 'Ff', NS: '?f' }],
  ['haselements', ['red', 1], { text: '?f', list: 'Tt', SS: '?f', NS: '?f' }],
  ['haselements', [1, 2], { number: '?f', list: 'Ff', SS: '?f', NS: 'Tt', BS: '?f' }],
  ['in', ['red', 'blue'], { text: 'Ff', word: 'Tt', number: '?f', list: '?f', SS: '?f', map: '?f', null: '?f' }],
  ['in', ['red', 1], { text: '?f', word: 'Tt', number: 'Tt', list: '?f', SS: '?f', NS: '?f' }],
  ['notin', ['red', 'blue'], { text: 'Tt', word: 'Ff', number: '?t', list: '?t', SS: '?t', map: '?t', null: '?t' }],
];

const filterOf = (operator: string, value: unknown): Filter => {
  const parsed = parseFilter(plain({ field: 'a', operator, value }), 'f', { variables: 'none' });
  return 'value' in parsed ? parsed.value : expect.fail(JSON.stringify(parsed.faults));
};

describe.each(TABLE)('%s %j', (operator, value, expected) => {
  const filter = filterOf(operator, value);
  const truth = filterTruth(filter, undefined, new Map()) ?? expect.fail('says nothing');

  it.each(Object.entries(expected))('of %s is %s', (name, [inPolicy, inQuery]) => {
    const row = itemOf([['a', ATTRIBUTES[name] ?? expect.fail(name)]]);
    const isTrue = evaluator(truth.whenTrue)(row);
    const isFalse = evaluator(truth.whenFalse)(row);
    expect(isTrue ? 'T' : isFalse ? 'F' : '?').toBe(inPolicy);
    expect(isTrue && isFalse).toBe(false);
    expect(evaluator(filterCondition(filter))(row) ? 't' : 'f').toBe(inQuery);
  });

  it('of a missing attribute is unknown in a policy', () => {
    for (const condition of [truth.whenTrue, truth.whenFalse]) expect(evaluator(condition)(item({ b: 1 }))).toBe(false);
  });
});
