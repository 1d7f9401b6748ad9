// GET /user and POST /user/has-permission: what callers may know of themselves, and what they may not.

import { beforeAll, describe, expect, it } from 'vitest';
import api from '#api';
import { keyRecord, useApi } from '../support/api.ts';

const { send, auth, groups, auditRows } = useApi(api);
const CANARY = 'canary-91c2';

beforeAll(async () => {
  await groups({
    group_id: 'readers',
    permitted_endpoints: [{ method: 'GET|PUT', endpoint: '/item/[^/]+' }],
    read_filters: [{ field: 'team', value: CANARY }],
  });
  await auth(
    keyRecord('admin'),
    keyRecord('jane', {
      groups: ['readers'],
      permitted_endpoints: [
        { method: 'GET', endpoint: '/user' },
        { method: 'POST', endpoint: '/user/has-permission' },
        { method: 'GET', endpoint: '/items' },
        { method: 'GET', endpoint: '/items' },
      ],
      filter_fields: [{ field: 'status', value: CANARY }],
      exclude_fields: [CANARY],
      update_fields_permitted: [CANARY],
      update_fields_restricted: [CANARY],
      audit_filters: [{ field: 'action', value: CANARY }],
      x_note: CANARY,
    }),
    {
      id: 'staff',
      type: 'OIDC_GROUP',
      permitted_endpoints: [{ method: 'GET', endpoint: '/user' }],
      exclude_fields: [CANARY],
    },
    { id: 'shut', type: 'OIDC_GROUP', disabled: true, permitted_endpoints: [{ method: 'GET', endpoint: '/items' }] },
    {
      id: 'kim',
      type: 'USERNAME',
      name: 'Kim of the record',
      permitted_endpoints: [{ method: 'POST', endpoint: '/user/.*' }],
    },
    keyRecord('nobody', { permitted_endpoints: [{ method: 'GET', endpoint: '/items' }] }),
  );
});

describe('user', () => {
  it('gives id, kind, name, email, groups and permitted endpoints, and nothing else', async () => {
    const answer = await send('GET', '/user', { as: 'jane' });
    expect([answer.status, answer.json]).toEqual([
      200,
      {
        id: 'jane',
        kind: 'API_KEY',
        name: 'jane',
        email: 'jane@example.com',
        groups: ['jane', 'readers'],
        permitted_endpoints: [
          { method: 'GET', endpoint: '/user' },
          { method: 'POST', endpoint: '/user/has-permission' },
          { method: 'GET', endpoint: '/items' },
          { method: 'GET|PUT', endpoint: '/item/[^/]+' },
        ],
      },
    ]);
    expect(answer.text).not.toContain(CANARY);
  });

  it('tells a person with groups and no record of their own, and one with both', async () => {
    const groups = ['staff', 'unknown'];
    const claims = { sub: 'lee', name: 'Lee', email: 'lee@example.com', email_verified: true, groups };
    const lee = await send('GET', '/user', { claims });
    expect(lee.json).toEqual({
      id: 'lee',
      kind: 'OIDC_GROUP',
      name: 'Lee',
      email: 'lee@example.com',
      groups: ['staff'],
      permitted_endpoints: [{ method: 'GET', endpoint: '/user' }],
    });
    const kim = await send('GET', '/user', { claims: { sub: 'kim', groups: ['staff'] } });
    expect(kim.json).toEqual({
      id: 'kim',
      kind: 'USERNAME',
      name: 'Kim of the record',
      groups: ['kim', 'staff'],
      permitted_endpoints: [
        { method: 'POST', endpoint: '/user/.*' },
        { method: 'GET', endpoint: '/user' },
      ],
    });
    expect(lee.text + kim.text).not.toContain(CANARY);
  });

  it('names no group of a disabled record', async () => {
    const { json } = await send('GET', '/user', { claims: { sub: 'lee', groups: ['staff', 'shut'] } });
    expect(json.groups).toEqual(['staff']);
  });

  it('needs a permitted endpoint, and a caller', async () => {
    expect((await send('GET', '/user', { as: 'nobody' })).json.code).toBe('endpoint_not_permitted');
    expect((await send('GET', '/user')).status).toBe(401);
  });

  it('answers HEAD without a body, and takes no parameters', async () => {
    const head = await send('HEAD', '/user', { as: 'jane' });
    expect([head.status, head.text]).toEqual([200, '']);
    const answer = await send('GET', '/user', { as: 'jane', query: [['id', 'admin']] });
    expect([answer.status, answer.json.code]).toEqual([400, 'invalid_query']);
  });
});

describe('has-permission', () => {
  const ask = (body: unknown, as = 'jane') => send('POST', '/user/has-permission', { as, body });

  it.each<[string, string, boolean]>([
    ['GET', '/items', true],
    ['HEAD', '/items', true],
    ['GET', '/items/', true],
    ['POST', '/items', false],
    ['GET', '/item', false],
    ['GET', '/item/a', true],
    ['PUT', '/item/a', true],
    ['PATCH', '/item/a', false],
    ['DELETE', '/item/a', false],
    ['GET', '/item/a/b', false],
    ['GET', '/item/a%2Fb', true],
    ['GET', '/item/a%2fb', true],
    ['GET', '/item/%E2%82%AC', true],
    ['GET', '/%69tems', true],
    ['GET', '/items%2F', false],
    ['GET', '/item%2Fa', false],
    ['GET', '/items%3Fx', false],
    ['GET', '/nowhere', false],
    ['GET', '/user', true],
    ['POST', '/user/has-permission', true],
  ])('%s %s: %s', async (method, path, authorized) => {
    const answer = await ask({ method, path });
    expect([answer.status, answer.json]).toEqual([200, { authorized }]);
  });

  it.each([
    ['/item/a%2Fb', 'GET'],
    ['/item/a', 'PUT'],
    ['/item/a', 'PATCH'],
    ['/items', 'HEAD'],
    ['/user', 'GET'],
  ])('says of %s %s what a request would meet', async (path, method) => {
    const { authorized } = (await ask({ method, path })).json;
    const met = await send(method, path, { as: 'jane', ...(/^P/.test(method) && { body: { level: 1 } }) });
    const isRefused = met.status === 403 && (method === 'HEAD' || met.json.code === 'endpoint_not_permitted');
    expect(isRefused).toBe(!authorized);
  });

  it.each<[string, unknown, string]>([
    ['no method', { path: '/items' }, 'method'],
    ['a method in lower case', { method: 'get', path: '/items' }, 'method'],
    ['a method that is none', { method: 'FETCH', path: '/items' }, 'method'],
    ['OPTIONS, which nobody needs permission for', { method: 'OPTIONS', path: '/items' }, 'method'],
    ['any method', { method: '*', path: '/items' }, 'method'],
    ['a method that is no text', { method: ['GET'], path: '/items' }, 'method'],
    ['no path', { method: 'GET' }, 'path'],
    ['a path that is no text', { method: 'GET', path: 5 }, 'path'],
    ['an empty path', { method: 'GET', path: '' }, 'path'],
    ['the root', { method: 'GET', path: '/' }, 'path'],
    ['a relative path', { method: 'GET', path: 'items' }, 'path'],
    ['a URL', { method: 'GET', path: 'https://example.com/items' }, 'path'],
    ['an empty segment', { method: 'GET', path: '/item//a' }, 'path'],
    ['two slashes at the end', { method: 'GET', path: '/items//' }, 'path'],
    ['a dot segment', { method: 'GET', path: '/item/../items' }, 'path'],
    ['an encoded dot segment', { method: 'GET', path: '/item/%2e%2E' }, 'path'],
    ['a control character', { method: 'GET', path: '/item/a%00' }, 'path'],
    ['a bare control character', { method: 'GET', path: '/item/a\nb' }, 'path'],
    ['bad encoding', { method: 'GET', path: '/item/%E0%A4%A' }, 'path'],
    ['a query string', { method: 'GET', path: '/items?status=a' }, 'path'],
    ['a fragment', { method: 'GET', path: '/items#a' }, 'path'],
    ['a path longer than any request', { method: 'GET', path: `/${'a'.repeat(10_240)}` }, 'path'],
    ['another caller', { method: 'GET', path: '/items', user: 'admin' }, 'user'],
  ])('refuses %s', async (_, body, path) => {
    for (const as of ['jane', 'admin']) {
      const answer = await ask(body, as);
      expect([answer.status, answer.json.code, answer.json.errors?.[0].path]).toEqual([400, 'invalid_body', path]);
    }
  });

  it('asks every grant of a person, and none that is disabled', async () => {
    const body = (method: string, path: string) => ({
      claims: { sub: 'kim', groups: ['staff', 'shut'] },
      body: { method, path },
    });
    const asked = async (method: string, path: string) =>
      (await send('POST', '/user/has-permission', body(method, path))).json.authorized;
    expect(await asked('POST', '/user/has-permission')).toBe(true);
    expect(await asked('GET', '/user')).toBe(true);
    expect(await asked('GET', '/items')).toBe(false);
  });

  it('needs a permitted endpoint itself', async () => {
    const answer = await ask({ method: 'GET', path: '/items' }, 'nobody');
    expect([answer.status, answer.json.code]).toEqual([403, 'endpoint_not_permitted']);
  });

  it('tells of endpoints only: rows, fields and routes do not matter', async () => {
    const paths = ['/item/is-not-there', '/item/a', '/item/b'];
    const answers = await Promise.all(paths.map((path) => ask({ method: 'GET', path })));
    expect(new Set(answers.map(({ text }) => text))).toEqual(new Set(['{"authorized":true}']));
    expect((await ask({ method: 'GET', path: '/no/such/route' }, 'admin')).json).toEqual({ authorized: true });
  });

  it('leaves a row with the question', async () => {
    await ask({ method: 'GET', path: '/asked-once' });
    const rows = (await auditRows()).filter((row) => JSON.stringify(row).includes('/asked-once'));
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ action: { S: 'USER' }, body: { M: { method: { S: 'GET' } } } });
  });
});
