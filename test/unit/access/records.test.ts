// "Records are strict: an unknown attribute, table or operator makes a record invalid." Every fault has its path.

import { describe, expect, it } from 'vitest';
import { parseAuthRecord, parseGroupRecord } from '../../../lib/access/records.ts';
import { CONTEXT, keyRecord, userRecord } from '../../support/access.ts';
import { item } from '../../support/values.ts';

type Plain = Record<string, unknown>;

const faultsOf = (parsed: object) => ('faults' in parsed ? (parsed.faults as { path: string }[]) : []);
const authPaths = (plain: Plain, context = CONTEXT) =>
  faultsOf(parseAuthRecord(item(plain), context)).map(({ path }) => path);
const groupPaths = (plain: Plain) => faultsOf(parseGroupRecord(item(plain), CONTEXT)).map(({ path }) => path);

const filter = (more: Plain = {}) => ({ field: 'status', value: 'x', ...more });

describe('an auth record', () => {
  it.each([
    ['as small as it can be', { id: 'jane', type: 'USERNAME' }],
    ['an OIDC_GROUP', { id: 'readers', type: 'OIDC_GROUP', permitted_endpoints: [] }],
    [
      'an API_KEY with everything',
      {
        ...keyRecord(),
        groups: ['a', 'b'],
        disabled: false,
        expires_at: 1_900_000_000,
        oidc_proxy: true,
        filter_fields: [filter({ table: 'orders' }), { any: [] }, { all: [] }, { not: filter() }],
        read_filters: [filter({ operator: 'notin', value: [] })],
        create_filters: [filter({ value: { $var: 'user.username' } })],
        update_filters: [filter({ value: { $var: 'claims.team' } })],
        delete_filters: [filter({ operator: 'between', value: [1, 2] })],
        audit_filters: [filter({ operator: 'exists', value: true })],
        exclude_fields: ['a', 'b.c'],
        update_fields_permitted: [],
        update_fields_restricted: ['x'],
        x_note: { any: ['thing', 1, null] },
        x_: true,
      },
    ],
    ['untyped, with name, username and email', { ...keyRecord(), type: undefined }],
    ['with string sets for lists', userRecord({ groups: new Set(['a']), exclude_fields: new Set(['b']) })],
  ])('is valid %s', (_, plain) => {
    expect(authPaths(plain)).toEqual([]);
  });

  it.each([
    ['no id', { type: 'USERNAME' }, 'id'],
    ['an empty id', { id: '', type: 'USERNAME' }, 'id'],
    ['an id that is no text', { id: 5, type: 'USERNAME' }, 'id'],
    ['no type', { id: 'jane' }, 'type'],
    ['no type, and half of what an API key has', { id: 'k', name: 'Jane', username: 'jane' }, 'type'],
    ['an unknown type', userRecord({ type: 'API_KEYS' }), 'type'],
    ['a type in lower case', userRecord({ type: 'username' }), 'type'],
    ['a type that is null', userRecord({ type: null }), 'type'],
    ['an API_KEY without a name', { ...keyRecord(), name: undefined }, 'name'],
    ['an API_KEY without a username', { ...keyRecord(), username: undefined }, 'username'],
    ['an API_KEY without an email', { ...keyRecord(), email: undefined }, 'email'],
    ['an API_KEY with an empty email', keyRecord({ email: '' }), 'email'],
    ['a misspelt exclusion', userRecord({ exclude_field: ['secret'] }), 'exclude_field'],
    ['a misspelt filter list', userRecord({ filters: [] }), 'filters'],
    ['a group’s attribute', userRecord({ group_id: 'x' }), 'group_id'],
    ['an attribute in upper case', userRecord({ Disabled: true }), 'Disabled'],
    ['x without a line', userRecord({ xnote: 1 }), 'xnote'],
    ['a name every object has', userRecord({ constructor: 'x' }), 'constructor'],
    ['groups that are text', userRecord({ groups: 'admins' }), 'groups'],
    ['groups of numbers', userRecord({ groups: [1] }), 'groups'],
    ['an empty group', userRecord({ groups: [''] }), 'groups'],
    ['disabled as text', userRecord({ disabled: 'false' }), 'disabled'],
    ['disabled as a number', userRecord({ disabled: 0 }), 'disabled'],
    ['disabled as null', userRecord({ disabled: null }), 'disabled'],
    ['an expiry as text', userRecord({ expires_at: '2026-01-01' }), 'expires_at'],
    ['an expiry as null', userRecord({ expires_at: null }), 'expires_at'],
    ['a proxy that is no API_KEY', userRecord({ oidc_proxy: true }), 'oidc_proxy'],
    ['exclusions that are text', userRecord({ exclude_fields: 'secret' }), 'exclude_fields'],
    ['exclusions that are a map', userRecord({ exclude_fields: { secret: true } }), 'exclude_fields'],
    ['exclusions that are null', userRecord({ exclude_fields: null }), 'exclude_fields'],
    ['an exclusion that is no text', userRecord({ exclude_fields: ['a', null] }), 'exclude_fields'],
    ['an exclusion with an index', userRecord({ exclude_fields: ['ok', 'a[0].b'] }), 'exclude_fields[1]'],
    ['a malformed exclusion', userRecord({ exclude_fields: ['a..b'] }), 'exclude_fields[0]'],
    ['update lists that are null', userRecord({ update_fields_permitted: null }), 'update_fields_permitted'],
    ['a malformed update path', userRecord({ update_fields_restricted: ['a', '.b'] }), 'update_fields_restricted[1]'],
    ['a malformed permitted path', userRecord({ update_fields_permitted: ['a['] }), 'update_fields_permitted[0]'],
    ['filters that are a map', userRecord({ read_filters: filter() }), 'read_filters'],
    ['a filter that is text', userRecord({ read_filters: [filter(), 'status'] }), 'read_filters[1]'],
    ['a filter without a value', userRecord({ read_filters: [{ field: 'a' }] }), 'read_filters[0].value'],
    ['a filter without a field', userRecord({ delete_filters: [{ value: 'a' }] }), 'delete_filters[0].field'],
    ['an empty filter', userRecord({ create_filters: [{}] }), 'create_filters[0]'],
    ['a filter with another key', userRecord({ filter_fields: [filter({ op: 'eq' })] }), 'filter_fields[0].op'],
    ['a malformed field', userRecord({ filter_fields: [filter({ field: 'a..b' })] }), 'filter_fields[0].field'],
    [
      'an unknown operator',
      userRecord({ update_filters: [filter({ operator: 'equals' })] }),
      'update_filters[0].operator',
    ],
    [
      'an operator in upper case',
      userRecord({ read_filters: [filter({ operator: 'NE' })] }),
      'read_filters[0].operator',
    ],
    [
      'an operator that is null',
      userRecord({ read_filters: [filter({ operator: null })] }),
      'read_filters[0].operator',
    ],
    ['an unknown table', userRecord({ filter_fields: [filter({ table: 'item' })] }), 'filter_fields[0].table'],
    [
      'an unknown variable',
      userRecord({ filter_fields: [filter({ value: { $var: 'user.nam' } })] }),
      'filter_fields[0].value',
    ],
    [
      'a claim that is not listed',
      userRecord({ filter_fields: [filter({ value: { $var: 'claims.role' } })] }),
      'filter_fields[0].value',
    ],
    ['a map as a value', userRecord({ filter_fields: [filter({ value: { a: 1 } })] }), 'filter_fields[0].value'],
    [
      'in without a list',
      userRecord({ filter_fields: [filter({ operator: 'in', value: 'x' })] }),
      'filter_fields[0].value',
    ],
    [
      'between from high to low',
      userRecord({ audit_filters: [filter({ operator: 'between', value: [2, 1] })] }),
      'audit_filters[0].value',
    ],
    [
      'between of two types',
      userRecord({ read_filters: [filter({ operator: 'between', value: [1, 'x'] })] }),
      'read_filters[0].value',
    ],
    [
      'exists that is neither',
      userRecord({ read_filters: [filter({ operator: 'exists', value: 'yes' })] }),
      'read_filters[0].value',
    ],
    [
      'a mistake deep in a tree',
      userRecord({ filter_fields: [{ any: [filter(), { not: { all: [filter(), {}] } }] }] }),
      'filter_fields[0].any[1].not.all[1]',
    ],
    [
      'a group of filters beside a field',
      userRecord({ filter_fields: [{ any: [], field: 'a' }] }),
      'filter_fields[0].field',
    ],
    ['endpoints that are text', userRecord({ permitted_endpoints: '*' }), 'permitted_endpoints'],
    ['an endpoint that is text', userRecord({ permitted_endpoints: ['/items'] }), 'permitted_endpoints[0]'],
    [
      'an endpoint without a method',
      userRecord({ permitted_endpoints: [{ endpoint: '/' }] }),
      'permitted_endpoints[0].method',
    ],
    [
      'an endpoint without a path',
      userRecord({ permitted_endpoints: [{ method: 'GET' }] }),
      'permitted_endpoints[0].endpoint',
    ],
    [
      'an endpoint with a key more',
      userRecord({ permitted_endpoints: [{ method: 'GET', endpoint: '/', path: '/' }] }),
      'permitted_endpoints[0].path',
    ],
    [
      'a pattern that does not compile',
      userRecord({ permitted_endpoints: [{ method: 'GET', endpoint: '/(' }] }),
      'permitted_endpoints[0].endpoint',
    ],
  ])('is refused with %s', (_, plain, path) => {
    expect(authPaths(plain)).toEqual([path]);
  });

  it('says every fault at once', () => {
    const record = { id: 'jane', type: 'USER', exclude_field: [], disabled: 'no', filter_fields: [{}], groups: [1] };
    expect(authPaths(record).toSorted()).toEqual(['disabled', 'exclude_field', 'filter_fields[0]', 'groups', 'type']);
  });

  it('without a type is either kind where the API accepts that, and an API_KEY if it looks like one', () => {
    const context = { ...CONTEXT, untyped: 'accept' as const };
    const kindsOf = (plain: Plain) => {
      const parsed = parseAuthRecord(item(plain), context);
      return 'value' in parsed ? parsed.value.kinds.toSorted() : parsed.faults;
    };
    expect(kindsOf({ id: 'jane' })).toEqual(['OIDC_GROUP', 'USERNAME']);
    expect(kindsOf({ ...keyRecord(), type: undefined })).toEqual(['API_KEY']);
  });
});

describe('a group', () => {
  it.each([
    ['as small as it can be', { group_id: 'readers' }],
    [
      'with everything',
      { group_id: 'r', name: 'n', description: 'd', filter_fields: [filter()], exclude_fields: ['a'], x_y: 1 },
    ],
  ])('is valid %s', (_, plain) => {
    expect(groupPaths(plain)).toEqual([]);
  });

  it.each([
    ['no id', { name: 'x' }, 'group_id'],
    ['an empty id', { group_id: '' }, 'group_id'],
    ['a type', { group_id: 'x', type: 'OIDC_GROUP' }, 'type'],
    ['groups of its own', { group_id: 'x', groups: ['y'] }, 'groups'],
    ['disabled', { group_id: 'x', disabled: true }, 'disabled'],
    ['a name that is no text', { group_id: 'x', name: 5 }, 'name'],
    ['a description that is no text', { group_id: 'x', description: ['d'] }, 'description'],
    [
      'a broken filter',
      { group_id: 'x', read_filters: [{ field: 'a', value: 1, table: 'nowhere' }] },
      'read_filters[0].table',
    ],
  ])('is refused with %s', (_, plain, path) => {
    expect(groupPaths(plain)).toEqual([path]);
  });
});
