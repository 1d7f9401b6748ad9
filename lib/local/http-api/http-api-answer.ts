// A function's answer read as an HTTP API reads it (payload version 2.0): either a response with a status, or any other
// JSON, which is then the body.

import type { Answer } from '../gateway/answer.ts';

/** Headers about the connection, which is the gateway's. */
const DROPPED = ['connection', 'content-length', 'keep-alive', 'te', 'trailer', 'transfer-encoding', 'upgrade'];
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** Matches header values that Node sends: no control characters, above all no line ends. */
const HEADER_VALUE = /^[\t\u0020-\u007e\u0080-\u00ff]*$/;

type Entries = readonly (readonly [string, string])[];
type Fields = Readonly<Record<string, unknown>>;

/** Parses an answer; `undefined` if it cannot be sent (AWS answers 500). `{"a":1}` → status 200 with that body. */
export function parseHttpApiAnswer(text: string): Answer | undefined {
  const answer: unknown = JSON.parse(text);
  if (!isObject(answer) || answer['statusCode'] === undefined || answer['statusCode'] === null) {
    const body = typeof answer === 'string' ? answer : text;
    return { status: 200, headers: [['content-type', 'application/json']], body };
  }
  const status = Number(answer['statusCode']);
  const { body = '', isBase64Encoded } = answer;
  const headers = headersOf(answer);
  if (!/^[2-5]\d\d$/.test(String(answer['statusCode'])) || !headers) return undefined;
  if (body !== null && typeof body !== 'string') return undefined;
  return { status, headers, body: isBase64Encoded === true ? Buffer.from(body ?? '', 'base64') : (body ?? '') };
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function headersOf({ headers, cookies }: Fields): Entries | undefined {
  if (!isObject(headers ?? {}) || !Array.isArray(cookies ?? [])) return undefined;
  const entries = [
    ...Object.entries((headers ?? {}) as Fields),
    ...((cookies ?? []) as unknown[]).map((cookie) => ['set-cookie', cookie] as const),
  ];
  if (!entries.every(([name, value]) => HEADER_NAME.test(name) && isHeaderValue(value))) return undefined;
  const kept = entries
    .filter(([name]) => !DROPPED.includes(name.toLowerCase()))
    .map(([name, value]) => [name, String(value)] as const);
  const isTyped = kept.some(([name]) => name.toLowerCase() === 'content-type');
  return isTyped ? kept : [['content-type', 'text/plain; charset=utf-8'], ...kept];
}

function isHeaderValue(value: unknown): boolean {
  return ['string', 'number', 'boolean'].includes(typeof value) && HEADER_VALUE.test(String(value));
}
