// API Gateway REST events as AWS delivers them (payload version 1).

import { randomUUID } from 'node:crypto';

export type RestEventOptions = {
  readonly method: string;
  readonly path: string;
  readonly route: string;
  /** Path parameters as they were sent: percent-encoded. */
  readonly parameters?: Readonly<Record<string, string>>;
  readonly query?: readonly (readonly [string, string])[];
  readonly headers?: Readonly<Record<string, string>>;
  /** Headers that are sent more than once, with every value. */
  readonly repeated?: Readonly<Record<string, readonly string[]>>;
  readonly body?: string | undefined;
  /** The id of the API key that the gateway proved. */
  readonly as?: string;
};

export function restEvent(options: RestEventOptions): Record<string, unknown> {
  const { method, path, route, parameters = {}, query = [], headers = {}, repeated = {}, body, as } = options;
  const single = { 'Content-Type': 'application/json', ...headers };
  const lastOf = Object.entries(repeated).map(([name, values]) => [name, values.at(-1)]);
  const lists = Object.entries(single).map(([name, value]) => [name, [value]]);
  const all = new Map<string, string[]>();
  for (const [name, value] of query) all.set(name, [...(all.get(name) ?? []), value]);
  const last = [...all].map(([name, values]) => [name, values.at(-1)]);
  return {
    resource: route,
    path,
    httpMethod: method,
    headers: { ...single, ...Object.fromEntries(lastOf) },
    multiValueHeaders: { ...Object.fromEntries(lists), ...repeated },
    queryStringParameters: all.size > 0 ? Object.fromEntries(last) : null,
    multiValueQueryStringParameters: all.size > 0 ? Object.fromEntries(all) : null,
    pathParameters: Object.keys(parameters).length > 0 ? parameters : null,
    stageVariables: null,
    requestContext: {
      requestId: randomUUID(),
      stage: 'api',
      path: `/api${path}`,
      httpMethod: method,
      resourcePath: route,
      identity: {
        sourceIp: '192.0.2.1',
        userAgent: 'vitest',
        ...(as !== undefined && { apiKeyId: as, apiKey: `value-of-${as}` }),
      },
    },
    body: body ?? null,
    isBase64Encoded: false,
  };
}
