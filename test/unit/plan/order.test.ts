// The order of rows by one attribute, whatever values it has.

import { describe, expect, it } from 'vitest';
import type { Path } from '../../../lib/base/path.ts';
import { sorted } from '../../../lib/plan/order.ts';
import { item } from '../../support/values.ts';

/** In order; those of one line are alike. */
const LINES: readonly (readonly [string, unknown])[][] = [
  [['low', -1]],
  [['one', 1]],
  [['ten', 10]],
  [['text ten', '10']],
  [['text nine', '9']],
  [['no', false]],
  [['yes', true]],
  [['bytes', new Uint8Array([1])]],
  [['more bytes', new Uint8Array([2])]],
  [
    ['null', null],
    ['list', [1]],
    ['map', { a: 1 }],
    ['set', new Set(['a'])],
  ],
];
const missing = ['none', 'none either'].map((id) => item({ id }));
const rows = LINES.map((line) => line.map(([id, v]) => item({ id, v, deep: { v } })));
const ids = (items: readonly object[]) => items.map((each) => ('id' in each ? each.id : undefined));

describe('rows in order', () => {
  it.each<Path>([['v'], ['deep', 'v']])('are numbers, texts, all else, and what has no %s last', (...path) => {
    const given = [...missing, ...rows.toReversed().flat()];
    expect(ids(sorted(given, { path: path as unknown as Path, isDescending: false }))).toEqual(
      ids([...rows.flat(), ...missing]),
    );
  });

  it('are the other way round, but for what has no value, which stays last', () => {
    const given = [...missing, ...rows.flat()];
    expect(ids(sorted(given, { path: ['v'], isDescending: true }))).toEqual(
      ids([...rows.toReversed().flat(), ...missing]),
    );
  });
});
