// Reads events of API Gateway HTTP APIs (payload version 2): decoded path parameters, repeated headers joined by commas, and
// a raw query string, which is parsed here because the gateway's parsed one joins repeated values by commas too.

import { fields, type GatewayEvent, requestIdOf, text } from './gateway-event.ts';

export function readHttpEvent(raw: unknown): GatewayEvent {
  const event = fields(raw);
  const context = fields(event['requestContext']);
  const http = fields(context['http']);
  const verified = fields(fields(fields(context['authorizer'])['jwt'])['claims']);
  const headers = Object.entries(fields(event['headers'])).flatMap(([name, raw]) => {
    const value = text(raw);
    return value === undefined ? [] : [[name.toLowerCase(), [value]] as const];
  });
  return {
    requestId: requestIdOf(raw),
    method: text(http['method']),
    sentPath: text(http['path']) ?? '',
    pathParameters: fields(event['pathParameters']),
    isPathEncoded: false,
    query: [...new URLSearchParams(text(event['rawQueryString']) ?? '')],
    headers: new Map(headers),
    body: text(event['body']),
    isBase64Encoded: event['isBase64Encoded'] === true,
    sourceIp: text(http['sourceIp']),
    userAgent: text(http['userAgent']) || undefined,
    apiKeyId: undefined,
    isTokenVerified: Object.keys(verified).length > 0,
  };
}
