// From stored records to a principal: kinds, records that are missing, broken, disabled or expired, and their groups.

import { describe, expect, it } from 'vitest';
import { type Identity, recordIds } from '../../../lib/access/principal.ts';
import { ApiError } from '../../../lib/base/errors.ts';
import { printCondition } from '../../../lib/condition/print.ts';
import {
  CONTEXT,
  KEY,
  keyRecord,
  NOW,
  oidc,
  oidcRecord,
  principalOf,
  userRecord,
  type World,
} from '../../support/access.ts';

function refusal(identity: Identity, world: World, context = CONTEXT): ApiError {
  try {
    principalOf(identity, world, context);
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
  throw new Error('nothing is refused');
}

describe('the records of a caller', () => {
  it('are those of its own ids, each asked for once', () => {
    expect(recordIds(KEY)).toEqual(['key-1']);
    expect([...recordIds(oidc(['a', 'b', 'a', 'jane']))].toSorted()).toEqual(['a', 'b', 'jane']);
  });

  it.each([
    ['a key without a record', KEY, {}],
    ['a user without a record', oidc([]), {}],
    ['a user whose groups have no record', oidc(['unknown']), {}],
    ['a key whose id is a username', KEY, { auth: [userRecord({ id: 'key-1' })] }],
    ['a key whose id is a group', KEY, { auth: [oidcRecord('key-1')] }],
    ['a username that is a group', oidc([]), { auth: [oidcRecord('jane')] }],
    ['a username that is a key', oidc([]), { auth: [keyRecord({ id: 'jane' })] }],
    ['a group that is a username', oidc(['readers']), { auth: [userRecord({ id: 'readers' })] }],
    ['a group that is a key', oidc(['readers']), { auth: [keyRecord({ id: 'readers' })] }],
    ['a disabled key', KEY, { auth: [keyRecord({ disabled: true })] }],
    ['an expired key', KEY, { auth: [keyRecord({ expires_at: NOW })] }],
    ['a disabled user, whatever its groups', oidc(['g']), { auth: [userRecord({ disabled: true }), oidcRecord('g')] }],
    ['an expired user, whatever its groups', oidc(['g']), { auth: [userRecord({ expires_at: 1 }), oidcRecord('g')] }],
    ['a broken record', KEY, { auth: [keyRecord({ exclude_field: [] })] }],
    ['a broken record of an OIDC group', oidc(['g']), { auth: [userRecord(), oidcRecord('g', { colour: 'red' })] }],
    [
      'a broken and disabled record of an OIDC group',
      oidc(['g']),
      { auth: [userRecord(), oidcRecord('g', { disabled: 1 })] },
    ],
    ['a record without a type', oidc([]), { auth: [userRecord({ type: undefined })] }],
    ['a group without a type', oidc(['g']), { auth: [userRecord(), oidcRecord('g', { type: undefined })] }],
    ['a group of an unknown type', oidc(['g']), { auth: [userRecord(), oidcRecord('g', { type: 'GROUP' })] }],
    ['a group that does not exist', KEY, { auth: [keyRecord({ groups: ['nowhere'] })] }],
    [
      'a group that does not exist, of an OIDC group',
      oidc(['g']),
      { auth: [userRecord(), oidcRecord('g', { groups: ['nowhere'] })] },
    ],
    [
      'a group that does not exist, of a disabled OIDC group',
      oidc(['g']),
      { auth: [userRecord(), oidcRecord('g', { disabled: true, groups: ['nowhere'] })] },
    ],
    ['a broken group', KEY, { auth: [keyRecord({ groups: ['g'] })], groups: [{ group_id: 'g', filter: [] }] }],
    ['the key of a proxy', KEY, { auth: [keyRecord({ oidc_proxy: true })] }],
  ] as [string, Identity, World][])('are refused for %s', (_, identity, world) => {
    const { code, detail, faults, reason } = refusal(identity, world);
    expect(code).toBe('not_authorized');
    // What is wrong is for the operator's log: the caller learns nothing of records.
    expect(faults).toEqual([]);
    expect(detail).not.toMatch(/nowhere|record|colour|exclude_field|group/);
    expect(reason).toBeTruthy();
  });

  it.each<[string, Identity, World, string]>([
    ['no record', KEY, {}, 'no auth record applies to this caller'],
    [
      'a token whose groups did not fit, whatever it grants',
      oidc(['g'], { isOverflowing: true }),
      { auth: [userRecord(), oidcRecord('g')] },
      "the token's groups did not fit into it",
    ],
    [
      'a disabled record',
      KEY,
      { auth: [keyRecord({ disabled: true })] },
      'the auth record "key-1" is disabled or expired',
    ],
    [
      "a proxy's record",
      KEY,
      { auth: [keyRecord({ oidc_proxy: true })] },
      'the auth record "key-1" is a proxy\'s: it grants nothing',
    ],
    [
      'a missing group',
      KEY,
      { auth: [keyRecord({ groups: ['nowhere'] })] },
      'the group "nowhere" does not exist, but a record names it',
    ],
    [
      'a record with two faults',
      KEY,
      { auth: [keyRecord({ disabled: 'no', groups: 'g' })] },
      'auth record "key-1" is not valid: groups must be a list of texts; disabled must be true or false',
    ],
    [
      'a broken group',
      KEY,
      { auth: [keyRecord({ groups: ['g'] })], groups: [{ group_id: 'g', read_filters: [5] }] },
      'group "g" is not valid: read_filters[0] is no filter; a filter is an object with field and value, or any, all, not',
    ],
    [
      'a record without a type',
      oidc([]),
      { auth: [{ id: 'jane' }] },
      'auth record "jane" is not valid: type is missing; add one of API_KEY, USERNAME, OIDC_GROUP' +
        ' (an API_KEY also has name, username and email)',
    ],
  ])('are refused with a log line that says which and why: %s', (_, identity, world, reason) => {
    expect(refusal(identity, world).reason).toBe(reason);
  });

  it('are found by an id that is text: an item without one is nobody’s', () => {
    const auth = [{ type: 'USERNAME' }, { id: 5, type: 'USERNAME' }];
    expect(refusal(oidc([]), { auth }).reason).toBe('no auth record applies to this caller');
    expect(principalOf(oidc([]), { auth: [...auth, userRecord()] }).id).toBe('jane');
  });

  it('of another kind do not matter, even broken ones', () => {
    const broken = [oidcRecord('jane', { colour: 'red' }), keyRecord({ id: 'g', colour: 'red' })];
    // One table row has one id: the same text cannot be two records, so each stands alone here.
    expect(principalOf(oidc(['g', 'jane']), { auth: [userRecord(), broken[1] as object as never] }).kind).toBe(
      'USERNAME',
    );
    expect(refusal(oidc(['jane']), { auth: [broken[0] as never] }).code).toBe('not_authorized');
  });

  it('have an expiry to the second', () => {
    expect(principalOf(KEY, { auth: [keyRecord({ expires_at: NOW + 1 })] }).id).toBe('key-1');
  });

  it('without a type serve both kinds where the API accepts that', () => {
    const context = { ...CONTEXT, untyped: 'accept' as const };
    const untyped = (id: string) => ({ id, permitted_endpoints: [] });
    expect(principalOf(oidc(['g']), { auth: [untyped('jane'), untyped('g')] }, context)).toMatchObject({
      kind: 'USERNAME',
      groups: ['jane', 'g'],
    });
    expect(refusal(KEY, { auth: [untyped('key-1')] }, context).code).toBe('not_authorized');
  });
});

describe('a principal', () => {
  const world: World = {
    auth: [
      userRecord({ name: 'Jane of record', groups: ['own'] }),
      oidcRecord('g1', { groups: ['shared', 'own'] }),
      oidcRecord('g2', { disabled: true, groups: ['shared'] }),
    ],
    groups: [{ group_id: 'own' }, { group_id: 'shared' }],
  };

  it('is called what its own record says, then what its claims say', () => {
    const identity = oidc(['g1'], { name: 'Jane of claims', email: 'jane@example.com' });
    expect(principalOf(identity, world)).toMatchObject({
      id: 'jane',
      kind: 'USERNAME',
      username: 'jane',
      name: 'Jane of record',
      email: 'jane@example.com',
    });
    const record = userRecord({ username: 'joe', email: 'jane@records.org' });
    expect(principalOf(identity, { auth: [record] })).toMatchObject({
      id: 'jane',
      username: 'jane',
      name: 'Jane of claims',
      email: 'jane@records.org',
    });
    const alone = principalOf(identity, { auth: [oidcRecord('g1')] });
    expect(alone).toMatchObject({
      id: 'jane',
      kind: 'OIDC_GROUP',
      name: 'Jane of claims',
      email: 'jane@example.com',
    });
    expect(alone.own).toBeUndefined();
  });

  it('is called what its record says when it is a key', () => {
    expect(principalOf(KEY, { auth: [keyRecord()] })).toMatchObject({
      id: 'key-1',
      kind: 'API_KEY',
      username: 'jane',
      name: 'Jane',
      email: 'jane@example.com',
    });
  });

  it('has one grant of its own and one for each OIDC group with a record, none for groups without', () => {
    const principal = principalOf(oidc(['g1', 'unknown', 'g1', 'g2']), world);
    expect(principal.own).toBeDefined();
    expect(principal.oidcGrants).toHaveLength(2);
  });

  it('has no endpoints from a disabled or expired OIDC group, nor from that group’s groups, but every restriction', () => {
    for (const off of [{ disabled: true }, { expires_at: NOW }]) {
      const record = oidcRecord('g', { ...off, groups: ['h'], exclude_fields: ['a'], update_fields_restricted: ['c'] });
      const group = { group_id: 'h', permitted_endpoints: [{ method: '*', endpoint: '.*' }], exclude_fields: ['b'] };
      const [grant] = principalOf(oidc(['g']), { auth: [record], groups: [group] }).oidcGrants;
      expect(grant?.endpoints).toEqual([]);
      expect(grant?.hidden.paths).toEqual([['a'], ['b']]);
      expect(grant?.restricted.paths).toEqual([['c']]);
    }
  });

  it('unites endpoints, exclusions and update lists inside a grant, and joins all filters', () => {
    const endpoint = (path: string) => ({ permitted_endpoints: [{ method: 'GET', endpoint: path }] });
    const record = keyRecord({
      ...endpoint('/a'),
      groups: ['g', 'h'],
      exclude_fields: ['a'],
      update_fields_permitted: ['x'],
      filter_fields: [{ field: 'a', value: 1 }],
    });
    const groups = [
      {
        group_id: 'g',
        ...endpoint('/b'),
        exclude_fields: ['b'],
        update_fields_permitted: ['y'],
        filter_fields: [{ field: 'b', value: 1 }],
      },
      { group_id: 'h', update_fields_restricted: ['z'], read_filters: [{ field: 'c', value: 1 }] },
    ];
    const { own } = principalOf(KEY, { auth: [record], groups });
    expect(own?.endpoints.map((each) => each.endpoint)).toEqual(['/a', '/b']);
    expect(own?.hidden.paths).toEqual([['a'], ['b']]);
    expect(own?.updatePermitted?.paths).toEqual([['x'], ['y']]);
    expect(own?.restricted.paths).toEqual([['z']]);
    const noVariables = { get: () => undefined };
    const rows = (of: 'read' | 'create') => own && printCondition(own.rows(of, 'items', noVariables).condition);
    expect(rows('read')).toBe('a = 1 and b = 1 and c = 1');
    expect(rows('create')).toBe('a = 1 and b = 1');
  });
});
