// docs/reference/operators.md, "Values": the values that a text of a query string may mean, or what is wrong with it.

import { describe, expect, it } from 'vitest';
import { table } from '../../../lib/definition/table.ts';
import { declaredType, readBoth, readDeclared, readOrdered, readText } from '../../../lib/query/scalar.ts';

const DIGITS_39 = '1'.repeat(39);

describe('the text of an undeclared attribute', () => {
  it.each([
    ['word', [{ S: 'word' }]],
    ['5', [{ S: '5' }, { N: '5' }]],
    ['-1.25', [{ S: '-1.25' }, { N: '-1.25' }]],
    ['1.50e1', [{ S: '1.50e1' }, { N: '15' }]],
    ['true', [{ S: 'true' }, { BOOL: true }]],
    ['false', [{ S: 'false' }, { BOOL: false }]],
    ['null', [{ S: 'null' }, { NULL: true }]],
    ['"5"', [{ S: '5' }]],
    ['""', [{ S: '' }]],
    ['"', [{ S: '"' }]],
    ['"a', [{ S: '"a' }]],
    ['a"', [{ S: 'a"' }]],
    ['"a" and "b"', [{ S: '"a" and "b"' }]],
    [' "a"', [{ S: ' "a"' }]],
    ['"a" ', [{ S: '"a" ' }]],
  ])('means, for equality, everything that it may be: %s', (text, values) => {
    expect(readBoth(text)).toEqual(values);
  });

  it.each([
    ['5', { N: '5' }],
    ['"5"', { S: '5' }],
    ['true', { S: 'true' }],
    ['null', { S: 'null' }],
    ['2026-04-01', { S: '2026-04-01' }],
  ])('means, for an order, a number or text: %s', (text, value) => {
    expect(readOrdered(text)).toEqual([value]);
  });

  it.each([DIGITS_39, '1e126', '-1e-131'])('is no number that DynamoDB has: %s', (text) => {
    const message = `"${text}" is beyond 38 digits, or beyond 1E-130 … 9.99E+125`;
    expect(readBoth(text)).toBe(message);
    expect(readOrdered(text)).toBe(message);
  });

  it('may stand in quotes where only text is due', () => {
    expect(readText('"5"')).toEqual([{ S: '5' }]);
    expect(readText('5')).toEqual([{ S: '5' }]);
  });
});

describe('the text of a declared attribute', () => {
  it.each([
    ['string', '"5"', { S: '"5"' }],
    ['number', '5.0', { N: '5' }],
    ['boolean', 'true', { BOOL: true }],
    ['boolean', 'false', { BOOL: false }],
  ] as const)('is read as a %s: %s', (type, text, value) => {
    expect(readDeclared(text, type)).toEqual([value]);
  });

  it.each([
    ['number', 'abc', '"abc" is no number of at most 38 digits'],
    ['number', DIGITS_39, `"${DIGITS_39}" is no number of at most 38 digits`],
    ['boolean', 'yes', '"yes" is not true or false'],
    ['number', 'x'.repeat(60), `"${'x'.repeat(60)}" is no number of at most 38 digits`],
    ['number', 'x'.repeat(61), `"${'x'.repeat(60)}…" is no number of at most 38 digits`],
  ] as const)('that is no %s is shown, its first 60 characters at most: %s', (type, text, message) => {
    expect(readDeclared(text, type)).toBe(message);
  });
});

describe('the declared type of a path', () => {
  const of = table('typed', {
    partitionKey: { id: 'string' },
    attributes: { n: 'number', cost: { type: 'number', hidden: true } },
  });

  it('is that of the attribute itself, and of none below it', () => {
    expect(declaredType(of, ['n'])).toBe('number');
    expect(declaredType(of, ['n', 'below'])).toBeUndefined();
    expect(declaredType(of, ['n', 0])).toBeUndefined();
    expect(declaredType(of, ['open'])).toBeUndefined();
  });

  it('is not told of an attribute that is hidden from everybody', () => {
    expect(declaredType(of, ['cost'])).toBeUndefined();
  });
});
