// Principals and policies for tests, made as a request makes them: from stored records.

import type { Action } from '../../lib/access/grant.ts';
import { Permission } from '../../lib/access/permission.ts';
import { Policy } from '../../lib/access/policy.ts';
import { type Identity, merge, openRecords, type Principal } from '../../lib/access/principal.ts';
import { RecordMemo } from '../../lib/access/record-memo.ts';
import type { RecordContext } from '../../lib/access/records.ts';
import type { Item } from '../../lib/base/value.ts';
import { type Table, table } from '../../lib/definition/table.ts';
import { item } from './values.ts';

type Plain = Readonly<Record<string, unknown>>;

/** Seconds since 1970 of every test request: 2026-01-01T00:00:00Z. */
export const NOW = 1_767_225_600;

export const ITEMS: Table = table('items', { partitionKey: { id: 'string' } });

export const CONTEXT: RecordContext = {
  tables: ['items', 'orders'],
  variables: [
    ...['user.id', 'user.username', 'user.name', 'user.email', 'user.groups', 'now', 'now.epoch'],
    'claims.team',
  ],
  untyped: 'refuse',
};

export const EVERYTHING = [{ method: '*', endpoint: '.*' }];

export const keyRecord = (permissions: Plain = {}): Plain => ({
  id: 'key-1',
  type: 'API_KEY',
  name: 'Jane',
  username: 'jane',
  email: 'jane@example.com',
  permitted_endpoints: EVERYTHING,
  ...permissions,
});

export const userRecord = (permissions: Plain = {}): Plain => ({
  id: 'jane',
  type: 'USERNAME',
  permitted_endpoints: EVERYTHING,
  ...permissions,
});

export const oidcRecord = (id: string, permissions: Plain = {}): Plain => ({
  id,
  type: 'OIDC_GROUP',
  permitted_endpoints: EVERYTHING,
  ...permissions,
});

export const KEY: Identity = { kind: 'api_key', id: 'key-1' };

export const oidc = (groups: readonly string[], more: Partial<Extract<Identity, { kind: 'oidc' }>> = {}): Identity => ({
  kind: 'oidc',
  username: 'jane',
  groups,
  isOverflowing: false,
  claims: new Map(),
  ...more,
});

export type World = { readonly auth?: readonly Plain[]; readonly groups?: readonly Plain[] };

/** The principal that these stored records make of an identity. `memo` holds what earlier requests parsed. */
export function principalOf(
  identity: Identity,
  { auth = [], groups = [] }: World,
  context = CONTEXT,
  memo = new RecordMemo(context),
): Principal {
  const opened = openRecords(identity, auth.map(item), memo, NOW);
  return merge(opened, groups.map(item), memo);
}

type Asked = { readonly method?: string; readonly path?: string; readonly table?: Table };

export function policyOf(principal: Principal, asked: Asked = {}): Policy {
  const { method = 'GET', path = '/items', table = ITEMS } = asked;
  return Policy.of(Permission.decide(principal, method, path), table, NOW * 1000);
}

/** The policy of an API key whose own record has these permissions. */
export function keyPolicy(permissions: Plain = {}, asked: Asked = {}): Policy {
  return policyOf(principalOf(KEY, { auth: [keyRecord(permissions)] }), asked);
}

/** The ids of the items that a policy lets the caller do something with. */
export function idsFor(policy: Policy, action: Action, items: readonly Item[]): string[] {
  return items.filter(policy.rows(action).accepts).map(({ id }) => (id && 'S' in id ? id.S : ''));
}

/** The code an ApiError is refused with, or `undefined` where nothing is refused. */
export function codeOf(run: () => unknown): string | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
    throw error;
  }
}
