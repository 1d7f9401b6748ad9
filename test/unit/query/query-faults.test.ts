// What a caller reads about a query string that is wrong: the parameter as it was sent, what is wrong with it, what is right.

import { describe, expect, it } from 'vitest';
import { ApiError, type Fault } from '../../../lib/base/errors.ts';
import { table } from '../../../lib/definition/table.ts';
import { type Parameter, parseQuery, parseReserved, type QueryOptions } from '../../../lib/query/query.ts';

const TABLE = table('items', { partitionKey: { id: 'string' }, attributes: { n: 'number', s: 'string' } });

function faultsOf(run: () => unknown): readonly Fault[] {
  try {
    run();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    expect(error.code).toBe('invalid_query');
    return error.faults;
  }
  return [];
}

type Sent = { readonly path?: Record<string, string>; readonly options?: QueryOptions };

const faults = (parameters: readonly Parameter[], { path = {}, options = {} }: Sent = {}) =>
  faultsOf(() => parseQuery(parameters, new Map(Object.entries(path)), TABLE, options));

const OPERATORS =
  'The operators are eq, ne, in, notin, startswith, contains, notcontains, exists, gt, lt, gte, lte, between, type, haselements';
const NO_PATH = 'is no attribute path; write names joined by ".", list indexes as "[0]"';
const LIST = 'it takes a JSON list of at most 1000 texts, numbers, booleans or nulls';
const PAIR = 'it takes a JSON list of two texts or two numbers, the lower first';

const PLAIN = 'write names joined by ".", list indexes as "[0]", without an operator';

describe('the fault of a name', () => {
  it.each([
    ['a..b', NO_PATH],
    ['', NO_PATH],
    ['__ne', NO_PATH],
    [
      'v__startwith',
      `"startwith" is no operator; did you mean "startswith"? ${OPERATORS}; an attribute of that name is "v__startwith__eq"`,
    ],
    ['__lik', `"lik" is no operator; did you mean "in"? ${OPERATORS}; an attribute of that name is "__lik__eq"`],
    ['_limit__gt', '"_limit" is reserved and never a condition'],
    ['_explain__eq', '"_explain" is reserved and never a condition'],
  ])('is told: %s', (name, message) => {
    expect(faults([[name, '1']])).toEqual([{ path: name, message }]);
  });
});

describe('the fault of a value', () => {
  it.each([
    ['v', '', 'has no value'],
    ['v__exists', '', 'has no value'],
    ['n', 'abc', '"abc" is no number of at most 38 digits'],
    ['n__gte', 'abc', '"abc" is no number of at most 38 digits'],
    ['v', '1e126', '"1e126" is beyond 38 digits, or beyond 1E-130 … 9.99E+125'],
    ['v__exists', 'yes', '"yes" is no value for exists; it takes true or false'],
    ['v__exists', '"true"', '"\\"true\\"" is no value for exists; it takes true or false'],
    ['v__type', '"S"', '"\\"S\\"" is no value for type; it takes one of S N B BOOL NULL L M SS NS BS'],
    ['v__startswith', '"\\ud800"', '"\\ud800" is no value for startswith; it takes text'],
    ['v__in', '5', `5 is no value for in; ${LIST}`],
    ['v__between', '[2,1]', `[2,1] is no value for between; ${PAIR}`],
    ['v__in', '[1', 'is not valid JSON: the end at position 2, where "," or "]" is due'],
    ['v__in', '[1,1e126]', '[1] is a number DynamoDB cannot hold; at most 38 digits, between 1E-130 and 9.99E+125'],
  ])('is told: %s=%s', (name, value, message) => {
    expect(faults([[name, value]])).toEqual([{ path: name, message }]);
  });

  it('is told once for each value of a repeated parameter', () => {
    expect(
      faults([
        ['n', 'a'],
        ['n', '1'],
        ['n', 'b'],
      ]),
    ).toEqual([
      { path: 'n', message: '"a" is no number of at most 38 digits' },
      { path: 'n', message: '"b" is no number of at most 38 digits' },
    ]);
  });
});

describe('the fault of _where', () => {
  it.each([
    ['{', '_where', 'is not valid JSON: the end at position 1, where a key in double quotes is due'],
    ['{"field":"a","value":{"$var":"user.id"}}', '_where.value', 'is a variable; only records may use variables'],
    ['{"any":[{"field":"a"}]}', '_where.any[0].value', 'is missing'],
  ])('is told with the way to it: %s', (text, path, message) => {
    expect(faults([['_where', text]])).toEqual([{ path, message }]);
  });
});

describe('the fault of a reserved name', () => {
  it.each(['_where', '_limit', '_cursor', '_sort', '_fields', '_count', '_explain'])(
    'is that it is not offered here: %s',
    (name) => {
      expect(faults([[name, 'a']], { options: { takes: [] } })).toContainEqual({
        path: name,
        message: 'is reserved and not offered here; this endpoint has none',
      });
    },
  );

  it('says which are offered', () => {
    expect(faults([['_explain', 'true']])).toEqual([
      { path: '_explain', message: 'is reserved and not offered here; this endpoint has _where, _limit' },
    ]);
  });

  it('is that it is given twice', () => {
    expect(
      faults([
        ['_limit', '1'],
        ['_limit', '2'],
      ]),
    ).toEqual([{ path: '_limit', message: 'is given twice' }]);
  });
});

describe('the fault of a path parameter', () => {
  it.each(['type__ne', '__eq', '_count', 'a..b', ''])('is that its attribute has no plain path: %j', (name) => {
    expect(faults([], { path: { search_key: name, search_value: 'x' } })).toEqual([
      { path: 'search_key', message: `"${name}" is no plain attribute path; ${PLAIN}` },
    ]);
  });

  it('is that a value stands there without its attribute', () => {
    expect(faults([], { path: { search_value: 'x' } })).toEqual([
      { path: 'search_key', message: `"" is no plain attribute path; ${PLAIN}` },
    ]);
  });

  it('is none for a name that ends as an operator does', () => {
    expect(faults([], { path: { search_key: 'seq', search_value: 'x' } })).toEqual([]);
  });
});

describe('an endpoint without parameters', () => {
  it('takes an empty query string', () => {
    expect(() => parseReserved([], [])).not.toThrow();
  });

  it('names each parameter that it has not', () => {
    const sent: Parameter[] = [
      ['status', 'active'],
      ['_limit', '5'],
    ];
    expect(faultsOf(() => parseReserved(sent, []))).toEqual([
      { path: '_limit', message: 'is reserved and not offered here; this endpoint has none' },
      { path: 'status', message: 'is no parameter of this endpoint; it has none' },
    ]);
  });
});

describe('a query', () => {
  const detail = (parameters: readonly Parameter[]) => {
    try {
      parseQuery(parameters, new Map(), TABLE);
    } catch (error) {
      return error instanceof ApiError ? error.detail : undefined;
    }
    return undefined;
  };
  const many = (count: number, name: (at: number) => string, value = '1') =>
    Array.from({ length: count }, (_, at): Parameter => [name(at), value]);
  const filters = (count: number) =>
    JSON.stringify({ any: Array.from({ length: count }, (_, at) => ({ not: { field: `a${at}`, value: at } })) });

  it.each<[string, readonly Parameter[]]>([
    ['of several attributes', many(101, (at) => `a${at}`)],
    ['of one operator', many(101, () => 'a__gt')],
    ['of _where', [['_where', filters(101)]]],
    ['of both', [...many(51, (at) => `a${at}`), ['_where', filters(50)]]],
  ])('has a hundred conditions at most: %s', (_, parameters) => {
    expect(detail(parameters)).toBe(
      'the query has 101 conditions; it may have 100: values of one attribute count once as a list (status__in=["a","b"]) or repeated (status=a&status=b)',
    );
    expect(detail(parameters.slice(1))).toBeUndefined();
    expect(detail([['_where', filters(100)]])).toBeUndefined();
  });

  it('may repeat an attribute with more values: they are one condition', () => {
    expect(detail([...many(1_000, () => 'a'), ...many(1_000, () => 'a__ne'), ['a__in', '[1,2,3]']])).toBeUndefined();
  });
});
