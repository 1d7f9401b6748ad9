// POST of a new item.

import { prune } from '../access/prune.ts';
import { ApiError } from '../base/errors.ts';
import type { Item } from '../base/value.ts';
import { itemFaults } from '../definition/item-faults.ts';
import { firstVersion, planCreate } from '../plan/write-plan.ts';
import { parseBody, pathsIn } from '../query/body.ts';
import { auditOf } from './audit-call.ts';
import { checkNoMatch, checkPreconditionHeaders, entityTag } from './entity-tag.ts';
import { once, type Work } from './idempotency.ts';
import { locationOf } from './location.ts';
import { againOf, pinned } from './pinned.ts';
import { afterSchema, checkRules } from './rules.ts';
import { type Answer, type Done, onTable, type TableSession } from './session.ts';
import { type Validated, validate } from './validate.ts';

export const create = onTable((session) => {
  const body = parseBody(session.call.body);
  checkPreconditionHeaders(session);
  const authorize = () => session.policy.checkCreated(pathsIn(body));
  return once({
    session,
    body,
    authorize,
    answer: ({ key }, item) => created(session, key, item),
    act: async (remember) => {
      const set = await validate(session.table.schema.create, body, (next) => itemFaults(session.table, next));
      return await afterSchema(session, body, set, async (guarded) => {
        authorize();
        return await write(guarded, body, set, remember);
      });
    },
  });
});

async function write(
  session: TableSession,
  body: Item,
  set: Validated,
  remember: Parameters<Work['act']>[0],
): Promise<Done> {
  const { table, policy, ports, startedAt } = session;
  policy.checkCreatedRow(set.item, pathsIn(body));
  checkNoMatch(session);
  await checkRules(session, { body, set, after: firstVersion(table, set.item, startedAt / 1e3), existing: undefined });
  const plan = planCreate(policy, set.item, startedAt / 1e3);
  const { key, after } = plan;
  const isShown = after !== undefined && policy.mayRead(after);
  const request = remember({ kind: 'created', key, isShown });
  const event = { outcome: 'ok' as const, body, key, ...(after && { after }) };
  await pinned(ports, async () => {
    const written = await ports.write(plan, auditOf(session, policy.principal, event), request);
    if (written === 'lost') throw new ApiError('already_exists');
    if (written === 'repeated') throw new ApiError('conflict', 'the same request is at work; try again');
    return written === 'written' ? written : againOf(written);
  });
  return { answer: await created(session, key, isShown ? after : undefined), audit: 'written' };
}

/** @param item undefined where the caller may not read it */
async function created(session: TableSession, key: Item, item: Item | undefined): Promise<Answer> {
  return {
    kind: 'created',
    body: { M: prune(key, session.policy.hidden) },
    location: locationOf(session, key),
    ...(item && { etag: await entityTag(session, item) }),
  };
}
