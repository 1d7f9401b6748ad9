// POST of a new item.

import { prune } from '../access/prune.ts';
import { checkCreated, checkCreatedRow } from '../access/write-access.ts';
import { ApiError } from '../base/errors.ts';
import { itemFaults } from '../definition/item-faults.ts';
import { planCreate } from '../plan/write-plan.ts';
import { parseBody, pathsIn } from '../query/body.ts';
import { auditOf } from './audit-call.ts';
import { locationOf } from './location.ts';
import { pinned } from './pinned.ts';
import { type Answer, onTable } from './session.ts';
import { validate } from './validate.ts';

export const create = onTable(async (session) => {
  const { table, policy, ports, startedAt, call } = session;
  const body = parseBody(call.body);
  const item = await validate(session, table.schema.create, body, (next) => itemFaults(table, next));
  checkCreated(policy, pathsIn(body));
  checkCreatedRow(policy, item, pathsIn(item));
  const plan = planCreate(policy, item, startedAt / 1e3);
  const { key, after } = plan;
  const event = { outcome: 'ok' as const, body, key, ...(after && { after }) };
  await pinned(ports, async () => {
    const written = await ports.write(plan, auditOf(session, policy.principal, event));
    if (written === 'lost') throw new ApiError('already_exists');
    return written === 'contended' ? 'again' : written;
  });
  const answer: Answer = {
    kind: 'created',
    body: { M: prune(key, policy.hidden) },
    location: locationOf(session, key),
  };
  return { answer, audit: 'written' };
});
