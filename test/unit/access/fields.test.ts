// "Excluding `a` hides all below it; excluding `a.b` hides it inside every element of a list too …; an attribute stored
// with such a name is hidden under both readings."

import { describe, expect, it } from 'vitest';
import { FieldSet } from '../../../lib/access/field-set.ts';
import { prune } from '../../../lib/access/prune.ts';
import { parsePath } from '../../../lib/base/path.ts';
import { itemOf } from '../../../lib/base/value.ts';
import { item } from '../../support/values.ts';

const setOf = (...paths: string[]) => FieldSet.of(paths.map((path) => path.split('.')));

describe('a set of paths', () => {
  it.each([
    ['a', 'inside'],
    ['a.x', 'inside'],
    ['a[0]', 'inside'],
    ['a[0].x.y', 'inside'],
    ['b', 'above'],
    ['b[3]', 'above'],
    ['b.c', 'inside'],
    ['b[0].c', 'inside'],
    ['b[0][1].c[2].d', 'inside'],
    ['b.d', 'apart'],
    ['b.d.c', 'apart'],
    ['d', 'above'],
    ['d.e', 'above'],
    ['d.e.f', 'inside'],
    ['d.f', 'apart'],
    ['c', 'apart'],
    ['A', 'apart'],
    ['aa', 'apart'],
    ['constructor', 'apart'],
    ['__proto__', 'apart'],
  ])('has %s %s', (text, place) => {
    expect(setOf('a', 'b.c', 'd.e.f').place(parsePath(text) ?? expect.fail(text))).toBe(place);
  });

  it('holds a whole attribute, whether what is below it is listed too, in any order', () => {
    for (const set of [setOf('a', 'a.b'), setOf('a.b', 'a')]) {
      expect([set.place(['a']), set.place(['a', 'b']), set.place(['a', 'c'])]).toEqual(['inside', 'inside', 'inside']);
    }
  });

  it('may be empty', () => {
    expect([setOf().isEmpty, setOf().place(['a'])]).toEqual([true, 'apart']);
    expect(setOf('a').isEmpty).toBe(false);
  });

  it('takes names that every object has for ordinary names', () => {
    const set = setOf('__proto__.x', 'constructor');
    expect([set.place(['__proto__', 'x']), set.place(['constructor']), set.place(['toString'])]).toEqual([
      'inside',
      'inside',
      'apart',
    ]);
  });
});

describe('a union of sets', () => {
  it.each([
    [
      ['a', 'b.c'],
      ['b', 'd.e.f'],
    ],
    [
      ['b', 'd.e'],
      ['a', 'b.c', 'd.e.f'],
    ],
    [[], ['a']],
    [[], []],
    [['a.b'], ['a.c']],
  ])('of %j and %j is the set of all their paths', (one, other) => {
    const [union, whole] = [FieldSet.union([setOf(...one), setOf(...other)]), setOf(...one, ...other)];
    const paths = ['a', 'a.b', 'a.c', 'a.d', 'b', 'b.c', 'b[0].c', 'b.d', 'd', 'd.e', 'd.e.f', 'd.e.g', 'x'];
    const places = (set: FieldSet) => paths.map((path) => set.place(parsePath(path) ?? expect.fail(path)));
    expect(places(union)).toEqual(places(whole));
    expect(union.isEmpty).toBe(whole.isEmpty);
    const stored = item({ a: { b: 1, c: 2, d: 3 }, b: [{ c: 1, d: 2 }], d: { e: { f: 1, g: 2 } }, 'a.b': 1, x: 1 });
    expect(prune(stored, union)).toEqual(prune(stored, whole));
  });
});

describe('pruning', () => {
  it('hands on what holds nothing hidden as it is, and copies no more than it must', () => {
    const stored = item({ a: { b: 1, c: 2 }, d: [{ e: 1 }, { f: 1 }], g: { h: [1] } });
    expect(prune(stored, setOf('x', 'a.x', 'd.x', 'g.h.i'))).toBe(stored);
    const pruned = prune(stored, setOf('a.b', 'd.y'));
    expect(pruned).toEqual(item({ a: { c: 2 }, d: [{ e: 1 }, { f: 1 }], g: { h: [1] } }));
    expect(pruned['d']).toBe(stored['d']);
    expect(stored).toEqual(item({ a: { b: 1, c: 2 }, d: [{ e: 1 }, { f: 1 }], g: { h: [1] } }));
  });

  it.each([
    ['a whole attribute', ['a'], { a: 1, b: 2 }, { b: 2 }],
    ['all below it', ['a'], { a: { x: { y: 1 } }, b: 2 }, { b: 2 }],
    ['a path, and nothing beside it', ['a.b'], { a: { b: 1, c: 2 }, b: 3 }, { a: { c: 2 }, b: 3 }],
    ['a path at any depth', ['a.b.c.d'], { a: { b: { c: { d: 1, e: 2 } } } }, { a: { b: { c: { e: 2 } } } }],
    ['a path in every element of a list', ['a.b'], { a: [{ b: 1, c: 2 }, { b: 3 }, 4] }, { a: [{ c: 2 }, {}, 4] }],
    ['a path in lists of lists', ['a.b'], { a: [[{ b: 1 }], [[{ b: 2, c: 3 }]]] }, { a: [[{}], [[{ c: 3 }]]] }],
    ['a path through a list on the way', ['a.b.c'], { a: { b: [{ c: 1, d: 2 }] } }, { a: { b: [{ d: 2 }] } }],
    ['two lists on the way', ['a.b.c'], { a: [{ b: [{ c: 1 }] }] }, { a: [{ b: [{}] }] }],
    ['a name stored with a dot', ['a.b'], { 'a.b': 1, 'a.c': 2 }, { 'a.c': 2 }],
    ['what is below a name stored with a dot', ['a'], { 'a.b': 1, ab: 2 }, { ab: 2 }],
    ['a name with a dot inside', ['x.a.b'], { x: { 'a.b': 1, c: 2 } }, { x: { c: 2 } }],
    ['a name with a dot over a map', ['a.b.c'], { 'a.b': { c: 1, d: 2 } }, { 'a.b': { d: 2 } }],
    ['a map over a name with a dot', ['a.b.c'], { a: { 'b.c': 1, d: 2 } }, { a: { d: 2 } }],
    ['three names in one', ['a.b.c'], { 'a.b.c': 1, 'a.b.d': 2 }, { 'a.b.d': 2 }],
    ['a name with an index', ['a'], { 'a[0]': 1, 'a[0].b': 2, b: 3 }, { b: 3 }],
    ['a name with an index in the middle', ['a.b'], { 'a[0].b': 1, 'a[12][3].b.c': 2, 'a[0].c': 3 }, { 'a[0].c': 3 }],
    ['a malformed name with an index', ['a'], { 'a[': 1, 'a]': 2, 'a[]': 3, 'a[x': 4, b: 5 }, { b: 5 }],
    ['a malformed name with dots', ['a.b'], { 'a..b': 1, '.a.b': 2, 'a.b.': 3, c: 4 }, { c: 4 }],
    ['names with both', ['a.b'], { 'a[0]..b[': 1, c: 2 }, { c: 2 }],
    ['a malformed name with a long index', ['a.b'], { 'a[12]..b': 1, 'a[12]..c': 2 }, { 'a[12]..c': 2 }],
    ['what is below a name that spells none', ['a'], { '.': { a: 1, b: 2 }, '[]': 3 }, { '.': { b: 2 }, '[]': 3 }],
    ['a name with an index inside a list', ['a.b'], { a: [{ 'b[1]': 1, c: 2 }] }, { a: [{ c: 2 }] }],
    [
      'names that every object has',
      ['constructor', 'a.toString'],
      { constructor: 1, a: { toString: 2 }, b: 3 },
      { a: {}, b: 3 },
    ],
  ])('leaves out %s', (_, paths, stored, shown) => {
    expect(prune(item(stored), setOf(...paths))).toEqual(item(shown));
  });

  it('leaves out __proto__, and only that', () => {
    const stored = itemOf([
      ['__proto__', { S: 'x' }],
      ['a', { M: itemOf([['__proto__', { S: 'y' }]]) }],
    ]);
    const shown = prune(stored, setOf('__proto__'));
    expect(Object.keys(shown)).toEqual(['a']);
    const below = shown['a'];
    expect(below && 'M' in below && Object.keys(below.M)).toEqual(['__proto__']);
    const inner = prune(stored, setOf('a.__proto__'))['a'];
    expect(inner && 'M' in inner && Object.keys(inner.M)).toEqual([]);
  });

  it('keeps sets, binary and numbers as they are, and the item given', () => {
    const stored = item({ a: new Set(['x']), b: new Uint8Array([1]), c: 12345678901234567890n, d: { e: 1 } });
    const copy = structuredClone(stored);
    expect(prune(stored, setOf('d.e'))).toEqual({ ...stored, d: { M: {} } });
    expect({ ...stored }).toEqual({ ...copy });
  });

  it('does nothing where nothing is hidden', () => {
    const stored = item({ a: { b: [1] } });
    expect(prune(stored, setOf())).toEqual(stored);
  });
});
