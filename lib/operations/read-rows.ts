// One page of visible rows, as the caller may see them.

import { prune } from '../access/prune.ts';
import { ApiError } from '../base/errors.ts';
import type { Value } from '../base/value.ts';
import type { Condition } from '../condition/condition.ts';
import { planRead } from '../plan/read-plan.ts';
import { MAX_LIMIT } from '../query/query.ts';
import type { TableSession } from './session.ts';

/**
 * @param limit the most rows wanted; undefined: all of them
 * @throws ApiError `too_costly` where all were wanted and there are more than an answer holds
 */
export async function readRows(
  { policy, ports }: TableSession,
  condition: Condition,
  limit: number | undefined,
): Promise<Value> {
  const { items, more } = await ports.read(planRead(policy, condition, limit ?? MAX_LIMIT));
  // Fewer than were asked for, and more to come: a cut that the caller could not see.
  if (more && items.length < (limit ?? Number.POSITIVE_INFINITY)) {
    const detail = `more than ${items.length} items match; narrow the query, or ask for fewer with _limit`;
    throw new ApiError('too_costly', detail);
  }
  return { L: items.map((item) => ({ M: prune(item, policy.hidden) })) };
}
