// docs/reference/audit.md, "Reading": who sees which audit rows and how much of them, through which index, and what
// queries may ask.

import { beforeAll, describe, expect, it, vi } from 'vitest';
import { api } from '../../lib/definition/api.ts';
import { audit, create, get, history, list, patch, remove, update } from '../../lib/definition/endpoint.ts';
import { table } from '../../lib/definition/table.ts';
import { keyRecord, type Received, useApi } from '../support/api.ts';

// Reading back to a gap asks for many days, and the machine may be busy.
vi.setConfig({ testTimeout: 60_000 });

const CANARY = 'canary-91be';
const items = table('items', {
  partitionKey: { id: 'string' },
  attributes: { pin: { type: 'string', sensitive: true }, inner: { type: 'string', hidden: true } },
  version: '_v',
});
const orders = table('orders', { partitionKey: { customer: 'string' }, sortKey: { number: 'number' } });
const { send, auth, putAuditRows } = useApi(
  api({
    tables: [items, orders],
    endpoints: [
      ...[list('/items', items), get('/item/{id}', items), create('/item', items), update('/item/{id}', items)],
      ...[patch('/item/{id}', items), remove('/item/{id}', items)],
      update('/item/{id}/sale', items, { action: 'SELL' }),
      ...[create('/order', orders), get('/order/{customer}/{number}', orders)],
      ...[audit('/audit'), audit('/audit/{id}', items), history('/history/{id}', items)],
      audit('/orders/{customer}/{number}/audit', orders),
    ],
  }),
);

type Row = Record<string, never> & { readonly [name: string]: never };
type Query = readonly (readonly [string, string])[];

const read = (as: string, query: Query = [], path = '/audit') => send('GET', path, { as, query });
const actions = (answer: Received): string[] => answer.json.map(({ action }: { action: string }) => action);
const active = { field: 'status', value: 'active' };

beforeAll(async () => {
  await auth(
    keyRecord('admin'),
    keyRecord('writer', { username: 'jane' }),
    keyRecord('active-only', { read_filters: [active] }),
    keyRecord('no-cost', { exclude_fields: ['cost', 'supplier.contact'] }),
    keyRecord('no-id', { exclude_fields: ['id'] }),
    keyRecord('by-pin', { read_filters: [{ field: 'pin', operator: 'ne', value: 'x' }] }),
    keyRecord('own-audit', { audit_filters: [{ field: 'user.id', value: { $var: 'user.id' } }] }),
    keyRecord('pin-audit', { audit_filters: [{ field: 'after.pin', operator: 'ne', value: 'x' }] }),
    keyRecord('no-updates', { audit_filters: [{ field: 'action', operator: 'ne', value: 'UPDATE' }] }),
    keyRecord('orders-audit', { audit_filters: [{ field: 'action', value: 'CREATE', table: 'items' }] }),
  );
  const as = 'writer';
  await send('POST', '/item', { as, body: { id: 'a', status: 'active', cost: `${CANARY}-1`, pin: CANARY, n: 1 } });
  await send('PUT', '/item/a', { as, body: { cost: `${CANARY}-2`, supplier: { name: 's', contact: CANARY } } });
  await send('PUT', '/item/a', { as, body: { status: 'sold', secret: `${CANARY}-sold` } });
  await send('GET', '/item/a', { as, query: [] });
  await send('PUT', '/item/a/sale', { as, body: { n: 2 } });
  await send('DELETE', '/item/a', { as });
  await send('GET', '/items', { as, query: [['cost', `${CANARY}-asked`]] });
  await send('POST', '/order', { as, body: { customer: 'c', number: 7 } });
});

describe('an unrestricted caller', () => {
  it('sees every row, newest first, whole but for what the definition hides', async () => {
    const { json, status } = await read('admin', [['user.id', 'writer']]);
    expect(status).toBe(200);
    expect(actions({ json } as Received)).toEqual([
      'CREATE',
      'LIST',
      'DELETE',
      'SELL',
      'GET',
      'UPDATE',
      'UPDATE',
      'CREATE',
    ]);
    const [order, listed, deleted, , , sold, , created] = json;
    expect(order).toMatchObject({ resource: { table: 'orders', key: { customer: 'c', number: 7 } }, outcome: 'ok' });
    expect(listed.query_params).toEqual({ cost: `${CANARY}-asked` });
    expect(deleted.before).toMatchObject({ id: 'a', status: 'sold', n: 2, pin: '***' });
    expect(sold).toMatchObject({ before: { status: 'active' }, added: ['secret'], after: { status: 'sold', n: 1 } });
    expect(created.user).toMatchObject({ id: 'writer', type: 'API_KEY', username: 'jane', source_ip: '192.0.2.1' });
    expect(created.body).toMatchObject({ n: 1, pin: '***' });
    for (const row of json as Row[]) {
      for (const name of ['resource_key', 'user_key', 'day_shard', 'images', 'parts'])
        expect(row).not.toHaveProperty(name);
      expect(JSON.stringify(row)).not.toContain('_v');
    }
    expect([...json.map(({ time }: Row) => time)].sort().reverse()).toEqual(json.map(({ time }: Row) => time));
  });

  it('leaves an audit row of its own reading', async () => {
    await read('admin', [['action', 'NONE']]);
    await read('admin', [], '/audit/nowhere');
    const { json } = await read('admin', [
      ['user.id', 'admin'],
      ['_limit', '2'],
    ]);
    expect(json[1]).toMatchObject({ action: 'AUDIT', query_params: { action: 'NONE' }, path: '/audit' });
    expect(json[0]).toMatchObject({ action: 'AUDIT', resource: { table: 'items', key: { id: 'nowhere' } } });
  });

  it.each<[string, Query, string[]]>([
    ['one item', [['resource.key.id', 'a']], ['DELETE', 'SELL', 'GET', 'UPDATE', 'UPDATE', 'CREATE']],
    [
      'one item of a table',
      [
        ['resource.table', 'orders'],
        ['resource.key.customer', 'c'],
        ['resource.key.number', '7'],
      ],
      ['CREATE'],
    ],
    [
      'an item of another table',
      [
        ['resource.table', 'orders'],
        ['resource.key.id', 'a'],
      ],
      [],
    ],
    ['part of a key', [['resource.key.customer', 'c']], ['CREATE']],
    [
      'an action',
      [
        ['action', 'UPDATE'],
        ['resource.key.id', 'a'],
      ],
      ['UPDATE', 'UPDATE'],
    ],
    [
      'several actions of a user',
      [
        ['action__in', '["SELL","LIST"]'],
        ['user.id', 'writer'],
      ],
      ['LIST', 'SELL'],
    ],
    ['an image', [['after.status', 'sold']], ['SELL', 'UPDATE']],
    [
      'an image that is not',
      [
        ['after__exists', 'false'],
        ['user.id', 'writer'],
        ['outcome', 'ok'],
      ],
      ['LIST', 'DELETE', 'GET'],
    ],
    [
      'any of two',
      [['_where', '{"any":[{"field":"action","value":"SELL"},{"field":"action","value":"DELETE"}]}']],
      ['DELETE', 'SELL'],
    ],
    ['a time long ago', [['time__between', '["2025-01-01","2025-02-01"]']], []],
    ['a time to come', [['time__gt', '2999']], []],
    [
      'ends that cross',
      [
        ['time__gt', '2026-02'],
        ['time__lt', '2026-01'],
      ],
      [],
    ],
  ])('finds %s', async (_, query, expected) => {
    const answer = await read('admin', [...query, ['user.username', 'jane']]);
    expect([answer.status, actions(answer)]).toEqual([200, expected]);
  });

  it('finds a window of time, both ends in it', async () => {
    const all = (await read('admin', [['user.id', 'writer']])).json;
    const [from, to] = [all[5].time, all[2].time];
    const found = await read('admin', [
      ['time__between', JSON.stringify([from, to])],
      ['user.id', 'writer'],
    ]);
    expect(found.json).toEqual(all.slice(2, 6));
    const byDay = await read('admin', [
      ['time__gte', from],
      ['time__lte', to],
      ['user.username', 'jane'],
    ]);
    expect(byDay.json).toEqual(all.slice(2, 6));
    expect(byDay.headers).not.toHaveProperty('X-Audit-From');
  });

  it('is told how far back the answer goes, where nothing in the query says so', async () => {
    const answer = await read('admin', [['action', 'SELL']]);
    expect(answer.headers['X-Audit-From']).toMatch(/^\d{4}-\d\d-\d\d$/);
    expect((await read('admin', [['_limit', '1']])).headers).not.toHaveProperty('X-Audit-From');
  });

  it.each<[Query, number, string]>([
    [[['_limit', '0']], 400, 'invalid_query'],
    [[['_limit', '1001']], 400, 'invalid_query'],
    [[['_cursor', 'x']], 400, 'invalid_cursor'],
    [[['action__like', 'x']], 400, 'invalid_query'],
    [[['resource_key', 'x']], 403, 'field_not_permitted'],
    [[['day_shard__exists', 'true']], 403, 'field_not_permitted'],
    [[['after._v', '1']], 403, 'field_not_permitted'],
    [[['before.inner__in', '[]']], 403, 'field_not_permitted'],
    [[['_where', '{"not":{"field":"after.inner","value":"x"}}']], 403, 'field_not_permitted'],
  ])('is refused %j', async (query, status, code) => {
    const answer = await read('admin', query);
    expect([answer.status, answer.json.code]).toEqual([status, code]);
  });
});

describe('one item', () => {
  it('has its own rows only, whatever its key and the query', async () => {
    expect(actions(await read('admin', [], '/audit/a')).filter((action) => action !== 'AUDIT')).toEqual([
      'DELETE',
      'SELL',
      'GET',
      'UPDATE',
      'UPDATE',
      'CREATE',
    ]);
    expect((await read('admin', [['resource.key.id', 'b']], '/audit/a')).json).toEqual([]);
    expect((await read('admin', [], '/audit/never%20was')).json).toEqual([]);
    expect(actions(await read('admin', [], '/orders/c/7/audit'))).toEqual(['CREATE']);
    expect((await read('admin', [], '/orders/c/x/audit')).json.code).toBe('invalid_path');
  });
});

describe('a caller with a row filter', () => {
  it('sees of others the changes whose images it may read, and neither call nor caller', async () => {
    const answer = await read('active-only', [], '/audit/a');
    expect(actions(answer)).toEqual(['UPDATE', 'UPDATE', 'CREATE']);
    const [sold, updated, created] = answer.json;
    expect(sold).not.toHaveProperty('after');
    expect(sold).not.toHaveProperty('added');
    expect(sold.before).toMatchObject({ id: 'a', status: 'active', n: 1 });
    expect(updated.after.cost).toBe(`${CANARY}-2`);
    expect(created.user).toEqual({ username: 'jane' });
    for (const row of answer.json) {
      for (const name of ['body', 'query_params', 'path_params']) expect(row).not.toHaveProperty(name);
      expect(Object.keys(row.user)).toEqual(['username']);
    }
    expect(answer.text).not.toContain(`${CANARY}-sold`);
    expect(answer.text).not.toContain('192.0.2.1');
  });

  it('sees its own rows whole', async () => {
    await send('GET', '/item/a', { as: 'active-only' });
    const { json } = await read('active-only', [
      ['user.id', 'active-only'],
      ['action', 'GET'],
    ]);
    expect(json[0]).toMatchObject({ outcome: 'not_found', path_params: { id: 'a' }, user: { source_ip: '192.0.2.1' } });
  });

  it.each<Query>([
    [['user.id', 'writer']],
    [['user.id__exists', 'true']],
    [['user.source_ip', '192.0.2.1']],
    [['user__exists', 'true']],
    [['body.cost', 'x']],
    [['query_params.cost', 'x']],
    [['path_params.id', 'a']],
    [['_where', '{"any":[{"field":"user.id","value":"active-only"},{"field":"body.cost","value":"x"}]}']],
  ])('may not ask for %j', async (...query) => {
    const answer = await read('active-only', query as unknown as Query);
    expect([answer.status, answer.json.code]).toEqual([403, 'field_not_permitted']);
  });

  it('cannot tell from what a query finds what it is not shown', async () => {
    for (const query of [
      [['after.status', 'sold']],
      [['after.secret', `${CANARY}-sold`]],
      [['added__contains', 'secret']],
      [
        ['_where', '{"not":{"field":"after.status","operator":"exists","value":false}}'],
        ['action', 'SELL'],
      ],
    ] as Query[]) {
      expect((await read('active-only', query)).json, JSON.stringify(query)).toEqual([]);
    }
    expect(
      actions(
        await read('active-only', [
          ['user.username', 'jane'],
          ['before.n', '1'],
        ]),
      ),
    ).toEqual(['UPDATE']);
  });
});

describe('a caller with hidden paths', () => {
  it('is shown none of them, in no part of a row', async () => {
    const answer = await read('no-cost', [['user.username', 'jane']]);
    expect(actions(answer)).toEqual(['CREATE', 'DELETE', 'SELL', 'UPDATE', 'UPDATE', 'CREATE']);
    expect(answer.text).not.toContain(`${CANARY}-1`);
    expect(answer.text).not.toContain(`${CANARY}-2`);
    expect(answer.text).not.toContain('cost');
    expect(answer.text).not.toContain('contact');
    const [, , , sold, updated] = answer.json;
    expect(updated.after.supplier).toEqual({ name: 's' });
    expect(sold.after.secret).toBe(`${CANARY}-sold`);
  });

  it('is shown its own refused calls without them', async () => {
    await send('GET', '/items', {
      as: 'no-cost',
      query: [
        ['cost__gt', '5'],
        ['n', '1'],
      ],
    });
    const { json, text } = await read('no-cost', [
      ['user.id', 'no-cost'],
      ['action', 'LIST'],
    ]);
    expect(json[0]).toMatchObject({ outcome: 'denied', query_params: { n: '1' } });
    expect(text).not.toContain('cost__gt');
  });

  it.each([
    'after.cost',
    'before.cost',
    'body.cost',
    'after.supplier',
    'after.supplier.contact.mail',
    'before.never.cost',
  ])('may not ask for %s', async (name) => {
    const answer = await read('no-cost', [
      [name, '1'],
      ['user.id', 'no-cost'],
    ]);
    const expected = name === 'before.never.cost' ? 200 : 403;
    expect(answer.status).toBe(expected);
  });

  it('sees neither key nor path where the key is hidden', async () => {
    const answer = await read('no-id', [
      ['user.username', 'jane'],
      ['resource.table', 'items'],
    ]);
    expect(answer.json.length).toBeGreaterThan(0);
    for (const row of answer.json) {
      expect(row.resource).toEqual({ table: 'items', key: {} });
      expect(row).not.toHaveProperty('path');
      expect(row.after ?? row.before).not.toHaveProperty('id');
    }
    expect((await read('no-id', [['resource.key.id', 'a']])).status).toBe(403);
  });
});

describe('what cannot be decided', () => {
  it('is not shown: a filter on an attribute that is masked', async () => {
    expect(
      (
        await read('by-pin', [
          ['user.username', 'jane'],
          ['resource.table', 'items'],
        ])
      ).json,
    ).toEqual([]);
  });

  it('is not shown: an image that cannot be read, a table that the API does not have', async () => {
    const row = { day_shard: `${new Date().toISOString().slice(0, 10)}#1`, action: 'UPDATE', outcome: 'ok' };
    const user = { id: 'writer', type: 'API_KEY', username: 'broken' };
    const time = new Date().toISOString().replace('Z', '000Z');
    await putAuditRows({
      ...row,
      user,
      time,
      id: 'x1',
      images: new Uint8Array([1, 2]),
      parts: 1,
      resource: { table: 'items', key: { id: 'q' } },
    });
    await putAuditRows({
      ...row,
      user,
      time,
      id: 'x2',
      after: { id: 'q', status: 'active' },
      resource: { table: 'gone', key: { id: 'q' } },
    });
    await putAuditRows({
      ...row,
      user,
      time,
      id: 'x3',
      after: { id: 'q', status: 'active' },
      resource: { table: 'items', key: { id: 'q' } },
      expire_time: 1,
    });
    const broken: Query = [['user.username', 'broken']];
    const ids = (answer: Received) => answer.json.map(({ id }: { id: string }) => id);
    expect(ids(await read('admin', broken))).toEqual(['x2', 'x1']);
    expect(ids(await read('active-only', broken))).toEqual([]);
  });
});

describe('audit filters', () => {
  it('hold for every row', async () => {
    await send('GET', '/item/a', { as: 'own-audit' });
    const own = await read('own-audit');
    expect(new Set(own.json.map((row: { user: { id: string } }) => row.user.id))).toEqual(new Set(['own-audit']));
    const rows = await read('no-updates', [['user.username', 'jane']]);
    expect(actions(rows)).toEqual(['CREATE', 'DELETE', 'SELL', 'CREATE']);
  });

  it('with a table hold for the rows about it', async () => {
    expect(actions(await read('orders-audit', [['user.username', 'jane']]))).toEqual(['CREATE', 'CREATE']);
  });
});

describe('limits', () => {
  it('give the newest rows', async () => {
    const all = (await read('admin', [['user.id', 'writer']])).json;
    const some = await read('admin', [
      ['user.id', 'writer'],
      ['_limit', '3'],
    ]);
    expect(some.json).toEqual(all.slice(0, 3));
  });
});
