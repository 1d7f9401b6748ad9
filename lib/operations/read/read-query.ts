// The query of a call on a table, parsed and held against the caller's hidden paths.

import { traitsOf } from '../../definition/operations.ts';
import { parseQuery, type Query, type QueryOptions } from '../../query/query.ts';
import type { TableRequest } from '../request/request-context.ts';

/**
 * @throws ApiError `invalid_query`, or `field_not_permitted` where it names a hidden path: alike whether or not the path
 *   exists, is declared, or would take the value
 */
export function readQuery({ call, endpoint, table, policy }: TableRequest): Query {
  const hides: QueryOptions['hides'] = (path) => policy.hidden.place(path) !== 'apart';
  const query = parseQuery(call.query, call.pathParameters, table, {
    hides,
    takes: traitsOf(endpoint.operation).parameters,
  });
  policy.checkQueried(query.paths);
  return query;
}
