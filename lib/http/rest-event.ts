// Reads events of API Gateway REST APIs (payload version 1): path parameters as they were sent, query parameters decoded.

import { type Fields, fields, type GatewayEvent, requestIdOf, text } from './gateway-event.ts';

export function readRestEvent(raw: unknown): GatewayEvent {
  const event = fields(raw);
  const context = fields(event['requestContext']);
  const caller = fields(context['identity']);
  const apiKeyId = text(caller['apiKeyId']);
  return {
    requestId: requestIdOf(raw),
    method: text(event['httpMethod']),
    sentPath: text(context['path']) ?? '',
    pathParameters: fields(event['pathParameters']),
    isPathEncoded: true,
    query: [...allValues(fields(event['multiValueQueryStringParameters']))],
    headers: headersOf(event),
    body: text(event['body']),
    isBase64Encoded: event['isBase64Encoded'] === true,
    sourceIp: text(caller['sourceIp']),
    userAgent: text(caller['userAgent']),
    apiKeyId: apiKeyId === '' ? undefined : apiKeyId,
    isTokenVerified: false,
  };
}

/** Reads `multiValueHeaders`, which has all values; or, if it is absent, `headers`, which has the last of each. */
function headersOf(event: Fields): ReadonlyMap<string, readonly string[]> {
  const headers = new Map<string, readonly string[]>();
  for (const [name, value] of Object.entries(fields(event['headers']))) {
    const single = text(value);
    if (single !== undefined) headers.set(name.toLowerCase(), [single]);
  }
  const multiple = new Map<string, string[]>();
  for (const [sent, value] of allValues(fields(event['multiValueHeaders']))) {
    const name = sent.toLowerCase();
    const known = multiple.get(name);
    if (known) known.push(value);
    else multiple.set(name, [value]);
  }
  return new Map([...headers, ...multiple]);
}

function* allValues(raw: Fields): Iterable<readonly [string, string]> {
  for (const [name, values] of Object.entries(raw)) {
    for (const each of Array.isArray(values) ? values : []) {
      const value = text(each);
      if (value !== undefined) yield [name.toWellFormed(), value];
    }
  }
}
