// Makes writes idempotent: the same key, caller and request within a day has one effect. The row that records a write is
// put in the write's own transaction, so that neither exists without the other.

import { ApiError } from '../../base/errors.ts';
import { attribute, type Item, itemOf, textOf } from '../../base/value.ts';
import { valueKey } from '../../condition/value-key.ts';
import { OPERATIONS } from '../../definition/operations.ts';
import { readVisible } from '../read/get.ts';
import type { RequestPut } from '../request/ports.ts';
import type { Answer, OperationResult, TableRequest } from '../request/request-context.ts';

const KEPT_SECONDS = 86_400;
const KEY = /^[\x20-\x7e]{1,255}$/;

/** The part of a write's result that a replay needs. */
export type Effect = {
  readonly kind: Answer['kind'];
  readonly key: Item;
  /** True if the caller may read what was written; a replay then shows the item as it is by then. */
  readonly isShown: boolean;
};

/** Makes the row to put in the write's transaction; returns `undefined` if the request has no key. */
export type Remember = (effect: Effect) => RequestPut | undefined;

/** A write of one request and its replay. */
type Work = {
  readonly session: TableRequest;
  /** The body, parsed; `undefined` if the request has none. */
  readonly body: Item | undefined;
  /** Throws an ApiError if the caller may no longer make this write. */
  readonly authorize: () => void;
  /** Returns the answer of a replay; `item` is the stored item, `undefined` if it is not shown. */
  readonly answer: (effect: Effect, item: Item | undefined) => Promise<Answer>;
  readonly act: (remember: Remember) => Promise<OperationResult>;
};

/**
 * Runs the write, or replays the answer of the same request.
 * @throws ApiError `invalid_idempotency_key`, `idempotency_mismatch`, or what the write refuses
 */
export async function once(work: Work): Promise<OperationResult> {
  const { session } = work;
  const key = keyOf(session);
  if (key === undefined) return await work.act(() => undefined);
  const now = Math.floor(session.startedAt / 1e6);
  const { id, request } = await identify(work, key);
  const find = async (): Promise<Item | undefined> => {
    const row = await session.ports.findRequest(id);
    const expiry = row && attribute(row, 'expire_time');
    return expiry && 'N' in expiry && Number(expiry.N) > now ? row : undefined;
  };
  const earlier = await find();
  if (earlier) return await repeat(work, earlier, request);
  try {
    return await work.act((effect) => ({ row: rowOf(id, request, effect, now), now }));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    // Replay if a concurrent twin was faster, or if the transaction succeeded and its answer was lost.
    const twin = await find().catch(() => undefined);
    if (!twin) throw error;
    return await repeat(work, twin, request);
  }
}

function keyOf({ call }: TableRequest): string | undefined {
  const [key] = call.idempotencyKey;
  if (key === undefined) return undefined;
  const fail = (message: string): never => {
    throw new ApiError('invalid_idempotency_key', undefined, [{ path: 'Idempotency-Key', message }]);
  };
  if (call.idempotencyKey.length > 1) fail('is sent more than once');
  return KEY.test(key) ? key : fail('must be 1 to 255 printable ASCII characters');
}

/** Seals the row's id and the request, so that the table reveals neither keys nor bodies. */
async function identify(
  { session, body }: Work,
  key: string,
): Promise<{ readonly id: string; readonly request: string }> {
  const { call, policy, ports } = session;
  const { id, kind } = policy.principal;
  const caller = [kind === 'API_KEY' ? 'api_key' : 'oidc', id];
  const content = body ? valueKey({ M: body }) : (call.body ?? '');
  const said = [call.method, call.path, call.query, call.ifMatch, call.ifNoneMatch, content];
  return {
    id: await ports.seal(`idempotency-key ${JSON.stringify([...caller, key])}`),
    request: await ports.seal(`request ${JSON.stringify(said)}`),
  };
}

function rowOf(id: string, request: string, { kind, key, isShown }: Effect, now: number): Item {
  return itemOf([
    ['id', { S: id }],
    ['request', { S: request }],
    ['status', { S: kind }],
    ['resource', { M: key }],
    ['shown', { BOOL: isShown }],
    ['expire_time', { N: String(now + KEPT_SECONDS) }],
  ]);
}

/** Authorizes anew, and answers the stored status with the item as it is now. */
async function repeat({ session, authorize, answer }: Work, row: Item, request: string): Promise<OperationResult> {
  if (textOf(row, 'request') !== request) throw new ApiError('idempotency_mismatch');
  authorize();
  const effect = effectOf(row);
  const item = effect.isShown ? await readVisible(session, effect.key) : undefined;
  // The mutation has its audit row already: the replay is audited as a read.
  const about = { key: effect.key, action: OPERATIONS.get.action };
  return { answer: { ...(await answer(effect, item)), isReplay: true }, audit: 'due', about };
}

function effectOf(row: Item): Effect {
  const kind = textOf(row, 'status');
  const key = attribute(row, 'resource');
  const shown = attribute(row, 'shown');
  const isKnown = kind === 'ok' || kind === 'created' || kind === 'no_content';
  if (!isKnown || !key || !('M' in key) || !shown || !('BOOL' in shown)) {
    throw new TypeError('a row of the requests table is not of the form that this version writes');
  }
  return { kind, key: key.M, isShown: shown.BOOL };
}
