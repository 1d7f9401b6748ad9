// Values ↔ ordinary JavaScript: "a JS number where it is exact, else the lossless one".

import { LosslessNumber } from 'lossless-json';
import { describe, expect, it } from 'vitest';
import { fromPlain, toPlain, toPlainItem } from '../../../lib/base/plain.ts';
import { itemOf, type Value } from '../../../lib/base/value.ts';

describe('ordinary JavaScript for a value', () => {
  it.each(['0', '5', '-1.5', '0.1', '1E-130', '1E+125', '9007199254740992', '1E+21'])(
    'has the number %s where it is exact',
    (text) => {
      expect(toPlain({ N: text })).toBe(Number(text));
    },
  );

  it.each(['9007199254740993', '0.12345678901234567890123456789012345678', '12345678901234567890123456789012345678'])(
    'has the lossless number %s where it is not',
    (text) => {
      const plain = toPlain({ N: text });
      expect(plain).toBeInstanceOf(LosslessNumber);
      expect(fromPlain(plain)).toEqual({ N: text });
    },
  );

  it('has no prototype in its maps, and every name as it is', () => {
    const plain = toPlainItem(itemOf([['__proto__', { M: itemOf([['polluted', { BOOL: true }]]) }]]));
    expect(Object.getPrototypeOf(plain)).toBeNull();
    expect(Object.keys(plain)).toEqual(['__proto__']);
    expect(plain['polluted']).toBeUndefined();
  });

  it.each([
    { S: '' },
    { BOOL: false },
    { NULL: true },
    { B: new Uint8Array([0, 255]) },
    { L: [{ N: '1' }, { L: [] }, { NULL: true }] },
    { M: { a: { M: {} } } },
    { SS: ['a', 'b'] },
    { NS: ['1', '12345678901234567890123456789012345678'] },
    { BS: [new Uint8Array([1]), new Uint8Array([2])] },
  ] as Value[])('and back is the value again: %o', (value) => {
    expect(fromPlain(toPlain(value))).toEqual(value);
  });
});

describe('a value for ordinary JavaScript', () => {
  it.each([
    [1e21, { N: '1000000000000000000000' }],
    [-0, { N: '0' }],
    [0.1 + 0.2, { N: '0.30000000000000004' }],
    [12345678901234567890n, { N: '12345678901234567890' }],
    [new Date(0), { S: '1970-01-01T00:00:00.000Z' }],
    [{ a: undefined, b: 1 }, { M: { b: { N: '1' } } }],
    [new Set([1, 2]), { NS: ['1', '2'] }],
  ] as [unknown, Value][])('of %o is %o', (plain, value) => {
    expect(fromPlain(plain)).toEqual(value);
  });

  it.each([
    ['NaN', Number.NaN],
    ['infinity', Number.POSITIVE_INFINITY],
    ['more than DynamoDB holds', 1e126],
    ['less than DynamoDB holds', 1e-131],
    ['a function', () => 1],
    ['undefined', undefined],
    ['a symbol', Symbol('s')],
    ['an empty set', new Set()],
    ['a mixed set', new Set([1, 'a'])],
    ['a set of maps', new Set([{}])],
    ['another class', new (class A {})()],
    ['a Map', new Map()],
    ['an invalid date', new Date(Number.NaN)],
    ['undefined in a list', [undefined]],
    ['a hole in a list', Object.assign([1], { 2: 2 })],
    ['a function inside', { a: [() => 1] }],
  ])('is none for %s', (_, plain) => {
    expect(fromPlain(plain)).toBeUndefined();
  });
});
