// Items that break careless code: what conditions are evaluated on, in memory and by real engines. Each has the key `id`.

import type { Path } from '../../lib/base/path.ts';
import { type Item, itemOf, type Value } from '../../lib/base/value.ts';

const bytes = (...all: number[]) => new Uint8Array(all);
const map = (...entries: [string, Value][]): Value => ({ M: itemOf(entries) });

function deep(levels: number): Value {
  return levels === 0 ? { S: 'bottom' } : { L: [deep(levels - 1)] };
}

/** Values of every type, close to one another where it hurts. */
export const hostileValues: readonly Value[] = [
  { S: '' },
  { S: 'x' },
  { S: 'X' },
  { S: 'abc' },
  { S: 'ab' },
  { S: '5' },
  { S: 'true' },
  { S: 'null' },
  { S: ' ' },
  { S: '"quoted" :a #a \\ \u0000' },
  // UTF-16 order and UTF-8 order differ: U+FF5E is below U+1F600, though its unit is above the surrogates.
  { S: '\uff5e' },
  { S: '\u{1f600}' },
  { S: '\ud7ff' },
  { S: 'é' },
  { S: 'e\u0301' },
  { S: 'z'.repeat(500) },
  { N: '0' },
  { N: '-0' },
  { N: '5' },
  { N: '5.0' },
  { N: '-5' },
  { N: '1e1' },
  { N: '10' },
  { N: '9' },
  { N: '0.1' },
  { N: '12345678901234567890123456789012345678' },
  { N: '12345678901234567890123456789012345677' },
  { N: '-12345678901234567890123456789012345678' },
  { N: '9.9999999999999999999999999999999999999E+125' },
  { N: '1E-130' },
  { B: bytes() },
  { B: bytes(0) },
  { B: bytes(1, 2, 3) },
  { B: bytes(2, 3) },
  { B: bytes(127) },
  { B: bytes(128) },
  { BOOL: true },
  { BOOL: false },
  { NULL: true },
  { SS: ['x', 'abc'] },
  { SS: ['abc', 'x'] },
  { SS: ['5'] },
  { NS: ['5', '0'] },
  { NS: ['0.0', '5.0'] },
  { BS: [bytes(1, 2, 3), bytes(128)] },
  { BS: [bytes(128), bytes(1, 2, 3)] },
  { L: [] },
  { L: [{ S: 'x' }, { N: '5' }, { BOOL: true }, { NULL: true }, { B: bytes(2, 3) }] },
  { L: [{ N: '5' }, { S: 'x' }] },
  { L: [{ L: [{ SS: ['x', 'abc'] }] }, map(['x', { N: '5.0' }])] },
  { L: [{ L: [{ SS: ['abc', 'x'] }] }, map(['x', { N: '5' }])] },
  deep(28),
  { M: itemOf([]) },
  map(['x', { N: '5' }]),
  map(['x', { N: '5.0' }], ['a', { S: 'x' }]),
  map(['a', { S: 'x' }], ['x', { N: '5' }]),
  map(['__proto__', { S: 'x' }], ['constructor', { N: '5' }]),
];

/** Attribute names: reserved words, the marks of expressions and of query strings, and names every object has. */
export const hostileNames: readonly string[] = [
  'status',
  'size',
  'AND',
  'a.b',
  'a[0]',
  '[0]',
  '#a',
  ':a',
  'a__eq',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'ключ',
  '\u{1f600}',
  ' ',
];

/** Every value as an attribute, inside a map and inside a list; every name on three items; an item of nothing but its key. */
export const hostileItems: readonly Item[] = [
  ...hostileValues.map((value, i) =>
    itemOf([
      ['id', { S: `value-${i}` }],
      ['a', value],
      ['m', depthOf(value) > 20 ? { NULL: true } : map(['a', value])],
      ['l', depthOf(value) > 20 ? { NULL: true } : { L: [value, { S: 'x' }] }],
    ]),
  ),
  ...[{ S: 'x' }, { N: '5' }, map(...hostileNames.map((name): [string, Value] => [name, { S: 'x' }]))].map((value, i) =>
    itemOf([['id', { S: `names-${i}` }], ...hostileNames.map((name): [string, Value] => [name, value])]),
  ),
  itemOf([['id', { S: 'nothing' }]]),
];

function depthOf(value: Value): number {
  return 'L' in value ? 1 + Math.max(0, ...value.L.map(depthOf)) : 0;
}

/** Paths into those items, and some that lead nowhere. */
export const hostilePaths: readonly Path[] = [
  ['a'],
  ['a', 'x'],
  ['a', 'constructor'],
  ['a', 0],
  ['a', 1, 'x'],
  ['a', 7],
  ['m'],
  ['m', 'a'],
  ['m', 'a', 'x'],
  ['m', 'a', 0],
  ['l', 0],
  ['l', 1],
  ['l', 0, 'a'],
  ['l', 2],
  ['l', 'length'],
  ['nowhere'],
  ['valueOf'],
  ...hostileNames.map((name): Path => [name]),
  ...hostileNames.map((name): Path => [name, name]),
];
