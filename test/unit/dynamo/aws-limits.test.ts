// The checker of inputs is tried on what DynamoDB refuses before it is believed.

import { describe, expect, it } from 'vitest';
import { refusals } from '../../support/aws-limits.ts';

const N = (text: string) => ({ N: text });
const many = (count: number) => Array.from({ length: count }, (_, at) => at);
const keysOf = () => ['customer', 'number'];
const filter = (text: string, values: object = {}, names: object = { '#a': 'a' }) => ({
  TableName: 'orders',
  FilterExpression: text,
  ExpressionAttributeNames: names,
  ...(Object.keys(values).length > 0 && { ExpressionAttributeValues: values }),
});
const query = { KeyConditionExpression: '#k = :k' };
const deep = (levels: number): object => (levels === 0 ? { S: 'x' } : { L: [deep(levels - 1)] });

const REFUSED: readonly (readonly [string, object, RegExp])[] = [
  ['too long', filter(`#a = :a${' OR #a = :a'.repeat(400)}`, { ':a': N('1') }), /bytes/],
  [
    'too many operators',
    filter(
      many(151)
        .map(() => '#a = :a')
        .join(' OR '),
      { ':a': N('1') },
    ),
    /301 operators/,
  ],
  [
    'too wide an IN',
    filter(
      `#a IN (${many(101)
        .map((at) => `:v${at}`)
        .join()})`,
      Object.fromEntries(many(101).map((at) => [`:v${at}`, N('1')])),
    ),
    /IN of 101/,
  ],
  ['the order of booleans', filter('#a > :a', { ':a': { BOOL: true } }), /order/],
  ['bounds the wrong way round', filter('#a BETWEEN :a AND :b', { ':a': N('2'), ':b': N('1') }), /BETWEEN/],
  ['bounds of two types', filter('#a BETWEEN :a AND :b', { ':a': N('2'), ':b': { S: '3' } }), /BETWEEN/],
  ['a type that there is not', filter('attribute_type(#a,:a)', { ':a': { S: 'X' } }), /type/],
  ['brackets twice', filter('((#a = :a))', { ':a': N('1') }), /brackets/],
  ['a name that is not used', filter('attribute_exists(#a)', {}, { '#a': 'a', '#b': 'b' }), /#b is not used/],
  ['a value that is not given', filter('#a = :a'), /:a is not given/],
  ['a map of no values', { ...filter('attribute_exists(#a)'), ExpressionAttributeValues: {} }, /no values/],
  ['an empty set', filter('#a = :a', { ':a': { SS: [] } }), /empty set/],
  ['33 levels', filter('#a = :a', { ':a': deep(32) }), /levels/],
  ['a name of nothing', { Item: { a: { M: { '': { S: 'x' } } } } }, /nothing/],
  [
    'a filter on a key of the query',
    { ...filter('#a = :k', { ':k': N('1') }, { '#k': 'customer', '#a': 'number' }), ...query },
    /key number/,
  ],
  ['a limit of nothing', { Limit: 0 }, /limit/],
  ['an empty key', { Key: { id: { S: '' } } }, /empty key/],
  ['more than 100 keys', { RequestItems: { t: { Keys: many(101).map((at) => ({ id: N(String(at)) })) } } }, /101 keys/],
  ['a key twice', { RequestItems: { t: { Keys: [{ id: N('1') }, { id: N('1') }] } } }, /twice/],
  ['an action of a transaction', { TransactItems: [{ Put: { Item: { a: { NS: [] } } } }] }, /empty set/],
];

describe('the limits of DynamoDB', () => {
  it.each(REFUSED)('refuse %s', (_, input, fault) => {
    expect(refusals(input, keysOf).join('; ')).toMatch(fault);
  });

  it.each([
    [
      '300 operators',
      filter(
        many(150)
          .map(() => '#a = :a')
          .join(' OR '),
        { ':a': N('1') },
      ),
    ],
    [
      '100 operands of IN',
      filter(
        `#a IN (${many(100)
          .map(() => ':a')
          .join()})`,
        { ':a': N('1') },
      ),
    ],
    [
      'a filter below an attribute that is called like a key',
      { ...filter('#a.#k = :k', { ':k': N('1') }, { '#k': 'customer', '#a': 'a' }), ...query },
    ],
    ['what is not equal', filter('#a <> :a', { ':a': { BOOL: true } })],
    ['32 levels', filter('#a = :a', { ':a': deep(31) })],
  ])('take %s', (_, input) => {
    expect(refusals(input, keysOf)).toEqual([]);
  });
});
