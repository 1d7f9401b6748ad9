// docs/reference/http.md, "Request headers", Idempotency-Key: the same key, caller and request within a day has one
// effect, and whoever repeats it is answered for that effect, as far as the caller may know of it by then.

import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ApiError } from '../../lib/base/errors.ts';
import { attribute, type Item } from '../../lib/base/value.ts';
import { api } from '../../lib/definition/api.ts';
import { create, get, patch, remove, update } from '../../lib/definition/endpoint.ts';
import { table } from '../../lib/definition/table.ts';
import type { Ports } from '../../lib/operations/request/ports.ts';
import { keyRecord, type Received, useApi } from '../support/api.ts';

const items = table('items', {
  partitionKey: { id: 'string' },
  attributes: { secret: { type: 'string', sensitive: true } },
  rules: {
    once: (value, { existing }) => ({
      result: existing?.['once'] === undefined,
      message: `is set already, not to ${String(value)}`,
    }),
  },
  version: '_v',
});
const definition = api({
  tables: [items],
  endpoints: [
    get('/item/{id}', items),
    create('/item', items),
    update('/item/{id}', items),
    patch('/item/{id}', items),
    remove('/item/{id}', items),
    update('/item/{id}/approve', items, {
      condition: { holds: ({ status }) => status === 'pending', message: 'is not pending' },
      action: 'APPROVE',
    }),
  ],
  auth: { apiKeys: true, oidc: { issuer: 'https://issuer.example.com', audience: 'a' } },
});

/** What happens to the next write instead of, or around, what should. */
let around: ((write: () => ReturnType<Ports['write']>) => ReturnType<Ports['write']>) | undefined;
/** Microseconds that the handlers' clock is ahead. */
let ahead = 0;

const {
  engine,
  names,
  send,
  auth,
  items: put,
  stored,
  auditRows,
  requestRows,
  logs,
} = useApi(definition, (ports) => ({
  ...ports,
  now: () => ports.now() + ahead,
  write: (...given) => {
    const now = around;
    around = undefined;
    return now ? now(() => ports.write(...given)) : ports.write(...given);
  },
}));
const as = 'admin';
let key = '';
let count = 0;

beforeAll(async () => {
  await auth(
    keyRecord('admin'),
    keyRecord('other'),
    keyRecord('active-only', { filter_fields: [{ field: 'state', value: 'active' }] }),
    keyRecord('giver', { read_filters: [{ field: 'state', value: 'mine' }] }),
    keyRecord('blind', { read_filters: [{ any: [] }] }),
    { ...keyRecord('staff'), type: 'OIDC_GROUP' },
  );
});
beforeEach(() => {
  count += 1;
  key = `key-${count}`;
  ahead = 0;
});

const withKey = (value: string = key) => ({ 'Idempotency-Key': value });
const post = (id: string, more: object = {}, who: string = as) =>
  send('POST', '/item', { as: who, body: { id, ...more }, headers: withKey() });
const set = (id: string, body: object, who: string = as) =>
  send('PUT', `/item/${id}`, { as: who, body, headers: withKey() });
const replayed = ({ headers }: Received) => headers['Idempotency-Replayed'];
const find = async (id: string): Promise<Item | undefined> =>
  (await stored('items')).find((item) => JSON.stringify(item['id']) === JSON.stringify({ S: id }));
const rowsOf = async (id: string) =>
  (await auditRows()).filter((row) => JSON.stringify(row['resource'] ?? null).includes(`{"S":"${id}"}`));
const actionsOf = async (id: string) =>
  (await rowsOf(id))
    .map(({ action, outcome }) => `${(action as { S: string }).S} ${(outcome as { S: string }).S}`)
    .sort();
const requests = async () => (await requestRows()).filter(({ request }) => request);

describe('a repeated request', () => {
  it('of a create makes one item, and answers its key, its place and its tag', async () => {
    const [first, second] = [await post('c', { n: 1 }), await post('c', { n: 1 })];
    expect([first.status, replayed(first)]).toEqual([201, undefined]);
    expect([second.status, replayed(second), second.json]).toEqual([201, 'true', { id: 'c' }]);
    for (const name of ['Location', 'ETag']) expect(second.headers[name]).toBe(first.headers[name]);
    expect(await actionsOf('c')).toEqual(['CREATE ok', 'GET ok']);
  });

  it.each(['PUT', 'PATCH'])(
    'of an update has one effect, and answers the item as it now stands: %s',
    async (method) => {
      const id = `u-${method}`;
      await put('items', { id, n: 1, _v: 1 });
      const write = () => send(method, `/item/${id}`, { as, body: { n: 2 }, headers: withKey() });
      expect((await write()).json).toEqual({ id, n: 2 });
      expect((await send('PUT', `/item/${id}`, { as, body: { n: 3, m: 1 } })).status).toBe(200);
      const again = await write();
      expect([again.status, replayed(again), again.json]).toEqual([200, 'true', { id, n: 3, m: 1 }]);
      expect(again.headers['ETag']).toBe((await send('GET', `/item/${id}`, { as })).headers['ETag']);
      expect(attribute((await find(id)) as Item, '_v')).toEqual({ N: '3' });
      expect((await actionsOf(id)).filter((each) => each === 'UPDATE ok')).toHaveLength(2);
    },
  );

  it('of a delete is 204 again, whatever has come in the place of the item', async () => {
    await put('items', { id: 'd', _v: 1 });
    const drop = () => send('DELETE', '/item/d', { as, headers: withKey() });
    expect((await drop()).status).toBe(204);
    expect([(await drop()).status, replayed(await drop())]).toEqual([204, 'true']);
    expect((await send('POST', '/item', { as, body: { id: 'd' } })).status).toBe(201);
    expect((await drop()).status).toBe(204);
    expect(await find('d')).toBeDefined();
    expect((await actionsOf('d')).filter((each) => each.startsWith('DELETE'))).toEqual(['DELETE ok']);
  });

  it('is answered though If-Match, a rule or a condition would no longer let it through', async () => {
    await put('items', { id: 'late', status: 'pending', _v: 1 });
    const match = (await send('GET', '/item/late', { as })).headers['ETag'] ?? '';
    const body = { status: 'approved', once: 1 };
    const approve = () => send('PUT', '/item/late/approve', { as, body, headers: { ...withKey(), 'If-Match': match } });
    expect((await approve()).status).toBe(200);
    const again = await approve();
    expect([again.status, replayed(again)]).toEqual([200, 'true']);
    expect(await actionsOf('late')).toEqual(['APPROVE ok', 'GET ok', 'GET ok']);
  });

  it('is the same request however its JSON is written', async () => {
    const write = (text: string) => send('POST', '/item', { as, text, headers: withKey() });
    expect((await write('{"id":"j","n":1,"m":{"a":1,"b":[1,2]}}')).status).toBe(201);
    expect(replayed(await write(' {"m":{"b":[1.0,2e0],"a":1}, "n":1, "id":"j"}'))).toBe('true');
    expect((await write('{"id":"j","n":1,"m":{"a":1,"b":[2,1]}}')).json.code).toBe('idempotency_mismatch');
  });

  it('is forgotten after a day, whether or not DynamoDB has removed its row', async () => {
    await put('items', { id: 'day', n: 0, _v: 1 });
    expect((await set('day', { n: 1 })).status).toBe(200);
    ahead = (86_400 - 60) * 1e6;
    expect(replayed(await set('day', { n: 1 }))).toBe('true');
    ahead = (86_400 + 60) * 1e6;
    expect(replayed(await set('day', { n: 1 }))).toBeUndefined();
    expect(attribute((await find('day')) as Item, '_v')).toEqual({ N: '3' });
    expect(replayed(await set('day', { n: 1 }))).toBe('true');
    expect((await set('day', { n: 2 })).status).toBe(409);
  });

  it('without the header has its effect each time', async () => {
    await put('items', { id: 'free', _v: 1 });
    for (const n of [2, 3]) {
      await send('PUT', '/item/free', { as, body: { n: 1 } });
      expect(attribute((await find('free')) as Item, '_v')).toEqual({ N: String(n) });
    }
  });
});

describe('the same key', () => {
  it('with another request is 409, and changes nothing', async () => {
    await put('items', { id: 'k', n: 0, _v: 1 }, { id: 'k2', n: 0, _v: 1 });
    expect((await set('k', { n: 1 })).status).toBe(200);
    const headers = withKey();
    const others = [
      await set('k', { n: 2 }),
      await set('k2', { n: 1 }),
      await send('PATCH', '/item/k', { as, body: { n: 1 }, headers }),
      await send('PUT', '/item/k/approve', { as, body: { n: 1 }, headers }),
      await send('DELETE', '/item/k', { as, headers }),
      await send('PUT', '/item/k', { as, body: { n: 1 }, headers: { ...headers, 'If-Match': '*' } }),
      await post('k', { n: 1 }),
    ];
    for (const { status, json, headers: answered } of others) {
      expect([status, json.code]).toEqual([409, 'idempotency_mismatch']);
      expect(answered).not.toHaveProperty('Idempotency-Replayed');
    }
    expect(await find('k')).toMatchObject({ n: { N: '1' }, _v: { N: '2' } });
    expect(await find('k2')).toMatchObject({ n: { N: '0' } });
  });

  it('of another caller is another key, a person called like an API key among them', async () => {
    await put('items', { id: 'who', _v: 1 });
    const all = [await set('who', { n: 1 }), await set('who', { n: 1 }, 'other')];
    expect(all.map(replayed)).toEqual([undefined, undefined]);
    const claims = { sub: 'other', groups: ['staff'] };
    const person = () => send('PUT', '/item/who', { claims, body: { n: 1 }, headers: withKey() });
    expect([replayed(await person()), replayed(await person())]).toEqual([undefined, 'true']);
    expect(attribute((await find('who')) as Item, '_v')).toEqual({ N: '4' });
    expect((await set('who', { n: 2 }, 'blind')).status).toBe(404);
  });

  it.each([[''], ['x'.repeat(256)], ['a\u0007b'], ['schlüssel'], ['a\tb']])(
    'that is no key is 400, and nothing is written: %j',
    async (bad) => {
      const before = await stored('items');
      for (const [method, path, body] of [
        ['POST', '/item', { id: 'bad' }],
        ['PUT', '/item/k', { n: 9 }],
        ['DELETE', '/item/k', undefined],
      ] as const) {
        const answer = await send(method, path, { as, body, headers: withKey(bad) });
        expect([answer.status, answer.json.code]).toEqual([400, 'invalid_idempotency_key']);
      }
      expect(await stored('items')).toEqual(before);
    },
  );

  it('may have 255 characters, and any printable one', async () => {
    const printable = Array.from({ length: 95 }, (_, at) => String.fromCharCode(32 + at)).join('');
    for (const good of ['x'.repeat(255), printable, '{"id":"x"}', '"quoted"']) {
      const write = () => send('PUT', '/item/k', { as, body: { n: 5 }, headers: withKey(good) });
      expect([replayed(await write()), replayed(await write())]).toEqual([undefined, 'true']);
    }
  });

  it('sent twice is 400', async () => {
    const answer = await send('POST', '/item', {
      as,
      body: { id: 'twice' },
      repeated: { 'idempotency-key': ['a', 'a'] },
    });
    expect([answer.status, answer.json.code]).toEqual([400, 'invalid_idempotency_key']);
  });
});

describe('a refused request', () => {
  it('stores nothing: its key is free', async () => {
    const before = (await requests()).length;
    await put('items', { id: 'ref', status: 'done', state: 'sold', _v: 1 });
    const headers = withKey();
    const refused = [
      await send('PUT', '/item/none', { as, body: { n: 1 }, headers }),
      await send('PUT', '/item/ref', { as: 'active-only', body: { n: 1 }, headers }),
      await send('PUT', '/item/ref/approve', { as, body: { n: 1 }, headers }),
      await send('PUT', '/item/ref', { as, body: { n: 1 }, headers: { ...headers, 'If-Match': '"x"' } }),
      await send('PUT', '/item/ref', { as, body: {}, headers }),
      await send('POST', '/item', { as, body: { id: 'ref' }, headers }),
      await send('POST', '/item', { as, body: { n: 1 }, headers }),
      await send('DELETE', '/item/none', { as, headers }),
    ];
    expect(refused.map(({ status }) => status)).toEqual([404, 404, 409, 412, 400, 409, 400, 404]);
    expect(await requests()).toHaveLength(before);
    expect((await post('ref-new')).status).toBe(201);
  });
});

describe('a repeat is authorized anew', () => {
  it('by endpoint', async () => {
    await auth(keyRecord('leaver'));
    expect((await post('leave', {}, 'leaver')).status).toBe(201);
    await auth(keyRecord('leaver', { permitted_endpoints: [{ method: 'GET', endpoint: '/.*' }] }));
    expect((await post('leave', {}, 'leaver')).json.code).toBe('endpoint_not_permitted');
    await auth(keyRecord('leaver', { disabled: true }));
    expect((await post('leave', {}, 'leaver')).json.code).toBe('not_authorized');
  });

  it('by field, and shows what may be seen now', async () => {
    await put('items', { id: 'field', cost: 7, _v: 1 });
    await auth(keyRecord('narrowed'));
    expect((await set('field', { n: 1 }, 'narrowed')).json).toEqual({ id: 'field', cost: 7, n: 1 });
    await auth(keyRecord('narrowed', { exclude_fields: ['cost'] }));
    expect((await set('field', { n: 1 }, 'narrowed')).json).toEqual({ id: 'field', n: 1 });
    await auth(keyRecord('narrowed', { update_fields_restricted: ['n'] }));
    expect((await set('field', { n: 1 }, 'narrowed')).json.code).toBe('field_not_permitted');
    await auth(keyRecord('narrowed', { exclude_fields: ['n'] }));
    expect((await set('field', { n: 1 }, 'narrowed')).json.code).toBe('field_not_permitted');
  });

  it('by row: what is no longer visible is 404, as a missing item is', async () => {
    for (const method of ['POST', 'PUT']) {
      const id = `row-${method}`;
      key = `row-${method}`;
      if (method === 'PUT') await put('items', { id, state: 'active', _v: 1 });
      const write = () =>
        method === 'PUT'
          ? set(id, { state: 'active', n: 1 }, 'active-only')
          : post(id, { state: 'active' }, 'active-only');
      expect((await write()).status).toBeLessThan(300);
      await send('PUT', `/item/${id}`, { as, body: { state: 'sold' } });
      const hidden = await write();
      await send('DELETE', `/item/${id}`, { as });
      const missing = await write();
      const anonymous = ({ status, text }: Received) => [status, text.replace(/"request_id":"[^"]*"/, '')];
      expect(hidden.status).toBe(404);
      expect(anonymous(hidden)).toEqual(anonymous(missing));
      expect(hidden.headers).not.toHaveProperty('ETag');
    }
  });

  it('and where its effect was not to be seen, is answered without it', async () => {
    await put('items', { id: 'gift', state: 'mine', _v: 1 });
    const give = () => set('gift', { state: 'yours' }, 'giver');
    expect([(await give()).status, (await give()).status]).toEqual([204, 204]);
    expect(replayed(await give())).toBe('true');
    await send('PUT', '/item/gift', { as, body: { state: 'mine' } });
    expect([(await give()).status, (await give()).text]).toEqual([204, '']);
    for (const dark of [await post('dark', {}, 'blind'), await post('dark', {}, 'blind')]) {
      expect([dark.status, dark.json, dark.headers['ETag']]).toEqual([201, { id: 'dark' }, undefined]);
    }
  });
});

describe('parallel repeats', () => {
  it.each(['POST', 'PUT', 'PATCH', 'DELETE'])(
    'of one request have one effect, and all are answered for it: %s',
    async (method) => {
      const id = `par-${method}`;
      if (method !== 'POST') await put('items', { id, n: 0, _v: 1 });
      const body = method === 'DELETE' ? undefined : method === 'POST' ? { id, n: 1 } : { n: 1, once: 1 };
      const path = method === 'POST' ? '/item' : `/item/${id}`;
      const all = await Promise.all(
        Array.from({ length: 20 }, () => send(method, path, { as, body, headers: withKey() })),
      );
      const status = { POST: 201, PUT: 200, PATCH: 200, DELETE: 204 }[method];
      expect(all.map((each) => each.status)).toEqual(Array(20).fill(status));
      expect(all.filter((each) => replayed(each) === undefined)).toHaveLength(1);
      const mutations = (await actionsOf(id)).filter((each) => !each.startsWith('GET'));
      expect(mutations).toHaveLength(1);
      if (method === 'PUT' || method === 'PATCH') expect(attribute((await find(id)) as Item, '_v')).toEqual({ N: '2' });
    },
  );

  it('under an If-Match have one effect, and are told of it', async () => {
    await put('items', { id: 'par-match', _v: 1 });
    const match = (await send('GET', '/item/par-match', { as })).headers['ETag'] ?? '';
    const headers = { ...withKey(), 'If-Match': match };
    const all = await Promise.all(
      Array.from({ length: 20 }, () => send('PUT', '/item/par-match', { as, body: { n: 1 }, headers })),
    );
    expect(all.map(({ status }) => status)).toEqual(Array(20).fill(200));
    expect(attribute((await find('par-match')) as Item, '_v')).toEqual({ N: '2' });
  });

  it('of one key with different requests let one of them happen', async () => {
    const all = await Promise.all(Array.from({ length: 20 }, (_, n) => post(`diff-${n}`)));
    expect(all.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(all.filter(({ status, json }) => status === 409 && json.code === 'idempotency_mismatch')).toHaveLength(19);
    expect((await stored('items')).filter((item) => JSON.stringify(item['id']).includes('diff-'))).toHaveLength(1);
  });
});

describe('a lost answer', () => {
  const broken = () => Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });

  it.each(['POST', 'PUT', 'DELETE'])('of a transaction that was committed repeats cleanly: %s', async (method) => {
    const id = `lost-${method}`;
    if (method !== 'POST') await put('items', { id, _v: 1 });
    const write = () =>
      send(method, method === 'POST' ? '/item' : `/item/${id}`, {
        as,
        body: method === 'DELETE' ? undefined : method === 'POST' ? { id } : { n: 1 },
        headers: withKey(),
      });
    around = async (commit) => {
      await commit();
      throw broken();
    };
    expect((await write()).status).toBe(500);
    const again = await write();
    expect([again.status, replayed(again)]).toEqual([{ POST: 201, PUT: 200, DELETE: 204 }[method], 'true']);
    expect((await actionsOf(id)).filter((each) => !each.startsWith('GET'))).toHaveLength(1);
  });

  it('is found by the function itself, where it can still look', async () => {
    await put('items', { id: 'found', _v: 1 });
    around = async (commit) => {
      await commit();
      throw new ApiError('unavailable');
    };
    const answer = await set('found', { n: 1 });
    expect([answer.status, answer.json]).toEqual([200, { id: 'found', n: 1 }]);
    expect((await actionsOf('found')).filter((each) => !each.startsWith('GET'))).toHaveLength(1);
    around = () => Promise.reject(new ApiError('unavailable'));
    expect((await set('found', { n: 2 })).status).toBe(409);
    key = 'unavailable';
    around = () => Promise.reject(new ApiError('unavailable'));
    expect((await set('found', { n: 2 })).status).toBe(503);
  });

  it('of a transaction that was not committed leaves the key free', async () => {
    around = () => Promise.reject(broken());
    expect((await post('not-yet')).status).toBe(500);
    const again = await post('not-yet');
    expect([again.status, replayed(again)]).toEqual([201, undefined]);
  });
});

describe('the row of a request', () => {
  it('gives away neither key, nor caller, nor body, and ends by itself', async () => {
    key = 'canary-key-5b1e';
    await post('row', { secret: 'canary-secret-5b1e' });
    const row = (await requests()).find(
      ({ resource }) => JSON.stringify(resource) === '{"M":{"id":{"S":"row"}}}',
    ) as Item;
    expect(Object.keys(row).sort()).toEqual(['expire_time', 'id', 'request', 'resource', 'shown', 'status']);
    const expiry = Number((row['expire_time'] as { N: string }).N) - Date.now() / 1000;
    expect(Math.abs(expiry - 86_400)).toBeLessThan(60);
    const everything = JSON.stringify([await requestRows(), await auditRows(), logs]);
    expect(everything).not.toMatch(/canary-(key|secret)/);
    expect(JSON.stringify(await requests())).not.toContain(as);
  });

  it('that someone has altered answers nothing', async () => {
    await put('items', { id: 'alt', n: 1, _v: 1 });
    await set('alt', { n: 2 });
    const row = (await requests()).find(({ resource }) => JSON.stringify(resource).includes('"alt"'));
    await engine.client.send(
      new UpdateItemCommand({
        TableName: names.requests,
        Key: { id: row?.['id'] as never },
        UpdateExpression: 'SET shown = :v',
        ExpressionAttributeValues: { ':v': { S: 'x' } },
      }),
    );
    expect((await set('alt', { n: 2 })).status).toBe(500);
  });
});
