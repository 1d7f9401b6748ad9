// GET of every visible item that meets the query.

import { prune } from '../access/prune.ts';
import { checkQueried } from '../access/write-access.ts';
import { ApiError } from '../base/errors.ts';
import { pathsOf } from '../condition/paths.ts';
import { planRead } from '../plan/read-plan.ts';
import { MAX_LIMIT, parseQuery } from '../query/query.ts';
import { onTable } from './session.ts';

export const list = onTable(async ({ table, call, policy, ports }) => {
  const { condition, limit } = parseQuery(call.query, call.pathParameters, table);
  checkQueried(policy, pathsOf(condition));
  const { items, more } = await ports.read(planRead(policy, condition, limit ?? MAX_LIMIT));
  if (more && limit === undefined) {
    throw new ApiError(
      'too_costly',
      `more than ${MAX_LIMIT} items match; narrow the query, or ask for the first with _limit`,
    );
  }
  const body = { L: items.map((item) => ({ M: prune(item, policy.hidden) })) };
  return { answer: { kind: 'ok', body }, audit: 'due' };
});
