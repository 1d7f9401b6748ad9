// An API Gateway REST event (payload version 1) → a call. Everything is decoded once, here: REST APIs deliver path
// parameters as they were sent and query parameters decoded.

import { ApiError } from '../base/errors.ts';
import type { Endpoint } from '../definition/endpoint.ts';
import { fillRoute, routeParameters } from '../definition/route.ts';
import type { Call } from '../operations/session.ts';

type Fields = Readonly<Record<string, unknown>>;

/** The request id that the gateway gave the call, also for events that are broken otherwise. */
export function requestIdOf(event: unknown): string {
  return text(fields(fields(event)['requestContext'])['requestId']) ?? 'unknown';
}

/**
 * The call that an event carries.
 * @throws ApiError `invalid_path`, `invalid_body`, or `ambiguous_identity`
 */
export function parseRestEvent(raw: unknown, endpoint: Endpoint): Call {
  const event = fields(raw);
  const context = fields(event['requestContext']);
  const caller = fields(context['identity']);
  const headers = headersOf(event);
  const pathParameters = parsePathParameters(endpoint.route, fields(event['pathParameters']));
  return {
    requestId: requestIdOf(raw),
    identity: identityOf(caller, headers),
    method: text(event['httpMethod']) === 'HEAD' ? 'HEAD' : endpoint.method,
    path: fillRoute(endpoint.route, pathParameters),
    pathParameters,
    query: parseQueryParameters(fields(event['multiValueQueryStringParameters'])),
    contentType: headers.get('content-type'),
    body: bodyOf(event),
    sourceIp: text(caller['sourceIp']),
    userAgent: text(caller['userAgent']),
  };
}

function fields(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** Header values by lower-case name; the last one of a repeated header. */
function headersOf(event: Fields): ReadonlyMap<string, string> {
  const headers = new Map<string, string>();
  for (const [name, value] of Object.entries(fields(event['headers']))) {
    if (typeof value === 'string') headers.set(name.toLowerCase(), value);
  }
  return headers;
}

/** Who the gateway proved the caller to be: the id of an API key, from the request context alone. */
function identityOf(caller: Fields, headers: ReadonlyMap<string, string>): Call['identity'] {
  const id = text(caller['apiKeyId']);
  if (id === undefined || id === '') return undefined;
  if (/^bearer\s/i.test(headers.get('authorization') ?? '')) {
    throw new ApiError('ambiguous_identity', 'send an API key or a bearer token, not both');
  }
  return { kind: 'api_key', id };
}

function parsePathParameters(route: string, raw: Fields): ReadonlyMap<string, string> {
  return new Map(routeParameters(route).map((name) => [name, decodeParameter(name, text(raw[name]) ?? '')]));
}

function decodeParameter(name: string, raw: string): string {
  const fail = (message: string): never => {
    throw new ApiError('invalid_path', undefined, [{ path: name, message }]);
  };
  const value = decoded(raw) ?? fail('is not valid percent-encoded UTF-8');
  if (value === '') fail('is empty');
  if (value === '.' || value === '..') fail('is a dot segment');
  return hasControlCharacter(value) ? fail('has a control character') : value;
}

function decoded(raw: string): string | undefined {
  try {
    return decodeURIComponent(raw);
  } catch {
    return undefined;
  }
}

function hasControlCharacter(value: string): boolean {
  return [...value].some((character) => character < ' ' || character === '\u007f');
}

function parseQueryParameters(raw: Fields): readonly (readonly [string, string])[] {
  return Object.entries(raw).flatMap(([name, values]) =>
    Array.isArray(values) ? values.flatMap((value) => (typeof value === 'string' ? [[name, value] as const] : [])) : [],
  );
}

function bodyOf(event: Fields): string | undefined {
  const body = text(event['body']);
  if (body === undefined || event['isBase64Encoded'] !== true) return body;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(body, 'base64'));
  } catch {
    throw new ApiError('invalid_body', 'the body is not UTF-8');
  }
}
