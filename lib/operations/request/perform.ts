// The straight line of every request: who calls, what they may do, the operation, the audit row, the answer.

import { Permission } from '../../access/permission.ts';
import type { Identity, Principal } from '../../access/principal.ts';
import { ApiError, type ErrorCode } from '../../base/errors.ts';
import { auditOf, putAudit } from './audit-call.ts';
import type { PrincipalLoader } from './principal-loader.ts';
import { type Answer, begin, type ApiRequest, type Operate, type RequestContext } from './request-context.ts';

/** What all calls of one endpoint share. */
export type Service = Omit<RequestContext, 'call' | 'startedAt' | 'budget'> & { readonly principals: PrincipalLoader };

/** Failures that leave open what happened: no audit row about them could be true. */
const UNDECIDED: readonly ErrorCode[] = ['throttled', 'unavailable', 'internal'];

/**
 * Answers one call.
 * @throws ApiError where the call is refused; the refusal of a proved caller is in the audit table by then.
 */
export async function perform({ principals, ...service }: Service, call: ApiRequest, operate: Operate): Promise<Answer> {
  if (!call.identity) throw new ApiError('unauthenticated');
  const visit = begin(service, call);
  let principal: Principal | undefined;
  try {
    visit.telemetry.identify(provedOf(call.identity));
    principal = await principals.load(visit, call.identity);
    visit.telemetry.identify(principal);
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

function permit(call: ApiRequest, principal: Principal): Permission {
  const { method, path, contentType, body, pathFault, bodyFault } = call;
  if (pathFault) throw pathFault;
  const permission = Permission.decide(principal, method, path);
  if (body !== undefined && contentType !== undefined && !JSON_TYPE.test(contentType.trim())) {
    throw new ApiError('unsupported_media_type', 'the body must be JSON: send Content-Type: application/json');
  }
  if (bodyFault) throw bodyFault;
  return permission;
}

/** With its parameters; what a comma parts are several types. */
const JSON_TYPE = /^application\/(?:[\w.+-]+\+)?json\s*(?:;[^,]*)?$/i;
