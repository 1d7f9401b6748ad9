// API Gateway HTTP API events as AWS delivers them (payload version 2), behind a JWT authorizer.

import { randomUUID } from 'node:crypto';

export type HttpEventOptions = {
  readonly method: string;
  readonly path: string;
  readonly route: string;
  /** Path parameters, decoded. */
  readonly parameters?: Readonly<Record<string, string>>;
  readonly query?: readonly (readonly [string, string])[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  /** The claims of the token that the authorizer verified. */
  readonly claims?: Readonly<Record<string, unknown>>;
};

/** A token with these claims; its signature is the authorizer's business, which stands before the Lambda. */
function unsignedToken(claims: Readonly<Record<string, unknown>>): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'RS256', kid: 'test' })}.${part(claims)}.c2lnbmF0dXJl`;
}

/** AWS turns every claim into text: lists become `[a b]`. */
function flattened(claims: Readonly<Record<string, unknown>>): Record<string, string> {
  const flat = (value: unknown) => (Array.isArray(value) ? `[${value.join(' ')}]` : String(value));
  return Object.fromEntries(Object.entries(claims).map(([name, value]) => [name, flat(value)]));
}

export function httpEvent(options: HttpEventOptions): Record<string, unknown> {
  const { method, path, route, parameters, query = [], headers = {}, body, claims } = options;
  const authorization = claims && { authorization: `Bearer ${unsignedToken(claims)}` };
  return {
    version: '2.0',
    routeKey: `${method} ${route}`,
    rawPath: decodeURIComponent(path),
    rawQueryString: new URLSearchParams(query.map(([name, value]): [string, string] => [name, value])).toString(),
    headers: { 'content-type': 'application/json', ...authorization, ...headers },
    queryStringParameters: Object.fromEntries(query.map(([name]) => [name, 'joined by commas: not to be used'])),
    ...(parameters && { pathParameters: parameters }),
    requestContext: {
      requestId: randomUUID(),
      routeKey: `${method} ${route}`,
      stage: '$default',
      http: { method, path, protocol: 'HTTP/1.1', sourceIp: '192.0.2.2', userAgent: 'vitest' },
      ...(claims && { authorizer: { jwt: { claims: flattened(claims), scopes: null } } }),
    },
    ...(body !== undefined && { body }),
    isBase64Encoded: false,
  };
}
