// One audit row for one call: who did what, when, with which outcome, and for a mutation both images.

import { printItem, printJson } from '../base/json.ts';
import { attribute, type Item, itemOf, type Value, withAttributes } from '../base/value.ts';
import { equalValues } from '../condition/evaluate.ts';
import { DAY_SHARDS } from '../definition/audit-indexes.ts';
import { fillRoute } from '../definition/route.ts';
import type { Table } from '../definition/table.ts';
import { cutId, cutName, cutParameter, MAX_PARAMETERS } from './cut.ts';
import { depthOf, type ImageRow, MAX_ROW_DEPTH, packImages } from './images.ts';
import { maskBody, maskItem, maskParameter } from './mask.ts';

export type Outcome = 'ok' | 'denied' | 'not_found';

/** What is known of the caller; for a caller without a valid record only what the gateway proved. */
export type AuditUser = {
  readonly id: string;
  readonly type: string;
  readonly username?: string | undefined;
  readonly name?: string | undefined;
  readonly email?: string | undefined;
  readonly sourceIp?: string | undefined;
  readonly userAgent?: string | undefined;
};

export type AuditEvent = {
  /** ISO 8601 with microseconds. */
  readonly time: string;
  /** A UUIDv7. */
  readonly id: string;
  readonly requestId: string;
  readonly action: string;
  readonly outcome: Outcome;
  readonly user: AuditUser;
  readonly method: string;
  readonly route: string;
  readonly pathParameters: ReadonlyMap<string, string>;
  readonly query: readonly (readonly [name: string, value: string])[];
  /** An object, or the list of a search. */
  readonly body?: Item | readonly Value[] | undefined;
  /** The item that the call is about, if it is about one. */
  readonly resource?: { readonly table: Table; readonly key: Item } | undefined;
  /** Names of attributes that are masked. */
  readonly sensitive: readonly string[];
  /** The whole items before and after a mutation. */
  readonly before?: Item | undefined;
  readonly after?: Item | undefined;
  /** Seconds since 1970; undefined: the row is kept. */
  readonly expireTime?: number | undefined;
};

/** SHA-256 of a text, in hexadecimal. */
export type Digest = (text: string) => string;

const MAX_BODY_BYTES = 32_768;

/** The rows of one event: the row itself, then further rows where its images do not fit. */
export function auditRows(event: AuditEvent, digest: Digest): readonly Item[] {
  const row = itemOf(entries(rowFields(event, digest)));
  return packImages(row, imagesOf(event));
}

/** Of an update's old image only what changed, and the names that are new. */
function imagesOf({ sensitive, before, after }: AuditEvent): ImageRow {
  if (!after) return before ? { before: maskItem(before, sensitive) } : {};
  if (!before) return { after: maskItem(after, sensitive) };
  const old = Object.entries(before).filter(([name, value]) => !isSame(value, attribute(after, name)));
  const added = Object.keys(after).filter((name) => attribute(before, name) === undefined);
  return { after: maskItem(after, sensitive), before: maskItem(itemOf(old), sensitive), added };
}

function isSame(old: Value, now: Value | undefined): boolean {
  return now !== undefined && equalValues(old, now);
}

function rowFields(event: AuditEvent, digest: Digest): Readonly<Record<string, Value | undefined>> {
  const { time, id, user, resource, sensitive, pathParameters } = event;
  const masked = new Map([...pathParameters].map(([name, value]) => [name, maskPath(name, value, event)]));
  const isChange = event.before !== undefined || event.after !== undefined;
  return {
    time: { S: time },
    id: { S: id },
    action: { S: event.action },
    outcome: { S: event.outcome },
    user: { M: userItem(user) },
    method: { S: event.method },
    path: { S: cutParameter(fillRoute(event.route, masked)) },
    path_params:
      masked.size > 0 ? { M: texts([...masked].map(([name, text]) => [name, cutParameter(text)])) } : undefined,
    query_params: event.query.length > 0 ? { M: queryItem(event) } : undefined,
    body: event.body && bodyValue(event.body, event, digest),
    resource: resource && { M: resourceItem(resource, sensitive) },
    request_id: { S: event.requestId },
    expire_time: event.expireTime === undefined ? undefined : { N: String(event.expireTime) },
    resource_key: resource && {
      S: resourceKeys(resource.table, resource.key, digest)[isChange ? 'changes' : 'others'],
    },
    user_key: { S: userKey(user.type, user.id, digest) },
    day_shard: { S: `${time.slice(0, 10)}#${Number.parseInt(id.slice(-1), 16) % DAY_SHARDS}` },
  };
}

/**
 * The index keys of one item's rows. A digest: keys may be long, or sensitive. Changes stand apart, so that a history
 * does not wade through every read of the item.
 */
export function resourceKeys(table: Table, key: Item, digest: Digest): Record<'changes' | 'others', string> {
  const changes = digest(`${table.name} ${printItem(key)}`);
  return { changes, others: `${changes}#other` };
}

/** The index key of one caller's rows. */
export function userKey(type: string, id: string, digest: Digest): string {
  const key = `${type}#${id}`;
  return Buffer.byteLength(key) > 1_000 ? digest(key) : key;
}

function resourceItem({ table, key }: NonNullable<AuditEvent['resource']>, sensitive: readonly string[]): Item {
  return itemOf([
    ['table', { S: table.name }],
    ['key', { M: maskItem(key, sensitive) }],
  ]);
}

function entries(fields: Readonly<Record<string, Value | undefined>>): (readonly [string, Value])[] {
  return Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
}

function userItem({ id, type, username, name, email, sourceIp, userAgent }: AuditUser): Item {
  const fields = { type, username, name, email, source_ip: sourceIp, user_agent: userAgent };
  const known = Object.entries(fields).flatMap(([field, text]): [string, string][] =>
    text === undefined ? [] : [[field, cutName(text)]],
  );
  return texts([['id', cutId(id)], ...known]);
}

function texts(pairs: Iterable<readonly [string, string]>): Item {
  return itemOf([...pairs].map(([name, text]) => [name, { S: text }]));
}

/** A `{search_value}` is as sensitive as the attribute that `{search_key}` names. */
function maskPath(name: string, value: string, { pathParameters, sensitive }: AuditEvent): string {
  const meaning = name === 'search_value' ? (pathParameters.get('search_key') ?? name) : name;
  return maskParameter(meaning, value, sensitive);
}

/** Parameters by name; one that is repeated is a list. What is behind the first fifty is counted under the name `…`. */
function queryItem({ query, sensitive }: AuditEvent): Item {
  // The whole name decides what is masked.
  const kept = query
    .slice(0, MAX_PARAMETERS)
    .map(([name, text]) => [cutParameter(name), cutParameter(maskParameter(name, text, sensitive))] as const);
  const more = query.length - MAX_PARAMETERS;
  let item = itemOf([]);
  for (const [sent, text] of more > 0 ? [...kept, ['…', `${more} more parameters`] as const] : kept) {
    // DynamoDB stores no attribute without a name.
    const name = sent === '' ? '""' : sent;
    const known = attribute(item, name);
    item = withAttributes(item, itemOf([[name, known ? both(known, { S: text }) : { S: text }]]));
  }
  return item;
}

function both(known: Value, value: Value): Value {
  return { L: 'L' in known ? [...known.L, value] : [known, value] };
}

/** A body as it was sent; a large or deep one as its digest and size (a mutation's images hold it whole). */
function bodyValue(body: Item | readonly Value[], event: AuditEvent, digest: Digest): Value {
  const masked = maskedBody(body, event);
  // Of the masked body: the digest of a body with one unknown of few values tells that one.
  const text = printJson(masked);
  const bytes = Buffer.byteLength(text);
  if (bytes <= MAX_BODY_BYTES && depthOf(masked) < MAX_ROW_DEPTH) return masked;
  return {
    M: itemOf([
      ['sha256', { S: digest(text) }],
      ['bytes', { N: String(bytes) }],
    ]),
  };
}

/** The values of a search are as sensitive as the attribute that `{search_key}` names; not even their digest is kept. */
function maskedBody(body: Item | readonly Value[], event: AuditEvent): Value {
  if (!isList(body)) return maskBody({ M: body }, event.sensitive);
  const kept = maskPath('search_value', '', event);
  return kept === '' ? maskBody({ L: body }, event.sensitive) : { S: kept };
}

function isList(body: Item | readonly Value[]): body is readonly Value[] {
  return Array.isArray(body);
}
