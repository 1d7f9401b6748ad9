// The event of an HTTP API's Lambda proxy integration (payload version 2.0), as AWS delivers it: path decoded, query as
// sent, header names in lower case with repeated values joined by commas, the token's claims flattened to text.

import { deliveredHeaders, logTime } from '../gateway/event.ts';
import { type GatewayRequest, headerOf } from '../gateway/request.ts';
import type { Match } from '../gateway/router.ts';
import { ACCOUNT } from '../template/intrinsics.ts';

/** A request with the path that `httpApiPath` gives, and the query string as it was sent. */
export type HttpApiRequest = GatewayRequest & { readonly queryText: string };

type Claims = Readonly<Record<string, unknown>>;

const API_ID = 'local';
const STAGE = '$default';
/** Bodies of other types are delivered as base64. */
const TEXT_TYPES = /^(text\/|application\/([\w.-]+\+)?(json|xml|javascript)\b)/i;

/** The event; `claims` are those of the verified token. */
export function httpApiEvent(request: HttpApiRequest, match: Match<unknown>, claims: Claims): object {
  const routeKey = `${request.method} ${match.resource}`;
  const parameters = Object.fromEntries(match.pathParameters);
  const query = joined(request.query);
  const cookies = request.headers.filter(([name]) => name.toLowerCase() === 'cookie');
  return {
    version: '2.0',
    routeKey,
    rawPath: request.path,
    rawQueryString: request.queryText,
    ...(cookies.length > 0 && { cookies: cookies.flatMap(([, value]) => value.split(/; */)) }),
    headers: headersOf(request),
    ...(request.query.length > 0 && { queryStringParameters: query }),
    requestContext: requestContext(request, routeKey, claims),
    ...(match.pathParameters.size > 0 && { pathParameters: parameters }),
    ...bodyOf(request),
  };
}

function headersOf(request: HttpApiRequest): Record<string, string> {
  const delivered = deliveredHeaders(request).map(([name, value]) => [name.toLowerCase(), value] as const);
  return joined(delivered.filter(([name]) => name !== 'cookie'));
}

// `Object.fromEntries` defines each name, so that `__proto__` is an ordinary one.
function joined(pairs: readonly (readonly [string, string])[]): Record<string, string> {
  const values = new Map<string, string>();
  for (const [name, value] of pairs) {
    const before = values.get(name);
    values.set(name, before === undefined ? value : `${before},${value}`);
  }
  return Object.fromEntries(values);
}

function requestContext(request: HttpApiRequest, routeKey: string, claims: Claims): object {
  const { method, path, protocol, sourceIp, headers, time } = request;
  const host = headerOf(headers, 'host') ?? 'localhost';
  return {
    accountId: ACCOUNT,
    apiId: API_ID,
    authorizer: { jwt: { claims: flattened(claims), scopes: null } },
    domainName: host.replace(/:\d+$/, ''),
    domainPrefix: API_ID,
    http: { method, path, protocol, sourceIp, userAgent: headerOf(headers, 'user-agent') ?? '' },
    requestId: request.extendedRequestId,
    routeKey,
    stage: STAGE,
    time: logTime(time),
    timeEpoch: time.getTime(),
  };
}

/** Prints every claim as text, a list as `[a b]`, which a text of that form is not distinguishable from. */
function flattened(claims: Claims): Record<string, string> {
  return Object.fromEntries(Object.entries(claims).map(([name, value]) => [name, flat(value)]));
}

function flat(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flat).join(' ')}]`;
  if (value === null) return '<nil>';
  if (typeof value !== 'object') return String(value);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `map[${entries.map(([name, each]) => `${name}:${flat(each)}`).join(' ')}]`;
}

function bodyOf({ body, headers }: HttpApiRequest): object {
  if (body.length === 0) return { isBase64Encoded: false };
  const isText = TEXT_TYPES.test(headerOf(headers, 'content-type') ?? '');
  return { body: body.toString(isText ? 'utf8' : 'base64'), isBase64Encoded: !isText };
}
