// docs/reference/http.md, "Answer headers": the ETag of one item as its caller sees it, and writes that depend on one.

import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { beforeAll, describe, expect, it } from 'vitest';
import { api } from '../../lib/definition/api.ts';
import { create, get, list, patch, remove, update } from '../../lib/definition/endpoint.ts';
import { table } from '../../lib/definition/table.ts';
import { keyRecord, type Received, useApi } from '../support/api.ts';

const items = table('items', {
  partitionKey: { id: 'string' },
  attributes: { cost: { type: 'number', hidden: true } },
  version: '_v',
});
const others = table('others', { partitionKey: { id: 'string' } });
const definition = api({
  tables: [items, others],
  endpoints: [
    get('/item/{id}', items),
    list('/items', items),
    create('/item', items),
    update('/item/{id}', items),
    patch('/item/{id}', items),
    remove('/item/{id}', items),
    get('/other/{id}', others),
    update('/other/{id}', others),
  ],
});

let meanwhile: (() => Promise<unknown>) | undefined;
const {
  engine,
  names,
  send,
  auth,
  items: put,
  stored,
  requestRows,
  logs,
  auditRows,
} = useApi(definition, (ports) => ({
  ...ports,
  read: async (...asked) => {
    const rows = await ports.read(...asked);
    const act = meanwhile;
    meanwhile = undefined;
    await act?.();
    return rows;
  },
}));
const as = 'admin';
const tag = ({ headers }: Received) => headers['ETag'];
const got = async (id: string, who: string = as) => tag(await send('GET', `/item/${id}`, { as: who })) ?? '';
const found = async (id: string) =>
  (await stored('items')).find((item) => JSON.stringify(item['id']) === JSON.stringify({ S: id }));
const raw = (id: string, UpdateExpression: string) =>
  engine.client.send(
    new UpdateItemCommand({
      TableName: names.data.get('items'),
      Key: { id: { S: id } },
      UpdateExpression,
      ExpressionAttributeValues: { ':v': { N: '9' } },
    }),
  );

beforeAll(async () => {
  await auth(
    keyRecord('admin'),
    keyRecord('twin'),
    keyRecord('limited', { exclude_fields: ['secret', 'box.lid'] }),
    keyRecord('active-only', { filter_fields: [{ field: 'state', value: 'active' }] }),
    keyRecord('no-write', { update_filters: [{ any: [] }], delete_filters: [{ any: [] }] }),
    keyRecord('blind', { read_filters: [{ any: [] }] }),
  );
  await put('items', { id: 'a', n: 1, secret: 's1', box: { lid: 1, rim: 2 }, cost: 1, _v: 1 });
});

describe('an ETag', () => {
  it('is a strong tag, on GET, HEAD, PUT, PATCH and POST, the same for the same item', async () => {
    const made = await send('POST', '/item', { as, body: { id: 'new', n: 1 } });
    expect(tag(made)).toMatch(/^"[\w-]{43}"$/);
    expect(await got('new')).toBe(tag(made));
    expect(tag(await send('HEAD', '/item/new', { as }))).toBe(tag(made));
    const set = await send('PUT', '/item/new', { as, body: { n: 2 } });
    expect(tag(set)).not.toBe(tag(made));
    expect(await got('new')).toBe(tag(set));
    const merged = await send('PATCH', '/item/new', { as, body: { m: { a: 1 } } });
    expect(await got('new')).toBe(tag(merged));
    expect((await send('DELETE', '/item/new', { as })).headers).not.toHaveProperty('ETag');
  });

  it('is on one item only', async () => {
    for (const path of ['/items', '/item/none'])
      expect((await send('GET', path, { as })).headers).not.toHaveProperty('ETag');
    const unseen = await send('POST', '/item', { as: 'blind', body: { id: 'unseen' } });
    expect([unseen.status, tag(unseen)]).toEqual([201, undefined]);
    await put('items', { id: 'lost', state: 'active', _v: 1 });
    const lost = await send('PUT', '/item/lost', { as: 'active-only', body: { state: 'sold' } });
    await auth(keyRecord('giver', { read_filters: [{ field: 'state', value: 'active' }] }));
    expect(lost.headers).not.toHaveProperty('ETag');
    await put('items', { id: 'given', state: 'active', _v: 1 });
    const given = await send('PUT', '/item/given', { as: 'giver', body: { state: 'sold' } });
    expect([given.status, tag(given)]).toEqual([204, undefined]);
  });

  it('is of the item as the caller sees it: what is hidden neither shows nor counts', async () => {
    const [whole, part] = [await got('a'), await got('a', 'limited')];
    expect(part).not.toBe(whole);
    expect(await got('a', 'twin')).toBe(whole);
    await raw('a', 'SET secret = :v, box.lid = :v');
    expect(await got('a', 'limited')).toBe(part);
    expect(await got('a')).not.toBe(whole);
    const changed = await got('a');
    await raw('a', 'SET cost = :v');
    expect(await got('a')).toBe(changed);
    await raw('a', 'SET box.rim = :v');
    expect(await got('a', 'limited')).not.toBe(part);
  });

  it('tells values apart that print alike, and one table from another', async () => {
    const seen = new Set<string>();
    const values = ['1', 1, true, 'true', null, 'null', [1], ['1'], new Set([1]), new Set(['1']), {}, []];
    for (const [at, v] of values.entries()) {
      await put('items', { id: 'same', v, _v: at });
      seen.add(await got('same'));
    }
    await put('others', { id: 'same', v: [] });
    seen.add(tag(await send('GET', '/other/same', { as })) ?? '');
    expect(seen.size).toBe(values.length + 1);
  });
});

describe('If-Match', () => {
  it.each(['PUT', 'PATCH', 'DELETE'])('lets one who knows the version write, and no one else: %s', async (method) => {
    await put('items', { id: 'm', n: 1, _v: 1 });
    const body = method === 'DELETE' ? undefined : { n: 2 };
    const old = await got('m');
    const write = (match: string) => send(method, '/item/m', { as, body, headers: { 'if-match': match } });
    for (const match of ['"x"', `W/${old}`, `"x", W/${old}`, '""', old.replace(/.$/, 'x"')]) {
      const answer = await write(match);
      expect([match, answer.status, answer.json.code]).toEqual([match, 412, 'precondition_failed']);
      expect(answer.headers).not.toHaveProperty('ETag');
    }
    expect(await found('m')).toMatchObject({ n: { N: '1' } });
    expect((await write(`"x" , ${old},"y"`)).status).toBe(method === 'DELETE' ? 204 : 200);
    expect((await write(old)).status).toBe(method === 'DELETE' ? 404 : 412);
  });

  it('of * is any version, and makes nothing', async () => {
    await put('items', { id: 'star', _v: 1 });
    expect((await send('PUT', '/item/star', { as, body: { n: 1 }, headers: { 'If-Match': ' * ' } })).status).toBe(200);
    expect((await send('PUT', '/item/none', { as, body: { n: 1 }, headers: { 'If-Match': '*' } })).status).toBe(404);
  });

  it.each(['', 'x', '"a" "b"', '"a', '"a",b', 'w/"a"', '*, "a"', '"a\u0000"', '"a"'.repeat(3_000)])(
    'that is malformed is 400, and never passed over: %j',
    async (match) => {
      await put('items', { id: 'bad', n: 1, _v: 1 });
      for (const method of ['PUT', 'PATCH', 'DELETE']) {
        const answer = await send(method, '/item/bad', {
          as,
          body: method === 'DELETE' ? undefined : { n: 2 },
          headers: { 'If-Match': match },
        });
        expect([answer.status, answer.json.code, answer.json.errors[0].path]).toEqual([
          400,
          'invalid_header',
          'If-Match',
        ]);
      }
      expect(await found('bad')).toMatchObject({ n: { N: '1' } });
    },
  );

  it('that is sent twice is 400, after what says who may ask', async () => {
    const repeated = { 'If-Match': ['"a"', '"b"'] };
    const send2 = (who: string | undefined) =>
      send('PUT', '/item/a', { ...(who && { as: who }), body: { n: 2 }, repeated });
    expect((await send2(as)).json.code).toBe('invalid_header');
    expect((await send2(undefined)).status).toBe(401);
    await auth(keyRecord('shut', { permitted_endpoints: [] }));
    expect((await send2('shut')).status).toBe(403);
  });

  it('tells nothing of rows that the caller may not see or change', async () => {
    await put('items', { id: 'sold', state: 'sold', _v: 1 });
    const old = await got('sold');
    const write = (who: string, id: string, match: string) =>
      send('PUT', `/item/${id}`, { as: who, body: { n: 1 }, headers: { 'If-Match': match } });
    const anonymous = ({ status, text }: Received) => [status, text.replace(/"request_id":"[^"]*"/, '')];
    for (const match of [old, '"x"', '*'])
      expect(anonymous(await write('active-only', 'sold', match))).toEqual(
        anonymous(await write('active-only', 'none', match)),
      );
    expect((await write('no-write', 'sold', '"x"')).json.code).toBe('row_not_permitted');
  });

  it('of a tag that another caller sees does not match', async () => {
    await put('items', { id: 'view', secret: 's', _v: 1 });
    const match = await got('view');
    expect(
      (await send('PUT', '/item/view', { as: 'limited', body: { n: 1 }, headers: { 'If-Match': match } })).status,
    ).toBe(412);
  });

  it('is checked on the very item that is written', async () => {
    await put('items', { id: 'race', n: 1, _v: 1 });
    const match = await got('race');
    meanwhile = () => raw('race', 'SET n = :v');
    const answer = await send('PUT', '/item/race', { as, body: { n: 2 }, headers: { 'If-Match': match } });
    expect(answer.status).toBe(412);
    expect(await found('race')).toMatchObject({ n: { N: '9' } });
  });

  it.each(['PUT', 'PATCH', 'DELETE'])('of twenty writers with one version lets one write: %s', async (method) => {
    const id = `many-${method}`;
    await put('items', { id, n: 0, _v: 1 });
    const match = await got(id);
    const all = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        send(method, `/item/${id}`, {
          as,
          body: method === 'DELETE' ? undefined : { n: n + 1 },
          headers: { 'If-Match': match },
        }),
      ),
    );
    expect(all.filter(({ status }) => status < 300)).toHaveLength(1);
    expect(
      all.filter(({ status }) => status >= 300).every(({ status }) => status === (method === 'DELETE' ? 404 : 412)),
    ).toBe(true);
    if (method !== 'DELETE') expect(await found(id)).toMatchObject({ _v: { N: '2' } });
  });

  it('on a create cannot hold', async () => {
    const answer = await send('POST', '/item', { as, body: { id: 'cond' }, headers: { 'If-Match': '*' } });
    expect([answer.status, answer.json.code]).toEqual([412, 'precondition_failed']);
    expect(await found('cond')).toBeUndefined();
  });
});

describe('If-None-Match', () => {
  it('of * is what a create demands anyway', async () => {
    const make = () => send('POST', '/item', { as, body: { id: 'inm' }, headers: { 'If-None-Match': '*' } });
    expect((await make()).status).toBe(201);
    expect((await make()).status).toBe(409);
  });

  it('of * on an update says that there must be no item: so it changes nothing', async () => {
    await put('items', { id: 'there', n: 1, _v: 1 });
    const old = await got('there');
    const write = (tags: string) =>
      send('PUT', '/item/there', { as, body: { n: 2 }, headers: { 'If-None-Match': tags } });
    for (const tags of ['*', old, `W/${old}`]) expect((await write(tags)).json.code).toBe('precondition_failed');
    expect((await write('x')).json.code).toBe('invalid_header');
    expect((await write('"x"')).status).toBe(200);
  });
});

describe('the seal key', () => {
  it('is one for all, random, and in no answer, log or audit row', async () => {
    const [row, ...more] = (await requestRows()).filter(({ id }) => JSON.stringify(id) === '{"S":"seal-key"}');
    expect(more).toEqual([]);
    const key = row?.['key'];
    if (!key || !('B' in key)) throw new Error('no key');
    expect(key.B).toHaveLength(32);
    expect(new Set(key.B).size).toBeGreaterThan(16);
    const texts = ['base64', 'base64url', 'hex'].map((form) => Buffer.from(key.B).toString(form as BufferEncoding));
    const written = logs.join('\n') + JSON.stringify(await auditRows());
    for (const text of texts) expect(written).not.toContain(text);
  });
});
