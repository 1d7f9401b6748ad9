// A get with a composite key named in part: none visible is 404, one 200, more 400.

import { beforeAll, describe, expect, it } from 'vitest';
import { api } from '../../lib/definition/api.ts';
import { create, get } from '../../lib/definition/endpoint.ts';
import { table } from '../../lib/definition/table.ts';
import { keyRecord, useApi } from '../support/api.ts';

const orders = table('orders', {
  partitionKey: { customer: 'string' },
  sortKey: { number: 'number' },
  attributes: { secret: { type: 'string', hidden: true } },
  ttl: 'until',
});
const { send, auth, items, auditRows } = useApi(
  api({
    tables: [orders],
    endpoints: [
      get('/order/{customer}', orders),
      get('/order/{customer}/{number}', orders),
      get('/number/{number}', orders),
      create('/order', orders),
    ],
  }),
);

beforeAll(async () => {
  await auth(
    keyRecord('admin'),
    keyRecord('open-only', { filter_fields: [{ field: 'state', value: 'open' }] }),
    keyRecord('no-customer', { exclude_fields: ['customer'] }),
  );
  await items(
    'orders',
    { customer: 'one', number: 1, state: 'shut', secret: 's' },
    { customer: 'two', number: 1, state: 'open' },
    { customer: 'two', number: 2, state: 'shut' },
    { customer: 'three', number: 3, state: 'open' },
    { customer: 'three', number: 4, state: 'open' },
    { customer: 'late', number: 5, state: 'open', until: 5 },
    { customer: 'a/b', number: 6, state: 'open' },
  );
});

describe('get by a part of the key', () => {
  it.each([
    ['admin', '/order/one', 200],
    ['admin', '/order/two', 400],
    ['admin', '/order/three', 400],
    ['admin', '/order/nobody', 404],
    ['admin', '/order/late', 404],
    ['admin', '/order/a%2Fb', 200],
    ['admin', '/number/1', 400],
    ['admin', '/number/2', 200],
    ['admin', '/number/2.0', 400],
    ['admin', '/number/two', 400],
    ['open-only', '/order/one', 404],
    ['open-only', '/order/two', 200],
    ['open-only', '/order/three', 400],
    ['open-only', '/number/1', 200],
    ['open-only', '/number/2', 404],
    ['no-customer', '/order/one', 403],
  ])('%s %s: %i', async (as, path, status) => {
    const answer = await send('GET', path, { as });
    expect([answer.status, (await send('HEAD', path, { as })).status]).toEqual([status, status]);
    if (status === 400) expect(answer.json.code).toBe('invalid_path');
  });

  it('shows the item whole, pruned', async () => {
    expect((await send('GET', '/order/one', { as: 'admin' })).json).toEqual({
      customer: 'one',
      number: 1,
      state: 'shut',
    });
  });

  it('counts visible items only: a hidden one beside the one makes no difference', async () => {
    const alone = await send('GET', '/number/3', { as: 'open-only' });
    const beside = await send('GET', '/order/two', { as: 'open-only' });
    expect([alone.status, beside.status, beside.json.number]).toEqual([200, 200, 1]);
  });

  it('leaves an audit row about the item that was found', async () => {
    await send('GET', '/order/one', { as: 'admin' });
    const rows = (await auditRows()).filter((row) => JSON.stringify(row['path']).includes('/order/one'));
    expect(rows.some((row) => JSON.stringify(row['resource']).includes('"number":{"N":"1"}'))).toBe(true);
  });

  it('is never where a new item is said to be', async () => {
    const created = await send('POST', '/order', { as: 'admin', body: { customer: 'new', number: 9 } });
    expect([created.status, created.headers['Location']]).toEqual([201, expect.stringMatching(/\/order\/new\/9$/)]);
  });
});
