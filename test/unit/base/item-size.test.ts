// The size of an item by the Developer Guide's rules for item sizes, "never less": an item that DynamoDB would refuse must
// not pass for a smaller one.

import { describe, expect, it } from 'vitest';
import { itemBytes } from '../../../lib/base/item-size.ts';
import type { Item, Value } from '../../../lib/base/value.ts';

describe('the size of an item', () => {
  it.each([
    ['no attribute', {}, 0],
    ['text in UTF-8', { ab: { S: 'é😀' } }, 2 + 6],
    ['a name in UTF-8', { é: { S: '' } }, 2],
    ['binary', { a: { B: new Uint8Array(10) } }, 11],
    ['true, false and null', { a: { BOOL: true }, b: { BOOL: false }, c: { NULL: true } }, 6],
    ['an empty list', { a: { L: [] } }, 1 + 3],
    ['an empty map', { a: { M: {} } }, 1 + 3],
    ['a list', { a: { L: [{ S: 'xy' }, { BOOL: true }] } }, 1 + 3 + (1 + 2) + (1 + 1)],
    ['a map', { a: { M: { bc: { S: 'x' } } } }, 1 + 3 + (1 + 2 + 1)],
    ['sets of text', { a: { SS: ['x', 'yz'] } }, 1 + 3],
    ['sets of binary', { a: { BS: [new Uint8Array(4), new Uint8Array(5)] } }, 1 + 9],
  ] as [string, Item, number][])('counts %s', (_, item, bytes) => {
    expect(itemBytes(item)).toBe(bytes);
  });

  // "approximately (1 byte per two significant digits) + (1 byte)", one more for negative numbers.
  it.each([
    ['0', 1],
    ['1', 2],
    ['12', 2],
    ['123', 3],
    ['-123', 4],
    ['1.5', 2],
    ['0.001', 2],
    ['100000', 2],
    ['12300', 3],
    ['12345678901234567890123456789012345678', 20],
    ['-9.9999999999999999999999999999999999999E+125', 21],
    ['1E-130', 2],
  ])('counts at least the bytes of the number %s, and at most one more', (text, bytes) => {
    const counted = itemBytes({ a: { N: text } }) - 1;
    expect(counted).toBeGreaterThanOrEqual(bytes);
    expect(counted).toBeLessThanOrEqual(bytes + 1);
    expect(itemBytes({ a: { NS: [text] } } as Record<string, Value>) - 1).toBe(counted);
  });
});
