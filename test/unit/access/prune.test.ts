// What of an item is left when hidden paths go, and when only some paths are wanted.

import { describe, expect, it } from 'vitest';
import { FieldSet } from '../../../lib/access/field-set.ts';
import { prune, select } from '../../../lib/access/prune.ts';
import type { Item, Value } from '../../../lib/base/value.ts';
import { item } from '../../support/values.ts';

const set = (...paths: string[]) => FieldSet.of(paths.map((path) => path.split('.')));
const stored = {
  a: 1,
  m: { x: 1, deep: { x: 2, y: 3 } },
  l: [{ x: 1, y: 2 }, { y: 3 }, 'text', [{ x: 4 }]],
  'm.x': 5,
};

describe('of an item without hidden paths', () => {
  it.each<[string[], object]>([
    [['a'], { ...stored, a: undefined }],
    [['m'], { a: 1, l: stored.l }],
    [['m.x'], { a: 1, m: { deep: { x: 2, y: 3 } }, l: stored.l }],
    [['m.deep.x'], { ...stored, m: { x: 1, deep: { y: 3 } } }],
    [['l.x'], { ...stored, l: [{ y: 2 }, { y: 3 }, 'text', [{}]] }],
    [['a', 'l.y'], { ...stored, a: undefined, l: [{ x: 1 }, {}, 'text', [{ x: 4 }]] }],
    [['a.below'], stored],
    [['none', 'm.none', 'm.deep.none', 'l.none'], stored],
  ])('%j there is left all else', (hidden, expected) => {
    const given = item(stored);
    expect(prune(given, set(...hidden))).toEqual(item(JSON.parse(JSON.stringify(expected))));
    expect(given).toEqual(item(stored));
  });

  it('nothing is copied where nothing is hidden', () => {
    const given = item(stored);
    expect(prune(given, set())).toBe(given);
    expect(prune(given, set('none', 'm.none', 'l.none', 'm.deep.none'))).toBe(given);
    const pruned = prune(given, set('a'));
    expect([pruned['m'], pruned['l']].map((value, at) => value === [given['m'], given['l']][at])).toEqual([true, true]);
  });
});

describe('what lies beside hidden paths', () => {
  it('is not looked into: it is as large as the item, and is handed on', () => {
    const untouched: Value = {
      get M(): Item {
        return expect.fail('looked into');
      },
    };
    expect(prune({ a: { S: 'x' }, m: untouched }, set('a', 'n.m'))['m']).toBe(untouched);
    const list: Value = { L: [untouched] };
    expect(prune({ m: { M: { a: { S: 'x' }, l: list } } }, set('m.a'))).toEqual({ m: { M: { l: list } } });
  });
});

describe('of an item with only some paths', () => {
  it.each<[string[], object]>([
    [['a'], { a: 1 }],
    [['m'], { m: stored.m, 'm.x': 5 }],
    [['m.x'], { m: { x: 1 }, 'm.x': 5 }],
    [['m.deep.y'], { m: { deep: { y: 3 } } }],
    [['m.none'], { m: {} }],
    [['l.x'], { l: [{ x: 1 }, {}, 'text', [{ x: 4 }]] }],
    [['a.below'], {}],
    [['none'], {}],
    [[], {}],
  ])('%j there is left nothing else, but the way there', (wanted, expected) => {
    expect(select(item(stored), set(...wanted))).toEqual(item({ ...expected }));
  });
});
