// Merges stored records into a principal: the caller and every grant that applies. Refuses the caller if a record is missing or
// broken, because it might have held a restriction; permissions are decided later.

import { ApiError, type Fault } from '../base/errors.ts';
import type { Parsed } from '../base/json.ts';
import { type Item, textOf, type Value } from '../base/value.ts';
import type { Grant } from './grant.ts';
import type { RecordMemo } from './record-memo.ts';
import { type AuthRecord, type GroupRecord, type RecordKind, recordKinds } from './records.ts';
import type { Person } from './variables.ts';

/** The caller as the gateway authenticated it. `claims` holds those that policies may use. */
export type Identity =
  | { readonly kind: 'api_key'; readonly id: string }
  | {
      readonly kind: 'oidc';
      readonly username: string;
      readonly name?: string;
      readonly email?: string;
      readonly groups: readonly string[];
      /** True if the token says that its groups did not fit into it. */
      readonly isOverflowing: boolean;
      readonly claims: ReadonlyMap<string, Value>;
    };

export type Principal = Person & {
  readonly kind: RecordKind;
  /** The grant of the caller's own record, which always restricts; `undefined` if it has none. */
  readonly own: Grant | undefined;
  readonly oidcGrants: readonly Grant[];
};

/** The validated auth records of a request, before their groups are loaded. */
export type OpenedRecords = {
  readonly identity: Identity;
  readonly own: AuthRecord | undefined;
  readonly oidcGroups: readonly AuthRecord[];
  /** The ids of the groups that the records name, all of which must be loaded. */
  readonly groupIds: readonly string[];
};

/** Returns the ids of the auth records that may apply to an identity. */
export function recordIds(identity: Identity): readonly string[] {
  return identity.kind === 'api_key' ? [identity.id] : [...new Set([identity.username, ...identity.groups])];
}

function refuse(reason: string): never {
  throw new ApiError('not_authorized', undefined, [], reason);
}

/**
 * Selects the auth records that apply, and validates them.
 * @param now seconds since 1970, for `expires_at`
 * @throws ApiError `not_authorized` if no record applies, one is broken, or the own one is disabled or expired
 */
export function openRecords(identity: Identity, items: readonly Item[], memo: RecordMemo, now: number): OpenedRecords {
  const byId = new Map(items.map((item) => [textOf(item, 'id'), item]));
  const find = (id: string, kind: RecordKind): AuthRecord | undefined => {
    const item = byId.get(id);
    const kinds = item && recordKinds(item, memo.context);
    // Ignores a record of another kind, broken or not; one of no known kind might be this caller's, and is refused.
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
 * Makes the principal, with one grant for each record and its groups.
 * @throws ApiError `not_authorized` if a group that a record names is missing or broken, or if the own record is a trusted
 *   proxy's, which only passes on calls of other people
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
    // Stryker disable next-line OptionalChaining: `openRecords` refused a key without a record of its own.
    return { id: identity.id, kind: 'API_KEY' as const, username: own?.username, name: own?.name, email: own?.email };
  }
  const { username, name, email } = identity;
  const kind = own ? ('USERNAME' as const) : ('OIDC_GROUP' as const);
  return { id: username, kind, username, name: own?.name ?? name, email: own?.email ?? email };
}
