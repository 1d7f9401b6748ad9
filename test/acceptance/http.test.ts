// docs/reference/http.md over HTTP, against the program as users run it: HEAD, OPTIONS and CORS, 405 and 415, and the
// endpoints that read by values and tell callers about themselves.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Dev, startDev } from '../support/command.ts';

const folder = mkdtempSync(join(tmpdir(), 'tablegate-http-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const KEY = 'admin-dev-key';

describe('the example', () => {
  let api: Dev;
  type Options = { readonly key?: string; readonly type?: string; readonly body?: string; readonly origin?: string };
  const send = (method: string, path: string, { key = KEY, type, body, origin }: Options = {}) =>
    fetch(`${api.url}${path}`, {
      method,
      headers: {
        'x-api-key': key,
        ...((type ?? body) !== undefined && { 'Content-Type': type ?? 'application/json' }),
        ...(origin !== undefined && { Origin: origin }),
      },
      ...(body !== undefined && { body }),
    });

  beforeAll(async () => {
    api = await startDev();
  });
  afterAll(async () => {
    await api.stop();
  });

  it.each(['/items', '/items/status/active', '/item/lamp-001', '/statuses', '/types', '/user'])(
    'answers HEAD %s as GET, without the body',
    async (path) => {
      const [get, head] = await Promise.all([send('GET', path), send('HEAD', path)]);
      expect([get.status, head.status]).toEqual([200, 200]);
      expect(head.headers.get('content-type')).toBe('application/json; charset=utf-8');
      expect(head.headers.get('x-request-id')).not.toBe(get.headers.get('x-request-id'));
      expect(head.headers.get('cache-control')).toBe('no-store');
      expect([(await head.text()).length, (await get.text()).length > 2]).toEqual([0, true]);
    },
  );

  it.each([
    ['DELETE', '/items', 'GET, HEAD'],
    ['PUT', '/item', 'POST'],
    ['POST', '/item/lamp-001', 'GET, HEAD, PUT, PATCH, DELETE'],
    ['GET', '/search/id', 'POST'],
    ['GET', '/user/has-permission', 'POST'],
    ['OPTIONS', '/items', 'GET, HEAD'],
  ])('answers %s %s with 405 and Allow: %s', async (method, path, allow) => {
    const response = await send(method, path, { origin: 'https://app.example.com' });
    expect([response.status, response.headers.get('allow')]).toEqual([405, allow]);
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(await response.json()).toMatchObject({ status: 405, code: 'method_not_allowed' });
    expect(response.headers.has('access-control-allow-origin')).toBe(false);
  });

  it.each([
    ['POST', '/item', '{"id":"x"}'],
    ['POST', '/search/id', '["lamp-001"]'],
    ['POST', '/user/has-permission', '{"method":"GET","path":"/items"}'],
    ['PUT', '/item/lamp-001', '{"level":1}'],
  ])('answers %s %s of another content type with 415', async (method, path, body) => {
    for (const type of ['text/plain', 'application/xml', 'application/x-www-form-urlencoded', 'application/jsonp']) {
      const response = await send(method, path, { type, body });
      expect([response.status, await response.json()]).toEqual([
        415,
        expect.objectContaining({ code: 'unsupported_media_type' }),
      ]);
    }
  });

  it('searches, and takes JSON by any of its names', async () => {
    for (const type of ['application/json', 'application/json; charset=utf-8', 'APPLICATION/JSON']) {
      const response = await send('POST', '/search/id', { type, body: '["lamp-001","vase-002","nothing","lamp-001"]' });
      const ids = ((await response.json()) as { id: string }[]).map(({ id }) => id);
      expect([response.status, ids.sort()]).toEqual([200, ['lamp-001', 'vase-002']]);
    }
  });

  it('gives the values of an attribute, to each caller those of its rows', async () => {
    const all = (await (await send('GET', '/statuses')).json()) as string[];
    expect(all.length).toBeGreaterThan(1);
    expect(all).toEqual([...all].sort());
    expect(all).toContain('active');
  });

  it('tells callers who they are and what they may', async () => {
    expect(await (await send('GET', '/user')).json()).toMatchObject({ id: 'key-admin', kind: 'API_KEY' });
    const ask = async (path: string) => {
      const body = JSON.stringify({ method: 'GET', path });
      return await (await send('POST', '/user/has-permission', { body })).json();
    };
    expect(await ask('/items')).toEqual({ authorized: true });
  });
});

describe('an API that pages of two origins may call', () => {
  const origins = ['https://app.example.com', 'http://localhost:5173'];
  let api: Dev;

  beforeAll(async () => {
    const lib = fileURLToPath(new URL('../../lib/definition/', import.meta.url));
    const file = join(folder, 'api.ts');
    writeFileSync(
      file,
      `import { api } from '${lib}api.ts';
       import { list, update } from '${lib}endpoint.ts';
       import { table } from '${lib}table.ts';
       const notes = table('notes', { partitionKey: { id: 'string' } });
       export default api({
         tables: [notes],
         endpoints: [list('/notes', notes), update('/notes/{id}', notes)],
         cors: { origins: ${JSON.stringify(origins)} },
       });`,
    );
    const seed = join(folder, 'seed.json');
    const record = { id: 'k', type: 'API_KEY', name: 'K', username: 'k', email: 'k@example.com' };
    const permitted_endpoints = [{ method: '*', endpoint: '/.*' }];
    writeFileSync(
      seed,
      JSON.stringify({
        api_keys: [{ id: 'k', value: KEY }],
        auth: [{ ...record, permitted_endpoints }],
        groups: [],
        tables: { notes: [{ id: 'a' }] },
      }),
    );
    api = await startDev('--api', file, '--seed', seed);
  });

  const send = (method: string, path: string, headers: Record<string, string>) =>
    fetch(`${api.url}${path}`, { method, headers });

  it.each(origins)('answers the preflight of %s without a key', async (origin) => {
    const response = await send('OPTIONS', '/notes/a', {
      Origin: origin,
      'Access-Control-Request-Method': 'PUT',
      'Access-Control-Request-Headers': 'x-api-key, content-type',
    });
    expect([response.status, await response.text()]).toEqual([204, '']);
    expect(response.headers.get('access-control-allow-origin')).toBe(origin);
    expect(response.headers.get('access-control-allow-methods')).toBe('PUT');
    expect(response.headers.get('access-control-allow-headers')?.toLowerCase()).toContain('x-api-key');
    expect(response.headers.get('vary')).toBe('Origin');
    expect(response.headers.has('access-control-allow-credentials')).toBe(false);
  });

  it('names no origin to the preflight of another, and none to nobody', async () => {
    for (const origin of ['https://evil.example', 'https://app.example.com.evil.example', 'null']) {
      const response = await send('OPTIONS', '/notes', { Origin: origin, 'Access-Control-Request-Method': 'GET' });
      expect([response.status, response.headers.has('access-control-allow-origin')]).toEqual([204, false]);
    }
    expect((await send('OPTIONS', '/notes', {})).headers.has('access-control-allow-origin')).toBe(false);
  });

  it('lets the page read answers and problems', async () => {
    for (const [path, key, status] of [
      ['/notes', KEY, 200],
      ['/notes?_limit=0', KEY, 400],
    ] as const) {
      const response = await send('GET', path, { Origin: 'http://localhost:5173', 'x-api-key': key });
      expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([
        status,
        'http://localhost:5173',
      ]);
    }
  });

  it('says OPTIONS in Allow', async () => {
    const response = await send('DELETE', '/notes', { 'x-api-key': KEY });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD, OPTIONS']);
  });
});
