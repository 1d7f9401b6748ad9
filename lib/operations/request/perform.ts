// Runs every request: loads the principal, decides the permission, runs the operation, writes the audit row.

import { Permission } from '../../access/permission.ts';
import type { Identity, Principal } from '../../access/principal.ts';
import { ApiError, type ErrorCode } from '../../base/errors.ts';
import { auditOf, putAudit } from './audit-call.ts';
import type { PrincipalLoader } from './principal-loader.ts';
import { type Answer, type ApiRequest, begin, type Operate, type RequestContext } from './request-context.ts';

/** The parts that all requests of one endpoint share. */
export type Service = Omit<RequestContext, 'call' | 'startedAt' | 'budget'> & { readonly principals: PrincipalLoader };

/** Failures whose outcome is unknown: an audit row about them might be false. */
const UNDECIDED: readonly ErrorCode[] = ['throttled', 'unavailable', 'internal'];

/**
 * Answers one request.
 * @throws ApiError if the request is refused; the refusal of an authenticated caller is in the audit table by then.
 */
export async function perform(
  { principals, ...service }: Service,
  call: ApiRequest,
  operate: Operate,
): Promise<Answer> {
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

/** Provisional principal for the log, from the gateway's identity alone; replaced once the auth record is loaded. */
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

/** Matches `application/json` and `+json` types with parameters, but no comma: that separates several types. */
const JSON_TYPE = /^application\/(?:[\w.+-]+\+)?json\s*(?:;[^,]*)?$/i;
