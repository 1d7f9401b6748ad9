// Evaluation with DynamoDB's meaning, row by row; that real engines agree is the engine suite's to show.

import { describe, expect, it } from 'vitest';
import type { Path } from '../../../lib/base/path.ts';
import { itemOf, type Value } from '../../../lib/base/value.ts';
import {
  all,
  any,
  type Condition,
  compare,
  contains,
  exists,
  FALSE,
  hasType,
  not,
  oneOf,
  startsWith,
  TRUE,
} from '../../../lib/condition/condition.ts';
import { equalValues, evaluator, valueAt } from '../../../lib/condition/evaluate.ts';
import { compareTexts, compareValues } from '../../../lib/condition/value-key.ts';

const a: Path = ['a'];
const bytes = (...each: number[]) => new Uint8Array(each);

const table: readonly [string, Condition, Value | undefined, boolean][] = [
  ['constant true', TRUE, undefined, true],
  ['constant false', FALSE, { S: 'x' }, false],
  ['equal text', compare(a, '=', { S: 'x' }), { S: 'x' }, true],
  ['text is not a number', compare(a, '=', { S: '5' }), { N: '5' }, false],
  ['a number is not text', compare(a, '=', { N: '5' }), { S: '5' }, false],
  ['5.0 is 5', compare(a, '=', { N: '5' }), { N: '5.0' }, true],
  ['minus zero is zero', compare(a, '=', { N: '-0' }), { N: '0' }, true],
  [
    'the 38th digit counts',
    compare(a, '>', { N: '12345678901234567890123456789012345677' }),
    { N: '12345678901234567890123456789012345678' },
    true,
  ],
  ['10 is above 9', compare(a, '>', { N: '9' }), { N: '10' }, true],
  ['text 10 is below text 9', compare(a, '<', { S: '9' }), { S: '10' }, true],
  ['the order of a missing attribute', compare(a, '<', { N: '9' }), undefined, false],
  ['its contrary', not(compare(a, '<', { N: '9' })), undefined, true],
  ['the order of another type', compare(a, '>=', { N: '0' }), { S: '1' }, false],
  ['booleans have no order', compare(a, '>=', { BOOL: true }), { BOOL: true }, false],
  ['astral text is above U+FF5E', compare(a, '>', { S: '\uff5e' }), { S: '\u{1f600}' }, true],
  ['a prefix is below', compare(a, '<', { S: 'abc' }), { S: 'ab' }, true],
  ['bytes have no sign', compare(a, '>', { B: bytes(127) }), { B: bytes(128) }, true],
  ['sets have no order', compare(a, '=', { SS: ['x', 'y'] }), { SS: ['y', 'x'] }, true],
  ['number sets compare numbers', compare(a, '=', { NS: ['1', '2'] }), { NS: ['2.0', '1e0'] }, true],
  ['lists have an order', compare(a, '=', { L: [{ S: 'x' }, { S: 'y' }] }), { L: [{ S: 'y' }, { S: 'x' }] }, false],
  ['a list is no set', compare(a, '=', { L: [{ S: 'x' }] }), { SS: ['x'] }, false],
  ['sets deep inside', compare(a, '=', { L: [{ SS: ['x', 'y'] }] }), { L: [{ SS: ['y', 'x'] }] }, true],
  ['one of several types', oneOf(a, [{ S: 'x' }, { N: '5' }]), { N: '5.00' }, true],
  ['none of them', oneOf(a, [{ S: 'x' }, { N: '5' }]), { S: '5' }, false],
  ['not one of them, as it is missing', not(oneOf(a, [{ S: 'x' }, { N: '5' }])), undefined, true],
  ['every text begins with nothing', startsWith(a, ''), { S: 'x' }, true],
  ['a number has no beginning', startsWith(a, '1'), { N: '12' }, false],
  ['part of text', contains(a, { S: 'b' }), { S: 'abc' }, true],
  ['a number is no part of text', contains(a, { N: '5' }), { S: '5' }, false],
  ['part of binary', contains(a, { B: bytes(2, 3) }), { B: bytes(1, 2, 3) }, true],
  ['member of a text set', contains(a, { S: 'x' }), { SS: ['x'] }, true],
  ['part of a member of a set', contains(a, { S: 'x' }), { SS: ['xy'] }, false],
  ['member of a number set', contains(a, { N: '1.0' }), { NS: ['1'] }, true],
  ['member of a binary set', contains(a, { B: bytes(1) }), { BS: [bytes(1)] }, true],
  ['one member of a number set', contains(a, { N: '1' }), { NS: ['2', '1'] }, true],
  ['no member of a number set', contains(a, { N: '1' }), { NS: ['2'] }, false],
  ['one member of a binary set', contains(a, { B: bytes(1) }), { BS: [bytes(2), bytes(1)] }, true],
  ['no member of a binary set', contains(a, { B: bytes(1) }), { BS: [bytes(2)] }, false],
  ['a boolean is no member of a set', contains(a, { BOOL: true }), { SS: ['true'] }, false],
  ['element of a list', contains(a, { BOOL: true }), { L: [{ BOOL: true }] }, true],
  ['null is there', exists(a), { NULL: true }, true],
  ['and has a type', hasType(a, 'NULL'), { NULL: true }, true],
  ['missing has none', hasType(a, 'NULL'), undefined, false],
  ['all need each', all([exists(a), compare(a, '=', { S: 'x' })]), { S: 'y' }, false],
  ['any needs one', any([not(exists(a)), compare(a, '=', { S: 'x' })]), { S: 'x' }, true],
];

describe('evaluator', () => {
  it.each(table)('%s', (_, condition, value, expected) => {
    expect(evaluator(condition)(itemOf(value ? [['a', value]] : []))).toBe(expected);
  });

  it.each(['__proto__', 'constructor', 'toString'])('finds no attribute %s in an item without it', (name) => {
    expect(evaluator(exists([name]))({})).toBe(false);
    expect(evaluator(exists(['m', name]))({ m: { M: {} } })).toBe(false);
    expect(evaluator(exists([name]))(itemOf([[name, { S: 'x' }]]))).toBe(true);
  });
});

describe('valueAt', () => {
  const item = itemOf([['a', { L: [{ M: itemOf([['b', { S: 'x' }]]) }] }]]);

  it.each<[Path, Value | undefined]>([
    [['a', 0, 'b'], { S: 'x' }],
    [['a', 1, 'b'], undefined],
    [['a', 'length'], undefined],
    [['a', 0, 0], undefined],
    [['b'], undefined],
  ])('%j', (path, expected) => {
    expect(valueAt(item, path)).toEqual(expected);
  });
});

describe('values', () => {
  it('are equal only within a type', () => {
    const alike: Value[] = [
      { S: '1' },
      { N: '1' },
      { SS: ['1'] },
      { NS: ['1'] },
      { L: [{ S: '1' }] },
      { L: [{ N: '1' }] },
    ];
    for (const left of alike) for (const right of alike) expect(equalValues(left, right)).toBe(left === right);
  });

  it.each<[Value, Value]>([
    [{ NS: ['1'] }, { NS: ['2'] }],
    [{ NS: ['1'] }, { NS: ['1', '2'] }],
    [{ BS: [bytes(1)] }, { BS: [bytes(2)] }],
    [{ SS: ['a'] }, { SS: ['b'] }],
    [{ B: bytes(1) }, { B: bytes(2) }],
    [{ M: { a: { N: '1' } } }, { M: { a: { N: '2' } } }],
    [{ M: { a: { N: '1' } } }, { M: { b: { N: '1' } } }],
    [{ BOOL: true }, { BOOL: false }],
    [{ NULL: true }, { BOOL: true }],
  ])('differ: %j and %j', (left, right) => {
    expect(equalValues(left, right)).toBe(false);
    expect(equalValues(left, left)).toBe(true);
  });

  it('do not confuse texts with their quotes', () => {
    expect(equalValues({ SS: ['a","b'] }, { SS: ['a', 'b'] })).toBe(false);
  });

  it('are in the order of their UTF-8 bytes', () => {
    const astral = ['\u{10000}', '\u{103fe}', '\u{103ff}', '\u{10ffff}', '\u{1f600}', '\u{1f600}a'];
    const texts = ['', 'a', 'b', 'é', '\ud7ff', '\ue000', '\uff5e', ...astral, 'z'];
    const expected = texts.toSorted((left, right) => Buffer.compare(Buffer.from(left), Buffer.from(right)));
    expect(texts.toSorted(compareTexts)).toEqual(expected);
    expect(texts.toSorted()).not.toEqual(expected);
  });

  it('of two types have no order', () => {
    expect(compareValues({ S: '1' }, { N: '1' })).toBeUndefined();
  });
});
