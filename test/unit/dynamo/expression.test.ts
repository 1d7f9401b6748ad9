// The text of expressions, and that no limit of DynamoDB is passed: what does not fit is left, whole.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
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
import { evaluator } from '../../../lib/condition/evaluate.ts';
import { ExpressionWriter, filterExpression } from '../../../lib/dynamo/expression.ts';
import { hostileItems } from '../../corpus/hostile-items.ts';
import { conditions } from '../../support/conditions.ts';
import { cases } from '../../support/proof.ts';

const x = compare(['x'], '=', { S: 'v' });
const y = compare(['y'], '>', { N: '1' });
const z = exists(['z']);
const numbers = (length: number) => Array.from({ length }, (_, i) => ({ N: String(i) }));
const from = (number: string) => compare(['n'], '>=', { N: number });
const to = (number: string) => compare(['n'], '<=', { N: number });
/** Its text has 20 bytes, three for each zero, and those of the further steps. */
const below = (zeros: number, ...steps: number[]) => exists(['x', ...steps, ...Array<number>(zeros).fill(0)]);

describe('ExpressionWriter', () => {
  it.each<[string, Condition, string]>([
    ['compare', y, '#a > :a'],
    ['not equal', not(x), '#a <> :a'],
    ['not greater', not(y), 'NOT #a > :a'],
    ['in', oneOf(['x'], numbers(3)), '#a IN (:a,:b,:c)'],
    ['startsWith', startsWith(['x'], 'p'), 'begins_with(#a,:a)'],
    ['contains', contains(['x'], { S: 'p' }), 'contains(#a,:a)'],
    ['exists', z, 'attribute_exists(#a)'],
    ['missing', not(z), 'attribute_not_exists(#a)'],
    ['type', hasType(['x'], 'SS'), 'attribute_type(#a,:a)'],
    ['path', exists(['a', 2, 'b', 0, 0]), 'attribute_exists(#a[2].#b[0][0])'],
    ['and in or', any([all([x, y]), z]), '#a = :a AND #b > :b OR attribute_exists(#c)'],
    ['or in and', all([any([x, y]), z]), '(#a = :a OR #b > :b) AND attribute_exists(#c)'],
    ['not of a group', not(all([x, y])), 'NOT (#a = :a AND #b > :b)'],
    ['both bounds of a range', all([from('1'), x, to('2')]), '#a BETWEEN :a AND :c AND #b = :b'],
    ['both bounds, the upper first', all([to('2'), from('1')]), '#a BETWEEN :b AND :a'],
    ['a range of one value', all([from('1'), to('1.0')]), '#a BETWEEN :a AND :a'],
    ['the denial of a range', not(all([from('1'), to('2')])), 'NOT #a BETWEEN :a AND :b'],
    ['a range in an or', any([z, all([from('1'), to('2')])]), 'attribute_exists(#a) OR #b BETWEEN :a AND :b'],
    ['a bound that is left out', all([compare(['n'], '>', { N: '1' }), to('2')]), '#a > :a AND #a <= :b'],
    ['bounds that cross', all([from('2'), to('1')]), '#a >= :a AND #a <= :b'],
    ['bounds of two types', all([from('1'), compare(['n'], '<=', { S: '2' })]), '#a >= :a AND #a <= :b'],
    ['bounds of two attributes', all([from('1'), compare(['m'], '<=', { N: '2' })]), '#a >= :a AND #b <= :b'],
    ['a second lower bound', all([from('1'), from('0'), to('2')]), '#a BETWEEN :a AND :c AND #a >= :b'],
  ])('%s', (_, condition, expected) => {
    expect(new ExpressionWriter().condition(condition)).toBe(expected);
  });

  it('has one placeholder for each name and for each equal value', () => {
    const writer = new ExpressionWriter();
    writer.condition(
      all([compare(['x'], '>=', { N: '1' }), compare(['x'], '<=', { N: '1.0' }), compare(['y'], '=', { S: '1' })]),
    );
    expect(writer.placeholders()).toEqual({
      ExpressionAttributeNames: { '#a': 'x', '#b': 'y' },
      ExpressionAttributeValues: { ':a': { N: '1' }, ':b': { S: '1' } },
    });
  });

  it('leaves out empty maps', () => {
    const writer = new ExpressionWriter();
    expect(writer.placeholders()).toEqual({});
    writer.condition(z);
    expect(writer.placeholders()).toEqual({ ExpressionAttributeNames: { '#a': 'z' } });
  });

  it('counts a, b, … z, aa', () => {
    const writer = new ExpressionWriter();
    const placeholders = Array.from({ length: 703 }, (_, i) => writer.name(`n${i}`));
    expect([0, 25, 26, 51, 52, 701, 702].map((i) => placeholders[i])).toEqual([
      '#a',
      '#z',
      '#aa',
      '#az',
      '#ba',
      '#zz',
      '#aaa',
    ]);
    expect(new Set(placeholders).size).toBe(703);
  });

  it('never writes text of the request', () => {
    const law = fc.property(conditions, (condition) => {
      const { expression = '' } = filterExpression(condition, new ExpressionWriter());
      const keywords = /\b(AND|OR|NOT|IN|attribute_exists|attribute_not_exists|attribute_type|begins_with|contains)\b/g;
      expect(expression.replaceAll(keywords, '').replaceAll(/[#:][a-z]+|\[\d+\]/g, '')).toMatch(/^[ .,()<>=]*$/);
    });
    fc.assert(law, cases(500));
  });

  it('splits an IN of more than 100', () => {
    const text = new ExpressionWriter().condition(all([oneOf(['x'], numbers(250)), z]));
    const sizes = [...text.matchAll(/IN \(([^)]*)\)/g)].map(([, list = '']) => list.split(',').length);
    expect(sizes).toEqual([100, 100, 50]);
    expect(text).toMatch(/^\(#a IN .* OR .* OR .*\) AND attribute_exists\(#b\)$/);
  });

  it('puts no brackets round a split IN that stands in an OR', () => {
    const text = new ExpressionWriter().condition(any([oneOf(['x'], numbers(101)), z]));
    expect(text).toMatch(/^#a IN \([^()]*\) OR #a IN \(:[a-z]+\) OR attribute_exists\(#b\)$/);
  });

  it.each([TRUE, FALSE])('has no expression for a constant', (constant) => {
    const write = () => new ExpressionWriter().condition(constant);
    expect(write).toThrow(RangeError);
    expect(write).toThrow('the condition has no expression, or none that is short enough');
  });
});

describe('limits', () => {
  const equalities = (length: number) => numbers(length).map((value) => compare(['x'], '=', value));

  it.each([
    ['300 operators', any(equalities(150)), true],
    ['301 operators', any(equalities(151)), false],
    ['300 with NOT', all([not(any(equalities(149))), hasType(['x'], 'N')]), true],
    ['302 with NOT', all([not(any(equalities(150))), hasType(['x'], 'N')]), false],
    ['a list of 900', oneOf(['x'], numbers(900)), true],
    ['a list of 1,000', oneOf(['x'], numbers(1_000)), false],
    ['4,096 bytes', below(1_357, 100), true],
    ['4,097 bytes', below(1_359), false],
    // A text counts with its type and its quotes.
    ['2 MB of a name and a value', compare(['x'], '=', { S: 'v'.repeat(2_097_148) }), true],
    ['a byte more', compare(['x'], '=', { S: 'v'.repeat(2_097_149) }), false],
    ['2 MB of values', all([z, compare(['x'], '=', { S: 'v'.repeat(2 ** 21) })]), false],
  ])('%s', (_, condition, expected) => {
    const { expression } = new ExpressionWriter().conjunction([condition]);
    expect(expression !== undefined).toBe(expected);
  });

  it.each([
    ['4,096 bytes', below(1_349, 10), 4_096, TRUE],
    ['4,097 bytes', below(1_349, 100), 4_072, z],
  ])('hold for conjuncts together: %s', (_, condition, bytes, left) => {
    const { expression, residue } = filterExpression(all([condition, z]), new ExpressionWriter());
    expect(expression).toHaveLength(bytes);
    expect(residue).toBe(left);
  });

  it.each([
    ['4,096 bytes', below(1_336, 10), 4_096, TRUE],
    ['4,097 bytes', below(1_336, 100), 4_057, any([y, z])],
  ])('count the brackets round each of several groups: %s', (_, condition, bytes, left) => {
    const { expression, residue } = filterExpression(all([any([condition, z]), any([y, z])]), new ExpressionWriter());
    expect(expression).toHaveLength(bytes);
    expect(residue).toEqual(left);
  });

  it('leave conjuncts, whole, and no placeholder of them', () => {
    const writer = new ExpressionWriter();
    const long = oneOf(['long'], numbers(1_000));
    const { expression, residue } = filterExpression(all([x, long, z]), writer);
    expect(expression).toBe('#a = :a AND attribute_exists(#b)');
    expect(residue).toBe(long);
    expect(writer.placeholders()).toEqual({
      ExpressionAttributeNames: { '#a': 'x', '#b': 'z' },
      ExpressionAttributeValues: { ':a': { S: 'v' } },
    });
  });

  it('are kept however much is asked', () => {
    const sizes = fc.array(fc.tuple(conditions, fc.integer({ min: 1, max: 40 })), { minLength: 10, maxLength: 30 });
    const law = fc.property(sizes, (parts) => {
      const condition = all(
        parts.map(([part, times]) => any(numbers(times).map((value) => all([part, compare(['n'], '<', value)])))),
      );
      const writer = new ExpressionWriter();
      const { expression = '' } = filterExpression(condition, writer);
      expect(Buffer.byteLength(expression)).toBeLessThanOrEqual(4_096);
      const operators = expression.match(/ (AND|OR|IN|=|<>|<|<=|>|>=) |NOT |[a-z]+\(/g) ?? [];
      expect(operators.length).toBeLessThanOrEqual(300);
      const used = new Set(expression.match(/[#:][a-z]+/g));
      const maps = writer.placeholders();
      const made = [maps.ExpressionAttributeNames, maps.ExpressionAttributeValues].flatMap((map) =>
        Object.keys(map ?? {}),
      );
      expect(new Set(made)).toEqual(used);
    });
    fc.assert(law, cases(50));
  });
});

describe('filterExpression', () => {
  it('writes both bounds of a range as one, wherever they stand among the conjuncts', () => {
    const { expression, residue } = filterExpression(all([from('1'), x, to('2')]), new ExpressionWriter());
    expect(expression).toBe('#a BETWEEN :a AND :b AND #b = :c');
    expect(residue).toBe(TRUE);
  });

  it('of a constant writes nothing', () => {
    expect(filterExpression(TRUE, new ExpressionWriter())).toEqual({ expression: undefined, residue: TRUE });
    expect(filterExpression(FALSE, new ExpressionWriter())).toEqual({ expression: undefined, residue: FALSE });
  });

  it('keeps forbidden attributes out, also below the top', () => {
    const below = exists(['y', 'deep', 0]);
    const { expression, residue } = filterExpression(
      all([x, below, any([y, z])]),
      new ExpressionWriter(),
      (name) => name !== 'y',
    );
    expect(expression).toBe('#a = :a');
    expect(residue).toEqual(all([below, any([y, z])]));
  });

  it('does not write the order of values that have none', () => {
    const unordered = compare(['x'], '<', { BOOL: true });
    for (const condition of [all([unordered, z]), all([z, unordered])]) {
      expect(filterExpression(condition, new ExpressionWriter())).toEqual({
        expression: 'attribute_exists(#a)',
        residue: unordered,
      });
    }
    expect(new ExpressionWriter().condition(any([unordered, z]))).toBe('attribute_exists(#a)');
    expect(hostileItems.filter(evaluator(unordered))).toEqual([]);
  });
});
