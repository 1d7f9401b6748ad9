// Makes the audit rows of one request, and writes those of reads and refusals.

import type { Principal } from '../../access/principal.ts';
import { sensitiveNames } from '../../audit/mask.ts';
import { type AuditEvent, type AuditUser, auditRows } from '../../audit/row.ts';
import { ApiError } from '../../base/errors.ts';
import type { Item } from '../../base/value.ts';
import { parseKey } from '../../definition/item-faults.ts';
import type { ApiRequest, RequestContext } from './request-context.ts';

/** The outcome of a request, and the images of a mutation. */
export type Event = Pick<AuditEvent, 'outcome' | 'body' | 'before' | 'after'> & {
  readonly key?: Item;
  /** @default the endpoint's */
  readonly action?: string;
};

/** The audit rows of a request; none if the API has no audit. */
export function auditOf(visit: RequestContext, principal: Principal | undefined, event: Event): readonly Item[] {
  const { api, endpoint, ports, call, startedAt } = visit;
  if (api.audit === false) return [];
  const { reads, writes } = api.audit.retention;
  const isChange = event.after !== undefined || event.before !== undefined;
  const kept = isChange ? writes : reads;
  const { key, ...what } = event;
  const row: AuditEvent = {
    ...what,
    // A change is timed after the read that it is pinned to, so that each change of an item has a later time than the last.
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

/** The item of a request: the given key, or the whole key in the path; `undefined` if there is neither. */
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

/** Prints microseconds since 1970 as `2026-11-22T21:35:17.123456Z`. */
function isoMicroseconds(microseconds: number): string {
  const seconds = new Date(Math.floor(microseconds / 1e6) * 1e3).toISOString().slice(0, 19);
  return `${seconds}.${String(Math.floor(microseconds % 1e6)).padStart(6, '0')}Z`;
}

/**
 * Writes the rows of a read or a refusal, if the definition's `audit.reads` asks for them.
 * @throws ApiError `unavailable` if the row is required and cannot be written.
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
