// Filters of records and of `_where`: what is refused and where, and what the rest means.

import { describe, expect, it } from 'vitest';
import { parseJson } from '../../../lib/base/json.ts';
import type { Value } from '../../../lib/base/value.ts';
import {
  type Filter,
  type FilterOptions,
  filterCondition,
  filterTruth,
  parseFilter,
  variableNames,
} from '../../../lib/condition/filter.ts';
import { printCondition } from '../../../lib/condition/print.ts';

const record: FilterOptions = { variables: ['user.id', 'user.groups', 'claims.team'], tables: ['items', 'orders'] };
const query: FilterOptions = { variables: 'none' };

function json(text: string): Value {
  const parsed = parseJson(text);
  return 'value' in parsed ? parsed.value : expect.fail(text);
}

function faultsOf(text: string, options: FilterOptions, at = 'f') {
  const parsed = parseFilter(json(text), at, options);
  return 'faults' in parsed ? parsed.faults.map(({ path, message }) => `${path}: ${message}`) : [];
}

function filterOf(text: string, options: FilterOptions): Filter {
  const parsed = parseFilter(json(text), 'f', options);
  return 'value' in parsed ? parsed.value : expect.fail(JSON.stringify(parsed.faults));
}

describe('parseFilter refuses', () => {
  it.each([
    ['"x"', 'f: is no filter'],
    ['[]', 'f: is no filter'],
    ['{}', 'f: is empty'],
    ['{"field":"a"}', 'f.value: is missing'],
    ['{"value":1}', 'f.field: is missing'],
    ['{"field":"a..b","value":1}', 'f.field: is no attribute path'],
    ['{"field":1,"value":1}', 'f.field: is no attribute path'],
    ['{"field":"a","value":1,"note":"x"}', 'f.note: is no key of a filter; it has field, operator, value, table'],
    ['{"field":"a","value":1,"__proto__":1}', 'f.__proto__: is no key of a filter'],
    [
      '{"field":"a","operator":"startwith","value":"x"}',
      'f.operator: "startwith" is no operator; did you mean startswith?',
    ],
    ['{"field":"a","operator":1,"value":"x"}', 'f.operator: is not the name of an operator'],
    ['{"field":"a","operator":"gt","value":true}', 'f.value: true is no value for gt'],
    ['{"field":"a","operator":"eq","value":[1]}', 'f.value: [1] is no value for eq'],
    ['{"field":"a","value":[{"$var":"user.id"}]}', 'f.value: [{"$var":"user.id"}] is no value for in'],
    ['{"field":"a","value":{"$var":"user.idd"}}', 'f.value: "user.idd" is no variable; did you mean user.id?'],
    ['{"field":"a","value":{"$var":"user.id","x":1}}', 'f.value: is an object; the only object allowed'],
    ['{"field":"a","value":{"var":"user.id"}}', 'f.value: is an object; the only object allowed'],
    ['{"field":"a","value":1,"table":"item"}', 'f.table: "item" is no table; did you mean items?'],
    ['{"field":"a","value":1,"table":["items"]}', 'f.table: is not the name of a table'],
    ['{"any":{"field":"a","value":1}}', 'f.any: is no list of filters'],
    ['{"not":[{"field":"a","value":1}]}', 'f.not: is no filter'],
    ['{"any":[],"all":[]}', 'f.all: stands beside any, which stands alone'],
    ['{"all":[],"field":"a"}', 'f.field: stands beside all'],
    [
      '{"any":[{"field":"a","value":1},{"field":"a","operator":"in","value":1}]}',
      'f.any[1].value: 1 is no value for in',
    ],
    ['{"not":{"all":[{"any":[{}]}]}}', 'f.not.all[0].any[0]: is empty'],
  ])('%s', (text, expected) => {
    expect(faultsOf(text, record).join('\n')).toContain(expected);
  });

  it('a variable where there are none, without a guess', () => {
    expect(faultsOf('{"field":"a","value":{"$var":"x"}}', { variables: [] })).toEqual(['f.value: "x" is no variable']);
  });

  it('every mistake at once', () => {
    expect(faultsOf('{"all":[{},{"field":"a"},{"field":"b","value":1}]}', record)).toHaveLength(2);
  });

  it('variables and tables in a query', () => {
    expect(faultsOf('{"field":"a","value":{"$var":"user.id"}}', query, '')).toEqual([
      'value: is a variable; only records may use variables',
    ]);
    expect(faultsOf('{"field":"a","value":1,"table":"items"}', query)[0]).toContain('f.table: is no key of a filter');
  });

  it('deep nesting', () => {
    const nested = (levels: number): Value =>
      levels === 0 ? json('{"field":"a","value":1}') : { M: { not: nested(levels - 1) } };
    expect(parseFilter(nested(31), 'f', query)).toHaveProperty('value');
    expect(parseFilter(nested(32), 'f', query)).toHaveProperty('faults');
    expect(parseFilter(nested(5_000), 'f', query)).toHaveProperty('faults');
    const wide = (levels: number): Value =>
      levels === 0 ? json('{"field":"a","value":1}') : { M: { any: { L: [wide(levels - 1)] } } };
    expect(parseFilter(wide(31), 'f', query)).toHaveProperty('value');
    expect(parseFilter(wide(32), '', query)).toEqual({
      faults: [{ path: `any[0]${'.any[0]'.repeat(31)}`, message: 'is nested more than 32 levels deep; flatten it' }],
    });
  });
});

describe('filterCondition', () => {
  it.each([
    ['{"field":"a.b[0]","value":1}', 'a.b[0] = 1'],
    ['{"field":"a","value":["x","y"]}', 'a in ("x", "y")'],
    ['{"field":"a","operator":"exists","value":"true"}', 'a exists'],
    ['{"not":{"any":[{"field":"a","value":1},{"field":"b","operator":"ne","value":2}]}}', 'not (a = 1 or not (b = 2))'],
    ['{"any":[]}', 'false'],
    ['{"all":[]}', 'true'],
    ['{"field":"a","operator":"notin","value":[]}', 'true'],
  ])('%s', (text, expected) => {
    expect(printCondition(filterCondition(filterOf(text, query)))).toBe(expected);
  });
});

describe('a filter with a variable', () => {
  const variable = '{"field":"a","value":{"$var":"user.id"}}';
  const literal = '{"field":"a","value":1}';

  it.each([
    [variable, ['user.id']],
    [literal, []],
    [`{"not":${variable}}`, ['user.id']],
    [`{"not":${literal}}`, []],
    [`{"any":[${literal},${variable}]}`, ['user.id']],
    [`{"all":[${literal},{"not":{"any":[${literal}]}}]}`, []],
    ['{"all":[]}', []],
  ])('depends on its variables: %s', (text, expected) => {
    expect(variableNames(filterOf(text, record))).toEqual(expected);
  });

  it('is no query', () => {
    expect(() => filterCondition(filterOf(`{"any":[${variable}]}`, record))).toThrow('it needs filterTruth');
  });

  it('is unknown where the value is none that its operator takes', () => {
    const truth = filterTruth(filterOf(variable, record), 'items', new Map([['user.id', [{ L: [] }]]]));
    expect(truth && [truth.whenTrue, truth.whenFalse].map(printCondition)).toEqual(['false', 'false']);
  });
});

describe('filterTruth', () => {
  const variables = new Map<string, readonly Value[]>([
    ['user.id', [{ S: 'ann' }]],
    ['user.groups', [{ L: [{ S: 'g1' }, { S: 'g2' }] }]],
  ]);
  const a = '{"field":"a","value":1}';
  const elsewhere = '{"field":"z","value":1,"table":"orders"}';

  it.each([
    [a, 'a = 1'],
    [`{"not":${a}}`, 'a has type N and not (a = 1)'],
    ['{"field":"a","operator":"ne","value":"x"}', 'a has type S and not (a = "x")'],
    ['{"field":"owner","value":{"$var":"user.id"}}', 'owner = "ann"'],
    ['{"field":"group","value":{"$var":"user.groups"}}', 'group in ("g1", "g2")'],
    // Unknown, on both sides of not.
    ['{"field":"team","value":{"$var":"claims.team"}}', 'false'],
    ['{"not":{"field":"team","value":{"$var":"claims.team"}}}', 'false'],
    ['{"field":"group","operator":"eq","value":{"$var":"user.groups"}}', 'false'],
    ['{"not":{"field":"group","operator":"eq","value":{"$var":"user.groups"}}}', 'false'],
    [`{"any":[${a},{"field":"team","value":{"$var":"claims.team"}}]}`, 'a = 1'],
    // Of another table: neither restricts nor opens.
    [elsewhere, undefined],
    [`{"not":${elsewhere}}`, undefined],
    [`{"all":[${elsewhere}]}`, undefined],
    [`{"any":[${elsewhere},{"not":${elsewhere}}]}`, undefined],
    [`{"any":[${a},${elsewhere}]}`, 'a = 1'],
    [`{"all":[${a},${elsewhere}]}`, 'a = 1'],
    [`{"not":{"any":[${a},${elsewhere}]}}`, 'a has type N and not (a = 1)'],
    ['{"field":"a","value":1,"table":"items"}', 'a = 1'],
    // Empty as written.
    ['{"any":[]}', 'false'],
    ['{"all":[]}', 'true'],
    ['{"not":{"any":[]}}', 'true'],
    ['{"field":"a","value":[]}', 'false'],
    ['{"not":{"field":"a","value":[]}}', 'true'],
  ])('%s', (text, expected) => {
    const truth = filterTruth(filterOf(text, record), 'items', variables);
    expect(truth && printCondition(truth.whenTrue)).toBe(expected);
  });
});
