// PUT and PATCH of one item: decided on a consistent read, pinned to it.

import { prune } from '../access/prune.ts';
import { checkUpdated, mayRead } from '../access/write-access.ts';
import { ApiError } from '../base/errors.ts';
import { attribute, type Item, itemOf } from '../base/value.ts';
import { valueFaults } from '../definition/item-faults.ts';
import { keyNames, type Table } from '../definition/table.ts';
import { changedPaths, changesOf, type Reading, replacedPaths } from '../plan/changes.ts';
import { planUpdate, type WritePlan } from '../plan/write-plan.ts';
import { parseBody } from '../query/body.ts';
import { auditOf } from './audit-call.ts';
import { pathKey, readVisible } from './get.ts';
import { pinned } from './pinned.ts';
import { type Done, onTable, type TableSession } from './session.ts';
import { validate } from './validate.ts';

export const update = onTable((session) => change(session, 'put'));
export const patch = onTable((session) => change(session, 'merge-patch'));

async function change(session: TableSession, reading: Reading): Promise<Done> {
  const { table, call, policy, ports } = session;
  const key = pathKey(session);
  const body = parseBody(call.body);
  checkBody(table, body);
  const first = await validateSet(session, reading === 'put' ? body : settled(body));
  const paths = changedPaths(body, reading);
  checkUpdated(policy, paths);
  return await pinned(ports, async () => {
    const existing = await readVisible(session, key);
    const changed = [...paths, ...replacedPaths(existing, body, reading)];
    checkUpdated(policy, changed);
    const { set, remove } = changesOf(existing, body, reading);
    const changes = { set: reading === 'put' ? first : await validateSet(session, set), remove };
    return write(session, body, planUpdate(policy, existing, changes, changed));
  });
}

/** What of a patch is known to be stored as it stands, whatever the item holds: neither a removal nor a merge. */
function settled(body: Item): Item {
  return itemOf(Object.entries(body).filter(([, value]) => !('NULL' in value || 'M' in value)));
}

function validateSet(session: TableSession, set: Item): Promise<Item> {
  const { table } = session;
  return validate(session, table.schema.update, set, (attributes) => valueFaults(table, attributes));
}

function checkBody(table: Table, body: Item): void {
  if (Object.keys(body).length === 0)
    throw new ApiError('invalid_body', 'the body changes nothing; name at least one attribute');
  const keys = keyNames(table).filter((name) => attribute(body, name));
  const faults = keys.map((path) => ({ path, message: 'is the key of the item; leave it out' }));
  if (faults.length > 0) throw new ApiError('key_immutable', undefined, faults);
}

async function write(session: TableSession, body: Item, plan: WritePlan): Promise<Done | 'again'> {
  const { policy, ports } = session;
  const { before, after } = plan;
  const event = { outcome: 'ok' as const, body, ...(before && { before }), ...(after && { after }) };
  const written = await ports.write(plan, auditOf(session, policy.principal, event));
  if (written !== 'written') return 'again';
  if (!after || !mayRead(policy, after)) return { answer: { kind: 'no_content' }, audit: 'written' };
  return { answer: { kind: 'ok', body: { M: prune(after, policy.hidden) } }, audit: 'written' };
}
