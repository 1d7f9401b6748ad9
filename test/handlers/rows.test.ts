// docs/reference/records.md, "Rows": what a caller with row filters can read, change, create and delete, and what the
// answers give away.

import { beforeAll, describe, expect, it } from 'vitest';
import { api } from '../../lib/definition/api.ts';
import { create, get, list, patch, remove, update } from '../../lib/definition/endpoint.ts';
import { table } from '../../lib/definition/table.ts';
import { keyRecord, type Received, useApi } from '../support/api.ts';

// Without an index on `status`, which DynamoDB would keep from being a number.
const things = table('items', { partitionKey: { id: 'string' }, version: '_v' });
const endpoints = [
  list('/items', things),
  list('/items/{search_key}/{search_value}', things),
  get('/item/{id}', things),
  create('/item', things),
  update('/item/{id}', things),
  patch('/item/{id}', things),
  remove('/item/{id}', things),
];
const { send, auth, items, stored } = useApi(api({ tables: [things], endpoints }));
const active = { field: 'status', value: 'active' };

beforeAll(async () => {
  await auth(
    keyRecord('admin'),
    keyRecord('active-only', { filter_fields: [active] }),
    keyRecord('own-updates', { update_filters: [{ field: 'owner', value: { $var: 'user.username' } }] }),
    keyRecord('not-secret', { filter_fields: [{ field: 'status', operator: 'ne', value: 'secret' }] }),
    keyRecord('no-rows', { filter_fields: [{ field: 'status', operator: 'in', value: [] }] }),
    keyRecord('no-delete', { delete_filters: [{ any: [] }] }),
  );
  await items('items', { id: 'a', status: 'active' }, { id: 'b', status: 'sold' }, { id: 'c' }, { id: 'd', status: 7 });
});

const ids = (answer: Received) => answer.json.map((item: { id: string }) => item.id).sort();

/** The answer without what differs from request to request. */
function anonymous({ status, text, headers }: Received) {
  const { 'X-Request-Id': id, ...others } = headers;
  return JSON.stringify({ status, text: text.replaceAll(id ?? '', ''), headers: others });
}

describe('reading', () => {
  it.each([
    ['admin', ['a', 'b', 'c', 'd']],
    ['active-only', ['a']],
    ['not-secret', ['a', 'b']],
    ['no-rows', []],
  ])('%s sees %j', async (as, expected) => {
    expect(ids(await send('GET', '/items', { as }))).toEqual(expected);
  });

  it('answers a hidden row and a missing row alike, for every method', async () => {
    for (const [method, body] of [['GET'], ['HEAD'], ['PUT', { n: 1 }], ['PATCH', { n: 1 }], ['DELETE']] as const) {
      const hidden = await send(method, '/item/b', { as: 'active-only', body });
      const missing = await send(method, '/item/zz', { as: 'active-only', body });
      expect(hidden.status).toBe(404);
      expect(anonymous(hidden)).toBe(anonymous(missing));
    }
    expect((await stored('items')).find((item) => item['id'] && 'S' in item['id'] && item['id'].S === 'b')).toEqual({
      id: { S: 'b' },
      status: { S: 'sold' },
    });
  });

  it('cannot be widened by a query', async () => {
    const query = [['_where', JSON.stringify({ any: [{ field: 'status', value: 'sold' }, active] })]] as const;
    expect(ids(await send('GET', '/items', { as: 'active-only', query }))).toEqual(['a']);
    expect(ids(await send('GET', '/items/status/sold', { as: 'active-only' }))).toEqual([]);
  });
});

describe('writing', () => {
  it('creates only rows inside the filter, and tells of that before it tells of a taken key', async () => {
    const outside = await send('POST', '/item', { as: 'active-only', body: { id: 'b', status: 'sold' } });
    expect([outside.status, outside.json.code]).toEqual([403, 'row_not_permitted']);
    const taken = await send('POST', '/item', { as: 'active-only', body: { id: 'b', status: 'active' } });
    expect([taken.status, taken.json.code]).toEqual([409, 'already_exists']);
    expect((await send('POST', '/item', { as: 'active-only', body: { id: 'new', status: 'active' } })).status).toBe(
      201,
    );
  });

  it('keeps an updated row inside the filter', async () => {
    const out = await send('PUT', '/item/a', { as: 'active-only', body: { status: 'sold' } });
    expect([out.status, out.json.code]).toEqual([403, 'row_not_permitted']);
    const removed = await send('PATCH', '/item/a', { as: 'active-only', body: { status: null } });
    expect([removed.status, removed.json.code]).toEqual([403, 'row_not_permitted']);
    expect((await send('PUT', '/item/a', { as: 'active-only', body: { n: 1 } })).json).toEqual({
      id: 'a',
      status: 'active',
      n: 1,
    });
  });

  it('answers 204 where the caller may no longer read what it wrote', async () => {
    await auth(keyRecord('giver', { read_filters: [{ field: 'status', value: 'mine' }] }));
    await items('items', { id: 'gift', status: 'mine' });
    const given = await send('PUT', '/item/gift', { as: 'giver', body: { status: 'yours' } });
    expect([given.status, given.text]).toEqual([204, '']);
    expect((await send('GET', '/item/gift', { as: 'giver' })).status).toBe(404);
  });

  it('refuses what may be read but not changed with 403', async () => {
    await items('items', { id: 'theirs', owner: 'someone' }, { id: 'mine', owner: 'own-updates' });
    expect((await send('PUT', '/item/theirs', { as: 'own-updates', body: { n: 1 } })).json.code).toBe(
      'row_not_permitted',
    );
    expect((await send('PUT', '/item/mine', { as: 'own-updates', body: { n: 1 } })).status).toBe(200);
    expect((await send('PUT', '/item/mine', { as: 'own-updates', body: { owner: 'x' } })).json.code).toBe(
      'row_not_permitted',
    );
    expect((await send('DELETE', '/item/mine', { as: 'no-delete' })).json.code).toBe('row_not_permitted');
    expect((await send('DELETE', '/item/mine', { as: 'admin' })).status).toBe(204);
  });
});
