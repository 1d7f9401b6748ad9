// PUT and PATCH of one item: decided on a consistent read, pinned to it.

import { prune } from '../access/prune.ts';
import { checkGrowth, checkUpdated, mayRead } from '../access/write-access.ts';
import { ApiError } from '../base/errors.ts';
import { attribute, type Item, itemOf } from '../base/value.ts';
import { removalFaults, valueFaults } from '../definition/item-faults.ts';
import { keyNames, type Table } from '../definition/table.ts';
import { changedPaths, changesOf, keepUnnamed, type Reading, replacedPaths } from '../plan/changes.ts';
import { planUpdate, type WritePlan } from '../plan/write-plan.ts';
import { parseBody } from '../query/body.ts';
import { auditOf } from './audit-call.ts';
import { checkPreconditionHeaders, checkPreconditions, entityTag } from './entity-tag.ts';
import { readVisible } from './get.ts';
import { once, type Work } from './idempotency.ts';
import { pathKey } from './path-key.ts';
import { type Again, againOf, pinned } from './pinned.ts';
import { afterSchema, checkCondition, checkRules } from './rules.ts';
import { type Answer, type Done, onTable, type TableSession } from './session.ts';
import { type Validated, validate } from './validate.ts';

export const update = onTable((session) => change(session, 'put'));
export const patch = onTable((session) => change(session, 'merge-patch'));

type Change = {
  readonly session: TableSession;
  readonly key: Item;
  readonly body: Item;
  readonly reading: Reading;
  /** What of the body is known to be stored as it stands, whatever the item holds. */
  readonly settled: Validated;
  readonly remember: Parameters<Work['act']>[0];
};

function change(session: TableSession, reading: Reading): Promise<Done> {
  const { policy, ports, call, table } = session;
  const key = pathKey(session);
  const body = parseBody(call.body);
  checkBody(table, body);
  checkPreconditionHeaders(session);
  const authorize = () => checkUpdated(policy, changedPaths(body, reading));
  return once({
    session,
    body,
    authorize,
    answer: (_, item) => updated(session, item),
    act: async (remember) => {
      const settled = await validateSettled(table, body, reading);
      return await afterSchema(session, body, settled, async (guarded) => {
        authorize();
        return await pinned(ports, () => attempt({ session: guarded, key, body, reading, settled, remember }));
      });
    },
  });
}

function checkBody(table: Table, body: Item): void {
  if (Object.keys(body).length === 0)
    throw new ApiError('invalid_body', 'the body changes nothing; name at least one attribute');
  const keys = keyNames(table).filter((name) => attribute(body, name));
  const faults = keys.map((path) => ({ path, message: 'is the key of the item; leave it out' }));
  if (faults.length > 0) throw new ApiError('key_immutable', undefined, faults);
}

function validateSet(table: Table, set: Item): Promise<Validated> {
  return validate(table.schema.update, set, (attributes) => valueFaults(table, attributes));
}

/** Of a patch that merges nothing is known before the item is read: what part of it lacks may be in what it merges into. */
async function validateSettled(table: Table, body: Item, reading: Reading): Promise<Validated> {
  if (reading === 'put') return await validateSet(table, body);
  const removed = Object.entries(body).flatMap(([name, value]) => ('NULL' in value ? [name] : []));
  const kept = removalFaults(table, removed);
  if (merges(body)) return { item: body, faults: kept };
  const set = itemOf(Object.entries(body).filter(([name]) => !removed.includes(name)));
  const { item, faults } = await validateSet(table, set);
  return { item, faults: [...faults, ...kept] };
}

/**
 * The attributes that a patch sets on a stored item. The schema gets them without what is hidden from the caller, so that
 * neither its verdict nor its words depend on that, and decides on no path that the body does not name.
 */
async function validateMerged(
  { policy, table }: TableSession,
  existing: Item,
  body: Item,
  set: Item,
): Promise<Validated> {
  const { item, faults } = await validateSet(table, prune(set, policy.hidden));
  return { item: keepUnnamed(existing, body, item), faults };
}

function merges(body: Item): boolean {
  return Object.values(body).some((value) => 'M' in value);
}

/** One try: whatever tells of the item comes after everything that decides whether the caller may know. */
async function attempt({ session, key, body, reading, settled, remember }: Change): Promise<Done | Again> {
  const { policy } = session;
  const existing = await readVisible(session, key);
  const changed = [...changedPaths(body, reading), ...replacedPaths(existing, body, reading)];
  checkUpdated(policy, changed);
  const { set, remove } = changesOf(existing, body, reading);
  const valid = reading === 'put' || !merges(body) ? settled : await validateMerged(session, existing, body, set);
  const plan = planUpdate(policy, existing, { set: valid.item, remove }, changed);
  await checkPreconditions(session, existing);
  await checkRules(session, { body, set: valid, after: plan.after ?? existing, existing });
  checkCondition(session, existing, body);
  return await write(session, body, plan, remember);
}

async function write(
  session: TableSession,
  body: Item,
  plan: WritePlan,
  remember: Change['remember'],
): Promise<Done | Again> {
  const { policy, ports } = session;
  const { key, before, after } = plan;
  if (before && after) checkGrowth(policy, before, after);
  const shown = after && mayRead(policy, after) ? after : undefined;
  const request = remember({ kind: shown ? 'ok' : 'no_content', key, isShown: shown !== undefined });
  const event = { outcome: 'ok' as const, body, ...(before && { before }), ...(after && { after }) };
  const written = await ports.write(plan, auditOf(session, policy.principal, event), request);
  if (written === 'repeated') throw new ApiError('conflict', 'the same request is at work; try again');
  return written === 'written' ? { answer: await updated(session, shown), audit: 'written' } : againOf(written);
}

/** @param item undefined where the caller may not read it */
async function updated(session: TableSession, item: Item | undefined): Promise<Answer> {
  if (!item) return { kind: 'no_content' };
  return { kind: 'ok', body: { M: prune(item, session.policy.hidden) }, etag: await entityTag(session, item) };
}
