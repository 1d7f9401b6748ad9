// Generated callers: API keys and people with a token, with records and groups that filter, exclude and restrict.

import fc from 'fast-check';
import type { Sent } from './api.ts';
import { type Caller, touches } from './reference-access.ts';

export type Plain = Readonly<Record<string, unknown>>;

/** What a record or group says, as JSON. */
export type Permissions = Plain;

const STATUS_LISTS = [['new', 'old'], ['new'], ['new', 'old', 'lost'], []];
export const FILTER_LISTS = ['filter_fields', 'read_filters', 'create_filters', 'update_filters', 'delete_filters'];
/** Paths that are hidden or restricted for some. */
export const PATHS = [
  'color',
  'size',
  'tags',
  'owner',
  'a',
  'a.b',
  'a.c',
  'a.c.d',
  'a.e',
  'k__eq',
  '__proto__',
  'rank',
];

/** Filters of one field that many rows meet. @param secret whether they may be about what is hidden from everybody */
export function leaves(secret: boolean): fc.Arbitrary<Plain> {
  const of = (field: string, operator: string, value: unknown): Plain => ({ field, operator, value });
  return fc.constantFrom<Plain>(
    ...STATUS_LISTS.map((value) => ({ field: 'status', value })),
    of('status', 'ne', 'lost'),
    of('status', 'startswith', 'n'),
    of('color', 'ne', 'blue'),
    of('color', 'eq', 5),
    of('color', 'notin', ['red', 'x']),
    of('color', 'type', 'S'),
    of('color', 'contains', 'e'),
    of('owner', 'eq', { $var: 'user.id' }),
    { field: 'owner', value: { $var: 'user.groups' } },
    of('owner', 'notin', { $var: 'user.groups' }),
    of('owner', 'exists', true),
    of('owner', 'exists', false),
    of('rank', 'gte', 2),
    of('rank', 'between', [1, 3]),
    of('size', 'lt', 2),
    of('tags', 'haselements', ['x']),
    of('color', 'haselements', ['e']),
    of('tags', 'notcontains', 1),
    of('a.b', 'exists', true),
    of('a.c[0].d', 'ne', 'red'),
    of('a.e', 'notin', []),
    of('customer', 'in', ['ann', 'bob', 'c/d']),
    of('created', 'lte', '2026-02'),
    { field: 'status', value: 'new', table: 'orders' },
    { field: 'color', operator: 'exists', value: true, table: 'things' },
    ...(secret ? [of('secret', 'eq', 'red'), of('secret', 'exists', false)] : []),
  );
}

export function filters(secret: boolean): fc.Arbitrary<Plain> {
  return fc.letrec<{ tree: Plain }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 2, withCrossShrink: true },
      { arbitrary: leaves(secret), weight: 5 },
      { arbitrary: fc.array(tie('tree'), { minLength: 1, maxLength: 3 }).map((any): Plain => ({ any })), weight: 3 },
      { arbitrary: fc.array(tie('tree'), { maxLength: 2 }).map((all): Plain => ({ all })), weight: 1 },
      { arbitrary: tie('tree').map((not): Plain => ({ not })), weight: 1 },
    ),
  })).tree;
}

const few = <T>(of: fc.Arbitrary<T>, none: number) =>
  fc.oneof(
    { arbitrary: fc.constant<T[]>([]), weight: none },
    { arbitrary: fc.array(of, { minLength: 1, maxLength: 1 }), weight: 1 },
  );

/** One record in ten is not permitted everything. */
const endpoints = fc.constantFrom(
  ...Array.from({ length: 8 }, () => [{ method: '*', endpoint: '/.*' }]),
  [{ method: 'GET|POST', endpoint: '/.*' }],
  [
    { method: 'GET', endpoint: '/.*' },
    { method: 'PUT', endpoint: '/.*' },
  ],
);

function permissionsOf(secret: boolean): fc.Arbitrary<Permissions> {
  const path = fc.constantFrom(...PATHS);
  const lists = fc.constantFrom<readonly string[] | undefined>(
    ...Array.from({ length: 14 }, () => undefined),
    ['color', 'size', 'a', 'owner', 'tags'],
    ['a.b', 'a.e', 'color', 'status', 'expires'],
    [],
  );
  const parts = [filters(secret), filters(secret), filters(false), filters(false), filters(false)];
  return fc
    .record({
      filters: fc.tuple(...parts.map((part, at) => few(part, at < 2 ? 2 : 4))),
      exclude_fields: few(path, 1),
      update_fields_restricted: few(path, 3),
      update_fields_permitted: lists,
      permitted_endpoints: endpoints,
    })
    .map(({ filters: lists_, update_fields_permitted, ...rest }) => ({
      ...Object.fromEntries(lists_.map((list, at) => [FILTER_LISTS[at] ?? '', list])),
      ...rest,
      ...(update_fields_permitted && { update_fields_permitted }),
    }));
}

/** The caller with an API key, by its records. */
export function keyCaller(own: Permissions, group: Permissions): Caller {
  const identity = { id: 'key-1', type: 'API_KEY', name: 'Jane', username: 'jane', email: 'jane@example.com' };
  return {
    id: 'key-1',
    username: 'jane',
    own: { ...identity, groups: ['group-1'], ...own },
    oidc: [],
    groups: [{ group_id: 'group-1', ...group }],
  };
}

/** The person with a token, by her records. */
function tokenCaller(own: Permissions | undefined, oidc: readonly Permissions[], group: Permissions): Caller {
  return {
    id: 'ann',
    username: 'ann',
    own: own && { id: 'ann', type: 'USERNAME', groups: ['group-2'], ...own },
    oidc: oidc.map((each, at) => ({
      id: `token-group-${at}`,
      type: 'OIDC_GROUP',
      ...(at === 0 && { groups: ['group-2'] }),
      ...each,
    })),
    groups: [{ group_id: 'group-2', ...group }],
  };
}

/** @param secret whether filters may be about what is hidden from everybody */
export function keyCallers(secret = true): fc.Arbitrary<Caller> {
  return fc.tuple(permissionsOf(secret), permissionsOf(secret)).map((of) => keyCaller(...of));
}

export const tokenCallers: fc.Arbitrary<Caller> = fc
  .tuple(
    fc.option(permissionsOf(false), { nil: undefined, freq: 1 }),
    fc.array(permissionsOf(false), { minLength: 1, maxLength: 2 }),
    permissionsOf(false),
  )
  .map((of) => tokenCaller(...of));

export function callers(secret = true): fc.Arbitrary<Caller> {
  return fc.oneof({ arbitrary: keyCallers(secret), weight: 2 }, { arbitrary: tokenCallers, weight: 1 });
}

/** How the caller calls: the key's id, or the claims of its token. */
export function credentials({ id, own, oidc }: Caller): Pick<Sent, 'as' | 'claims'> {
  if (own?.['type'] === 'API_KEY') return { as: id };
  return { claims: { sub: id, groups: oidc.map((record) => record['id']) } };
}

/** The records of a caller, as they are stored. */
export function recordsOf({ own, oidc, groups }: Caller): { readonly auth: Plain[]; readonly groups: Plain[] } {
  return { auth: [...(own ? [own] : []), ...oidc], groups: [...groups] };
}

/**
 * The caller without the filters that ask about paths which it may not see: whether such a caller may write a row tells
 * something of what is hidden, as its policy wants it.
 */
export function withoutHiddenFilters(caller: Caller, hidden: readonly (readonly string[])[]): Caller {
  const asks = (filter: Plain): boolean =>
    ['any', 'all'].some((group) => ((filter[group] ?? []) as Plain[]).some(asks)) ||
    (filter['not'] !== undefined && asks(filter['not'] as Plain)) ||
    (filter['field'] !== undefined &&
      touches(
        String(filter['field'])
          .replaceAll(/\[\d+\]/g, '')
          .split('.'),
        hidden,
      ));
  const clean = (record: Plain): Plain => ({
    ...record,
    ...Object.fromEntries(
      FILTER_LISTS.filter((place) => record[place]).map((place) => [
        place,
        (record[place] as Plain[]).filter((each) => !asks(each)),
      ]),
    ),
  });
  return {
    ...caller,
    own: caller.own && clean(caller.own),
    oidc: caller.oidc.map(clean),
    groups: caller.groups.map(clean),
  };
}

/** The caller with one read filter more in its own record. */
export function withReadFilter(caller: Caller, filter: Plain): Caller {
  const { own } = caller;
  return own
    ? { ...caller, own: { ...own, read_filters: [...((own['read_filters'] ?? []) as Plain[]), filter] } }
    : caller;
}
