// One HTTP request as the gateway sees it: the parts as they were sent, and the ids it is known by.

import { randomBytes, randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

export type GatewayRequest = {
  readonly method: string;
  /** The path as it was sent, without the query string. */
  readonly path: string;
  readonly query: readonly (readonly [string, string])[];
  /** In order, names as sent. */
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Buffer;
  readonly sourceIp: string;
  readonly protocol: string;
  readonly requestId: string;
  /** The header `x-amz-apigw-id`, which AWS support asks for. */
  readonly extendedRequestId: string;
  readonly time: Date;
};

const MALFORMED_ESCAPE = /%(?![0-9A-Fa-f]{2})/;
const EXTENDED_ID_BYTES = 11;

/** The request without its body, which is read only once its size is known to be allowed. */
export function readHead(message: IncomingMessage): Omit<GatewayRequest, 'body' | 'query'> & { queryText: string } {
  const target = message.url ?? '/';
  const mark = target.indexOf('?');
  const raw = message.rawHeaders;
  return {
    method: message.method ?? 'GET',
    path: mark < 0 ? target : target.slice(0, mark),
    queryText: mark < 0 ? '' : target.slice(mark + 1),
    headers: raw.flatMap((name, i) => (i % 2 === 0 ? [[name, raw[i + 1] ?? ''] as const] : [])),
    sourceIp: (message.socket.remoteAddress ?? '127.0.0.1').replace(/^::ffff:/, ''),
    protocol: `HTTP/${message.httpVersion}`,
    requestId: randomUUID(),
    extendedRequestId: `${randomBytes(EXTENDED_ID_BYTES).toString('base64url')}=`,
    time: new Date(),
  };
}

/** Bytes of the request line and the headers as they stand on the wire. */
export function headBytes({ method, url, httpVersion, rawHeaders }: IncomingMessage): number {
  const line = Buffer.byteLength(`${method} ${url} HTTP/${httpVersion}\r\n`);
  // Each name is followed by ": " and each value by a line end: two bytes after either.
  return rawHeaders.reduce((sum, text) => sum + Buffer.byteLength(text, 'latin1') + 2, line);
}

/** Parses a query in order: `a=1+2&b=%2F` → a: "1 2", b: "/"; `undefined` if an escape is malformed. */
export function parseQuery(text: string): readonly (readonly [string, string])[] | undefined {
  if (MALFORMED_ESCAPE.test(text)) return undefined;
  const pairs = text.split('&').filter((pair) => pair !== '');
  return pairs.map((pair) => {
    const equals = pair.indexOf('=');
    return equals < 0 ? [decode(pair), ''] : [decode(pair.slice(0, equals)), decode(pair.slice(equals + 1))];
  });
}

function decode(text: string): string {
  const bytes = (escapes: string) => Buffer.from(escapes.replaceAll('%', ''), 'hex').toString('utf8');
  return text.replaceAll('+', ' ').replace(/(?:%[0-9A-Fa-f]{2})+/g, bytes);
}

/** The last value of a header, whatever the case of its name. */
export function headerOf(headers: GatewayRequest['headers'], name: string): string | undefined {
  return headers.findLast(([each]) => each.toLowerCase() === name)?.[1];
}
