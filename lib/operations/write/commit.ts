// Runs every write: collect faults → authorize → decide → commit. A write is decided on a consistent read and committed with
// its audit rows and the row of its request in one transaction, pinned to that read: if another writer was faster, it is
// decided anew. A request that was done before is replayed.

import { prune } from '../../access/prune.ts';
import { ApiError, isRefusal } from '../../base/errors.ts';
import type { Item } from '../../base/value.ts';
import type { WritePlan } from '../../plan/write-plan.ts';
import { auditOf } from '../request/audit-call.ts';
import { entityTag } from '../request/entity-tag.ts';
import { locationOf } from '../request/location.ts';
import type { Answer, OperationResult, TableRequest } from '../request/request-context.ts';
import { againOf, pinned } from './pinned.ts';
import { type Effect, once, type Remember } from './repeats.ts';
import { hasRules } from './rules.ts';
import { refusal, type Validated } from './validate.ts';

/** The parts of a write that differ by operation. */
export type Write = {
  /** The body, parsed; `undefined` if the request has none. */
  readonly body: Item | undefined;
  /** Refuses fields that the caller may not write. @throws ApiError `field_not_permitted` */
  readonly authorize: () => void;
  /** Validates what can be validated without the stored item. */
  readonly collect: () => Promise<Validated>;
  /**
   * Plans the write from the item as it is now, after refusing the faults of schema and rules together.
   * @throws ApiError what it refuses
   */
  readonly decide: (collected: Validated) => Promise<WritePlan>;
};

/** The collected result of a delete, which sets nothing. */
export const NOTHING_SET: Validated = { item: {}, faults: [] };

/**
 * Commits a write, or replays the answer of the same request.
 * @throws ApiError what a stage refuses; `conflict` or `throttled` after five seconds of lost tries
 */
export function commit(session: TableRequest, write: Write): Promise<OperationResult> {
  const { body, authorize } = write;
  return once({
    session,
    body,
    authorize,
    answer: (effect, item) => answerOf(session, effect, item),
    act: async (remember) => {
      const collected = await write.collect();
      return await refusingFirst(faultsOf(session, write, collected), async () => {
        authorize();
        return await pinned(session.ports, async () => {
          const plan = await write.decide(collected);
          if (collected.faults.length > 0) throw refusal(session, body ?? {}, collected.faults);
          return await transact(session, body, plan, remember);
        });
      });
    },
  });
}

/** The refusal of the schema's faults; `undefined` if there are none. */
function faultsOf(session: TableRequest, { body }: Write, { item, faults }: Validated): ApiError | undefined {
  if (faults.length === 0) return undefined;
  const whole = refusal(session, body ?? {}, faults);
  // Without rules that could add faults, refuse before the item is read.
  if (!hasRules(session.table, { item, faults })) throw whole;
  return whole;
}

/**
 * Runs `rest` even if there are faults, so that those of rules are reported with them. The faults replace any other refusal
 * of `rest`; defects and an unreachable DynamoDB are thrown as they are.
 */
async function refusingFirst(
  faults: ApiError | undefined,
  rest: () => Promise<OperationResult>,
): Promise<OperationResult> {
  try {
    return await rest();
  } catch (error) {
    throw faults && isRefusal(error) && error.code !== 'validation_failed' ? faults : error;
  }
}

/** Tries the transaction once; returns the result, or `again` or `throttled` if it may be retried. */
async function transact(session: TableRequest, body: Item | undefined, plan: WritePlan, remember: Remember) {
  const { policy, ports } = session;
  const effect = effectOf(session, plan);
  const { key, before, after } = plan;
  const images = { ...(before && { before }), ...(after && { after }) };
  const event = { outcome: 'ok' as const, key, ...(body && { body }), ...images };
  const written = await ports.write(plan, auditOf(session, policy.principal, event), remember(effect));
  if (written === 'repeated') throw new ApiError('conflict', 'the same request is at work; try again');
  if (written === 'lost' && plan.kind === 'create') throw new ApiError('already_exists');
  if (written !== 'written') return againOf(written);
  const answer = await answerOf(session, effect, effect.isShown ? after : undefined);
  return { answer, audit: 'written' as const };
}

function effectOf({ policy }: TableRequest, { kind, key, after }: WritePlan): Effect {
  const isShown = after !== undefined && policy.mayRead(after);
  return { kind: kind === 'create' ? 'created' : isShown ? 'ok' : 'no_content', key, isShown };
}

/** The answer of a write and of its replays. @param item the stored item; `undefined` if the caller may not read it */
async function answerOf(session: TableRequest, { kind, key }: Effect, item: Item | undefined): Promise<Answer> {
  const { hidden } = session.policy;
  const tag = item && { etag: await entityTag(session, item) };
  if (kind === 'created') return { kind, body: { M: prune(key, hidden) }, location: locationOf(session, key), ...tag };
  return item ? { kind: 'ok', body: { M: prune(item, hidden) }, ...tag } : { kind: 'no_content' };
}
