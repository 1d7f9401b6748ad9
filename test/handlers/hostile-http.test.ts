// Hostile HTTP, byte by byte: paths, encodings, headers and bodies that try to mean something else to whoever reads next.
// Sent as raw bytes to the local gateway, behind which are the real handlers and a real engine.

import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { CompactSign } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import api from '#api';
import type { LocalFunction } from '../../lib/local/function/function.ts';
import { type Gateway, startGateway } from '../../lib/local/gateway/gateway.ts';
import { issuerKeys } from '../../lib/local/issuer/issuer-keys.ts';
import { tokenVerifier } from '../../lib/local/issuer/token-verifier.ts';
import { keyRecord, useApi } from '../support/api.ts';
import { httpEvent } from '../support/http-event.ts';
import { AUDIENCE, signingKey, startIssuer, type TestIssuer } from '../support/issuer.ts';
import { restEvent } from '../support/rest-event.ts';

const { deliver, auth, items, stored } = useApi(api, undefined, { isWarm: true });
let gateway: Gateway;
let issuer: TestIssuer;
let token = '';

/** A function that runs here, fed as a worker is. */
function inProcess(id: string): LocalFunction {
  const endpoint = api.endpoints[Number(id)] as (typeof api.endpoints)[number];
  const invoke = async (payload: string) => {
    return { kind: 'answer', text: JSON.stringify(await deliver(endpoint, JSON.parse(payload))) } as const;
  };
  return { invoke, stop: () => Promise.resolve() };
}

/** The routes of the API, each method with what answers it. */
function routesOf<T>(methodOf: (functionId: string) => T) {
  const routes = new Map<string, Map<string, T>>();
  for (const [at, { method, route }] of api.endpoints.entries()) {
    const methods = routes.get(route) ?? new Map<string, T>();
    routes.set(route, methods);
    for (const each of method === 'GET' ? ['GET', 'HEAD'] : [method]) methods.set(each, methodOf(String(at)));
  }
  return [...routes].map(([resource, methods]) => ({ resource, methods }));
}

beforeAll(async () => {
  issuer = await startIssuer();
  token = await issuer.sign({ sub: 'jane', groups: ['staff'] });
  const lambda = (functionId: string) => ({ functionId, timeoutMs: 20_000 });
  const signIn = { issuer: issuer.url, audience: [AUDIENCE] };
  gateway = await startGateway({
    model: {
      routes: routesOf((id) => ({ apiKeyRequired: true, integration: { kind: 'lambda' as const, ...lambda(id) } })),
      gatewayResponses: new Map(),
      stage: 'prod',
      httpApi: { authorizer: { issuer: issuer.url, audience: [AUDIENCE] }, routes: routesOf(lambda), cors: undefined },
    },
    signIn,
    apiKeys: [
      { id: 'admin', value: 'good' },
      { id: 'narrow', value: 'narrow' },
    ],
    functions: new Map(api.endpoints.map((_, at) => [String(at), inProcess(String(at))])),
    host: '127.0.0.1',
    port: 0,
    log: () => {},
  });
  const narrow = [
    { method: 'GET', endpoint: '/item/a' },
    { method: 'GET', endpoint: '/items' },
  ];
  await auth(keyRecord('admin'), keyRecord('narrow', { permitted_endpoints: narrow }), {
    ...keyRecord('staff'),
    type: 'OIDC_GROUP',
  });
  await items('items', { id: 'a', status: 'active', _v: 1 }, { id: 'secret', status: 'active', _v: 1 });
});
afterAll(async () => {
  await gateway.stop();
  await issuer.stop();
});

type Answer = { readonly status: number; readonly head: string; readonly body: string };

/** What comes back for bytes, until the connection ends. */
function send(bytes: string | Buffer): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect(gateway.port, '127.0.0.1', () => socket.write(bytes));
    socket.on('data', (chunk) => chunks.push(chunk)).once('error', reject);
    socket.once('close', () => {
      const text = Buffer.concat(chunks).toString('latin1');
      const [head = '', ...body] = text.split('\r\n\r\n');
      resolve({ status: Number(head.split(' ')[1]), head, body: body.join('\r\n\r\n') });
    });
  });
}

type More = { readonly key?: string; readonly headers?: readonly string[]; readonly body?: string | Buffer };

function request(method: string, target: string, { key = 'good', headers = [], body = '' }: More = {}): Buffer {
  const content = Buffer.from(body as string);
  const credential = key === '' ? [] : [`x-api-key: ${key}`];
  const length = content.length === 0 ? [] : [`Content-Length: ${content.length}`];
  const type = headers.some((each) => /^content-type/i.test(each)) ? [] : ['Content-Type: application/json'];
  const lines = [
    `${method} ${target} HTTP/1.1`,
    'Host: 127.0.0.1',
    'Connection: close',
    ...credential,
    ...type,
    ...length,
    ...headers,
  ];
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), content]);
}

/** What no answer may be or have, whatever was asked. */
function expectDecent({ status, head }: Answer): void {
  expect(status).toBeGreaterThanOrEqual(200);
  expect(status).toBeLessThan(500);
  expect(head).not.toMatch(/^x-evil|^set-cookie/im);
  expect(head).not.toMatch(/evil\.example/i);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what is looked for
  expect(head.replaceAll('\r\n', '')).not.toMatch(/[\u0000-\u0008\u000a-\u001f]/);
}

const json = (value: unknown) => JSON.stringify(value);

describe('a path', () => {
  it.each<[string, string, number]>([
    ['as it should be', '/item/a', 200],
    ['a slash at its end', '/item/a/', 200],
    ['one more slash', '//item/a', 403],
    ['a slash inside a parameter', '/item/a%2Fb', 404],
    ['the same, in lower case', '/item/a%2fb', 404],
    ['two dots', '/item/..', 400],
    ['two dots, encoded', '/item/%2e%2e', 400],
    ['two dots, encoded twice', '/item/%252e%252e', 404],
    ['dots and a slash', '/item/..%2Fuser', 404],
    ['dots as segments', '/item/../user', 403],
    ['a dot segment', '/./items', 403],
    ['a null byte', '/item/a%00', 400],
    ['a null byte behind what is there', '/item/a%00.json', 400],
    ['a line end', '/item/a%0d%0ax-evil:%201', 400],
    ['an overlong slash', '/item/a%c0%afb', 400],
    ['an overlong dot', '/item/%c0%ae%c0%ae', 400],
    ['an overlong null', '/item/a%c0%80', 400],
    ['half a character', '/item/%e2%82', 400],
    ['a surrogate in UTF-8', '/item/%ed%a0%80', 400],
    ['a byte of Latin-1', '/item/caf%e9', 400],
    ['an escape of old browsers', '/item/%u0061', 400],
    ['half an escape', '/item/%', 400],
    ['another case', '/ITEM/a', 403],
    ['a matrix parameter', '/item/a;x=1', 404],
    ['a fragment', '/item/a#b', 404],
    ['a backslash', '/item\\a', 403],
    ['a tab, encoded', '/item/a%09', 400],
    ['an absolute URL', 'http://evil.example/item/a', 403],
    ['the path of the issuer that is not here', '/+tablegate/token', 403],
    ['a long one', `/item/${'x'.repeat(8_000)}`, 400],
    ['one that is too long', `/item/${'x'.repeat(20_000)}`, 431],
  ])('%s: %s', async (_, target, status) => {
    const answer = await send(request('GET', target));
    expectDecent(answer);
    expect(answer.status).toBe(status);
  });

  it.each([
    '/item/secret',
    '/item/a%2F..%2Fsecret',
    '/item/%61/../secret',
    '/item/a%2f',
    '/item/a%00',
    '/item//a',
    '/item/A',
  ])('opens no more than the record permits, in any spelling: %s', async (target) => {
    const answer = await send(request('GET', target, { key: 'narrow' }));
    expectDecent(answer);
    expect([400, 403]).toContain(answer.status);
  });

  it('that only is spelt otherwise is the one that is permitted', async () => {
    expect((await send(request('GET', '/item/%61', { key: 'narrow' }))).status).toBe(200);
  });
});

describe('a query', () => {
  it.each<[string, number]>([
    ['?', 200],
    ['?&&', 200],
    ['?&&=&', 400],
    ['?%', 400],
    ['?%zz=1', 400],
    ['?status=%00', 200],
    ['?status=%ff', 200],
    ['?status[]=active', 400],
    ['?status[$ne]=x', 400],
    ['?__proto__=1', 400],
    ['?constructor.prototype.x=1', 200],
    ['?_where={"field":"status","value":"active"}', 200],
    ['?_limit=1&_limit=2', 400],
    ['?_limit=1e1', 400],
    ['?_limit=%31', 200],
    ['?_cursor=..%2f..%2f', 400],
    [`?${'a=1&'.repeat(2_000)}`, 200],
  ])('%s is %i', async (query, status) => {
    const answer = await send(
      request('GET', `/items${query.replaceAll('"', '%22').replaceAll('{', '%7b').replaceAll('}', '%7d')}`),
    );
    expectDecent(answer);
    expect([query.slice(0, 40), answer.status]).toEqual([query.slice(0, 40), status]);
  });

  it('that stands in the link to the next page ends no line of the answer', async () => {
    const value = encodeURIComponent('active"\r\nx-evil: 1\r\n<>;');
    const answer = await send(
      request(
        'GET',
        `/items?_limit=1&status__in=%5B%22active%22,%22${value.replaceAll('%22', '%5C%22').replaceAll('%0D%0A', '%5Cr%5Cn')}%22%5D`,
        { headers: ['X-Forwarded-Host: evil.example'] },
      ),
    );
    expectDecent(answer);
    expect(answer.head).toMatch(/^link: <[\x21-\x3b\x3d\x3f-\x7e]+>; rel="next"$/im);
  });
});

describe('headers', () => {
  it.each<[string, readonly string[], number]>([
    ['a key in another case', ['X-API-KEY: good'], 200],
    ['a bad key behind a good one', ['x-api-key: good', 'x-api-key: bad'], 403],
    ['two keys in one', ['x-api-key: good, good'], 403],
    ['a key beside a token', ['x-api-key: good', 'Authorization: Bearer a.b.c'], 400],
    ['a key beside another scheme', ['x-api-key: good', 'Authorization: Basic eDp5'], 200],
    ['a caller by header', ['x-remote-user: admin', 'x-api-key-id: admin', 'x-amzn-apigateway-api-id: admin'], 403],
    ['another host', ['x-api-key: good', 'X-Forwarded-Host: evil.example', 'Forwarded: host=evil.example'], 200],
    ['another method', ['x-api-key: narrow', 'X-HTTP-Method-Override: DELETE'], 200],
    ['another path', ['x-api-key: narrow', 'X-Original-URL: /item/secret', 'X-Rewrite-URL: /item/secret'], 200],
    ['bytes above ASCII', ['x-api-key: good', 'x-other: \u00e9\u00ff'], 200],
    ['a hundred of them', ['x-api-key: good', ...Array.from({ length: 100 }, (_, n) => `x-${n}: ${n}`)], 200],
    ['more than fit', ['x-api-key: good', `x-long: ${'x'.repeat(11_000)}`], 431],
    ['a folded one', ['x-api-key: good', 'x-other: a\r\n b'], 400],
    ['a null byte', ['x-api-key: good', 'x-other: a\u0000b'], 400],
    ['a space in a name', ['x-api-key : good'], 400],
    ['no name', [': good'], 400],
  ])('%s', async (_, headers, status) => {
    const answer = await send(request('GET', '/item/a', { key: '', headers }));
    expectDecent(answer);
    expect(answer.status).toBe(status);
  });

  it.each([
    ['a length beside chunks', 'Transfer-Encoding: chunked\r\nContent-Length: 3'],
    ['two lengths', 'Content-Length: 1\r\nContent-Length: 2'],
    ['a length that is none', 'Content-Length: +5'],
    ['chunks in another spelling', 'Transfer-Encoding: xchunked\r\nContent-Length: 3'],
  ])('that leave open where a request ends are refused: %s', async (_, headers) => {
    const smuggled = 'GET /item/secret HTTP/1.1\r\nHost: localhost\r\nx-api-key: good\r\nConnection: close\r\n\r\n';
    const answer = await send(
      `POST /item HTTP/1.1\r\nHost: localhost\r\nx-api-key: good\r\n${headers}\r\n\r\n0\r\n\r\n${smuggled}`,
    );
    expect([answer.status, answer.body.includes('secret')]).toEqual([400, false]);
  });

  it.each(['TRACE', 'CONNECT', 'OPTIONS', 'get', 'PURGE', 'G\u0000ET'])('method %s opens nothing', async (method) => {
    const answer = await send(request(method, method === 'CONNECT' ? 'evil.example:80' : '/items'));
    expect(answer.body).not.toContain('active');
    expect(Number.isNaN(answer.status) || answer.status >= 400).toBe(true);
  });

  it.each(['"x', 'x', 'W/x', '"a" "b"', ',,', '"\u00ff"', `"${'x'.repeat(5_000)}`, '*, "x"'])(
    'If-Match: %s changes nothing',
    async (value) => {
      const answer = await send(request('PUT', '/item/a', { headers: [`If-Match: ${value}`], body: json({ n: 1 }) }));
      expectDecent(answer);
      expect([400, 412]).toContain(answer.status);
    },
  );
});

describe('a body', () => {
  const utf16 = Buffer.from('{"id":"utf16"}', 'utf16le');
  it.each<[string, string | Buffer, readonly string[], number]>([
    ['compressed', gzipSync('{"id":"zip"}'), ['Content-Encoding: gzip'], 400],
    ['in UTF-16', utf16, ['Content-Type: application/json; charset=utf-16'], 400],
    ['behind a byte order mark', '\ufeff{"id":"bom"}', [], 400],
    ['with a null byte behind it', '{"id":"null"}\u0000', [], 400],
    ['twice', '{"id":"one"}{"id":"two"}', [], 400],
    ['with a key twice', '{"id":"one","id":"two"}', [], 400],
    ['with a key twice, in two spellings', '{"id":"one","\\u0069d":"two"}', [], 400],
    ['deeper than may be', `{"id":"deep","a":${'['.repeat(10_000)}${']'.repeat(10_000)}}`, [], 400],
    ['with a number of many digits', `{"id":"long","n":${'9'.repeat(10_000)}}`, [], 400],
    ['with a great exponent', '{"id":"big","n":1e999999999}', [], 400],
    ['of a form', 'id=form', ['Content-Type: application/x-www-form-urlencoded'], 415],
    ['of two types', '{"id":"types"}', ['Content-Type: application/json', 'Content-Type: text/plain'], 415],
    [
      'of two types, the first with a parameter',
      '{"id":"types"}',
      ['Content-Type: application/json; charset=utf-8', 'Content-Type: text/plain'],
      415,
    ],
    ['larger than may be', `{"id":"large","a":"${'x'.repeat(300_000)}"}`, [], 413],
  ])('%s', async (_, body, headers, status) => {
    const before = (await stored('items')).length;
    const answer = await send(request('POST', '/item', { headers, body }));
    expectDecent(answer);
    expect(answer.status).toBe(status);
    expect((await stored('items')).length).toBe(before);
  });

  it('behind a byte order mark is refused in base64 too', async () => {
    const endpoint = api.endpoints.find(({ route }) => route === '/item') as (typeof api.endpoints)[number];
    const body = Buffer.from('\ufeff{"id":"bom"}').toString('base64');
    const event = {
      ...restEvent({ method: 'POST', path: '/item', route: '/item', as: 'admin', body }),
      isBase64Encoded: true,
    };
    expect(JSON.parse((await deliver(endpoint, event)).body)).toMatchObject({ code: 'invalid_body' });
  });

  it('that is no UTF-8 is told to nobody who may not write', async () => {
    const endpoint = api.endpoints.find(({ route }) => route === '/item') as (typeof api.endpoints)[number];
    const answerTo = async (as: string) => {
      const event = restEvent({ method: 'POST', path: '/item', route: '/item', as, body: '/w==' });
      return JSON.parse((await deliver(endpoint, { ...event, isBase64Encoded: true })).body);
    };
    await auth(keyRecord('only-reads', { permitted_endpoints: [{ method: 'GET', endpoint: '/items' }] }));
    expect(await answerTo('only-reads')).toMatchObject({ code: 'endpoint_not_permitted' });
    expect(await answerTo('admin')).toMatchObject({ code: 'invalid_body', detail: 'the body is not UTF-8' });
  });

  it('with names of prototypes changes nothing but the item', async () => {
    const text = '{"id":"proto","__proto__":{"isAdmin":true},"constructor":{"prototype":{"x":1}}}';
    expect((await send(request('POST', '/item', { body: text }))).status).toBe(201);
    expect(({} as Record<string, unknown>)['isAdmin']).toBeUndefined();
    expect((await send(request('DELETE', '/item/proto'))).status).toBe(204);
  });

  it('with a key that ends lines makes one line of Location', async () => {
    const id = 'line\u2028\u00e9"<>\\';
    const answer = await send(request('POST', '/item', { body: json({ id }) }));
    expectDecent(answer);
    expect(answer.head).toMatch(new RegExp(`^location: /item/${encodeURIComponent(id)}$`, 'im'));
    const evil = await send(request('POST', '/item', { body: json({ id: 'a\r\nx-evil: 1' }) }));
    expectDecent(evil);
  });
});

describe('the HTTP API', () => {
  it.each<[string, string, number]>([
    ['as it should be', '/item/a', 200],
    ['a slash inside a parameter, which it decodes', '/item/a%2Fb', 404],
    ['two dots, encoded twice', '/item/%252e%252e', 400],
    ['a null byte', '/item/a%00', 400],
    ['a line end', '/item/a%0d%0ax-evil:%201', 400],
    ['overlong UTF-8', '/item/%c0%ae', 400],
    ['a question mark, encoded', '/item/a%3Fx', 200],
    ['a slash at its end', '/item/a/', 404],
  ])('%s: %s', async (_, target, status) => {
    const answer = await send(request('GET', target, { key: '', headers: [`Authorization: Bearer ${token}`] }));
    expectDecent(answer);
    expect(answer.status).toBe(status);
  });

  it.each<[string, () => readonly string[], number]>([
    ['two tokens', () => [`Authorization: Bearer ${token}`, `Authorization: Bearer ${token}`], 401],
    ['two in one', () => [`Authorization: Bearer ${token}, Bearer ${token}`], 401],
    ['a token behind spaces', () => [`Authorization:   bearer   ${token}  `], 200],
    ['a token by itself', () => [`Authorization: ${token}`], 403],
    ['no token', () => ['Authorization: Bearer'], 401],
    ['a token in the query', () => ['Authorization: Bearer x'], 401],
  ])('%s', async (_, headers, status) => {
    const answer = await send(
      request('GET', `/item/a?access_token=${token}`.slice(0, status === 200 ? 7 : undefined), {
        key: '',
        headers: headers(),
      }),
    );
    expectDecent(answer);
    expect(answer.status).toBe(status);
  });
});

it('a claim that stands twice names nobody, though the issuer signed it', async () => {
  const { jwk, privateKey } = await signingKey('twice');
  const twice = await startIssuer();
  twice.keys = [jwk];
  const signed = async (claims: string) => {
    const now = Math.floor(Date.now() / 1000);
    const text = `{"iss":"${twice.url}","aud":"${AUDIENCE}","exp":${now + 600},"groups":["staff"],${claims}}`;
    return await new CompactSign(Buffer.from(text)).setProtectedHeader({ alg: 'RS256', kid: 'twice' }).sign(privateKey);
  };
  const verify = tokenVerifier({ issuer: twice.url, audience: [AUDIENCE], keys: issuerKeys({ issuer: twice.url }) });
  for (const [claims, status] of [
    ['"sub":"jane"', 200],
    ['"sub":"jane","sub":"max"', 401],
    ['"sub":"jane","s\\u0075b":"max"', 401],
  ] as const) {
    const each = await signed(claims);
    const verified = await verify(each);
    expect('claims' in verified).toBe(true);
    const endpoint = api.endpoints.find(({ route }) => route === '/user') as (typeof api.endpoints)[number];
    const event = httpEvent({
      method: 'GET',
      path: '/user',
      route: '/user',
      claims: { sub: 'max' },
      headers: { authorization: `Bearer ${each}` },
    });
    expect([claims, (await deliver(endpoint, event)).statusCode]).toEqual([claims, status]);
  }
  await twice.stop();
});

it('is as it was after all that', async () => {
  expect((await stored('items')).find(({ id }) => json(id) === '{"S":"a"}')).toEqual({
    id: { S: 'a' },
    status: { S: 'active' },
    _v: { N: '1' },
  });
  expect((await send(request('GET', '/item/a'))).status).toBe(200);
});
