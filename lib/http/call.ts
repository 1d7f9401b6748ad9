// A gateway event → a call. Everything is decoded once, here.

import { ApiError } from '../base/errors.ts';
import type { Auth } from '../definition/api.ts';
import type { Endpoint } from '../definition/endpoint.ts';
import { checkSegment, fillRoute, parseSegment, routeParameters } from '../definition/route.ts';
import type { Call } from '../operations/session.ts';
import { fields, type GatewayEvent, text } from './gateway-event.ts';
import { readHttpEvent } from './http-event.ts';
import { identityOf } from './identity.ts';
import { proxiedIdentity } from './proxy-headers.ts';
import { readRestEvent } from './rest-event.ts';

/**
 * The call that an event carries.
 * @throws ApiError `unauthenticated`, `ambiguous_identity`, `invalid_path` or `invalid_body`
 */
export function parseCall(raw: unknown, endpoint: Endpoint, auth: Auth): Call {
  const event = fields(raw)['version'] === '2.0' ? readHttpEvent(raw) : readRestEvent(raw);
  const pathParameters = parsePathParameters(endpoint.route, event);
  return {
    requestId: event.requestId,
    identity: identityOf(event, auth),
    proxied: proxiedIdentity(event, auth),
    method: event.method === 'HEAD' ? 'HEAD' : endpoint.method,
    basePath: basePathOf(event.sentPath, endpoint.route),
    path: fillRoute(endpoint.route, pathParameters),
    pathParameters,
    query: event.query,
    contentType: event.headers.get('content-type')?.[0],
    body: bodyOf(event),
    idempotencyKey: event.headers.get('idempotency-key') ?? [],
    ifMatch: event.headers.get('if-match') ?? [],
    ifNoneMatch: event.headers.get('if-none-match') ?? [],
    sourceIp: event.sourceIp,
    userAgent: event.userAgent,
  };
}

/** What stands before the route in the sent path: a stage, a domain's base path, or nothing. */
function basePathOf(sentPath: string, route: string): string {
  const before = sentPath
    .replace(/\/$/, '')
    .split('/')
    .slice(0, -route.split('/').length + 1);
  return /^[A-Za-z0-9/._~-]*$/.test(before.join('/')) ? before.join('/') : '';
}

function parsePathParameters(route: string, event: GatewayEvent): ReadonlyMap<string, string> {
  const parameter = (name: string) =>
    checkedParameter(name, text(event.pathParameters[name]) ?? '', event.isPathEncoded);
  return new Map(routeParameters(route).map((name) => [name, parameter(name)]));
}

function checkedParameter(name: string, raw: string, isEncoded: boolean): string {
  const segment = isEncoded ? parseSegment(raw) : checkSegment(raw);
  if (typeof segment === 'string') return segment;
  throw new ApiError('invalid_path', undefined, [{ path: name, message: segment.fault }]);
}

function bodyOf({ body, isBase64Encoded }: GatewayEvent): string | undefined {
  if (body === undefined || !isBase64Encoded) return body;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(body, 'base64'));
  } catch {
    throw new ApiError('invalid_body', 'the body is not UTF-8');
  }
}
