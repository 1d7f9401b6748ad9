// The operator table: every row of it on its own example, and what it says of wrong operands.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseJson } from '../../../lib/base/json.ts';
import { itemOf, type Value } from '../../../lib/base/value.ts';
import { evaluator } from '../../../lib/condition/evaluate.ts';
import { findOperator, nearestOperator, operandFault, operators } from '../../../lib/condition/operators.ts';
import { printCondition } from '../../../lib/condition/print.ts';
import { operatorsPage } from '../../../scripts/operators-page.ts';
import { item } from '../../support/values.ts';

function json(text: string): Value {
  const parsed = parseJson(text);
  return 'value' in parsed ? parsed.value : expect.fail(text);
}

const operator = (name: string) => findOperator(name) ?? expect.fail(name);

describe('build', () => {
  it.each([
    ['eq', '"x"', 'a = "x"'],
    ['ne', '1', 'not (a = 1)'],
    ['in', '["x",1]', 'a in ("x", 1)'],
    ['in', '[]', 'false'],
    ['notin', '["x","y"]', 'not (a in ("x", "y"))'],
    ['notin', '[]', 'true'],
    ['startswith', '"x"', 'a starts with "x"'],
    ['contains', 'null', 'a contains null'],
    ['notcontains', '"x"', 'not (a contains "x")'],
    ['exists', 'true', 'a exists'],
    ['exists', '"true"', 'a exists'],
    ['exists', 'false', 'not (a exists)'],
    ['exists', '"false"', 'not (a exists)'],
    ['gt', '1', 'a > 1'],
    ['lt', '"x"', 'a < "x"'],
    ['gte', '1', 'a >= 1'],
    ['ge', '1', 'a >= 1'],
    ['lte', '1', 'a <= 1'],
    ['le', '1', 'a <= 1'],
    ['between', '[1,1.0]', 'a >= 1 and a <= 1'],
    ['type', '"SS"', 'a has type SS'],
    [
      'haselements',
      '["x","y"]',
      '(a has type L or a has type SS or a has type NS or a has type BS) and a contains "x" and a contains "y"',
    ],
  ])('%s %s', (name, text, expected) => {
    const value = json(text);
    expect(operandFault(operator(name), value)).toBeUndefined();
    expect(printCondition(operator(name).build(['a'], value))).toBe(expected);
  });
});

describe('an operand that was not checked', () => {
  it.each([
    ['startswith', '1'],
    ['in', '"x"'],
    ['between', '"x"'],
    ['between', '[1]'],
    ['between', '[]'],
    ['exists', '1'],
    ['haselements', '"x"'],
    ['type', '[]'],
  ])('builds no condition: %s %s', (name, text) => {
    expect(() => operator(name).build(['a'], json(text))).toThrow('got past operandFault');
  });

  it('is a defect that is told by its type', () => {
    const build = () => operator('startswith').build(['a'], { NULL: true });
    expect(build).toThrow(new TypeError('an operand of type NULL got past operandFault'));
  });
});

describe('operandFault', () => {
  it.each([
    ['eq', '[1]', '[1] is no value for eq; it takes text, a number, true, false or null'],
    ['eq', '{"a":1}', '{"a":1} is no value for eq'],
    ['gt', 'true', 'true is no value for gt; it takes text or a number'],
    ['gt', 'null', 'null is no value for gt'],
    ['in', '"x"', '"x" is no value for in; it takes a JSON list of at most 1000'],
    ['in', '[["x"]]', '[["x"]] is no value for in'],
    ['notin', '{}', '{} is no value for notin'],
    ['between', '[1]', '[1] is no value for between; it takes a JSON list of two'],
    ['between', '[1,2,3]', '[1,2,3] is no value'],
    ['between', '[2,1]', '[2,1] is no value'],
    ['between', '["a",1]', '["a",1] is no value'],
    ['between', '[true,true]', '[true,true] is no value'],
    ['between', '[1,true]', '[1,true] is no value'],
    ['between', '["a",1]', 'it takes a JSON list of two texts or two numbers, the lower first'],
    ['between', '["\u{1f600}","\uff5e"]', 'is no value'],
    ['exists', '"yes"', '"yes" is no value for exists; it takes true or false'],
    ['exists', '1', '1 is no value'],
    ['type', '"string"', '"string" is no value for type; it takes one of S N B'],
    ['type', '"s"', '"s" is no value'],
    ['startswith', '1', '1 is no value for startswith; it takes text'],
    ['haselements', '[]', '[] is no value for haselements; it takes a JSON list of 1 to 1000'],
  ])('%s %s', (name, text, message) => {
    expect(operandFault(operator(name), json(text))).toContain(message);
  });

  it.each('S N B BOOL NULL L M SS NS BS'.split(' '))('takes %s as a type', (code) => {
    expect(operandFault(operator('type'), { S: code })).toBeUndefined();
  });

  it.each<Value>([{ S: 'x' }, { N: '1' }, { BOOL: false }, { NULL: true }, { B: new Uint8Array([1]) }])(
    'takes every scalar as a value: %j',
    (value) => {
      expect(operandFault(operator('eq'), value)).toBeUndefined();
    },
  );

  it.each<Value>([{ SS: ['x'] }, { NS: ['1'] }, { M: item({}) }])('takes nothing else as a value: %j', (value) => {
    expect(operandFault(operator('eq'), value)).toContain('is no value for eq');
  });

  it('shows 60 characters of a value', () => {
    const shown = (digits: number) => operandFault(operator('startswith'), { N: '1'.repeat(digits) });
    expect(shown(60)).toBe(`${'1'.repeat(60)} is no value for startswith; it takes text`);
    expect(shown(61)).toBe(`${'1'.repeat(60)}… is no value for startswith; it takes text`);
  });

  it('takes binary of a record as what has an order', () => {
    expect(operandFault(operator('gt'), { B: new Uint8Array([1]) })).toBeUndefined();
  });

  it('finds half a surrogate pair, which has no UTF-8', () => {
    const pair: Value = { L: [{ S: 'x' }, { S: 'x\ud800' }] };
    expect(operandFault(operator('between'), pair)).toContain('is no value for between');
    expect(operandFault(operator('eq'), { S: 'x\ud800' })).toContain('is no value for eq');
    expect(operandFault(operator('eq'), { S: 'x\u{1f600}' })).toBeUndefined();
  });

  it('takes 1,000 values and not one more, and does not repeat them all', () => {
    const list = (length: number): Value => ({ L: Array.from({ length }, (_, i) => ({ N: String(i) })) });
    expect(operandFault(operator('in'), list(1_000))).toBeUndefined();
    expect(operandFault(operator('in'), list(1_001))?.length).toBeLessThan(250);
  });
});

describe('the table', () => {
  it('is what docs/reference/operators.md says', () => {
    expect(readFileSync(join(import.meta.dirname, '../../../docs/reference/operators.md'), 'utf8')).toBe(
      operatorsPage(),
    );
  });

  it('has the names and aliases of the specification, each once', () => {
    const names = operators.flatMap(({ name, aliases }) => [name, ...aliases]);
    expect(names.toSorted()).toEqual(
      'between contains eq exists ge gt gte haselements in le lt lte ne notcontains notin startswith type'.split(' '),
    );
  });

  it.each(operators.map((each) => [each.name, each] as const))('%s: the example is its own', (name, each) => {
    const [left, right = ''] = each.example.split(/=(.*)/s);
    expect([name === 'eq', left?.endsWith(`__${name}`)]).toContain(true);
    const value = right.startsWith('[') || right.startsWith('"') || /^\d+$/.test(right) ? json(right) : { S: right };
    expect(operandFault(each, value)).toBeUndefined();
    if (each.missing !== 'as asked') {
      expect(evaluator(each.build(['nowhere'], value))(itemOf([]))).toBe(each.missing === 'true');
    }
  });

  it.each([
    ['startwith', 'startswith'],
    ['GT', 'gt'],
    ['equals', 'eq'],
    ['not_in', 'notin'],
    ['x'.repeat(10_000), expect.any(String)],
  ])('finds what is nearest to %s', (word, expected) => {
    expect(findOperator(word)).toBeUndefined();
    expect(nearestOperator(word)).toEqual(expected);
  });

  it.each(['__proto__', 'constructor', 'toString', '', 'EQ'])('has no operator %j', (name) => {
    expect(findOperator(name)).toBeUndefined();
  });
});
