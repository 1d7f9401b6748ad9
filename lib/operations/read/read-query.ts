// Parses the query of a request on a table, and checks it against the caller's hidden paths.

import { traitsOf } from '../../definition/operations.ts';
import { parseQuery, type Query, type QueryOptions } from '../../query/query.ts';
import type { TableRequest } from '../request/request-context.ts';

/**
 * @throws ApiError `invalid_query`; `field_not_permitted` if it names a hidden path, alike whether or not the path exists,
 *   is declared, or would take the value
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
