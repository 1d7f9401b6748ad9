// An expired row does not exist, though DynamoDB may keep it for days.

import type { Table } from '../definition/table.ts';
import { type Condition, compare, not, TRUE } from './condition.ts';

/** The rows of a table that have not expired. @param now milliseconds since 1970 */
export function liveRows({ ttl }: Table, now: number): Condition {
  return ttl === undefined ? TRUE : not(compare([ttl], '<=', { N: String(Math.floor(now / 1000)) }));
}
