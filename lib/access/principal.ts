// From stored records to a principal: who calls, and every grant that applies. Nothing is decided here yet; a record
// that is missing, broken or of another kind is found here, because it might have held a restriction.

import { ApiError, type Fault } from '../base/errors.ts';
import type { Parsed } from '../base/json.ts';
import { type Item, textOf, type Value } from '../base/value.ts';
import type { Grant } from './grant.ts';
import type { RecordMemo } from './record-memo.ts';
import { type AuthRecord, type GroupRecord, type RecordKind, recordKinds } from './records.ts';
import type { Person } from './variables.ts';

/** What the gateway proved about the caller. `claims` holds the ones policies may use. */
export type Identity =
  | { readonly kind: 'api_key'; readonly id: string }
  | {
      readonly kind: 'oidc';
      readonly username: string;
      readonly name?: string;
      readonly email?: string;
      readonly groups: readonly string[];
      /** The token says that its groups did not fit into it. */
      readonly isOverflowing: boolean;
      readonly claims: ReadonlyMap<string, Value>;
    };

export type Principal = Person & {
  readonly kind: RecordKind;
  /** The caller's own grant, if it has a record of its own: always a boundary. */
  readonly own: Grant | undefined;
  readonly oidcGrants: readonly Grant[];
};

/** The auth records of a request, validated, before their groups are known. */
export type OpenedRecords = {
  readonly identity: Identity;
  readonly own: AuthRecord | undefined;
  readonly oidcGroups: readonly AuthRecord[];
  /** The groups that the records name: each must be loaded. */
  readonly groupIds: readonly string[];
};

/** The ids of the auth records that may apply to an identity. */
export function recordIds(identity: Identity): readonly string[] {
  return identity.kind === 'api_key' ? [identity.id] : [...new Set([identity.username, ...identity.groups])];
}

function refuse(reason: string): never {
  throw new ApiError('not_authorized', undefined, [], reason);
}

/**
 * The auth records that apply, validated.
 * @param now seconds since 1970, for `expires_at`
 * @throws ApiError `not_authorized` where no record applies, or one is broken, disabled or expired.
 */
export function openRecords(identity: Identity, items: readonly Item[], memo: RecordMemo, now: number): OpenedRecords {
  const byId = new Map(items.map((item) => [textOf(item, 'id'), item]));
  const find = (id: string, kind: RecordKind): AuthRecord | undefined => {
    const item = byId.get(id);
    const kinds = item && recordKinds(item, memo.context);
    // A record of another kind is not this caller's, broken or not; one of no known kind might be.
    if (!item || (kinds && kinds.length > 0 && !kinds.includes(kind))) return undefined;
    return valid(memo.auth(id, item), 'auth record', id);
  };
  const isKey = identity.kind === 'api_key';
  if (!isKey && identity.isOverflowing) refuse("the token's groups did not fit into it");
  const own = find(isKey ? identity.id : identity.username, isKey ? 'API_KEY' : 'USERNAME');
  const oidcGroups = isKey ? [] : [...new Set(identity.groups)].flatMap((id) => find(id, 'OIDC_GROUP') ?? []);
  if (!own && oidcGroups.length === 0) refuse('no auth record applies to this caller');
  if (own && !isActive(own, now)) refuse(`the auth record ${JSON.stringify(own.id)} is disabled or expired`);
  const open = oidcGroups.map((record) => (isActive(record, now) ? record : { ...record, disabled: true }));
  const groupIds = [...new Set([...(own?.groups ?? []), ...oidcGroups.flatMap((record) => record.groups)])];
  return { identity, own, oidcGroups: open, groupIds };
}

function isActive(record: AuthRecord, now: number): boolean {
  return !record.disabled && (record.expiresAt === undefined || now < record.expiresAt);
}

function valid<T>(parsed: Parsed<T>, what: string, id: string): T {
  if ('value' in parsed) return parsed.value;
  const say = ({ path, message }: Fault) => `${path} ${message}`;
  return refuse(`${what} ${JSON.stringify(id)} is not valid: ${parsed.faults.map(say).join('; ')}`);
}

/**
 * The principal: every record with its groups as one grant.
 * @throws ApiError `not_authorized` where a group that a record names is missing or broken, or the record
 *   is a trusted proxy's: that calls for somebody else.
 */
export function merge(opened: OpenedRecords, groupItems: readonly Item[], memo: RecordMemo): Principal {
  if (opened.own?.oidcProxy) refuse(`the auth record ${JSON.stringify(opened.own.id)} is a proxy's: it grants nothing`);
  const byId = new Map(groupItems.map((item) => [textOf(item, 'group_id'), item]));
  const groupOf = (id: string): GroupRecord => {
    const item = byId.get(id);
    if (!item) refuse(`the group ${JSON.stringify(id)} does not exist, but a record names it`);
    return valid(memo.group(id, item), 'group', id);
  };
  const grantOf = (record: AuthRecord): Grant => memo.grant(record, record.groups.map(groupOf));
  const { identity, own, oidcGroups } = opened;
  return {
    ...caller(identity, own),
    ...groupsThatApply(opened),
    own: own && grantOf(own),
    oidcGrants: oidcGroups.map(grantOf),
    claims: identity.kind === 'oidc' ? identity.claims : new Map(),
  };
}

function groupsThatApply({ own, oidcGroups }: OpenedRecords): Pick<Principal, 'groups' | 'closedGroups'> {
  const idsOf = (records: readonly AuthRecord[]) => [
    ...records.map((record) => record.id),
    ...records.flatMap((record) => record.groups),
  ];
  const groups = new Set(idsOf([...(own ? [own] : []), ...oidcGroups.filter((record) => !record.disabled)]));
  const closed = new Set(idsOf(oidcGroups.filter((record) => record.disabled)));
  return { groups: [...groups], closedGroups: [...closed].filter((id) => !groups.has(id)) };
}

function caller(identity: Identity, own: AuthRecord | undefined) {
  if (identity.kind === 'api_key') {
    // Stryker disable next-line OptionalChaining: a key without a record of its own was refused by `openRecords`.
    return { id: identity.id, kind: 'API_KEY' as const, username: own?.username, name: own?.name, email: own?.email };
  }
  const { username, name, email } = identity;
  const kind = own ? ('USERNAME' as const) : ('OIDC_GROUP' as const);
  return { id: username, kind, username, name: own?.name ?? name, email: own?.email ?? email };
}
