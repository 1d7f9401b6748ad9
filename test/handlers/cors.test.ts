// docs/reference/http.md, "Answer headers": CORS on the answers and problems of the Lambdas, where the definition
// allows origins.

import { beforeAll, describe, expect, it } from 'vitest';
import { type ApiOptions, api } from '../../lib/definition/api.ts';
import { get, list } from '../../lib/definition/endpoint.ts';
import { table } from '../../lib/definition/table.ts';
import { keyRecord, useApi } from '../support/api.ts';

const note = table('note', { partitionKey: { id: 'string' } });
const define = (cors?: ApiOptions['cors']) =>
  api({ tables: [note], endpoints: [list('/notes', note), get('/note/{id}', note)], ...(cors && { cors }) });

const none = useApi(define());
const every = useApi(define({ origins: ['*'] }));
const some = useApi(define({ origins: ['https://app.example.com', 'http://localhost:5173'] }));
const as = 'admin';

beforeAll(async () => {
  for (const { auth, items } of [none, every, some]) {
    await auth(keyRecord('admin'));
    await items('note', { id: 'a' });
  }
});

const ALLOW = 'Access-Control-Allow-Origin';

describe.each([
  ['an answer', 'GET', '/note/a', as, 200],
  ['an answer to HEAD', 'HEAD', '/note/a', as, 200],
  ['a problem', 'GET', '/note/b', as, 404],
  ['a refusal', 'GET', '/note/a', 'nobody', 403],
  ['a call of nobody', 'GET', '/note/a', undefined, 401],
  ['a malformed call', 'GET', '/note/%00', as, 400],
])('%s', (_, method, path, caller, status) => {
  const send = ({ send }: typeof none, origin?: string, name = 'Origin') =>
    send(method, path, {
      ...(caller !== undefined && { as: caller }),
      ...(origin !== undefined && { headers: { [name]: origin } }),
    });

  it('has no such header without cors', async () => {
    const { headers, status: got } = await send(none, 'https://app.example.com');
    expect(got).toBe(status);
    expect(Object.keys(headers).filter((name) => /^(access-control|vary)/i.test(name))).toEqual([]);
  });

  it('is open to every page where the definition says so', async () => {
    for (const origin of ['https://anything.example', undefined]) {
      const { headers } = await send(every, origin);
      expect([headers[ALLOW], headers['Vary']]).toEqual(['*', undefined]);
      expect(headers['Access-Control-Expose-Headers']).toMatch(/ETag.*X-Request-Id/);
    }
  });

  it.each(['https://app.example.com', 'http://localhost:5173'])('names %s, which is allowed', async (origin) => {
    for (const name of ['Origin', 'origin', 'ORIGIN']) {
      const { headers } = await send(some, origin, name);
      expect([headers[ALLOW], headers['Vary']]).toEqual([origin, 'Origin']);
      expect(headers).not.toHaveProperty('Access-Control-Allow-Credentials');
    }
  });

  it.each([
    ['another', 'https://evil.example'],
    ['one that begins alike', 'https://app.example.com.evil.example'],
    ['one that ends alike', 'https://evil-app.example.com'],
    ['another scheme', 'http://app.example.com'],
    ['another port', 'https://app.example.com:8443'],
    ['capitals', 'https://APP.example.com'],
    ['two', 'https://app.example.com, http://localhost:5173'],
    ['null', 'null'],
    ['a star', '*'],
    ['none', undefined],
  ])('names no origin for %s, and still varies by it', async (_name, origin) => {
    const { headers } = await send(some, origin);
    expect([headers[ALLOW], headers['Vary']]).toEqual([undefined, 'Origin']);
  });
});
