// The audit row of one call: what the operation knows, in the form that audit/row.ts takes.

import type { Principal } from '../../access/principal.ts';
import { sensitiveNames } from '../../audit/mask.ts';
import { type AuditEvent, type AuditUser, auditRows } from '../../audit/row.ts';
import { ApiError } from '../../base/errors.ts';
import type { Item } from '../../base/value.ts';
import { parseKey } from '../../definition/item-faults.ts';
import type { ApiRequest, RequestContext } from './request-context.ts';

/** What became of a call, and the images of a mutation. */
export type Event = Pick<AuditEvent, 'outcome' | 'body' | 'before' | 'after'> & {
  readonly key?: Item;
  /** @default the endpoint's */
  readonly action?: string;
};

/** The audit rows of a call; none where the API keeps no audit. */
export function auditOf(visit: RequestContext, principal: Principal | undefined, event: Event): readonly Item[] {
  const { api, endpoint, ports, call, startedAt } = visit;
  if (api.audit === false) return [];
  const { reads, writes } = api.audit.retention;
  const isChange = event.after !== undefined || event.before !== undefined;
  const kept = isChange ? writes : reads;
  const { key, ...what } = event;
  const row: AuditEvent = {
    ...what,
    // A change is pinned to the read before this moment: whoever finds what it left has a later time.
    time: isoMicroseconds(isChange ? ports.now() : startedAt),
    id: ports.newId(),
    requestId: call.requestId,
    action: event.action ?? endpoint.action,
    user: userOf(call, principal),
    method: call.method,
    route: endpoint.route,
    pathParameters: call.pathParameters,
    query: call.query,
    sensitive: sensitiveNames(endpoint.table ? [endpoint.table] : api.tables),
    resource: resourceOf(visit, key),
    expireTime: kept && Math.ceil(startedAt / 1e6) + kept.seconds,
  };
  return auditRows(row, ports.digest);
}

/** The item that a call is about: the given key, or the one that the path names whole. */
function resourceOf({ endpoint, call }: RequestContext, given: Item | undefined): AuditEvent['resource'] {
  const { table } = endpoint;
  if (!table || call.pathFault) return undefined;
  if (given) return { table, key: given };
  const named = parseKey(table, call.pathParameters);
  return 'value' in named ? { table, key: named.value } : undefined;
}

function userOf({ identity, sourceIp, userAgent }: ApiRequest, principal: Principal | undefined): AuditUser {
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
  { api, ports, call }: RequestContext,
  of: 'read' | 'refusal',
  rows: readonly Item[],
): Promise<void> {
  if (api.audit === false || (of === 'read' && api.audit.reads === 'off')) return;
  try {
    await ports.putAudit(rows);
  } catch (error) {
    const why = error instanceof ApiError ? { code: error.code, reason: error.reason } : { error };
    ports.log('error', 'an audit row could not be written', { request_id: call.requestId, ...why });
    if (api.audit.reads !== 'best-effort') throw new ApiError('unavailable');
  }
}
