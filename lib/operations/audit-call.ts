// The audit row of one call: what the operation knows, in the form that audit/row.ts takes.

import type { Principal } from '../access/principal.ts';
import { type AuditEvent, type AuditUser, auditRows } from '../audit/row.ts';
import { ApiError } from '../base/errors.ts';
import type { Item } from '../base/value.ts';
import type { Operation } from '../definition/endpoint.ts';
import { parseKey } from '../definition/item-faults.ts';
import type { Call, Visit } from './session.ts';

const ACTIONS: Readonly<Record<Operation, string>> = {
  list: 'LIST',
  get: 'GET',
  create: 'CREATE',
  update: 'UPDATE',
  patch: 'UPDATE',
  delete: 'DELETE',
};

/** What became of a call, and the images of a mutation. */
export type Event = Pick<AuditEvent, 'outcome' | 'body' | 'before' | 'after'> & { readonly key?: Item };

/** The audit rows of a call; none where the API keeps no audit. */
export function auditOf(visit: Visit, principal: Principal | undefined, event: Event): readonly Item[] {
  const { api, endpoint, ports, call, startedAt } = visit;
  if (api.audit === false) return [];
  const { reads, writes } = api.audit.retention;
  const kept = event.after || event.before ? writes : reads;
  const key = event.key ?? parseKey(endpoint.table, call.pathParameters);
  const row: AuditEvent = {
    ...event,
    time: isoMicroseconds(startedAt),
    id: ports.newId(),
    requestId: call.requestId,
    action: ACTIONS[endpoint.operation],
    user: userOf(call, principal),
    method: call.method,
    route: endpoint.route,
    pathParameters: call.pathParameters,
    query: call.query,
    table: endpoint.table,
    key: isFaults(key) ? undefined : key,
    expireTime: kept && Math.ceil(startedAt / 1e6) + kept.seconds,
  };
  return auditRows(row, ports.digest);
}

function isFaults(key: ReturnType<typeof parseKey>): key is Exclude<ReturnType<typeof parseKey>, Item> {
  return Array.isArray(key);
}

function userOf({ identity, sourceIp, userAgent }: Call, principal: Principal | undefined): AuditUser {
  const origin = { sourceIp, userAgent };
  if (principal) {
    const { id, kind, username, name, email } = principal;
    return { id, type: kind, username, name, email, ...origin };
  }
  if (identity?.kind === 'oidc')
    return { id: identity.username, type: 'USERNAME', username: identity.username, ...origin };
  return { id: identity?.id ?? '', type: 'API_KEY', ...origin };
}

/** `2026-11-22T21:35:17.123456Z` of microseconds since 1970. */
function isoMicroseconds(microseconds: number): string {
  const seconds = new Date(Math.floor(microseconds / 1e6) * 1e3).toISOString().slice(0, 19);
  return `${seconds}.${String(Math.floor(microseconds % 1e6)).padStart(6, '0')}Z`;
}

/**
 * Puts the rows of a read or a refusal, as the definition demands of reads.
 * @throws ApiError `unavailable` where the row is required and cannot be written.
 */
export async function putAudit(
  { api, ports, call }: Visit,
  of: 'read' | 'refusal',
  rows: readonly Item[],
): Promise<void> {
  if (api.audit === false || (of === 'read' && api.audit.reads === 'off')) return;
  try {
    await ports.putAudit(rows);
  } catch (error) {
    ports.log('error', 'an audit row could not be written', { request_id: call.requestId, error: String(error) });
    if (api.audit.reads !== 'best-effort') throw new ApiError('unavailable');
  }
}
