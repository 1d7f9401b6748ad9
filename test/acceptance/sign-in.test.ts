// People who sign in, as a newcomer meets them: the ready lines, `tablegate token`, curl as jane, an issuer of one's own.

import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Dev, run, startDev } from '../support/command.ts';
import { AUDIENCE, DISCOVERY, startIssuer, type TestIssuer } from '../support/issuer.ts';

const PACKAGE = fileURLToPath(new URL('../../', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'tablegate-sign-in-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Row = Readonly<Record<string, unknown>>;

async function tokenOf(api: Dev, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await run('token', '--url', api.url, ...args);
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
  return stdout.trim();
}

async function get(api: Dev, path: string, token: string, headers: Record<string, string> = {}) {
  const response = await fetch(`${api.url}${path}`, { headers: { authorization: `Bearer ${token}`, ...headers } });
  return { status: response.status, headers: response.headers, json: await response.json() };
}

async function rowsOf(api: Dev, token: string): Promise<readonly Row[]> {
  const { status, json } = await get(api, '/items', token);
  expect(status).toBe(200);
  return json as Row[];
}

const valuesOf = (rows: readonly Row[], name: string) => new Set(rows.map((row) => row[name]));

describe('the development issuer', () => {
  let api: Dev;
  beforeAll(async () => {
    api = await startDev();
  });
  afterAll(() => api.stop());

  it('is named when the API is ready, with a line to try that works', async () => {
    expect(api.output()).toMatch(/^Tokens are those of http:\/\/127\.0\.0\.1:\d+\/\S+\/issuer$/m);
    const line = /^ {2}(curl .*npx tablegate token --user jane --groups readers .*)$/m.exec(api.output())?.[1] ?? '';
    const answer = await new Promise<string>((resolve, reject) => {
      execFile('sh', ['-c', `${line} -s`], { cwd: PACKAGE }, (error, stdout) =>
        error ? reject(error) : resolve(stdout),
      );
    });
    expect(JSON.parse(answer)).toHaveLength(17);
  });

  it('shows a reader fewer rows than there are, by her group', async () => {
    const rows = await rowsOf(api, await tokenOf(api, '--user', 'jane', '--groups', 'readers'));
    expect(rows.length).toBe(17);
    expect(valuesOf(rows, 'status')).toEqual(new Set(['active', 'sold_out']));
    expect(rows.some((row) => 'cost' in row)).toBe(true);
  });

  it('shows a buyer what her team buys, by a claim; more groups show more', async () => {
    const team = ['--claim', 'team=lamp'];
    const lamps = await rowsOf(api, await tokenOf(api, '--user', 'jane', '--groups', 'buyers', ...team));
    expect([lamps.length, [...valuesOf(lamps, 'product')]]).toEqual([5, ['lamp']]);
    const both = await rowsOf(api, await tokenOf(api, '--user', 'jane', '--groups', 'buyers', 'readers', ...team));
    expect(both.length).toBe(19);
    expect(await rowsOf(api, await tokenOf(api, '--user', 'jane', '--groups', 'buyers'))).toEqual([]);
  });

  it('keeps somebody with a record of their own inside it, whatever groups they have', async () => {
    const rows = await rowsOf(
      api,
      await tokenOf(api, '--user', 'max', '--groups', 'readers', 'buyers', '--claim', 'team=rug'),
    );
    expect(rows.length).toBeGreaterThan(2);
    expect(valuesOf(rows, 'type')).toEqual(new Set(['textile']));
    expect(rows.some((row) => 'cost' in row)).toBe(false);
  });

  it('tells who signed in', async () => {
    const token = await tokenOf(
      api,
      '--user',
      'jane',
      '--groups',
      'readers',
      '--name',
      'Jane Doe',
      '--email',
      'jane@example.com',
    );
    const { json } = await get(api, '/user', token);
    expect(json).toMatchObject({ id: 'jane', name: 'Jane Doe', email: 'jane@example.com' });
  });

  it.each([
    ['a group that is not known', ['--user', 'jane', '--groups', 'strangers']],
    ['no group', ['--user', 'jane']],
    ['the id of an API key as user', ['--user', 'key-admin']],
    ['the id of a group as user', ['--user', 'readers']],
  ])('opens nothing to %s', async (_, args) => {
    const { status, json } = await get(api, '/items', await tokenOf(api, ...args));
    expect([status, json]).toEqual([403, expect.objectContaining({ code: 'not_authorized' })]);
  });

  it('serves every endpoint to a manager, and leaves audit rows with her name and not her token', async () => {
    const token = await tokenOf(api, '--user', 'jane', '--groups', 'managers');
    const send = async (method: string, path: string, body?: unknown) => {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
      const response = await fetch(`${api.url}${path}`, {
        method,
        headers,
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      return { status: response.status, location: response.headers.get('location'), text: await response.text() };
    };
    const created = await send('POST', '/item', { id: 'köln 1', product: 'lamp', status: 'active' });
    expect([created.status, created.location]).toEqual([201, '/item/k%C3%B6ln%201']);
    const item = created.location ?? '';
    const calls: [string, string, unknown?][] = [
      ['GET', item],
      ['HEAD', item],
      ['PUT', item, { level: 1 }],
      ['PATCH', item, { level: null, note: 'é' }],
      ['GET', '/items?status=active&status=draft&_limit=2'],
      ['GET', '/items/type/lighting'],
      ['GET', '/statuses'],
      ['GET', '/types'],
      ['POST', '/search/id', ['köln 1', 'lamp-001']],
      ['GET', '/user'],
      ['POST', '/user/has-permission', { method: 'GET', path: '/items' }],
      ['GET', item.replace('item', 'audit')],
      ['GET', item.replace('item', 'history')],
    ];
    for (const [method, path, body] of calls)
      expect([method, path, (await send(method, path, body)).status]).toEqual([method, path, 200]);
    expect((await send('DELETE', item)).status).toBe(204);
    const audit = await send('GET', '/audit');
    expect(audit.text).toContain('"username":"jane"');
    for (const secret of [token, token.split('.')[2] ?? '']) expect(audit.text + api.output()).not.toContain(secret);
  });

  it('refuses two credentials, and a bad token', async () => {
    const token = await tokenOf(api, '--user', 'jane', '--groups', 'readers');
    const both = await get(api, '/items', token, { 'x-api-key': 'admin-dev-key' });
    expect([both.status, both.json]).toEqual([400, expect.objectContaining({ code: 'ambiguous_identity' })]);
    const bad = await get(api, '/items', 'a.b.c');
    expect([bad.status, bad.json]).toEqual([401, { message: 'Unauthorized' }]);
  });

  it('says in one line what is wrong with `token`, exit code 2', async () => {
    const wrong = async (...args: string[]) => {
      const { code, stdout, stderr } = await run('token', '--url', api.url, ...args);
      expect([code, stdout]).toEqual([2, '']);
      return stderr;
    };
    expect(await wrong('--user', 'jane', '--claim', 'team')).toBe('tablegate: --claim team: must be NAME=VALUE\n');
    expect(await wrong('--user', 'jane', '--claim', 'aud=x')).toMatch(
      /^tablegate: --claim aud=x: aud is the issuer's own/,
    );
    expect(await wrong('--user', 'jane', '--expires-in', 'soon')).toMatch(/^error: .*'soon' is invalid/);
    expect(await wrong('--user', 'jane', '--url', 'http://127.0.0.1:1')).toMatch(/^tablegate: nothing answers at /);
    expect(await wrong()).toMatch(/^error: required option '--user <name>'/);
  });

  it('prints JSON for programs', async () => {
    const { stdout } = await run('token', '--url', api.url, '--user', 'jane', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ token: expect.stringMatching(/^eyJ/), expires_at: expect.any(Number) });
  });
});

describe('an issuer of one’s own', () => {
  let issuer: TestIssuer;
  let api: Dev;
  beforeAll(async () => {
    issuer = await startIssuer();
    issuer.instead.set(DISCOVERY, { status: 503, body: '' });
    api = await startDev('--oidc-issuer', issuer.url, '--oidc-audience', AUDIENCE);
  });
  afterAll(async () => {
    await api.stop();
    await issuer.stop();
  });

  it('is named, gets no `token` made, and is 401 while it is down, as on AWS', async () => {
    expect(api.output()).toContain(`Tokens are those of ${issuer.url}\n`);
    expect(api.output()).not.toContain('tablegate token');
    expect((await run('token', '--url', api.url, '--user', 'jane')).stderr).toContain('without --oidc-issuer?');
    const { status, json, headers } = await get(api, '/items', await issuer.sign({ groups: ['readers'] }));
    expect([status, json]).toEqual([401, { message: 'Unauthorized' }]);
    expect(headers.get('www-authenticate')).toContain('OIDC discovery endpoint communication error');
    expect(api.output()).toContain(`the issuer ${issuer.url} cannot be asked for its keys`);
  });

  it('is believed when it is up', async () => {
    issuer.instead.clear();
    const other = await startDev('--oidc-issuer', issuer.url, '--oidc-audience', AUDIENCE);
    expect(await rowsOf(other, await issuer.sign({ groups: ['readers'] }))).toHaveLength(17);
    expect((await get(other, '/items', await issuer.sign({ groups: ['readers'], aud: 'x' }))).status).toBe(401);
    const expired = await get(other, '/items', await issuer.sign({ groups: ['readers'], exp: 1 }));
    expect(expired.headers.get('www-authenticate')).toContain('the token has expired');
    await other.stop();
  });
});

describe('an API for people alone', () => {
  it('is served without API keys', async () => {
    const example = readFileSync(join(PACKAGE, 'examples/items/api.ts'), 'utf8');
    const definition = join(folder, 'people.ts');
    const text = example.replace('apiKeys: true', 'apiKeys: false').replaceAll("'../../lib/", `'${PACKAGE}lib/`);
    writeFileSync(definition, text.replace("'zod/mini'", `'${PACKAGE}node_modules/zod/mini/index.js'`));
    const api = await startDev('--api', definition, '--seed', join(PACKAGE, 'examples/items/seed.json'));
    expect(api.output()).not.toContain('x-api-key');
    expect(await rowsOf(api, await tokenOf(api, '--user', 'jane', '--groups', 'readers'))).toHaveLength(17);
    const withKey = await fetch(`${api.url}/items`, { headers: { 'x-api-key': 'admin-dev-key' } });
    expect([withKey.status, await withKey.json()]).toEqual([401, { message: 'Unauthorized' }]);
    await api.stop();
  });
});

it.each([
  ['--oidc-audience', 'x', /^tablegate: --oidc-audience needs --oidc-issuer URL\n$/],
  ['--oidc-issuer', 'here', /^tablegate: --oidc-issuer here is no URL/],
])('%s %s is refused in one line', async (option, value, line) => {
  const { code, stderr } = await run('dev', '--port', '0', option, value);
  expect([code, stderr]).toEqual([2, expect.stringMatching(line)]);
});
