// The `limits` option of a definition.

import { describe, expect, it } from 'vitest';
import { type ApiOptions, api } from '../../../lib/definition/api.ts';
import { list } from '../../../lib/definition/endpoint.ts';
import { table } from '../../../lib/definition/table.ts';

const items = table('items', { partitionKey: { id: 'string' } });
const define = (limits: unknown) =>
  api({ tables: [items], endpoints: [list('/items', items)], limits: limits as ApiOptions['limits'] & object });

it.each([[undefined], [{}], [{ readUnits: undefined }]])('%j leaves a request 10,000 read units', (limits) => {
  expect(define(limits).limits).toEqual({ readUnits: 10_000 });
});

it.each([1, 500, 100_000])('takes %d read units', (readUnits) => {
  expect(define({ readUnits }).limits).toEqual({ readUnits });
});

describe('refuses, with the line of the definition, the value and what is allowed,', () => {
  it.each([
    ['none', 0, '0'],
    ['a negative number', -5, '-5'],
    ['a part of one', 0.5, '0.5'],
    ['more than there is time for', 100_001, '100001'],
    ['no end', Number.POSITIVE_INFINITY, 'Infinity'],
    ['no number', Number.NaN, 'NaN'],
    ['text', '10', '"10"'],
    ['null', null, 'null'],
    ['a list', [10], '[10]'],
  ])('%s', (_, readUnits, shown) => {
    expect(() => define({ readUnits })).toThrow(/definition\/limits\.test\.ts:\d+: limits\.readUnits/);
    expect(() => define({ readUnits })).toThrow(
      `limits.readUnits is ${shown}; it must be a whole number from 1 to 100000`,
    );
  });

  it.each([[10], ['10'], [null], [[10]], [true]])('limits that are no object: %j', (limits) => {
    expect(() => define(limits)).toThrow(
      `limits is ${JSON.stringify(limits)}; it must be an object: { readUnits: 10000 }`,
    );
  });

  it('an option that it does not know', () => {
    expect(() => define({ readunits: 5 })).toThrow("limits has no option 'readunits'; it has readUnits");
  });
});
