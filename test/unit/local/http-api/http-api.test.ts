// The gateway with an HTTP API beside the REST API, in front of real workers, with a development issuer and another one.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { api as defineApi } from '../../../../lib/definition/api.ts';
import { list } from '../../../../lib/definition/endpoint.ts';
import { parseRoute } from '../../../../lib/definition/route.ts';
import { table } from '../../../../lib/definition/table.ts';
import { type LocalFunction, localFunction } from '../../../../lib/local/function/function.ts';
import { type Gateway, startGateway } from '../../../../lib/local/gateway/gateway.ts';
import { developmentIssuer, ISSUER_PATH, TOKEN_PATH } from '../../../../lib/local/issuer/development-issuer.ts';
import { answerIssuer } from '../../../../lib/local/issuer/issuer-answers.ts';
import { type SignIn, signInOf } from '../../../../lib/local/issuer/sign-in.ts';
import { type CloudModel, readTemplate } from '../../../../lib/local/template/template.ts';
import { writeCdkOutput } from '../../../support/cdk-output.ts';
import { httpApiResources } from '../../../support/http-api-resources.ts';
import { AUDIENCE, startIssuer, type TestIssuer } from '../../../support/issuer.ts';

const echo = 'exports.handler = async (event) => ({ statusCode: 200, body: JSON.stringify(event) })';
const ROUTES = {
  'GET /echo': { code: echo },
  'POST /item/{id}': { code: echo },
  'GET /item/special': { code: 'exports.handler = async () => "special"' },
  'GET /throw': { code: 'exports.handler = async () => { throw new Error("secret detail") }' },
  'GET /malformed': { code: 'exports.handler = async () => ({ statusCode: 1 })' },
  'GET /slow': { code: 'exports.handler = () => new Promise(() => {})', timeout: 1 },
};
const CORS = {
  AllowOrigins: ['https://app.example'],
  AllowMethods: ['GET'],
  AllowHeaders: ['Authorization'],
  MaxAge: 5,
};
const names = { username: 'sub', name: ['name'], email: 'email', groups: 'groups' };

const log: string[] = [];
const started: (() => Promise<unknown>)[] = [];
let model: CloudModel;
let functions: ReadonlyMap<string, LocalFunction>;
let issuer: TestIssuer;
let gateway: Gateway;
let external: Gateway;
let alone: Gateway;

async function start(served: CloudModel, signIn: SignIn): Promise<Gateway> {
  const apiKeys = [{ id: 'key-1', value: 'one-dev-key' }];
  const options = { apiKeys, functions, host: '127.0.0.1', port: 0, log: (line: string) => void log.push(line) };
  const running = await startGateway({ model: served, signIn, ...options });
  started.push(() => running.stop());
  return running;
}

beforeAll(async () => {
  issuer = await startIssuer();
  model = readTemplate(writeCdkOutput(ROUTES, httpApiResources(Object.keys(ROUTES), CORS, { 'GET /slow': 100 })));
  functions = new Map(
    [...model.functions].map(([id, each]) => {
      const print = () => {};
      const say = (line: string) => void log.push(line);
      return [id, localFunction({ model: each, endpoint: 'http://127.0.0.1:1', print, log: say })];
    }),
  );
  const development = await developmentIssuer({ audience: [AUDIENCE], names });
  gateway = await start(model, { audience: [AUDIENCE], development });
  external = await start(model, { issuer: issuer.url, audience: [AUDIENCE] });
  alone = await start({ ...model, routes: [] }, { issuer: issuer.url, audience: [AUDIENCE] });
});

afterAll(async () => {
  await Promise.all(started.map((stop) => stop()));
  await Promise.all([...functions.values()].map((each) => each.stop()));
  await issuer.stop();
});

const urlOf = ({ port }: Gateway, path: string) => `http://127.0.0.1:${port}${path}`;
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

async function mint(body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  const init = {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  };
  return await fetch(urlOf(gateway, TOKEN_PATH), init);
}

async function janes(): Promise<string> {
  return ((await (await mint({ user: 'jane', groups: ['a', 'b'] })).json()) as { token: string }).token;
}

async function get(path: string, headers: Record<string, string>, where = gateway, init: RequestInit = {}) {
  const response = await fetch(urlOf(where, path), { headers, ...init });
  const text = await response.text();
  return { status: response.status, text, headers: response.headers, json: () => JSON.parse(text) };
}

describe('a request with a token alone', () => {
  it('goes to the HTTP API, with the claims of the token', async () => {
    const { status, json, headers } = await get('/echo?a=1&a=2', bearer(await janes()));
    expect(status).toBe(200);
    expect(headers.get('apigw-requestid')).toBe(json().requestContext.requestId);
    expect(headers.get('x-amzn-requestid')).toBeNull();
    expect(json()).toMatchObject({
      version: '2.0',
      rawQueryString: 'a=1&a=2',
      requestContext: { authorizer: { jwt: { claims: { sub: 'jane', groups: '[a b]' } } } },
    });
  });

  it.each([
    ['no such route', 'GET', '/nowhere', 404, 'Not Found'],
    ['no such method', 'DELETE', '/echo', 404, 'Not Found'],
    ['a slash at the end', 'GET', '/echo/', 404, 'Not Found'],
    ['a slash in a parameter', 'POST', '/item/a%2Fb', 404, 'Not Found'],
    ['a broken escape', 'POST', '/item/%25done', 400, 'Bad Request'],
    ['a broken escape in the query', 'GET', '/echo?a=%G1', 400, 'Bad Request'],
    ['a function that throws', 'GET', '/throw', 500, 'Internal Server Error'],
    ['a function that answers nonsense', 'GET', '/malformed', 500, 'Internal Server Error'],
    ['a function that takes too long', 'GET', '/slow', 503, 'Service Unavailable'],
  ])('%s', async (_, method, path, status, message) => {
    const answer = await get(path, bearer(await janes()), gateway, { method });
    expect([answer.status, answer.text]).toEqual([status, JSON.stringify({ message })]);
    expect(answer.headers.get('content-type')).toBe('application/json');
  });

  it('takes the route of the method, decoded', async () => {
    const post = {
      method: 'POST',
      body: '{}',
      headers: { ...bearer(await janes()), 'content-type': 'application/json' },
    };
    const special = await fetch(urlOf(gateway, '/item/special'), post);
    expect(await special.json()).toMatchObject({ routeKey: 'POST /item/{id}', pathParameters: { id: 'special' } });
    const spaced = await fetch(urlOf(gateway, '/item/a%20b%2B'), post);
    expect(await spaced.json()).toMatchObject({ rawPath: '/item/a b+', pathParameters: { id: 'a b+' }, body: '{}' });
    expect((await get('/item/special', bearer(await janes()))).text).toBe('special');
  });

  it('refuses more than 10 MB', async () => {
    const body = 'x'.repeat(10 * 1024 * 1024 + 1);
    const answer = await get('/item/a', bearer(await janes()), gateway, { method: 'POST', body });
    expect([answer.status, answer.text]).toEqual([413, '{"message":"Request Entity Too Large"}']);
  });

  it('refuses a token that is larger than all headers may be', async () => {
    expect((await get('/echo', bearer('x'.repeat(11_000)))).status).toBe(431);
  });

  it('is 401 with the reason for a token that is not good, and its function is not asked', async () => {
    const token = await janes();
    const bad = await get('/echo', bearer(`${token.slice(0, -5)}AAAAA`));
    expect([bad.status, bad.text]).toEqual([401, '{"message":"Unauthorized"}']);
    expect(bad.headers.get('www-authenticate')).toBe(
      'Bearer scope="" error="invalid_token" error_description="the signature is not valid"',
    );
    const two = await get('/echo', bearer(`${token}, ${token}`));
    expect(two.status).toBe(401);
    const none = await get('/echo', { authorization: 'Bearer' });
    expect([none.status, none.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
  });

  it('answers 404 before it looks at the token', async () => {
    expect((await get('/nowhere', bearer('x'))).status).toBe(404);
  });
});

describe('other requests', () => {
  it('go to the REST API: an API key, both credentials, none, another scheme', async () => {
    const key = { 'x-api-key': 'one-dev-key' };
    expect((await get('/echo', key)).json()).toMatchObject({ requestContext: { identity: { apiKeyId: 'key-1' } } });
    const both = await get('/echo', { ...key, ...bearer(await janes()) });
    expect(both.json()).toMatchObject({ httpMethod: 'GET', headers: { authorization: expect.any(String) } });
    expect((await get('/echo', {})).json()).toMatchObject({ code: 'INVALID_API_KEY' });
    expect((await get('/echo', { authorization: 'Basic x' })).json()).toMatchObject({ code: 'INVALID_API_KEY' });
    expect((await get('/echo', { 'x-api-key': '', ...bearer(await janes()) })).status).toBe(401);
  });

  it('go to the HTTP API where there is no other', async () => {
    const none = await get('/echo', { 'x-api-key': 'one-dev-key' }, alone);
    expect([none.status, none.text, none.headers.get('www-authenticate')]).toEqual([
      401,
      '{"message":"Unauthorized"}',
      'Bearer',
    ]);
    expect((await get('/echo', bearer(await issuer.sign()), alone)).status).toBe(200);
    // The authorizer takes a token without "Bearer" too; the handler will not.
    expect((await get('/echo', { authorization: await issuer.sign() }, alone)).status).toBe(200);
  });
});

describe('cors', () => {
  const preflight = (origin: string) =>
    get('/echo', { origin, 'access-control-request-method': 'GET' }, alone, { method: 'OPTIONS' });

  it('answers a preflight without a token', async () => {
    const { status, headers } = await preflight('https://app.example');
    expect(status).toBe(204);
    expect(headers.get('access-control-allow-origin')).toBe('https://app.example');
    expect(headers.get('access-control-allow-headers')).toBe('authorization');
    expect((await preflight('https://evil.example')).headers.get('access-control-allow-origin')).toBeNull();
  });

  it('names the origin in every answer, for allowed origins only', async () => {
    const allowed = await get('/echo', { origin: 'https://app.example' }, alone);
    expect([allowed.status, allowed.headers.get('access-control-allow-origin')]).toEqual([401, 'https://app.example']);
    const other = await get('/echo', { origin: 'https://evil.example', ...bearer(await issuer.sign()) }, alone);
    expect([other.status, other.headers.get('access-control-allow-origin')]).toEqual([200, null]);
  });
});

describe('another issuer', () => {
  it('is believed in the place of the development issuer, which then does not run', async () => {
    expect((await get('/echo', bearer(await issuer.sign()), external)).status).toBe(200);
    expect((await get('/echo', bearer(await janes()), external)).status).toBe(401);
    expect((await get('/echo', bearer(await issuer.sign()))).status).toBe(401);
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"user":"jane"}' };
    expect((await fetch(urlOf(external, TOKEN_PATH), init)).status).toBe(404);
  });
});

describe('the development issuer', () => {
  it('stands where no route can', () => {
    expect(parseRoute(ISSUER_PATH)).toBeTypeOf('string');
  });

  it('publishes no secret', async () => {
    const { json } = await get(`${ISSUER_PATH}/jwks`, {});
    expect(Object.keys(json().keys[0]).sort()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use']);
  });

  it('makes tokens with the claims that the definition names', async () => {
    const development = await developmentIssuer({
      audience: ['a'],
      names: { username: 'login', name: ['given', 'family'], email: 'mail', groups: 'roles' },
    });
    const asked = {
      user: 'jane',
      groups: ['r'],
      name: 'Jane',
      email: 'j@x.example',
      claims: { team: 't', login: 'admin' },
      expiresIn: 60,
    };
    const { token } = await development.mint(asked, 'http://issuer');
    const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
    expect(claims).toMatchObject({
      iss: 'http://issuer',
      aud: ['a'],
      sub: 'jane',
      login: 'jane',
      given: 'Jane',
      roles: ['r'],
    });
    expect(claims).toMatchObject({ mail: 'j@x.example', email_verified: true, team: 't' });
    expect(claims.exp - claims.iat).toBe(60);
  });

  it.each<[string, unknown]>([
    ['no user', {}],
    ['an empty user', { user: '' }],
    ['groups as text', { user: 'a', groups: 'b' }],
    ['an empty group', { user: 'a', groups: [''] }],
    ['a claim of the issuer', { user: 'a', claims: { iss: 'x' } }],
    ['claims as a list', { user: 'a', claims: [] }],
    ['no time', { user: 'a', expires_in: 0 }],
    ['too much time', { user: 'a', expires_in: 1e9 }],
    ['a list', []],
  ])('refuses a request with %s', async (_, body) => expect((await mint(body)).status).toBe(400));

  const json = ['content-type', 'application/json'] as const;
  const host = (name: string) => ['host', name] as const;
  it.each<[string, string, readonly (readonly [string, string])[], number]>([
    ['this machine', '127.0.0.1', [json, host('127.0.0.1:3000')], 200],
    ['this machine by name', '::1', [json, host('localhost:3000')], 200],
    ['this machine over IPv6', '::1', [json, host('[::1]:3000')], 200],
    ['another machine', '192.0.2.7', [json, host('127.0.0.1:3000')], 403],
    ['a name that leads here', '127.0.0.1', [json, host('evil.example')], 403],
    ['a name that begins like this machine', '127.0.0.1', [json, host('127.0.0.1.evil.example')], 403],
    ['two names', '127.0.0.1', [json, host('127.0.0.1'), host('evil.example')], 403],
    ['no name', '127.0.0.1', [json], 403],
    ['a page', '127.0.0.1', [json, host('127.0.0.1'), ['Origin', 'http://127.0.0.1']], 403],
    ['a page that hides', '127.0.0.1', [json, host('127.0.0.1'), ['Sec-Fetch-Site', 'cross-site']], 403],
    ['a form', '127.0.0.1', [['content-type', 'text/plain'], host('127.0.0.1')], 403],
  ])('gives a token to programs of this machine only: %s', async (_, sourceIp, headers, status) => {
    const development = await developmentIssuer({ audience: ['a'], names });
    const request = {
      ...{ method: 'POST', path: TOKEN_PATH, headers, sourceIp, body: Buffer.from('{"user":"jane"}') },
      ...{ protocol: 'HTTP/1.1', requestId: 'r', extendedRequestId: 'e', time: new Date() },
    };
    const answer = await answerIssuer(request, development, 'http://issuer');
    expect(answer?.status).toBe(status);
    expect(String(answer?.body).includes('eyJ')).toBe(status === 200);
  });
});

describe('signInOf', () => {
  const notes = table('notes', { partitionKey: { id: 'string' } });
  const define = (oidc: boolean) =>
    defineApi({
      tables: [notes],
      endpoints: [list('/notes', notes)],
      ...(oidc && { auth: { oidc: { issuer: 'https://issuer.example.com', audience: 'notes' } } }),
    });
  const url = 'https://id.example.com';

  it.each<[string, boolean, Parameters<typeof signInOf>[1], RegExp]>([
    ['an issuer without auth.oidc', false, { oidcIssuer: url }, /the definition has none/],
    ['an audience alone', true, { oidcAudience: 'x' }, /--oidc-audience needs --oidc-issuer/],
    ['an issuer that is no URL', true, { oidcIssuer: 'id.example.com' }, /--oidc-issuer id\.example\.com is no URL/],
    ['an issuer that is a file', true, { oidcIssuer: 'file:///x' }, /is no URL/],
  ])('refuses %s', async (_, oidc, options, message) => {
    await expect(signInOf(define(oidc), options)).rejects.toThrow(message);
  });

  it('takes the issuer and audience that are named, else a development issuer for the audience of the definition', async () => {
    expect(await signInOf(define(false), {})).toBeUndefined();
    expect(await signInOf(define(true), { oidcIssuer: url, oidcAudience: 'x' })).toEqual({
      issuer: url,
      audience: ['x'],
    });
    expect(await signInOf(define(true), { oidcIssuer: url })).toEqual({ issuer: url, audience: ['notes'] });
    expect(await signInOf(define(true), {})).toMatchObject({ audience: ['notes'], development: {} });
  });
});

describe('readTemplate', () => {
  const code = 'exports.handler = async () => ({})';
  const read = (change: (resources: Record<string, Record<string, Record<string, unknown>>>) => void) => {
    const resources = httpApiResources(['GET /echo']) as Record<string, Record<string, Record<string, unknown>>>;
    change(resources);
    return readTemplate(writeCdkOutput({ 'GET /echo': { code } }, resources)).httpApi;
  };

  it('reads routes, functions and the authorizer', () => {
    const httpApi = read(() => {});
    expect(httpApi).toMatchObject({
      authorizer: { issuer: 'https://issuer.example.com', audience: [AUDIENCE] },
      cors: undefined,
    });
    expect(httpApi?.routes[0]?.methods.get('GET')).toEqual({ functionId: 'Function0', timeoutMs: 30_000 });
  });

  it.each<[string, string, string, unknown]>([
    ['an open route', 'HttpRoute0', 'AuthorizationType', 'NONE'],
    ['a route without its authorizer', 'HttpRoute0', 'AuthorizerId', undefined],
    ['a route with scopes', 'HttpRoute0', 'AuthorizationScopes', ['write']],
    ['another place of the token', 'HttpAuthorizer', 'IdentitySource', ['$request.querystring.token']],
    ['no audience', 'HttpAuthorizer', 'JwtConfiguration', { Issuer: 'https://issuer.example.com' }],
    ['another payload', 'HttpIntegration0', 'PayloadFormatVersion', '1.0'],
  ])('refuses %s rather than serve it to the wrong people', (_, id, name, value) => {
    const change = (resources: Record<string, Record<string, Record<string, unknown>>>) => {
      const properties = resources[id]?.['Properties'];
      if (properties) properties[name] = value;
    };
    expect(() => read(change)).toThrow(/^(route|the HTTP API)/);
  });
});
