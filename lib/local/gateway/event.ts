// The event of a REST API's Lambda proxy integration (payload version 1.0), as AWS delivers it: path and path parameters
// as sent, query parameters decoded, the last value of what is repeated, null where there is nothing.

import { randomBytes } from 'node:crypto';
import { ACCOUNT } from '../template/intrinsics.ts';
import { type GatewayRequest, headerOf } from './request.ts';
import type { Match } from './router.ts';

export type ApiKey = { readonly id: string; readonly value: string };

type Pairs = readonly (readonly [string, string])[];

/** Headers about the connection, which ends at the gateway: not passed on. */
const DROPPED = ['connection', 'content-length', 'transfer-encoding', 'keep-alive', 'expect', 'te', 'upgrade'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const API_ID = 'local';

/** The event; `key` is the API key that the gateway accepted, where the method needs one. */
export function restEvent(
  request: GatewayRequest,
  { resource, pathParameters }: Match,
  stage: string,
  key: ApiKey | undefined,
): object {
  const headers = deliveredHeaders(request);
  return {
    resource,
    path: request.path,
    httpMethod: request.method,
    headers: lastValues(headers),
    multiValueHeaders: allValues(headers),
    queryStringParameters: orNull(lastValues(request.query)),
    multiValueQueryStringParameters: orNull(allValues(request.query)),
    pathParameters: orNull(Object.fromEntries(pathParameters)),
    stageVariables: null,
    requestContext: requestContext(request, resource, stage, key),
    // Without binary media types every body is text.
    body: request.body.length === 0 ? null : request.body.toString('utf8'),
    isBase64Encoded: false,
  };
}

/** The headers that reach a function, with those that API Gateway adds. */
export function deliveredHeaders({ headers, sourceIp }: GatewayRequest): Pairs {
  const kept = headers.filter(([name]) => !DROPPED.includes(name.toLowerCase()));
  const others = kept.filter(([name]) => !/^x-(forwarded-(for|port|proto)|amzn-trace-id)$/i.test(name));
  const forwarded = headerOf(headers, 'x-forwarded-for');
  const [, port = '80'] = /:(\d+)$/.exec(headerOf(headers, 'host') ?? '') ?? [];
  const seconds = Math.floor(Date.now() / 1000).toString(16);
  return [
    ...oneSpelling(others),
    ['X-Amzn-Trace-Id', `Root=1-${seconds}-${randomBytes(12).toString('hex')}`],
    ['X-Forwarded-For', forwarded === undefined ? sourceIp : `${forwarded}, ${sourceIp}`],
    ['X-Forwarded-Port', port],
    ['X-Forwarded-Proto', 'http'],
  ];
}

/** Names keep the case they were sent in; one name in two cases is one header. */
function oneSpelling(headers: Pairs): Pairs {
  const spelling = new Map<string, string>();
  return headers.map(([name, value]) => {
    const first = spelling.get(name.toLowerCase()) ?? name;
    spelling.set(name.toLowerCase(), first);
    return [first, value];
  });
}

function requestContext(request: GatewayRequest, resource: string, stage: string, key: ApiKey | undefined): object {
  const host = headerOf(request.headers, 'host') ?? 'localhost';
  return {
    accountId: ACCOUNT,
    apiId: API_ID,
    deploymentId: API_ID,
    domainName: host.replace(/:\d+$/, ''),
    domainPrefix: API_ID,
    extendedRequestId: request.extendedRequestId,
    httpMethod: request.method,
    identity: identity(request, key),
    // The same as for a custom domain, whose URLs have no stage in them either.
    path: request.path,
    protocol: request.protocol,
    requestId: request.requestId,
    requestTime: logTime(request.time),
    requestTimeEpoch: request.time.getTime(),
    resourceId: API_ID,
    resourcePath: resource,
    stage,
  };
}

function identity({ headers, sourceIp }: GatewayRequest, key: ApiKey | undefined): object {
  return {
    accessKey: null,
    accountId: null,
    ...(key && { apiKey: key.value, apiKeyId: key.id }),
    caller: null,
    cognitoAuthenticationProvider: null,
    cognitoAuthenticationType: null,
    cognitoIdentityId: null,
    cognitoIdentityPoolId: null,
    principalOrgId: null,
    sourceIp,
    user: null,
    userAgent: headerOf(headers, 'user-agent') ?? null,
    userArn: null,
  };
}

/** `10/Jul/2024:12:28:36 +0000` */
export function logTime(time: Date): string {
  const [date = '', clock = ''] = time.toISOString().split(/[T.]/);
  const [year, month, day] = date.split('-');
  return `${day}/${MONTHS[Number(month) - 1]}/${year}:${clock} +0000`;
}

// `Object.fromEntries` defines each name, so that `__proto__` is an ordinary one.
function lastValues(pairs: Pairs): Record<string, string> {
  return Object.fromEntries(pairs);
}

function allValues(pairs: Pairs): Record<string, string[]> {
  const values = new Map<string, string[]>();
  for (const [name, value] of pairs) {
    const sofar = values.get(name);
    if (sofar) sofar.push(value);
    else values.set(name, [value]);
  }
  return Object.fromEntries(values);
}

function orNull<T>(values: Record<string, T>): Record<string, T> | null {
  return Object.keys(values).length === 0 ? null : values;
}
