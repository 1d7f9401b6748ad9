// The straight line of every request: who calls, what they may do, the operation, the audit row, the answer.

import { Permission } from '../access/policy.ts';
import { type Identity, merge, openRecords, type Principal, recordIds } from '../access/principal.ts';
import { recordContext } from '../access/records.ts';
import { ApiError, type ErrorCode } from '../base/errors.ts';
import { auditOf, putAudit } from './audit-call.ts';
import type { Answer, Call, Operate, Visit } from './session.ts';

/** Failures that leave open what happened: no audit row about them could be true. */
const UNDECIDED: readonly ErrorCode[] = ['throttled', 'unavailable', 'internal'];

/**
 * Answers one call.
 * @throws ApiError where the call is refused; the refusal of a proved caller is in the audit table by then.
 */
export async function perform(
  service: Omit<Visit, 'call' | 'startedAt'>,
  call: Call,
  operate: Operate,
): Promise<Answer> {
  if (!call.identity) throw new ApiError('unauthenticated');
  const visit: Visit = { ...service, call, startedAt: service.ports.now() };
  let principal: Principal | undefined;
  try {
    visit.ports.note(provedOf(call.identity));
    principal = await loadPrincipal(visit, call.identity);
    visit.ports.note(principal);
    const { answer, audit, about } = await operate({ ...visit, permission: permit(call, principal) });
    if (audit === 'due') await putAudit(visit, 'read', auditOf(visit, principal, { outcome: 'ok', ...about }));
    return answer;
  } catch (error) {
    if (error instanceof ApiError && !UNDECIDED.includes(error.code)) {
      const outcome = error.code === 'not_found' ? 'not_found' : 'denied';
      await putAudit(visit, 'refusal', auditOf(visit, principal, { outcome }));
    }
    throw error;
  }
}

/** The caller as the gateway proved it, until its records say more. */
function provedOf(identity: Identity): Pick<Principal, 'id' | 'kind'> {
  return identity.kind === 'api_key'
    ? { id: identity.id, kind: 'API_KEY' }
    : { id: identity.username, kind: 'USERNAME' };
}

async function loadPrincipal(visit: Visit, identity: Identity): Promise<Principal> {
  const { api, ports, call, startedAt } = visit;
  const context = recordContext(api);
  const records = await ports.loadRecords('auth', recordIds(identity));
  const opened = openRecords(identity, records, context, startedAt / 1e6);
  if (opened.own?.oidcProxy && api.auth.proxy) {
    if (!call.proxied)
      throw new ApiError('unauthenticated', undefined, [], 'a trusted proxy named nobody, or not one alone');
    return loadPrincipal(visit, call.proxied);
  }
  const groups = opened.groupIds.length === 0 ? [] : await ports.loadRecords('groups', opened.groupIds);
  return merge(opened, groups, context);
}

function permit(call: Call, principal: Principal): Permission {
  const { method, path, contentType, body, pathFault, bodyFault } = call;
  if (pathFault) throw pathFault;
  const permission = Permission.decide(principal, method, path);
  if (body !== undefined && contentType !== undefined && !JSON_TYPE.test(contentType.trim())) {
    throw new ApiError('unsupported_media_type', 'the body must be JSON: send Content-Type: application/json');
  }
  if (bodyFault) throw bodyFault;
  return permission;
}

const JSON_TYPE = /^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i;
