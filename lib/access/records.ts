// Parses the records of the auth and groups tables strictly: a record with any unknown part is refused, because that part might
// be a restriction.

import type { Parsed } from '../base/json.ts';
import { attribute, type Item, type Value } from '../base/value.ts';
import { type Filter, parseFilter } from '../condition/filter.ts';
import type { Api } from '../definition/api.ts';
import { type EndpointPattern, parseEndpointPattern } from './endpoint-pattern.ts';
import { Reader } from './reader.ts';
import type { ParsedRecord, RecordFault } from './record-fault.ts';
import { variablesIn } from './variables.ts';

/** The names that filters of records may use in an API, and its rule for records without a type. */
export type RecordContext = {
  readonly tables: readonly string[];
  readonly variables: readonly string[];
  readonly untyped: 'refuse' | 'accept';
};

export type RecordKind = 'API_KEY' | 'USERNAME' | 'OIDC_GROUP';

/** The permissions of one record, parsed. */
export type Permissions = {
  readonly endpoints: readonly EndpointPattern[];
  readonly filters: Readonly<Record<FilterList, readonly Filter[]>>;
  readonly excluded: readonly (readonly string[])[];
  /** The only paths that may be updated, none if empty; `undefined` if every path may. */
  readonly updatePermitted: readonly (readonly string[])[] | undefined;
  readonly updateRestricted: readonly (readonly string[])[];
};

export type AuthRecord = Permissions & {
  readonly id: string;
  /** The kinds of caller that the record applies to: one, or two for an untyped record that the API accepts. */
  readonly kinds: readonly RecordKind[];
  readonly name: string | undefined;
  readonly username: string | undefined;
  readonly email: string | undefined;
  readonly groups: readonly string[];
  readonly disabled: boolean;
  /** Seconds since 1970; `undefined` if it never expires. */
  readonly expiresAt: number | undefined;
  /** True for the key of a trusted proxy, which passes on OIDC claims and grants nothing by itself. */
  readonly oidcProxy: boolean;
};

export type GroupRecord = Permissions & { readonly id: string };

export const FILTER_LISTS = [
  'filter_fields',
  'read_filters',
  'create_filters',
  'update_filters',
  'delete_filters',
  'audit_filters',
] as const;
export type FilterList = (typeof FILTER_LISTS)[number];

export const KINDS: readonly RecordKind[] = ['API_KEY', 'USERNAME', 'OIDC_GROUP'];
const PERMISSIONS = [
  'permitted_endpoints',
  ...FILTER_LISTS,
  'exclude_fields',
  'update_fields_permitted',
  'update_fields_restricted',
];
export const AUTH_ATTRIBUTES: readonly string[] = [
  'id',
  'type',
  'name',
  'username',
  'email',
  'groups',
  'disabled',
  'expires_at',
  'oidc_proxy',
  ...PERMISSIONS,
];
export const GROUP_ATTRIBUTES: readonly string[] = ['group_id', 'name', 'description', ...PERMISSIONS];

export function recordContext({ tables, auth }: Api): RecordContext {
  return {
    tables: tables.map((table) => table.name),
    variables: variablesIn(auth.oidc?.policyClaims ?? []),
    untyped: auth.untyped,
  };
}

/** Returns the kinds of caller that a stored record applies to, from its type alone if it has one; none for an unknown type. */
export function recordKinds(item: Item, context: RecordContext): readonly RecordKind[] {
  const type = attribute(item, 'type');
  if (type) return KINDS.filter((kind) => 'S' in type && type.S === kind);
  if (['name', 'username', 'email'].every((name) => attribute(item, name))) return ['API_KEY'];
  return context.untyped === 'accept' ? ['USERNAME', 'OIDC_GROUP'] : [];
}

/** Parses an auth record: `{ id: 'jane', type: 'USERNAME', disabled: true }` → `{ id, kinds: ['USERNAME'], disabled, … }`. */
export function parseAuthRecord(item: Item, context: RecordContext): ParsedRecord<AuthRecord> {
  const reader = new Reader(item);
  const id = reader.required('id');
  const kinds = recordKinds(item, context);
  if (kinds.length === 0) refuseType(item, reader);
  const record: AuthRecord = {
    id,
    kinds,
    name: reader.text('name'),
    username: reader.text('username'),
    email: reader.text('email'),
    groups: reader.texts('groups') ?? [],
    disabled: reader.flag('disabled') ?? false,
    expiresAt: reader.seconds('expires_at'),
    oidcProxy: reader.flag('oidc_proxy') ?? false,
    ...permissions(reader, context),
  };
  checkKind(item, record, reader);
  reader.refuseUnknown(AUTH_ATTRIBUTES);
  return reader.faults.length > 0 ? { faults: reader.faults } : { value: record };
}

function refuseType(item: Item, reader: Reader): void {
  const kinds = KINDS.join(', ');
  if (attribute(item, 'type')) reader.fault('type', 'unknown_type', `must be one of ${kinds}`);
  else
    reader.fault(
      'type',
      'missing_type',
      `is missing; add one of ${kinds} (an API_KEY also has name, username and email)`,
    );
}

function checkKind(item: Item, { kinds, oidcProxy }: AuthRecord, reader: Reader): void {
  const isKey = kinds.includes('API_KEY');
  for (const name of isKey ? ['name', 'username', 'email'] : []) {
    if (!attribute(item, name)) reader.fault(name, 'missing_for_key', 'is required for an API_KEY');
  }
  if (oidcProxy && !isKey)
    reader.fault('oidc_proxy', 'proxy_without_key', 'is for an API_KEY only: the proxy calls with a key of its own');
}

/** Parses a group: `{ group_id: 'readers', exclude_fields: ['a.b'] }` → `{ id: 'readers', excluded: [['a', 'b']], … }`. */
export function parseGroupRecord(item: Item, context: RecordContext): ParsedRecord<GroupRecord> {
  const reader = new Reader(item);
  const id = reader.required('group_id');
  reader.text('name');
  reader.text('description');
  const record = { id, ...permissions(reader, context) };
  reader.refuseUnknown(GROUP_ATTRIBUTES);
  return reader.faults.length > 0 ? { faults: reader.faults } : { value: record };
}

function permissions(reader: Reader, context: RecordContext): Permissions {
  const sound = <T>(name: string, parse: (value: Value, at: string) => Parsed<T>): readonly T[] => {
    const values: T[] = [];
    for (const { value, at } of reader.elements(name)) {
      const parsed = parse(value, at);
      if ('value' in parsed) values.push(parsed.value);
      else reader.faults.push(...parsed.faults.map((fault): RecordFault => ({ code: 'filter', ...fault })));
    }
    return values;
  };
  const filters = (name: FilterList) => sound(name, (value, at) => parseFilter(value, at, context));
  return {
    endpoints: sound('permitted_endpoints', parseEndpointPattern),
    filters: {
      filter_fields: filters('filter_fields'),
      read_filters: filters('read_filters'),
      create_filters: filters('create_filters'),
      update_filters: filters('update_filters'),
      delete_filters: filters('delete_filters'),
      audit_filters: filters('audit_filters'),
    },
    excluded: reader.paths('exclude_fields') ?? [],
    updatePermitted: reader.paths('update_fields_permitted'),
    updateRestricted: reader.paths('update_fields_restricted') ?? [],
  };
}
