// Numbers as DynamoDB holds them: 38 digits, 1E-130 to 9.99…E+125, and no float anywhere.

import { describe, expect, it } from 'vitest';
import { canonicalNumber, compareNumbers } from '../../../lib/base/number.ts';

const NINES = '9'.repeat(38);

describe('the canonical text of a number', () => {
  it.each([
    ['0', '0'],
    ['-0', '0'],
    ['0.000', '0'],
    ['-0e5', '0'],
    ['1.0', '1'],
    ['1e0', '1'],
    ['100e-2', '1'],
    ['0.1e1', '1'],
    ['1E+2', '100'],
    ['-1.50', '-1.5'],
    ['0.1', '0.1'],
    ['1e-1', '0.1'],
    ['12345678901234567890123456789012345678', '12345678901234567890123456789012345678'],
    ['0.12345678901234567890123456789012345678', '0.12345678901234567890123456789012345678'],
    [`${NINES}0`, `9.${'9'.repeat(37)}E+38`],
    ['1e37', `1${'0'.repeat(37)}`],
    ['1e38', '1E+38'],
    ['1e125', '1E+125'],
    [`9.${'9'.repeat(37)}E+125`, `9.${'9'.repeat(37)}E+125`],
    ['1E-130', '1E-130'],
    ['-1e-130', '-1E-130'],
    ['1e-38', `0.${'0'.repeat(37)}1`],
    ['1e-39', '1E-39'],
  ])('of %s is %s', (text, canonical) => {
    expect(canonicalNumber(text)).toBe(canonical);
    expect(canonicalNumber(canonical)).toBe(canonical);
  });

  it.each([
    ['39 digits', `${NINES}1`],
    ['39 digits behind the point', `0.${NINES}1`],
    ['39 digits across the point', `1.${'0'.repeat(37)}1`],
    ['more than 9.99E+125', '1e126'],
    ['less than 1E-130 and not zero', '1e-131'],
    ['an enormous exponent', '1e999999999999'],
    ['nothing', ''],
    ['words', 'NaN'],
    ['infinity', 'Infinity'],
    ['hexadecimal', '0x10'],
    ['a sign alone', '-'],
    ['a plus sign', '+1'],
    ['no digit behind the point', '1.'],
    ['no digit before the point', '.5'],
    ['spaces', ' 1'],
    ['a line break', '1\n'],
    ['two points', '1.2.3'],
    ['a comma', '1,5'],
    ['digits that are not ASCII', '１'],
  ])('is refused for %s', (_, text) => {
    expect(canonicalNumber(text)).toBeUndefined();
  });
});

describe('comparing numbers', () => {
  const ascending = [
    `-9.${'9'.repeat(37)}E+125`,
    '-12345678901234567890123456789012345678',
    '-12345678901234567890123456789012345677',
    '-10',
    '-9',
    '-1.5',
    '-1',
    '-1E-130',
    '0',
    '1E-130',
    '0.1',
    '0.10000000000000000000000000000000000001',
    '1',
    '9',
    '10',
    '9007199254740992',
    '9007199254740993',
    '12345678901234567890123456789012345677',
    '12345678901234567890123456789012345678',
    '1E+125',
  ];

  it('orders them by value, beyond what a float can tell apart', () => {
    for (const [i, left] of ascending.entries()) {
      for (const [j, right] of ascending.entries()) {
        expect(Math.sign(compareNumbers(left, right)), `${left} ~ ${right}`).toBe(Math.sign(i - j));
      }
    }
  });

  it.each([
    ['1', '1.0'],
    ['100', '1e2'],
    ['-0', '0'],
    ['0', '0e7'],
    ['0.5', '5E-1'],
  ])('holds %s and %s equal', (left, right) => {
    expect(compareNumbers(left, right)).toBe(0);
  });
});
