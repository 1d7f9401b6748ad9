// Answers POST of a new item.

import { itemFaults } from '../../definition/item-faults.ts';
import { firstVersion, planCreate } from '../../plan/write-plan.ts';
import { parseBody, pathsIn } from '../../query/body.ts';
import { checkNoMatch, checkPreconditionHeaders } from '../request/entity-tag.ts';
import { onTable } from '../request/request-context.ts';
import { commit } from './commit.ts';
import { checkRules } from './rules.ts';
import { validate } from './validate.ts';

export const create = onTable((session) => {
  const { table, policy, call } = session;
  const now = session.startedAt / 1e3;
  const body = parseBody(call.body);
  const paths = pathsIn(body);
  checkPreconditionHeaders(session);
  return commit(session, {
    body,
    authorize: () => policy.checkCreated(paths),
    collect: () => validate(table.schema.create, body, (next) => itemFaults(table, next)),
    decide: async (set) => {
      policy.checkCreatedRow(set.item, paths);
      checkNoMatch(session);
      await checkRules(session, { body, set, after: firstVersion(table, set.item, now), existing: undefined });
      return planCreate(policy, set.item, now);
    },
  });
});
