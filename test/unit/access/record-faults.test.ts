// What an operator is told of a record that is refused, and what records of an API may name.

import { describe, expect, it } from 'vitest';
import { parseAuthRecord, parseGroupRecord, recordContext } from '../../../lib/access/records.ts';
import { type ApiOptions, api } from '../../../lib/definition/api.ts';
import { list } from '../../../lib/definition/endpoint.ts';
import { CONTEXT, ITEMS, keyRecord, userRecord } from '../../support/access.ts';
import { item } from '../../support/values.ts';

type Plain = Record<string, unknown>;

const faultsOf = (parsed: object) => ('faults' in parsed ? parsed.faults : []);
const PERMISSIONS =
  'permitted_endpoints, filter_fields, read_filters, create_filters, update_filters, delete_filters, audit_filters,' +
  ' exclude_fields, update_fields_permitted, update_fields_restricted, and x_… for your own use';

describe('an auth record that is refused', () => {
  it.each<[Plain, string, string]>([
    [{ type: 'USERNAME' }, 'id', 'is required'],
    [
      { id: 'jane' },
      'type',
      'is missing; add one of API_KEY, USERNAME, OIDC_GROUP (an API_KEY also has name, username and email)',
    ],
    [userRecord({ type: 'GROUP' }), 'type', 'must be one of API_KEY, USERNAME, OIDC_GROUP'],
    [{ ...keyRecord(), email: undefined }, 'email', 'is required for an API_KEY'],
    [userRecord({ oidc_proxy: true }), 'oidc_proxy', 'is for an API_KEY only: the proxy calls with a key of its own'],
    [
      userRecord({ exclude_field: ['a'] }),
      'exclude_field',
      `is not known; the attributes are id, type, name, username, email, groups, disabled, expires_at, oidc_proxy, ${PERMISSIONS}`,
    ],
  ])('says of %j what to do', (plain, path, message) => {
    expect(faultsOf(parseAuthRecord(item(plain), CONTEXT))).toEqual([{ path, message, code: expect.any(String) }]);
  });
});

describe('a group', () => {
  it.each<[Plain, string, string]>([
    [{ name: 'x' }, 'group_id', 'is required'],
    [{ group_id: 'x', id: 'x' }, 'id', `is not known; the attributes are group_id, name, description, ${PERMISSIONS}`],
  ])('that is refused says of %j what to do', (plain, path, message) => {
    expect(faultsOf(parseGroupRecord(item(plain), CONTEXT))).toEqual([{ path, message, code: expect.any(String) }]);
  });

  it('is known by its id', () => {
    expect(parseGroupRecord(item({ group_id: 'readers' }), CONTEXT)).toMatchObject({ value: { id: 'readers' } });
  });
});

describe('what records may name', () => {
  const contextOf = (auth?: ApiOptions['auth']) =>
    recordContext(api({ tables: [ITEMS], endpoints: [list('/items', ITEMS)], ...(auth && { auth }) }));

  it('is the tables, the variables and the listed claims of the API', () => {
    const oidc = { issuer: 'https://issuer.example.com', audience: 'me', policyClaims: ['team'] };
    const { tables, variables, untyped } = contextOf({ oidc });
    expect(tables).toEqual(['items']);
    expect(untyped).toBe('refuse');
    expect([...variables].toSorted()).toEqual(
      [
        'claims.team',
        'now',
        'now.epoch',
        'user.email',
        'user.groups',
        'user.id',
        'user.name',
        'user.username',
      ].toSorted(),
    );
  });

  it('is no claim where nobody calls with one', () => {
    const { variables, untyped } = contextOf({ untyped: 'accept' });
    expect(variables.filter((name) => name.startsWith('claims'))).toEqual([]);
    expect(untyped).toBe('accept');
  });
});
