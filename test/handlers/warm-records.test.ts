// What a warm Lambda instance remembers of its callers never serves one request: every change of a record or group is in
// force with the next one. And what the memory is for: the records of a caller are one consistent call.

import { BatchGetItemCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { api } from '../../lib/definition/api.ts';
import { get, list } from '../../lib/definition/endpoint.ts';
import { table } from '../../lib/definition/table.ts';
import { keyRecord, type Sent, useApi } from '../support/api.ts';

type Plain = Record<string, unknown>;

const notes = table('notes', { partitionKey: { id: 'string' } });
const definition = api({
  tables: [notes],
  endpoints: [list('/notes', notes), get('/note/{id}', notes)],
  auth: {
    oidc: { issuer: 'https://issuer.example.com', audience: 'notes' },
    proxy: { username: 'x-oidc-user', groups: 'x-oidc-groups', separator: ';' },
  },
  audit: false,
});
const { engine, names, send, auth, groups, items } = useApi(definition, undefined, { isWarm: true });

const everything = [{ method: '*', endpoint: '/.*' }];
const only = (team: string) => ({ filter_fields: [{ field: 'team', value: team }] });
let spy: ReturnType<typeof mockClient>;
let sequence = 0;

beforeAll(async () => {
  await items('notes', { id: '1', team: 'a', salary: 5 }, { id: '2', team: 'b' }, { id: '3', team: 'c' });
});
beforeEach(() => {
  sequence += 1;
  spy = mockClient(DynamoDBClient);
  spy.send.callThrough();
});
afterEach(() => spy.restore());

/** The ids of the rows that a caller sees, or why it sees none. */
async function seen(sent: Sent): Promise<string> {
  const { status, json } = await send('GET', '/notes', sent);
  if (status !== 200) return `${status} ${json.code}`;
  const texts = json.map(({ id, salary }: Plain) => `${id}${salary === undefined ? '' : '$'}`);
  return texts.sort().join(' ');
}

/** The records that the calls of one request asked for, each call as `auth ids | group ids`; every read consistent. */
async function asked(sent: Sent): Promise<string[]> {
  spy.resetHistory();
  await seen(sent);
  return spy.commandCalls(BatchGetItemCommand).map(({ args: [{ input }] }) => {
    const { [names.auth]: own, [names.groups]: shared, ...others } = input.RequestItems ?? {};
    expect(Object.keys(others)).toEqual([]);
    for (const each of [own, shared]) if (each) expect(each.ConsistentRead).toBe(true);
    const ids = (each: typeof own) =>
      (each?.Keys ?? []).flatMap((key) => Object.values(key).map((id) => (id as { S: string }).S));
    return `${ids(own).join(' ')} | ${ids(shared).join(' ')}`.trim();
  });
}

async function gone(TableName: string, Key: Plain): Promise<void> {
  await DynamoDBDocumentClient.from(engine.client).send(new DeleteCommand({ TableName, Key }));
}

/** A caller of each kind whose one record names groups, and what is written to change that record. */
const CALLERS = {
  'an API key': () => {
    const id = `key-${sequence}`;
    const put = (permissions: Plain) => auth(keyRecord(id, { permitted_endpoints: [], ...permissions }));
    return { id, sent: { as: id }, put };
  },
  'a person by a group of the token': () => {
    const id = `oidc-${sequence}`;
    const put = (permissions: Plain) => auth({ id, type: 'OIDC_GROUP', ...permissions });
    return { id, sent: { claims: { sub: `jane-${sequence}`, groups: [id] } }, put };
  },
  'a person with a record': () => {
    const id = `user-${sequence}`;
    const put = (permissions: Plain) => auth({ id, type: 'USERNAME', ...permissions });
    return { id, sent: { claims: { sub: id } }, put };
  },
  'a person behind a proxy': () => {
    const id = `user-${sequence}`;
    const put = async (permissions: Plain) => {
      await auth({ id, type: 'USERNAME', ...permissions }, keyRecord(`proxy-${sequence}`, { oidc_proxy: true }));
    };
    return { id, sent: { as: `proxy-${sequence}`, headers: { 'X-OIDC-User': id } }, put };
  },
};
const KINDS = Object.keys(CALLERS) as (keyof typeof CALLERS)[];
const REFUSED = '403 not_authorized';
const CLOSED = '403 endpoint_not_permitted';

type Scene = {
  readonly put: (permissions: Plain) => Promise<void>;
  readonly id: string;
  readonly g: string;
  readonly h: string;
};

/** Before each change: the groups g and h, g opens team a; the record names g. */
const CHANGES: readonly (readonly [string, (scene: Scene) => Promise<unknown>, string])[] = [
  ['the group is taken from the record', ({ put }) => put({}), CLOSED],
  ['the record is disabled', ({ put, g }) => put({ groups: [g], disabled: true }), 'disabled'],
  ['the record expires', ({ put, g }) => put({ groups: [g], expires_at: 1 }), 'disabled'],
  ['the record is deleted', ({ id }) => gone(names.auth, { id }), REFUSED],
  ['the record is broken', ({ put, g }) => put({ groups: [g], exclude_field: ['salary'] }), REFUSED],
  ['the record gets a filter', ({ put, g }) => put({ groups: [g], ...only('b') }), ''],
  ['the record hides a field', ({ put, g }) => put({ groups: [g], exclude_fields: ['salary'] }), '1'],
  ['the group loses its endpoints', ({ g }) => groups({ group_id: g, ...only('a') }), CLOSED],
  [
    'the group’s filter becomes another',
    ({ g }) => groups({ group_id: g, permitted_endpoints: everything, ...only('b') }),
    '2',
  ],
  ['the group’s filter is gone', ({ g }) => groups({ group_id: g, permitted_endpoints: everything }), '1$ 2 3'],
  ['the group is deleted', ({ g }) => gone(names.groups, { group_id: g }), REFUSED],
  ['the group is broken', ({ g }) => groups({ group_id: g, permited_endpoints: everything }), REFUSED],
  ['the caller moves to another group', ({ put, h }) => put({ groups: [h] }), '3'],
  ['the caller gets one more group', ({ put, g, h }) => put({ groups: [g, h] }), ''],
  ['the caller gets a group that is not there', ({ put, g }) => put({ groups: [g, 'nowhere'] }), REFUSED],
];

describe.each(KINDS)('the very next request of %s', (kind) => {
  it.each(CHANGES)('knows that %s', async (_, change, expected) => {
    const { id, sent, put } = CALLERS[kind]();
    const [g, h] = [`g-${sequence}`, `h-${sequence}`];
    await groups(
      { group_id: g, permitted_endpoints: everything, ...only('a') },
      { group_id: h, permitted_endpoints: everything, ...only('c') },
    );
    await put({ groups: [g] });
    // Twice: the second time with a guess.
    expect([await seen(sent), await seen(sent)]).toEqual(['1$', '1$']);
    await change({ put, id, g, h });
    // A group of the token that is disabled opens nothing, an own record refuses.
    const disabled = kind === 'a person by a group of the token' ? CLOSED : REFUSED;
    expect(await seen(sent)).toBe(expected === 'disabled' ? disabled : expected);
    // And back again.
    await groups({ group_id: g, permitted_endpoints: everything, ...only('a') });
    await put({ groups: [g] });
    expect(await seen(sent)).toBe('1$');
  });
});

describe('the very next request', () => {
  it('knows that a key is a proxy no more, and that it is one', async () => {
    await groups({ group_id: 'team-b', permitted_endpoints: everything, ...only('b') });
    const proxy = { oidc_proxy: true, groups: ['team-b'], permitted_endpoints: [] };
    await auth(keyRecord('gate', proxy), { id: 'jim', type: 'USERNAME', permitted_endpoints: everything });
    const sent = { as: 'gate', headers: { 'X-OIDC-User': 'jim' } };
    expect([await seen(sent), await seen(sent)]).toEqual(['1$ 2 3', '1$ 2 3']);
    await auth(keyRecord('gate', { ...proxy, oidc_proxy: false }));
    expect([await seen(sent), await seen(sent)]).toEqual(['2', '2']);
    await auth(keyRecord('gate', proxy));
    expect([await seen(sent), await seen(sent)]).toEqual(['1$ 2 3', '1$ 2 3']);
    await auth(keyRecord('gate', { ...proxy, disabled: true }));
    expect(await seen(sent)).toBe(REFUSED);
  });

  it('of one caller has nothing of another’s groups', async () => {
    await groups({ group_id: 'open', permitted_endpoints: everything });
    await auth(
      keyRecord('rich', { permitted_endpoints: [], groups: ['open'] }),
      keyRecord('poor', { permitted_endpoints: [] }),
    );
    for (let i = 0; i < 2; i += 1) {
      expect(await seen({ as: 'rich' })).toBe('1$ 2 3');
      expect(await seen({ as: 'poor' })).toBe(CLOSED);
    }
    expect(await asked({ as: 'poor' })).toEqual(['poor |']);
  });
});

describe('the records of one request', () => {
  const team = (id: string) => ({ group_id: id, permitted_endpoints: everything });

  it('of an API key are one consistent call where the groups are those of last time, else two', async () => {
    await groups(team('k1'), team('k2'), team('k3'));
    await auth(keyRecord('counted', { groups: ['k1', 'k2'] }));
    expect(await asked({ as: 'counted' })).toEqual(['counted |', '| k1 k2']);
    expect(await asked({ as: 'counted' })).toEqual(['counted | k1 k2']);
    await auth(keyRecord('counted', { groups: ['k2', 'k3'] }));
    expect(await asked({ as: 'counted' })).toEqual(['counted | k1 k2', '| k3']);
    expect(await asked({ as: 'counted' })).toEqual(['counted | k2 k3']);
    await auth(keyRecord('counted'));
    expect(await asked({ as: 'counted' })).toEqual(['counted | k2 k3']);
    expect(await asked({ as: 'counted' })).toEqual(['counted |']);
  });

  it('of a person are: the own record, those of the token’s groups, and the groups of both', async () => {
    await groups(team('k1'), team('k2'));
    const oidcGroup = (id: string, named: string[]) => ({ id, type: 'OIDC_GROUP', groups: named });
    await auth(
      { id: 'ann', type: 'USERNAME', groups: ['k1'] },
      oidcGroup('staff', ['k1', 'k2']),
      oidcGroup('guests', []),
    );
    const claims = { sub: 'ann', groups: ['staff', 'guests', 'unknown'] };
    expect(await asked({ claims })).toEqual(['ann staff guests unknown |', '| k1 k2']);
    expect(await asked({ claims })).toEqual(['ann staff guests unknown | k1 k2']);
    expect(await seen({ claims })).toBe('1$ 2 3');
  });

  it('of a person behind a proxy are too, once the proxy is known for the person', async () => {
    await groups(team('k1'));
    await auth(keyRecord('door', { oidc_proxy: true }), { id: 'bob', type: 'USERNAME', groups: ['k1'] });
    const sent = { as: 'door', headers: { 'X-OIDC-User': 'bob', 'X-OIDC-Groups': 'x;y' } };
    expect(await asked(sent)).toEqual(['door |', 'bob x y |', '| k1']);
    expect(await asked(sent)).toEqual(['door bob x y | k1']);
  });

  it('are more calls where they are more than a hundred, and none is lost', async () => {
    const many = Array.from({ length: 120 }, (_, i) => `m${i}`);
    await groups(...many.slice(0, 119).map((group_id) => ({ group_id })), team('m119'));
    await auth(keyRecord('many', { permitted_endpoints: [], groups: many }));
    const sizes = async () => (await asked({ as: 'many' })).map((call) => call.match(/\w+/g)?.length);
    expect(await sizes()).toEqual([1, 100, 20]);
    expect(await sizes()).toEqual([100, 21]);
    expect(await seen({ as: 'many' })).toBe('1$ 2 3');
    await gone(names.groups, { group_id: 'm7' });
    expect(await seen({ as: 'many' })).toBe(REFUSED);
  });

  it('are whole where they are more than the 16 MB of one answer', async () => {
    const large = Array.from({ length: 45 }, (_, i) => `large-${i}`);
    for (const group_id of large) await groups({ group_id, x_note: 'x'.repeat(390_000) });
    await groups({ group_id: 'large-44', permitted_endpoints: everything, ...only('c'), x_note: 'x'.repeat(390_000) });
    await auth(keyRecord('large', { permitted_endpoints: [], groups: large }));
    expect([await seen({ as: 'large' }), await seen({ as: 'large' })]).toEqual(['3', '3']);
    expect((await asked({ as: 'large' })).length).toBeGreaterThan(1);
  }, 30_000);

  it('are those of a hundred and more groups of a token', async () => {
    const claimed = Array.from({ length: 130 }, (_, i) => `claimed-${i}`);
    await auth({ id: 'claimed-129', type: 'OIDC_GROUP', permitted_endpoints: everything, ...only('b') });
    const claims = { sub: 'eve', groups: claimed };
    expect((await asked({ claims })).map((call) => call.match(/[\w-]+/g)?.length)).toEqual([100, 31]);
    expect([await seen({ claims }), await seen({ claims })]).toEqual(['2', '2']);
  });
});
