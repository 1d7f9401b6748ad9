// docs/reference/records.md, "Who is calling": people with tokens, and people behind a trusted proxy.

import { beforeAll, describe, expect, it } from 'vitest';
import { api } from '../../lib/definition/api.ts';
import { get, list, update } from '../../lib/definition/endpoint.ts';
import { table } from '../../lib/definition/table.ts';
import { keyRecord, type Sent, useApi } from '../support/api.ts';

const notes = table('notes', { partitionKey: { id: 'string' }, attributes: { team: 'string' } });
const definition = api({
  tables: [notes],
  endpoints: [list('/notes', notes), get('/note/{id}', notes), update('/note/{id}', notes)],
  auth: {
    oidc: { issuer: 'https://issuer.example.com', audience: 'notes', policyClaims: ['team', 'level'] },
    proxy: { username: 'x-oidc-user', name: 'x-oidc-name', groups: 'x-oidc-groups', separator: ';' },
  },
});
const { send, auth, groups, items, auditRows } = useApi(definition);

const everything = [{ method: '*', endpoint: '/.*' }];
const jane = { sub: 'jane', name: 'Jane', groups: ['readers'] };

beforeAll(async () => {
  await auth(
    {
      id: 'readers',
      type: 'OIDC_GROUP',
      permitted_endpoints: everything,
      filter_fields: [{ field: 'team', value: 'a' }],
    },
    {
      id: 'writers',
      type: 'OIDC_GROUP',
      permitted_endpoints: everything,
      filter_fields: [{ field: 'team', value: 'b' }],
    },
    { id: 'hiders', type: 'OIDC_GROUP', exclude_fields: ['salary'] },
    {
      id: 'by-claim',
      type: 'OIDC_GROUP',
      permitted_endpoints: everything,
      filter_fields: [{ field: 'team', value: { $var: 'claims.team' } }],
    },
    {
      id: 'by-claim-start',
      type: 'OIDC_GROUP',
      permitted_endpoints: everything,
      filter_fields: [{ field: 'team', operator: 'startswith', value: { $var: 'claims.team' } }],
    },
    {
      id: 'by-group',
      type: 'OIDC_GROUP',
      permitted_endpoints: everything,
      filter_fields: [{ field: 'team', value: { $var: 'user.groups' } }],
    },
    { id: 'closed', type: 'OIDC_GROUP', disabled: true, permitted_endpoints: everything, exclude_fields: ['salary'] },
    { id: 'broken', type: 'OIDC_GROUP', permited_endpoints: [] },
    {
      id: 'bounded',
      type: 'USERNAME',
      groups: ['own-group'],
      filter_fields: [{ field: 'team', operator: 'ne', value: 'b' }],
    },
    keyRecord('a-key'),
    keyRecord('proxy', { oidc_proxy: true }),
    {
      id: 'no-email',
      type: 'USERNAME',
      permitted_endpoints: everything,
      read_filters: [{ field: 'owner', value: { $var: 'user.email' } }],
    },
  );
  await groups({ group_id: 'own-group', permitted_endpoints: [{ method: 'GET', endpoint: '/nothing' }] });
  await items(
    'notes',
    { id: '1', team: 'a', salary: 5, owner: 'jane@example.com' },
    { id: '2', team: 'b', salary: 6 },
    { id: '3', team: 'c' },
  );
});

const seen = async (sent: Sent) => {
  const { status, json } = await send('GET', '/notes', sent);
  return status === 200
    ? json
        .map(({ id }: { id: string }) => id)
        .sort()
        .join('')
    : `${status} ${json.code}`;
};

describe('a verified token', () => {
  it.each<[string, Record<string, unknown>, string]>([
    ['one group', jane, '1'],
    ['two groups open more', { ...jane, groups: ['readers', 'writers'] }, '12'],
    ['an unknown group is ignored', { ...jane, groups: ['readers', 'unknown'] }, '1'],
    ['no group that is known', { ...jane, groups: ['unknown'] }, '403 not_authorized'],
    ['groups as text are no groups', { ...jane, groups: 'readers' }, '403 not_authorized'],
    ['a list with something else is no group', { ...jane, groups: ['readers', 5] }, '403 not_authorized'],
    ['flattened text is no list', { ...jane, groups: '[readers writers]' }, '403 not_authorized'],
    ['no username', { groups: ['readers'] }, '401 unauthenticated'],
    ['a username that is no text', { sub: 7, groups: ['readers'] }, '401 unauthenticated'],
    [
      'no fallback from one claim to another',
      { username: 'jane', email: 'jane', groups: ['readers'] },
      '401 unauthenticated',
    ],
    ['an empty claim, which is no value of a policy', { ...jane, groups: ['by-claim-start'], team: '' }, ''],
    ['a claim that begins the rows', { ...jane, groups: ['by-claim-start'], team: 'c' }, '3'],
    ['a broken record among the groups', { ...jane, groups: ['readers', 'broken'] }, '403 not_authorized'],
    ['a disabled group opens nothing', { ...jane, groups: ['closed'] }, '403 endpoint_not_permitted'],
    ['an API key’s id as username', { sub: 'a-key' }, '403 not_authorized'],
    ['a group’s id as username', { sub: 'readers' }, '403 not_authorized'],
    ['a username as group', { sub: 'jane', groups: ['bounded'] }, '403 not_authorized'],
    ['an own record is a boundary', { sub: 'bounded', groups: ['readers', 'writers'] }, '1'],
    ['a policy by claim', { ...jane, groups: ['by-claim'], team: 'c' }, '3'],
    ['a policy by a missing claim', { ...jane, groups: ['by-claim'] }, ''],
    ['a policy by groups', { ...jane, groups: ['by-group', 'readers'] }, '1'],
    ['an email that is not verified', { sub: 'no-email', email: 'jane@example.com' }, ''],
    ['an email that is verified', { sub: 'no-email', email: 'jane@example.com', email_verified: true }, '1'],
    ['an email verified by word only', { sub: 'no-email', email: 'jane@example.com', email_verified: 'true' }, ''],
  ])('%s', async (_, claims, expected) => {
    expect(await seen({ claims })).toBe(expected);
  });

  it.each<[string, Record<string, unknown>]>([
    ['the groups are elsewhere', { _claim_names: { groups: 'src1' } }],
    ['claims are elsewhere, under a name of the provider’s own', { _claim_names: { roles: 'src1' } }],
    ['claims are elsewhere, without saying which', { _claim_names: {} }],
    ['claims are elsewhere, in no form that is known', { _claim_names: null }],
    ['the source of claims', { _claim_sources: { src1: { endpoint: 'https://example.com/groups' } } }],
    ['that it has groups', { hasgroups: true }],
    ['the same as text', { hasgroups: 'true' }],
    ['the same as a number', { hasgroups: 1 }],
    ['the same as null', { hasgroups: null }],
  ])('that may lack groups is refused, with a record of its own and without: %s', async (_, said) => {
    const own = { sub: 'bounded' };
    for (const claims of [jane, { ...jane, groups: [] }, { ...own, groups: ['readers'] }, own]) {
      expect(await seen({ claims: { ...claims, ...said } }), JSON.stringify(claims)).toBe('403 not_authorized');
    }
  });

  it('that says it left out no groups is taken at its word', async () => {
    expect(await seen({ claims: { ...jane, hasgroups: false } })).toBe('1');
  });

  it('keeps the restrictions of every group, permitting, disabled or not', async () => {
    for (const groups of [
      ['readers', 'hiders'],
      ['readers', 'closed'],
    ]) {
      expect((await send('GET', '/note/1', { claims: { ...jane, groups } })).json).not.toHaveProperty('salary');
    }
    expect((await send('GET', '/note/1', { claims: jane })).json.salary).toBe(5);
  });

  it('never joins the rows of one grant with the fields of another', async () => {
    await auth(
      {
        id: 'rows-a',
        type: 'OIDC_GROUP',
        permitted_endpoints: everything,
        filter_fields: [{ field: 'team', value: 'a' }],
        update_fields_permitted: ['x'],
      },
      {
        id: 'rows-b',
        type: 'OIDC_GROUP',
        permitted_endpoints: everything,
        filter_fields: [{ field: 'team', value: 'b' }],
        update_fields_permitted: ['y'],
      },
    );
    const claims = { ...jane, groups: ['rows-a', 'rows-b'] };
    expect((await send('PUT', '/note/1', { claims, body: { x: 1 } })).status).toBe(200);
    expect((await send('PUT', '/note/1', { claims, body: { y: 1 } })).status).toBe(403);
    expect((await send('PUT', '/note/2', { claims, body: { y: 1 } })).status).toBe(200);
    expect((await send('PUT', '/note/1', { claims, body: { team: 'b' } })).status).toBe(403);
  });

  it('beside an API key is refused, whichever gateway it comes through', async () => {
    expect(await seen({ claims: jane, headers: { 'x-api-key': 'some-value' } })).toBe('400 ambiguous_identity');
    expect(await seen({ as: 'a-key', headers: { Authorization: 'Bearer x.y.z' } })).toBe('400 ambiguous_identity');
  });

  it('that no authorizer verified proves nothing', async () => {
    expect(await seen({ headers: { Authorization: 'Bearer x.y.z' } })).toBe('401 unauthenticated');
  });

  it('reads the raw query string: repeated values and commas stay what they are', async () => {
    await items('notes', { id: '4', team: 'a', tag: 'x,y' });
    expect(await seen({ claims: jane, query: [['tag', 'x,y']] })).toBe('4');
    expect(
      await seen({
        claims: jane,
        query: [
          ['id', '1'],
          ['id', '4'],
        ],
      }),
    ).toBe('14');
  });
});

describe('a trusted proxy', () => {
  const as = 'proxy';
  it.each<[string, Record<string, string>, string]>([
    ['a group', { 'X-OIDC-User': 'jane', 'X-OIDC-Groups': 'readers' }, '14'],
    ['groups by separator', { 'X-OIDC-User': 'jane', 'X-OIDC-Groups': 'readers; writers' }, '124'],
    ['groups as a JSON list', { 'X-OIDC-User': 'jane', 'X-OIDC-Groups': '["readers","writers"]' }, '124'],
    ['an own record', { 'X-OIDC-User': 'bounded', 'X-OIDC-Groups': 'readers' }, '14'],
    ['no username', { 'X-OIDC-Groups': 'readers' }, '401 unauthenticated'],
    ['an empty username', { 'X-OIDC-User': ' ', 'X-OIDC-Groups': 'readers' }, '401 unauthenticated'],
    [
      'a header spelt twice',
      { 'X-OIDC-User': 'jane', X_OIDC_User: 'admin', 'X-OIDC-Groups': 'readers' },
      '401 unauthenticated',
    ],
    ['nobody known', { 'X-OIDC-User': 'nobody' }, '403 not_authorized'],
    ['an API key’s id', { 'X-OIDC-User': 'a-key' }, '403 not_authorized'],
  ])('names %s', async (_, headers, expected) => {
    expect(await seen({ as, headers })).toBe(expected);
  });

  it('is nobody else: for any other caller the headers are ignored', async () => {
    const headers = { 'X-OIDC-User': 'nobody', 'X-OIDC-Groups': 'readers' };
    expect(await seen({ as: 'a-key', headers })).toBe('1234');
    expect(await seen({ headers })).toBe('401 unauthenticated');
    expect(await seen({ claims: jane, headers: { 'x-oidc-user': 'bounded' } })).toBe('14');
  });

  it('stands in the audit rows as the person, not as the proxy', async () => {
    await send('GET', '/note/1', { as, headers: { 'X-OIDC-User': 'jane', 'X-OIDC-Groups': 'readers' } });
    const users = (await auditRows()).map(({ user }) => JSON.stringify(user));
    expect(users.some((user) => user.includes('"S":"jane"') && user.includes('OIDC_GROUP'))).toBe(true);
  });
});
