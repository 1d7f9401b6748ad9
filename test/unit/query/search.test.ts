// docs/reference/query.md, "Search": an attribute in the path, its values in the body, a page in the query string.

import { describe, expect, it } from 'vitest';
import { ApiError } from '../../../lib/base/errors.ts';
import { printCondition } from '../../../lib/condition/print.ts';
import type { Parameter } from '../../../lib/query/query.ts';
import { parseSearch } from '../../../lib/query/search.ts';
import { value } from '../../support/values.ts';

const search = (key: string, body: string | undefined, ...parameters: Parameter[]) =>
  parseSearch(key, parameters, body);

function refusal(run: () => unknown) {
  try {
    run();
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
  return expect.fail('nothing was refused');
}

describe('a search', () => {
  it('is for rows whose attribute has one of the values, and each is asked for once', () => {
    const { condition, path, values, page } = search('a.b', '["x",1,1.0,"x",true,null]');
    expect(printCondition(condition)).toBe('a.b in ("x", 1, true, null)');
    expect(path).toEqual(['a', 'b']);
    expect(values).toEqual(['x', 1, 1, 'x', true, null].map(value));
    expect(page).toMatchObject({ limit: undefined, cursor: undefined, isCounted: false });
  });

  it('of no value finds nothing', () => {
    expect(printCondition(search('a', '[]').condition)).toBe('false');
  });

  it('has a limit and a cursor', () => {
    expect(search('a', '[1]', ['_limit', '5'], ['_cursor', 'c']).page).toMatchObject({ limit: 5, cursor: 'c' });
  });

  it.each([
    ['_sort', 'a'],
    ['_fields', 'a'],
    ['_count', 'true'],
    ['_where', '{"any":[]}'],
    ['b', '1'],
  ] as const)('takes no other parameter: %s', (name, text) => {
    const { code, faults } = refusal(() => search('a', '[1]', [name, text]));
    expect([code, faults.map(({ path }) => path)]).toEqual(['invalid_query', [name]]);
  });

  it('says which parameters it has', () => {
    expect(refusal(() => search('a', '[1]', ['b', '1'])).faults).toEqual([
      { path: 'b', message: 'is no parameter of this endpoint; it has _limit, _cursor' },
    ]);
  });

  it.each([
    ['a__in', '"a__in"'],
    ['_where', '"_where"'],
    ['a..b', '"a..b"'],
    ['', '""'],
    [`${'x'.repeat(60)}..y`, `"${'x'.repeat(60)}…"`],
  ])('is for a plain path, not %j', (key, shown) => {
    const { code, faults } = refusal(() => search(key, '[1]'));
    const allowed = 'write names joined by ".", list indexes as "[0]", without an operator';
    expect(code).toBe('invalid_query');
    expect(faults).toEqual([{ path: 'search_key', message: `${shown} is no plain attribute path; ${allowed}` }]);
  });
});

describe('the body of a search', () => {
  it.each([undefined, '', ' ', '{}', '"x"', '1', '[1'])('is a list, not %s', (body) => {
    expect(refusal(() => search('a', body)).code).toBe('invalid_body');
  });

  it('that is empty is said to be a list', () => {
    expect(refusal(() => search('a', ' ')).message).toContain('send a JSON list');
    const { code, detail } = refusal(() => search('a', '{}'));
    expect([code, detail]).toEqual(['invalid_body', 'the body must be a JSON list of values']);
  });

  it('has no lists and no maps in it, each of which is named', () => {
    const { code, faults } = refusal(() => search('a', '[1,[2],"x",{"y":1}]'));
    const message = 'must be text, a number, true, false or null';
    expect(code).toBe('invalid_body');
    expect(faults).toEqual([
      { path: '[1]', message },
      { path: '[3]', message },
    ]);
  });

  it('has at most 1,000 distinct values', () => {
    const list = (length: number) => JSON.stringify(Array.from({ length }, (_, i) => i).concat(0, 1));
    expect(search('a', list(1_000)).values).toHaveLength(1_002);
    const { code, message } = refusal(() => search('a', list(1_001)));
    expect([code, message]).toEqual([
      'invalid_body',
      expect.stringContaining('the body has 1001 distinct values; a search takes at most 1000'),
    ]);
  });
});
