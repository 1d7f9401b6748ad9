// Events of API Gateway, of both versions: all that it could deliver, and what it never would.

import fc from 'fast-check';
import type { Api } from '../../lib/definition/api.ts';
import type { Endpoint } from '../../lib/definition/endpoint.ts';
import { routeParameters } from '../../lib/definition/route.ts';
import { httpEvent } from './http-event.ts';
import { restEvent } from './rest-event.ts';

export type Delivery = { readonly endpoint: Endpoint; readonly event: unknown };

/** Texts that mean something to somebody on the way. */
const TEXTS = [
  ...['', ' ', '.', '..', '/', '//', '%', '%2F', '%252F', '%2e%2e', '%00', '%C0%AF', '%E0%A4%A', '%ff', '%u0041', '+'],
  ...['\u0000', '\r\nx-evil: 1', '\t', '\u007f', '\ufeff', '\u2028', '\ud800', 'é', 'e\u0301', '\u{10ffff}', '\u202e'],
  ...['null', 'undefined', 'true', '__proto__', 'constructor', '{id}', '$context.requestId', '<script>', "' OR 1=1 --"],
  ...['$', '#a', ':a', '*', '"', '\\', 'a'.repeat(3_000), '9'.repeat(400), '-0', '1e999', 'NaN'],
];
const BODIES = [
  ...['', ' ', '{}', '[]', 'null', '0', '""', '{', '[', '{"id":"x"', '{"id":"x"}x', '{"id":"x",}', "{'id':'x'}"],
  ...[
    '\ufeff{"id":"x"}',
    '{"id":"x","id":"y"}',
    '{"id":"x","\\u0069d":"y"}',
    '{"id":"\\ud800"}',
    '{"id":"x","a":1e400}',
  ],
  ...['{"__proto__":{"id":"x"}}', '{"id":"x","a":NaN}', '{"id":"x","a":0x1}', '{"id":"x","a":01}', '{"id":"x"}\u0000'],
  ...['['.repeat(5_000), '{"a":'.repeat(5_000), `{"id":"x","a":"${'y'.repeat(270_000)}"}`, `[${'1,'.repeat(2_000)}1]`],
  ...[`{"id":"x",${Array.from({ length: 3_000 }, (_, n) => `"a${n}":1`).join()}}`, '["lamp"]'],
  '{"method":"GET","path":"/items"}',
];
const HEADERS = [
  ...['authorization', 'content-type', 'content-encoding', 'idempotency-key', 'if-match', 'if-none-match', 'origin'],
  ...['x-api-key', 'x-forwarded-for', 'x-remote-user', 'x_remote_user', 'host', 'accept', 'range', 'expect', 'cookie'],
];
const VALUES = [
  ...['*', '"x"', 'W/"x"', '"x", "y"', '""', ',', 'Bearer', 'Bearer ', 'Bearer a.b.c', 'bearer  x', 'Basic eDp5'],
  ...['application/json', 'APPLICATION/JSON;charset=utf-16', 'application/json, text/plain', 'text/plain', 'x', 'null'],
  ...['gzip', 'https://evil.example', 'bytes=0-1', '100-continue', 'a=b', `"${'x'.repeat(2_000)}"`, '"\u00ff"'],
];

const text = fc.oneof(fc.constantFrom(...TEXTS), fc.string({ unit: 'binary', maxLength: 6 }));
const NAMES = ['id', 'status', 'search_key', '_limit', '_where', '_cursor', '_sort', '_fields', 'a__in'];
const name = fc.oneof(fc.constantFrom(...NAMES), text);
const spelt = fc
  .tuple(fc.constantFrom(...HEADERS), fc.constantFrom('lower', 'upper', 'title'))
  .map(([of, how]) => spell(of, how));
/** What an HTTP header can hold. */
const latin = text.map((each) => each.replace(/[^\t\u0020-\u007e\u0080-\u00ff]/g, ''));
const header = fc.tuple(spelt, fc.oneof(fc.constantFrom(...VALUES), latin));

function spell(of: string, how: string): string {
  if (how === 'upper') return of.toUpperCase();
  return how === 'title' ? of.replace(/(^|-)[a-z]/g, (each) => each.toUpperCase()) : of;
}

type Parts = {
  readonly endpoint: Endpoint;
  readonly texts: readonly string[];
  readonly query: readonly (readonly [string, string])[];
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string | undefined;
  readonly encoding: string;
  readonly isHead: boolean;
};

/** Events that a gateway could deliver. `as` is a caller: an API key to a REST API, a person to an HTTP API. */
export function deliverable(api: Api, as: string): fc.Arbitrary<Delivery> {
  const parts: fc.Arbitrary<Parts> = fc.record({
    endpoint: fc.constantFrom(...api.endpoints),
    texts: fc.array(text, { minLength: 2, maxLength: 2 }),
    query: fc.array(fc.tuple(name, text), { maxLength: 3 }),
    headers: fc.array(header, { maxLength: 3 }),
    body: fc.option(fc.oneof(fc.constantFrom(...BODIES), fc.json({ maxDepth: 3 }), text), { nil: undefined }),
    encoding: fc.constantFrom('text', 'base64', 'bytes'),
    isHead: fc.boolean(),
  });
  const event = fc.tuple(parts, fc.constantFrom(rest, http));
  return event.map(([each, make]) => ({ endpoint: each.endpoint, event: make(each, as) }));
}

function common({ endpoint: { method, route }, query, body, encoding, isHead }: Parts) {
  const isBase64Encoded = body !== undefined && encoding !== 'text';
  const bytes = Buffer.from(body ?? '', encoding === 'bytes' ? 'latin1' : 'utf8');
  const sent = isBase64Encoded ? bytes.toString('base64') : body;
  const named = { method: isHead && method === 'GET' ? 'HEAD' : method, route, path: route, query, body: sent };
  return { named, isBase64Encoded };
}

function rest(parts: Parts, as: string): object {
  const { named, isBase64Encoded } = common(parts);
  const { headers, texts, endpoint } = parts;
  const parameters = Object.fromEntries(routeParameters(endpoint.route).map((of, at) => [of, texts[at] ?? '']));
  const all = (of: string) => headers.filter(([each]) => each === of).map(([, value]) => value);
  const repeated = Object.fromEntries(headers.map(([of]) => [of, all(of)]));
  const single = Object.fromEntries(headers);
  return { ...restEvent({ ...named, parameters, headers: single, repeated, as }), isBase64Encoded };
}

/** Names of headers come in lower case, and decoded parameters, of which none has a slash. */
function http(parts: Parts, as: string): object {
  const { named, isBase64Encoded } = common(parts);
  const { headers, texts, endpoint } = parts;
  const decoded = texts.map((each) => each.replaceAll('/', ''));
  const parameters = Object.fromEntries(routeParameters(endpoint.route).map((of, at) => [of, decoded[at] ?? '']));
  const lower = headers.map(([of, value]) => [of.toLowerCase(), value] as const);
  const others = Object.fromEntries(lower.filter(([of]) => of !== 'authorization'));
  const claims = { sub: as, groups: ['everybody'] };
  return { ...httpEvent({ ...named, parameters, headers: others, claims }), isBase64Encoded };
}

const JUNK: readonly unknown[] = [
  ...[null, 0, -1, 1.5, true, false, [], {}, [null], [[]], { a: 1 }, ['x', 5, null], { length: 3 }, { toString: 1 }],
  ...[{ sub: ['x'] }, { 'Content-Type': null }, { id: {} }, Array.from({ length: 500 }, () => 'x'), ...TEXTS],
];

/** Those events with members missing, of other types, or more than there should be; and no events at all. */
export function undeliverable(api: Api, as: string): fc.Arbitrary<Delivery> {
  const how = fc.constantFrom('replace', 'replace', 'remove', 'add');
  const change = fc.record({ at: fc.nat(), how, junk: fc.constantFrom(...JUNK) });
  const changed = fc
    .tuple(deliverable(api, as), fc.array(change, { minLength: 1, maxLength: 4 }))
    .map(([{ endpoint, event }, changes]) => {
      return { endpoint, event: changes.reduce<unknown>(apply, structuredClone(event)) };
    });
  const anything = fc.oneof(fc.constantFrom(...JUNK, undefined), fc.anything());
  const none = fc.record({ endpoint: fc.constantFrom(...api.endpoints), event: anything });
  return fc.oneof({ arbitrary: changed, weight: 5 }, { arbitrary: none, weight: 1 });
}

type Change = { readonly at: number; readonly how: string; readonly junk: unknown };
type Place = { readonly owner: Record<string, unknown>; readonly name: string };

function apply(event: unknown, { at, how, junk }: Change): unknown {
  const places = [...placesIn(event)];
  const place = places[at % places.length];
  if (!place) return junk;
  if (how === 'remove') delete place.owner[place.name];
  else place.owner[how === 'add' ? `${place.name}x` : place.name] = structuredClone(junk);
  return event;
}

function* placesIn(value: unknown): Generator<Place> {
  if (typeof value !== 'object' || value === null) return;
  const owner = value as Record<string, unknown>;
  for (const [name, member] of Object.entries(owner)) {
    yield { owner, name };
    yield* placesIn(member);
  }
}
