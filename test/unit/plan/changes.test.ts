// What an update changes: PUT sets whole attributes, PATCH is RFC 7396.

import { describe, expect, it } from 'vitest';
import { parseJson, printItem } from '../../../lib/base/json.ts';
import { printPath } from '../../../lib/base/path.ts';
import { type Item, itemOf, withAttributes } from '../../../lib/base/value.ts';
import { changedPaths, changesOf, keepUnnamed, replacedPaths, type UpdateMode } from '../../../lib/plan/changes.ts';
import { item } from '../../support/values.ts';

function itemFrom(text: string): Item {
  const parsed = parseJson(text);
  if ('faults' in parsed || !('M' in parsed.value)) throw new Error(text);
  return parsed.value.M;
}

function updated(stored: Item, body: Item, mode: UpdateMode): Item {
  const { set, remove } = changesOf(stored, body, mode);
  return withAttributes(stored, set, remove);
}

/** RFC 7396, Appendix A. */
const EXAMPLES = [
  ['{"a":"b"}', '{"a":"c"}', '{"a":"c"}'],
  ['{"a":"b"}', '{"b":"c"}', '{"a":"b","b":"c"}'],
  ['{"a":"b"}', '{"a":null}', '{}'],
  ['{"a":"b","b":"c"}', '{"a":null}', '{"b":"c"}'],
  ['{"a":["b"]}', '{"a":"c"}', '{"a":"c"}'],
  ['{"a":"c"}', '{"a":["b"]}', '{"a":["b"]}'],
  ['{"a":{"b":"c"}}', '{"a":{"b":"d","c":null}}', '{"a":{"b":"d"}}'],
  ['{"a":[{"b":"c"}]}', '{"a":[1]}', '{"a":[1]}'],
  ['["a","b"]', '["c","d"]', '["c","d"]'],
  ['{"a":"b"}', '["c"]', '["c"]'],
  ['{"a":"foo"}', 'null', 'null'],
  ['{"a":"foo"}', '"bar"', '"bar"'],
  ['{"e":null}', '{"a":1}', '{"e":null,"a":1}'],
  ['[1,2]', '{"a":"b","c":null}', '{"a":"b"}'],
  ['{}', '{"a":{"bb":{"ccc":null}}}', '{"a":{"bb":{}}}'],
] as const;

describe('a merge patch', () => {
  it.each(EXAMPLES.filter((texts) => texts.every((text) => text.startsWith('{'))))(
    'of %s with %s is %s',
    (...texts) => {
      const [stored, body, result] = texts.map(itemFrom) as [Item, Item, Item];
      expect(JSON.parse(printItem(updated(stored, body, 'merge-patch')))).toEqual(JSON.parse(printItem(result)));
    },
  );

  it.each(EXAMPLES)('below an attribute, of %s with %s is %s', (stored, body, result) => {
    const after = updated(itemFrom(`{"x":${stored}}`), itemFrom(`{"x":${body}}`), 'merge-patch');
    expect(JSON.parse(printItem(after))).toEqual(JSON.parse(result === 'null' ? '{}' : `{"x":${result}}`));
  });

  it('leaves null inside lists, and what is not named', () => {
    const after = updated(item({ a: 1, s: new Set(['x']) }), item({ b: [null, { c: null }] }), 'merge-patch');
    expect(after).toEqual(item({ a: 1, s: new Set(['x']), b: [null, { c: null }] }));
  });

  it('takes __proto__ and constructor for names', () => {
    const stored = itemOf([['a', { M: itemOf([['__proto__', { M: itemOf([['x', { N: '1' }]]) }]]) }]]);
    const body = itemFrom('{"a":{"__proto__":{"y":2,"x":null},"constructor":null}}');
    expect(printItem(updated(stored, body, 'merge-patch'))).toBe('{"a":{"__proto__":{"y":2}}}');
  });

  it('never sets and removes one name', () => {
    const { set, remove } = changesOf(item({ a: 1 }), item({ a: null, b: null, c: 1 }), 'merge-patch');
    expect(Object.keys(set)).toEqual(['c']);
    expect(remove).toContain('a');
  });
});

describe('a put', () => {
  it('sets whole attributes, null too, and leaves the others', () => {
    const after = updated(item({ a: { x: 1, y: 2 }, b: 1 }), item({ a: { x: null }, c: null }), 'put');
    expect(after).toEqual(item({ a: { x: null }, b: 1, c: null }));
    expect(changesOf(item({ a: 1, b: 1 }), item({ a: null }), 'put')).toEqual({ set: item({ a: null }), remove: [] });
  });
});

describe('the paths that a body changes', () => {
  const texts = (body: object, mode: UpdateMode) => changedPaths(item({ ...body }), mode).map(printPath);

  it('are whole attributes of a put', () => {
    expect(texts({ a: { b: 1 }, c: [{ d: 1 }] }, 'put')).toEqual(['a', 'c']);
  });

  it('are the leaves of a patch', () => {
    expect(texts({ a: { b: 1, c: { d: null } }, e: [{ f: 1 }], g: null, h: {} }, 'merge-patch')).toEqual([
      'a.b',
      'a.c.d',
      'e',
      'g',
      'h',
    ]);
  });
});

describe('the paths that a body replaces whole', () => {
  const texts = (stored: object, body: object, mode: UpdateMode = 'merge-patch') =>
    replacedPaths(item({ ...stored }), item({ ...body }), mode).map(printPath);

  it.each([
    ['a leaf', { a: { b: 1 } }, { a: { b: 2 } }, ['a.b']],
    ['a map by a scalar', { a: { b: 1 } }, { a: 2 }, ['a']],
    ['a map by a list', { a: { b: 1 } }, { a: [] }, ['a']],
    ['a map by null', { a: { b: 1 } }, { a: null }, ['a']],
    ['a scalar by a map', { a: 1 }, { a: { b: 2 } }, ['a']],
    ['a list by a map, with all that is in it', { a: [{ secret: 1 }] }, { a: { b: 2 } }, ['a']],
    ['a list by a map, deeper', { x: { a: [{ secret: 1 }] } }, { x: { a: { b: 2 }, c: 1 } }, ['x.a', 'x.c']],
    ['nothing that is there', {}, { a: { b: { c: 1 } } }, ['a.b.c']],
  ])('are %s', (_, stored, body, paths) => {
    expect(texts(stored, body)).toEqual(paths);
  });

  it('are all that a put names', () => {
    expect(texts({ a: { b: 1 } }, { a: { b: 2 }, c: 1 }, 'put')).toEqual(['a', 'c']);
  });
});

describe('what a schema gives out for a patch', () => {
  const stored = item({ m: { kept: 1, named: 2, deep: { kept: 3, named: 4 } }, text: 'x', other: 5 });
  const kept = (body: object, given: object) => keepUnnamed(stored, item({ ...body }), item({ ...given }));

  it.each<[string, object, object, object]>([
    ['what the body names', { text: 'y' }, { text: 'Y' }, { text: 'Y' }],
    ['what it adds', { text: 'y' }, { text: 'Y', made: 1 }, { text: 'Y', made: 1 }],
    [
      'in a map what the body names, and all else as it is stored',
      { m: { named: 5 } },
      { m: { named: 50, kept: 'changed', more: 1 } },
      { m: { kept: 1, deep: { kept: 3, named: 4 }, named: 50 } },
    ],
    [
      'in a map in a map',
      { m: { deep: { named: 6 } } },
      { m: { deep: { named: 60, kept: 'changed' }, kept: 'changed' } },
      { m: { kept: 1, named: 2, deep: { kept: 3, named: 60 } } },
    ],
    [
      'in a map what it leaves out of it, where the body names that',
      { m: { named: 5 } },
      { m: {} },
      { m: { kept: 1, deep: { kept: 3, named: 4 } } },
    ],
    ['a whole map where none is stored', { text: { a: 1 } }, { text: { a: 2, b: 3 } }, { text: { a: 2, b: 3 } }],
    ['anything where the body names the whole of it', { m: 1 }, { m: { any: 1 } }, { m: { any: 1 } }],
    ['anything where the body does not name it', { text: 'y' }, { m: { any: 1 } }, { m: { any: 1 } }],
    [
      'a new map in a map',
      { m: { fresh: { a: 1 } } },
      { m: { fresh: { a: 2, b: 3 } } },
      { m: { kept: 1, named: 2, deep: { kept: 3, named: 4 }, fresh: { a: 2, b: 3 } } },
    ],
    [
      'in a map what is stored, where it leaves out the map in it',
      { m: { deep: { named: 6 } } },
      { m: {} },
      { m: { kept: 1, named: 2, deep: { kept: 3 } } },
    ],
    [
      'in a map an empty map, where it leaves out one of which nothing else is stored',
      { m: { deep: { kept: 6, named: 6 } } },
      { m: {} },
      { m: { kept: 1, named: 2, deep: {} } },
    ],
  ])('is stored: %s', (_, body, given, expected) => {
    expect(kept(body, given)).toEqual(item({ ...expected }));
  });

  it('is a defect where a map that is changed in part is a map no longer', () => {
    expect(() => kept({ m: { named: 5 } }, { m: 'text' })).toThrow(
      'the schema gave out no map for a map that a patch changes in part',
    );
    expect(() => kept({ m: { deep: { named: 5 } } }, { m: { deep: 'text' } })).toThrow(TypeError);
    // Nor does it depend on what else there is in it.
    expect(() => kept({ m: { deep: { named: 5, kept: 5 } } }, { m: { deep: 'text' } })).toThrow(TypeError);
  });

  it('may be anything where an empty map is named', () => {
    const whole = keepUnnamed(item({ m: {} }), item({ m: {} }), item({ m: 'text' }));
    expect(whole).toEqual(item({ m: 'text' }));
    for (const [stored, body] of [
      [{ a: 1 }, {}],
      [{}, { a: 1 }],
    ] as const)
      expect(() => keepUnnamed(item({ m: stored }), item({ m: body }), item({ m: 'text' }))).toThrow(TypeError);
  });
});
