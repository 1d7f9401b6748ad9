// Parses a gateway event into an ApiRequest. Everything is decoded once, here.

import { ApiError } from '../base/errors.ts';
import type { Auth } from '../definition/api.ts';
import type { Endpoint } from '../definition/endpoint.ts';
import { checkSegment, fillRoute, parseSegment, routeParameters } from '../definition/route.ts';
import type { ApiRequest } from '../operations/request/request-context.ts';
import { fields, type GatewayEvent, text } from './gateway-event.ts';
import { readHttpEvent } from './http-event.ts';
import { identityOf } from './identity.ts';
import { proxiedIdentity } from './proxy-headers.ts';
import { readRestEvent } from './rest-event.ts';

/**
 * Parses an event. Faults of path and body are returned in the request, to be thrown once the caller is authenticated.
 * @throws ApiError `unauthenticated`, `ambiguous_identity`
 */
export function parseCall(raw: unknown, endpoint: Endpoint, auth: Auth): ApiRequest {
  const event = fields(raw)['version'] === '2.0' ? readHttpEvent(raw) : readRestEvent(raw);
  const { pathParameters, fault } = parsePathParameters(endpoint.route, event);
  const body = bodyOf(event);
  return {
    requestId: event.requestId,
    identity: identityOf(event, auth),
    proxied: proxiedIdentity(event, auth),
    method: event.method === 'HEAD' ? 'HEAD' : endpoint.method,
    basePath: basePathOf(event.sentPath, endpoint.route),
    path: fillRoute(endpoint.route, pathParameters),
    pathParameters,
    pathFault: fault,
    query: event.query,
    // Repeated headers are joined, so that `permit` refuses them as an unknown type.
    contentType: event.headers.get('content-type')?.join(', '),
    body: body instanceof ApiError ? undefined : body,
    bodyFault: body instanceof ApiError ? body : undefined,
    idempotencyKey: event.headers.get('idempotency-key') ?? [],
    ifMatch: event.headers.get('if-match') ?? [],
    ifNoneMatch: event.headers.get('if-none-match') ?? [],
    sourceIp: event.sourceIp,
    userAgent: event.userAgent,
  };
}

/** The part of the sent path before the route: a stage, a base path or ''. `/prod/item/1`, `/item/{id}` → `/prod`. */
function basePathOf(sentPath: string, route: string): string {
  const before = sentPath
    .replace(/\/$/, '')
    .split('/')
    .slice(0, -route.split('/').length + 1);
  return /^[A-Za-z0-9/._~-]*$/.test(before.join('/')) ? before.join('/') : '';
}

type Parameters = { readonly pathParameters: ReadonlyMap<string, string>; readonly fault: ApiError | undefined };

/** Decodes the parameters; returns all as they were sent if one is malformed. `a%2Fb` → `a/b`. */
function parsePathParameters(route: string, event: GatewayEvent): Parameters {
  const sent = routeParameters(route).map((name) => [name, text(event.pathParameters[name]) ?? ''] as const);
  const parse = event.isPathEncoded ? parseSegment : checkSegment;
  const parsed = sent.map(([name, raw]) => [name, parse(raw)] as const);
  const faults = parsed.flatMap(([path, segment]) =>
    typeof segment === 'string' ? [] : [{ path, message: segment.fault }],
  );
  if (faults.length > 0)
    return { pathParameters: new Map(sent), fault: new ApiError('invalid_path', undefined, faults) };
  return { pathParameters: new Map(parsed as readonly (readonly [string, string])[]), fault: undefined };
}

function bodyOf({ body, isBase64Encoded }: GatewayEvent): string | ApiError | undefined {
  if (body === undefined || !isBase64Encoded) return body;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(body, 'base64'));
  } catch {
    return new ApiError('invalid_body', 'the body is not UTF-8');
  }
}
