// Answers DELETE of one item.

import { planDelete } from '../../plan/write-plan.ts';
import { readVisible } from '../read/get.ts';
import { checkPreconditionHeaders, checkPreconditions } from '../request/entity-tag.ts';
import { pathKey } from '../request/path-key.ts';
import { onTable } from '../request/request-context.ts';
import { commit, NOTHING_SET } from './commit.ts';
import { checkCondition } from './rules.ts';

export const remove = onTable((session) => {
  const key = pathKey(session);
  checkPreconditionHeaders(session);
  return commit(session, {
    body: undefined,
    authorize: () => {},
    collect: () => Promise.resolve(NOTHING_SET),
    decide: async () => {
      const existing = await readVisible(session, key);
      const plan = planDelete(session.policy, existing);
      await checkPreconditions(session, existing);
      checkCondition(session, existing);
      return plan;
    },
  });
});
