// The example API end to end, without the network: real events in, a real engine behind.

import { describe, expect, it } from 'vitest';
import api from '#api';
import { keyRecord, useApi } from '../support/api.ts';

const { send, auth, stored, auditRows } = useApi(api);

describe('items', () => {
  it('creates, gets, updates, patches, lists and deletes', async () => {
    await auth(keyRecord('admin'));
    const created = await send('POST', '/item', { as: 'admin', body: { id: 'a/1', status: 'active', price: 1.5 } });
    expect(created.text).toBe('{"id":"a/1"}');
    expect([created.status, created.headers['Location']]).toEqual([201, '/api/item/a%2F1']);
    const got = await send('GET', '/item/a%2F1', { as: 'admin' });
    expect(got.json).toEqual({ id: 'a/1', status: 'active', price: 1.5 });
    const put = await send('PUT', '/item/a%2F1', {
      as: 'admin',
      text: '{"big":12345678901234567890123456789012345678}',
    });
    expect(put.text).toContain('"big":12345678901234567890123456789012345678');
    const patched = await send('PATCH', '/item/a%2F1', { as: 'admin', body: { price: null, supplier: { name: 'n' } } });
    expect(patched.json).toMatchObject({ id: 'a/1', status: 'active', supplier: { name: 'n' } });
    expect(patched.json).not.toHaveProperty('price');
    const listed = await send('GET', '/items', { as: 'admin', query: [['supplier.name', 'n']] });
    expect(listed.json).toHaveLength(1);
    expect((await send('DELETE', '/item/a%2F1', { as: 'admin' })).status).toBe(204);
    expect(await stored('items')).toEqual([]);
    const rows = await auditRows();
    expect(rows).toHaveLength(6);
  });
});
