// Who is restricted in reading the audit, and which rows are a caller's own.

import { describe, expect, test } from 'vitest';
import { AuditPolicy } from '../../../lib/access/audit-policy.ts';
import { Permission } from '../../../lib/access/policy.ts';
import type { Identity } from '../../../lib/access/principal.ts';
import { table } from '../../../lib/definition/table.ts';
import { KEY, keyRecord, NOW, oidc, oidcRecord, principalOf, userRecord, type World } from '../../support/access.ts';
import { item } from '../../support/values.ts';

const tables = [
  table('items', { partitionKey: { id: 'string' }, version: '_v' }),
  table('orders', { partitionKey: { id: 'string' }, ttl: 'gone_at' }),
];

function policyOf(identity: Identity, world: World): AuditPolicy {
  return AuditPolicy.of(Permission.decide(principalOf(identity, world), 'GET', '/audit'), tables, NOW * 1000);
}

const filter = [{ field: 'status', value: 'active' }];

describe('a caller is restricted by', () => {
  test.each<[string, object, boolean]>([
    ['nothing', {}, false],
    ['a filter', { filter_fields: filter }, true],
    ['a read filter', { read_filters: filter }, true],
    ['a filter for writing', { update_filters: filter }, true],
    ['a filter of one table', { filter_fields: [{ ...filter[0], table: 'orders' }] }, true],
    ['an exclusion', { exclude_fields: ['cost'] }, true],
    ['an audit filter', { audit_filters: filter }, true],
    ['update lists: not', { update_fields_permitted: ['a'], update_fields_restricted: ['b'] }, false],
    ['empty lists: not', { filter_fields: [], exclude_fields: [] }, false],
  ])('%s', (_, permissions, expected) => {
    expect(policyOf(KEY, { auth: [keyRecord({ ...permissions })] }).isRestricted).toBe(expected);
  });

  test('a filter of one group only where no other group opens all', () => {
    const open = oidcRecord('open');
    const narrow = oidcRecord('narrow', { filter_fields: filter, audit_filters: filter });
    expect(policyOf(oidc(['open', 'narrow']), { auth: [open, narrow] }).isRestricted).toBe(false);
    expect(policyOf(oidc(['narrow']), { auth: [open, narrow] }).isRestricted).toBe(true);
    const hides = oidcRecord('narrow', { exclude_fields: ['cost'] });
    expect(policyOf(oidc(['open', 'narrow']), { auth: [open, hides] }).isRestricted).toBe(true);
  });
});

describe('own rows', () => {
  const key = policyOf(KEY, { auth: [keyRecord()] });
  const person = policyOf(oidc([]), { auth: [userRecord()] });

  test.each<[string, AuditPolicy, object, boolean]>([
    ['of a key', key, { id: 'key-1', type: 'API_KEY' }, true],
    ['of another key', key, { id: 'key-2', type: 'API_KEY' }, false],
    ['of a person with the id of a key: not', key, { id: 'key-1', type: 'USERNAME' }, false],
    ['of a person', person, { id: 'jane', type: 'USERNAME' }, true],
    ['of a person let in by a group', person, { id: 'jane', type: 'OIDC_GROUP' }, true],
    ['of a key with the id of a person: not', person, { id: 'jane', type: 'API_KEY' }, false],
    ['of nobody', person, {}, false],
  ])('%s', (_, policy, user, expected) => {
    expect(policy.isOwn(item({ ...user }))).toBe(expected);
  });
});
