// DELETE of one item: decided on a consistent read, pinned to it.

import { ApiError } from '../base/errors.ts';
import { planDelete } from '../plan/write-plan.ts';
import { auditOf } from './audit-call.ts';
import { checkPreconditionHeaders, checkPreconditions } from './entity-tag.ts';
import { readVisible } from './get.ts';
import { once } from './idempotency.ts';
import { pathKey } from './path-key.ts';
import { againOf, pinned } from './pinned.ts';
import { checkCondition } from './rules.ts';
import { type Done, onTable } from './session.ts';

export const remove = onTable((session) => {
  const { policy, ports } = session;
  const key = pathKey(session);
  checkPreconditionHeaders(session);
  return once({
    session,
    body: undefined,
    authorize: () => {},
    answer: async () => ({ kind: 'no_content' }),
    act: (remember) =>
      pinned<Done>(ports, async () => {
        const before = await readVisible(session, key);
        const plan = planDelete(policy, before);
        await checkPreconditions(session, before);
        checkCondition(session, before);
        const request = remember({ kind: 'no_content', key, isShown: false });
        const rows = auditOf(session, policy.principal, { outcome: 'ok', before });
        const written = await ports.write(plan, rows, request);
        if (written === 'repeated') throw new ApiError('conflict', 'the same request is at work; try again');
        return written === 'written' ? { answer: { kind: 'no_content' }, audit: 'written' } : againOf(written);
      }),
  });
});
