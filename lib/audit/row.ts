// Makes the audit row of one call: the caller, the action, the time, the outcome, and for a mutation both images.

import { printItem, printJson } from '../base/json.ts';
import { attribute, type Item, itemOf, type Value } from '../base/value.ts';
import { equalValues } from '../condition/evaluate.ts';
import { DAY_SHARDS } from '../definition/audit-indexes.ts';
import { fillRoute } from '../definition/route.ts';
import type { Table } from '../definition/table.ts';
import { cutId, cutName, cutParameter, MAX_PARAMETERS } from './cut.ts';
import { depthOf, type ImageRow, MAX_ROW_DEPTH, packImages } from './images.ts';
import { maskBody, maskItem, maskParameter } from './mask.ts';

export type Outcome = 'ok' | 'denied' | 'not_found';

/** The caller; if it has no valid record, only the identity that the gateway authenticated. */
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
  /** The time, in ISO 8601 with microseconds. */
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
  /** The names of attributes to mask. */
  readonly sensitive: readonly string[];
  /** The whole item before a mutation; `undefined` if there was none. `after` likewise. */
  readonly before?: Item | undefined;
  readonly after?: Item | undefined;
  /** The expiry, in seconds since 1970; `undefined` if the row never expires. */
  readonly expireTime?: number | undefined;
};

/** Returns the SHA-256 of a text, in hexadecimal. */
export type Digest = (text: string) => string;

const MAX_BODY_BYTES = 32_768;

/** Returns the rows of one event: the row itself, then further rows if its images do not fit. */
export function auditRows(event: AuditEvent, digest: Digest): readonly Item[] {
  const row = itemOf(entries(rowFields(event, digest)));
  return packImages(row, imagesOf(event));
}

/** Returns the images of an event; of an update's old image only the changed attributes, and the names of the new ones. */
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
 * Returns the index keys of one item's rows: digests, as an item's key may be long or sensitive. Changes have a partition of
 * their own, so that a history does not read every read of the item.
 */
export function resourceKeys(table: Table, key: Item, digest: Digest): Record<'changes' | 'others', string> {
  const changes = digest(`${table.name} ${printItem(key)}`);
  return { changes, others: `${changes}#other` };
}

/** Returns the index key of one caller's rows. `API_KEY`, `a` → `API_KEY#a`. */
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

/** Masks a path parameter; a `{search_value}` if the attribute that `{search_key}` names is sensitive. */
function maskPath(name: string, value: string, { pathParameters, sensitive }: AuditEvent): string {
  const meaning = name === 'search_value' ? (pathParameters.get('search_key') ?? name) : name;
  return maskParameter(meaning, value, sensitive);
}

/** Returns the parameters by name, a repeated one as a list. Those after the first fifty are counted under the name `…`. */
function queryItem({ query, sensitive }: AuditEvent): Item {
  const parameters = new Map<string, Value[]>();
  const more = query.length - MAX_PARAMETERS;
  // Mask before cutting: a cut name may no longer look sensitive.
  const kept = query
    .slice(0, MAX_PARAMETERS)
    .map(([name, text]) => [cutParameter(name), cutParameter(maskParameter(name, text, sensitive))] as const);
  for (const [sent, text] of more > 0 ? [...kept, ['…', `${more} more parameters`] as const] : kept) {
    // Rename an empty name, which DynamoDB refuses.
    const name = sent === '' ? '""' : sent;
    const known = parameters.get(name);
    if (known) known.push({ S: text });
    else parameters.set(name, [{ S: text }]);
  }
  return itemOf(
    [...parameters].map(([name, values]) => [name, values.length > 1 ? { L: values } : (values[0] as Value)]),
  );
}

/** Returns a body, masked; of a large or deep one only digest and size (a mutation's images have it whole). */
function bodyValue(body: Item | readonly Value[], event: AuditEvent, digest: Digest): Value {
  const masked = maskedBody(body, event);
  // Digest the masked body: a sensitive value of few possible ones could be guessed from the digest of the whole.
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

/** Masks a body; the values of a search all together if the attribute of `{search_key}` is sensitive, without a digest. */
function maskedBody(body: Item | readonly Value[], event: AuditEvent): Value {
  if (!isList(body)) return maskBody({ M: body }, event.sensitive);
  const kept = maskPath('search_value', '', event);
  return kept === '' ? maskBody({ L: body }, event.sensitive) : { S: kept };
}

function isList(body: Item | readonly Value[]): body is readonly Value[] {
  return Array.isArray(body);
}
