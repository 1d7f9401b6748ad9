// Parses the request of a search, `{search_key}`, body and `_limit`, to an attribute, its values and a page.

import { ApiError } from '../base/errors.ts';
import type { Path } from '../base/path.ts';
import type { Value } from '../base/value.ts';
import { type Condition, oneOf } from '../condition/condition.ts';
import { valueKey } from '../condition/value-key.ts';
import { OPERATIONS } from '../definition/operations.ts';
import { parseJsonBody } from './body.ts';
import type { PageQuery } from './page.ts';
import { type Parameter, parseReserved, plainPath, plainPathFault } from './query.ts';

/** The most distinct values of one search. */
const MAX_SEARCH_VALUES = 1_000;

export type Search = {
  /** The condition that the attribute has one of the values. */
  readonly condition: Condition;
  readonly path: Path;
  /** The values as they were sent, repeated ones too. */
  readonly values: readonly Value[];
  readonly page: PageQuery;
};

/**
 * Parses a search. Key `status`, body `["new","sold"]` → the condition `status in ["new","sold"]`.
 * @param parameters the query string's, of which none may be a condition
 * @throws ApiError `too_large`, `invalid_query` or `invalid_body`
 */
export function parseSearch(key: string, parameters: readonly Parameter[], body: string | undefined): Search {
  const values = parseValues(body);
  const path = plainPath(key);
  if (!path) throw new ApiError('invalid_query', undefined, [plainPathFault(key)]);
  const page = parseReserved(parameters, OPERATIONS.search.parameters);
  return { condition: oneOf(path, distinct(values)), path, values, page };
}

/** Parses a list of scalars, whose types are as written: a number never means text. `[1,"a"]` → `[{ N: '1' }, { S: 'a' }]`. */
function parseValues(body: string | undefined): readonly Value[] {
  const list = parseJsonBody(body, 'list');
  if (!('L' in list)) throw new ApiError('invalid_body', 'the body must be a JSON list of values');
  const faults = list.L.flatMap((value, at) =>
    'L' in value || 'M' in value ? [{ path: `[${at}]`, message: NO_VALUE }] : [],
  );
  if (faults.length > 0) throw new ApiError('invalid_body', undefined, faults);
  return list.L;
}

const NO_VALUE = 'must be text, a number, true, false or null';

function distinct(values: readonly Value[]): readonly Value[] {
  const byKey = new Map(values.map((value) => [valueKey(value), value]));
  if (byKey.size <= MAX_SEARCH_VALUES) return [...byKey.values()];
  const detail = `the body has ${byKey.size} distinct values; a search takes at most ${MAX_SEARCH_VALUES}`;
  throw new ApiError('invalid_body', detail);
}
