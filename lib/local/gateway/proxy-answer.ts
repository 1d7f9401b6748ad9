// A function's answer to the proxy integration, read as API Gateway reads it: it knows five names and refuses any other.

import type { Answer } from './answer.ts';

const NAMES = ['statusCode', 'headers', 'multiValueHeaders', 'body', 'isBase64Encoded'];
/** Headers that are the gateway's: a function's are passed on under another name. */
const REMAPPED = [
  'authorization',
  'connection',
  'content-length',
  'content-md5',
  'date',
  'host',
  'server',
  'www-authenticate',
];
const DROPPED = ['transfer-encoding', 'te', 'trailer', 'upgrade', 'keep-alive'];
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** Matches header values that Node sends: no control characters, above all no line ends. */
const HEADER_VALUE = /^[\t\u0020-\u007e\u0080-\u00ff]*$/;

type Entries = readonly (readonly [string, string])[];

/** Parses an answer; `undefined` if API Gateway would call it malformed and answer 502. `{"statusCode":204}` → status 204. */
export function parseProxyAnswer(text: string): Answer | undefined {
  const answer: unknown = JSON.parse(text);
  if (!isObject(answer) || Object.keys(answer).some((name) => !NAMES.includes(name))) return undefined;
  const { statusCode = 200, body } = answer;
  const status = typeof statusCode === 'string' && /^\d{3}$/.test(statusCode) ? Number(statusCode) : statusCode;
  if (typeof status !== 'number' || !Number.isInteger(status) || status < 200 || status > 599) return undefined;
  if (body !== undefined && body !== null && typeof body !== 'string') return undefined;
  const headers = mergeHeaders(answer['headers'], answer['multiValueHeaders']);
  return headers && { status, headers: withType(headers), body: body ?? '' };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Both kinds in one list; a name in both has the values of `multiValueHeaders`. */
function mergeHeaders(single: unknown, multiple: unknown): Entries | undefined {
  if (![single, multiple].every((each) => each === undefined || each === null || isObject(each))) return undefined;
  const lists = Object.entries((multiple ?? {}) as Record<string, unknown>);
  if (lists.some(([, values]) => !Array.isArray(values))) return undefined;
  const names = lists.map(([name]) => name.toLowerCase());
  const others = Object.entries((single ?? {}) as Record<string, unknown>).filter(
    ([name]) => !names.includes(name.toLowerCase()),
  );
  const flat = lists.flatMap(([name, values]) => (values as unknown[]).map((value) => [name, value] as const));
  const entries = [...others, ...flat];
  if (!entries.every(([name, value]) => HEADER_NAME.test(name) && isHeaderValue(value))) return undefined;
  return entries.flatMap(([name, value]) => deliver(name, String(value)));
}

function isHeaderValue(value: unknown): boolean {
  return ['string', 'number', 'boolean'].includes(typeof value) && HEADER_VALUE.test(String(value));
}

function deliver(name: string, value: string): Entries {
  if (DROPPED.includes(name.toLowerCase())) return [];
  return [[REMAPPED.includes(name.toLowerCase()) ? `x-amzn-Remapped-${name}` : name, value]];
}

function withType(headers: Entries): Entries {
  const typed = headers.some(([name]) => name.toLowerCase() === 'content-type');
  return typed ? headers : [['Content-Type', 'application/json'], ...headers];
}
