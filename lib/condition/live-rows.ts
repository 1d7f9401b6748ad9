// Makes the condition that a row has not expired: DynamoDB may delete an expired row days later.

import type { Table } from '../definition/table.ts';
import { type Condition, compare, not, TRUE } from './condition.ts';

/** Returns the condition that a row of the table has not expired. @param now milliseconds since 1970 */
export function liveRows({ ttl }: Table, now: number): Condition {
  return ttl === undefined ? TRUE : not(compare([ttl], '<=', { N: String(Math.floor(now / 1000)) }));
}
