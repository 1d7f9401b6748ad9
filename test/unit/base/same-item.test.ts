// Two items that every reader reads alike.

import { describe, expect, it } from 'vitest';
import { sameItem } from '../../../lib/base/same-item.ts';
import type { Item, Value } from '../../../lib/base/value.ts';
import { item } from '../../support/values.ts';

const bytes = (...of: number[]) => new Uint8Array(of);
const VALUES: readonly Value[] = [
  { S: '1' },
  { S: '' },
  { N: '1' },
  { N: '1.0' },
  { BOOL: true },
  { BOOL: false },
  { NULL: true },
  { B: bytes(1) },
  { B: bytes(1, 2) },
  { L: [] },
  { L: [{ S: '1' }] },
  { L: [{ S: '1' }, { S: '2' }] },
  { L: [{ S: '2' }, { S: '1' }] },
  { M: {} },
  { M: { a: { S: '1' } } },
  { M: { b: { S: '1' } } },
  { M: { a: { S: '1' }, b: { S: '1' } } },
  { M: { a: { M: { a: { S: '1' } } } } },
  { SS: ['1'] },
  { SS: ['1', '2'] },
  { SS: ['1","2'] },
  { NS: ['1'] },
  { BS: [bytes(1)] },
];

describe('items are alike', () => {
  it('where their values are, and nowhere else', () => {
    VALUES.forEach((left, i) => {
      VALUES.forEach((right, j) => {
        expect(sameItem({ x: left }, { x: structuredClone(right) }), `${i} and ${j}`).toBe(i === j);
        expect(sameItem({ x: { L: [left] } }, { x: { L: [structuredClone(right)] } }), `${i} and ${j}`).toBe(i === j);
      });
    });
  });

  it('whatever the order of their names', () => {
    expect(sameItem(item({ a: 1, b: { c: 1, d: 2 } }), item({ b: { d: 2, c: 1 }, a: 1 }))).toBe(true);
  });

  it('not where one has a name more, whatever it is', () => {
    for (const name of ['b', 'x_note', 'constructor', 'toString']) {
      const [one, more] = [item({ a: 1 }), item({ a: 1, [name]: 1 })];
      expect([sameItem(one, more), sameItem(more, one)]).toEqual([false, false]);
    }
    const plain: Item = { a: { S: '1' } };
    const proto: Item = JSON.parse('{"a":{"S":"1"},"__proto__":{"S":"1"}}');
    expect([sameItem(plain, proto), sameItem(proto, plain), sameItem(proto, { ...proto })]).toEqual([
      false,
      false,
      true,
    ]);
  });
});
