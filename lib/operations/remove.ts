// DELETE of one item: decided on a consistent read, pinned to it.

import { planDelete } from '../plan/write-plan.ts';
import { auditOf } from './audit-call.ts';
import { pathKey, readVisible } from './get.ts';
import { pinned } from './pinned.ts';
import { type Done, onTable } from './session.ts';

export const remove = onTable(async (session) => {
  const { policy, ports } = session;
  const key = pathKey(session);
  return await pinned<Done>(ports, async () => {
    const before = await readVisible(session, key);
    const plan = planDelete(policy, before);
    const written = await ports.write(plan, auditOf(session, policy.principal, { outcome: 'ok', before }));
    return written !== 'written' ? 'again' : { answer: { kind: 'no_content' }, audit: 'written' };
  });
});
