// Answers PUT and PATCH of one item.

import { changedPaths, changesOf, replacedPaths, type UpdateMode } from '../../plan/changes.ts';
import { planUpdate } from '../../plan/write-plan.ts';
import { parseChange } from '../../query/body.ts';
import { readVisible } from '../read/get.ts';
import { checkPreconditionHeaders, checkPreconditions } from '../request/entity-tag.ts';
import { pathKey } from '../request/path-key.ts';
import { onTable, type TableRequest } from '../request/request-context.ts';
import { commit } from './commit.ts';
import { checkCondition, checkRules } from './rules.ts';
import { validateChange, validateSettled } from './validate-change.ts';

export const update = onTable((session) => change(session, 'put'));
export const patch = onTable((session) => change(session, 'merge-patch'));

function change(session: TableRequest, mode: UpdateMode) {
  const { table, policy, call } = session;
  const key = pathKey(session);
  const body = parseChange(call.body, table);
  const named = changedPaths(body, mode);
  checkPreconditionHeaders(session);
  return commit(session, {
    body,
    authorize: () => policy.checkUpdated(named),
    collect: () => validateSettled(table, body, mode),
    decide: async (settled) => {
      const existing = await readVisible(session, key);
      const changed = [...named, ...replacedPaths(existing, body, mode)];
      policy.checkUpdated(changed);
      const { set, remove } = changesOf(existing, body, mode);
      const valid = await validateChange(session, { existing, body, set, mode, settled });
      const plan = planUpdate(policy, existing, { set: valid.item, remove }, changed);
      const after = plan.after ?? existing;
      await checkPreconditions(session, existing);
      await checkRules(session, { body, set: valid, after, existing });
      checkCondition(session, existing, body);
      policy.checkGrowth(existing, after);
      return plan;
    },
  });
}
