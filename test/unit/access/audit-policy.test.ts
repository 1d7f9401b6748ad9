// Who is restricted in reading the audit, and which rows are a caller's own.

import { describe, expect, test } from 'vitest';
import { AuditPolicy } from '../../../lib/access/audit-policy.ts';
import { Permission } from '../../../lib/access/permission.ts';
import type { Identity } from '../../../lib/access/principal.ts';
import { ApiError } from '../../../lib/base/errors.ts';
import type { Path } from '../../../lib/base/path.ts';
import { evaluator } from '../../../lib/condition/evaluate.ts';
import { printCondition } from '../../../lib/condition/print.ts';
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

describe('a caller whose own record does not open the audit is restricted by', () => {
  test.each<[string, object, boolean]>([
    ['nothing in it', {}, false],
    ['a filter in it', { filter_fields: filter }, true],
    ['a filter for writing in it', { delete_filters: filter }, true],
    ['an audit filter in it', { audit_filters: filter }, true],
    ['an exclusion in it', { exclude_fields: ['cost'] }, true],
  ])('%s', (_, permissions, expected) => {
    const own = userRecord({ permitted_endpoints: [], ...permissions });
    expect(policyOf(oidc(['open']), { auth: [own, oidcRecord('open')] }).isRestricted).toBe(expected);
  });
});

describe('a query on the audit', () => {
  const open = policyOf(KEY, { auth: [keyRecord()] });
  const narrow = policyOf(KEY, { auth: [keyRecord({ exclude_fields: ['cost', 'a.b'] })] });
  const refused = (policy: AuditPolicy, path: Path, isOwn = false, of: string | undefined = 'items') => {
    try {
      policy.checkQueried([['time'], path], of, isOwn);
    } catch (error) {
      if (error instanceof ApiError) return [error.code, ...error.faults.map((fault) => fault.path)];
      throw error;
    }
    return [];
  };

  test.each<Path>([
    ['after', 'cost'],
    ['before', 'cost', 'below'],
    ['body', 'a', 'b'],
    ['after', 'a'],
    ['resource', 'key', 'cost'],
  ])('names no hidden path, of the caller’s own rows neither: %s.%s', (...path) => {
    const field = path as unknown as Path;
    expect(refused(narrow, field)).toEqual(['field_not_permitted', path.join('.')]);
    expect(refused(narrow, field, true)).toEqual(['field_not_permitted', path.join('.')]);
    expect(refused(narrow, field, true, 'gone')).toEqual(['field_not_permitted', path.join('.')]);
    expect(refused(narrow, field, true, undefined)).toEqual(['field_not_permitted', path.join('.')]);
    expect(refused(open, field)).toEqual([]);
  });

  test('is told all the fields that it may not use', () => {
    const message = 'the caller may not use this field';
    const asked = () => narrow.checkQueried([['body', 'x'], ['time'], ['after', 'a', 'b']], 'items', false);
    expect(asked).toThrow(
      expect.objectContaining({
        code: 'field_not_permitted',
        faults: [
          { path: 'body.x', message },
          { path: 'after.a.b', message },
        ],
      }),
    );
  });

  test.each([['resource_key'], ['user_key'], ['day_shard'], ['images'], ['parts']] as const)(
    'does not name how rows are stored, whoever asks: %s',
    (name) => {
      expect(refused(open, [name], true)).toEqual(['field_not_permitted', name]);
    },
  );

  test.each<Path>([
    ['path_params', 'x'],
    ['query_params'],
    ['body'],
    ['body', 'x'],
    ['user'],
    ['user', 'id'],
    ['user', 'email'],
  ])('of a restricted caller names what only it is shown in its own rows alone: %s %s', (...path) => {
    const field = path as unknown as Path;
    expect(refused(narrow, field)).toEqual(['field_not_permitted', path.join('.')]);
    expect(refused(narrow, field, true)).toEqual([]);
    expect(refused(open, field)).toEqual([]);
  });

  test.each<Path>([
    ['after'],
    ['after', 'x'],
    ['after', 'a', 'c'],
    ['cost'],
    ['resource'],
    ['resource', 'key'],
    ['resource', 'table'],
    ['user', 'username'],
    ['resource', 'table', 'cost'],
    ['other', 'key', 'cost'],
  ])('names all else: %s %s %s', (...path) => {
    expect(refused(narrow, path as unknown as Path)).toEqual([]);
  });
});

describe('the policies of the audit', () => {
  const of = (permissions: object) => policyOf(KEY, { auth: [keyRecord({ ...permissions })] });
  const audit = (...tables_: (string | undefined)[]) => ({
    audit_filters: tables_.map((name) => ({ field: 'action', value: name ?? 'all', ...(name && { table: name }) })),
  });

  test('are one for each table of the API', () => {
    const policy = of({});
    expect(policy.tables).toEqual(tables);
    expect(policy.policyOf('orders')?.table).toBe(tables[1]);
    expect([policy.policyOf('gone'), policy.policyOf(undefined)]).toEqual([undefined, undefined]);
  });

  test('accept the rows about a table by its filters, and all others by the filters of every table', () => {
    const policy = of(audit('items', 'orders', undefined));
    const accepted = (name: string | undefined) =>
      [...new Set(printCondition(policy.acceptedRows(name)).match(/"\w+"/g))].toSorted();
    expect(accepted('items')).toEqual(['"all"', '"items"']);
    expect(accepted('orders')).toEqual(['"all"', '"orders"']);
    expect(accepted('gone')).toEqual(['"all"', '"items"', '"orders"']);
    expect(accepted(undefined)).toEqual(accepted('gone'));
  });

  test('accept the rows of the own audit filters and of one permitting grant or another', () => {
    const filters = (...values: string[]) => ({ audit_filters: [{ field: 'action', value: values }] });
    const accepted = (...auth: Record<string, unknown>[]) => {
      const policy = policyOf(oidc(['g1', 'g2', 'g3']), { auth });
      const accepts = evaluator(policy.acceptedRows('items'));
      return ['GET', 'LIST', 'CREATE', 'DELETE'].filter((action) => accepts(item({ action })));
    };
    const none = { permitted_endpoints: [] };
    const groups = [
      oidcRecord('g1', filters('GET', 'LIST')),
      oidcRecord('g2', filters('CREATE')),
      oidcRecord('g3', { ...none, ...filters('DELETE') }),
    ];
    expect(accepted(...groups)).toEqual(['GET', 'LIST', 'CREATE']);
    expect(accepted(userRecord({ ...none, ...filters('GET', 'DELETE') }), ...groups)).toEqual(['GET']);
    expect(accepted(userRecord(filters('DELETE')), ...groups)).toEqual(['DELETE']);
  });

  test('hold for an API without tables, by what is of no table', () => {
    const filters = [
      { field: 'action', value: 'all' },
      { field: 'action', value: 'items', table: 'items' },
    ];
    const record = keyRecord({ audit_filters: filters, exclude_fields: ['cost'] });
    const permission = Permission.decide(principalOf(KEY, { auth: [record] }), 'GET', '/audit');
    const policy = AuditPolicy.of(permission, [], NOW * 1000);
    const accepts = evaluator(policy.acceptedRows('items'));
    expect(['all', 'items', 'other'].map((action) => accepts(item({ action })))).toEqual([true, false, false]);
    expect(policy.hiddenOf('items').place(['cost'])).toBe('inside');
    expect(policy.isRestricted).toBe(true);
  });

  test('hide in rows about no table what any table hides', () => {
    const hiding = [
      table('items', { partitionKey: { id: 'string' }, attributes: { pin: { type: 'string', hidden: true } } }),
      table('orders', { partitionKey: { id: 'string' }, attributes: { note: 'string' } }),
    ];
    const principal = principalOf(KEY, { auth: [keyRecord({ exclude_fields: ['cost'] })] });
    const policy = AuditPolicy.of(Permission.decide(principal, 'GET', '/audit'), hiding, NOW * 1000);
    const hidden = (name: string | undefined) =>
      ['pin', 'note', 'cost'].filter((field) => policy.hiddenOf(name).place([field]) === 'inside');
    expect([hidden('items'), hidden('orders'), hidden('gone'), hidden(undefined)]).toEqual([
      ['pin', 'cost'],
      ['cost'],
      ['pin', 'cost'],
      ['pin', 'cost'],
    ]);
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
