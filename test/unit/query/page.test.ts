// docs/reference/query.md, "Parameters": the reserved ones of a page: each is read, or named as wrong.

import { describe, expect, it } from 'vitest';
import type { Fault } from '../../../lib/base/errors.ts';
import { pagePaths, parsePage } from '../../../lib/query/page.ts';

const NONE = { limit: undefined, cursor: undefined, sort: undefined, fields: undefined, isCounted: false };

function page(parameters: Record<string, string>) {
  const faults: Fault[] = [];
  return { ...parsePage(new Map(Object.entries(parameters)), faults), ...(faults.length > 0 && { faults }) };
}

describe('a page', () => {
  it.each<[Record<string, string>, object]>([
    [{}, {}],
    [{ _limit: '1' }, { limit: 1 }],
    [{ _limit: '1000' }, { limit: 1_000 }],
    [{ _cursor: 'c' }, { cursor: 'c' }],
    [{ _sort: 'a.b' }, { sort: { path: ['a', 'b'], isDescending: false } }],
    [{ _sort: '-a' }, { sort: { path: ['a'], isDescending: true } }],
    [{ _sort: '-a-b' }, { sort: { path: ['a-b'], isDescending: true } }],
    [{ _fields: 'a' }, { fields: [['a']] }],
    [{ _fields: 'a.b,c' }, { fields: [['a', 'b'], ['c']] }],
    [{ _count: 'true' }, { isCounted: true }],
    [{ _count: 'false' }, { isCounted: false }],
  ])('is read from %j', (parameters, expected) => {
    expect(page(parameters)).toEqual({ ...NONE, ...expected });
  });

  it.each([
    ['_limit', ['0', '01', '1001', '10000', '-1', '1.5', '5x', 'x5', ''], 'must be a whole number from 1 to 1000'],
    [
      '_sort',
      ['', '-', 'a..b', 'a,'.repeat(2).concat('.')],
      'must be one attribute path, with "-" before it for the other direction',
    ],
    [
      '_fields',
      ['', 'a,', ',a', 'a,,b', 'a[0]', 'a,b[1].c', '.'],
      'must be attribute paths without list indexes, joined by ","',
    ],
    ['_count', ['', '1', 'True', 'yes'], 'must be true or false'],
  ] as const)('has no %s of %j', (name, texts, message) => {
    for (const text of texts)
      expect(page({ [name]: text }), text).toEqual({ ...NONE, faults: [{ path: name, message }] });
  });

  it('names the paths of its order and of its fields', () => {
    const faults: Fault[] = [];
    const paths = (parameters: [string, string][]) => pagePaths(parsePage(new Map(parameters), faults));
    expect(
      paths([
        ['_sort', '-a'],
        ['_fields', 'b.c,d'],
      ]),
    ).toEqual([['a'], ['b', 'c'], ['d']]);
    expect(paths([['_fields', 'b']])).toEqual([['b']]);
    expect(paths([['_limit', '5']])).toEqual([]);
  });
});
