// `tablegate dev` and `tablegate seed` as a newcomer meets them: what they print, what they serve, how they end.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateTableCommand, DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startEngine } from '../../lib/local/engine/engine.ts';
import { type Dev, descendants, isRunning, run, startDev } from '../support/command.ts';

const folder = mkdtempSync(join(tmpdir(), 'tablegate-acceptance-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

describe('a running API', () => {
  let api: Dev;
  const get = (path: string, key: string, method = 'GET') =>
    fetch(`${api.url}${path}`, { method, headers: { 'x-api-key': key } });

  beforeAll(async () => {
    api = await startDev();
  });

  it('prints where it is, its routes and a command to try', () => {
    expect(api.output()).toMatch(/^Tablegate ready on http:\/\/127\.0\.0\.1:\d+\n/);
    expect(api.output()).toMatch(/GET +\/item\/\{id\} +get items/);
    expect(api.output()).toContain(`curl -H 'x-api-key: admin-dev-key' '${api.url}/items'`);
    expect(api.output()).not.toContain('ANY');
  });

  it('serves the example with its seed, to each caller what is theirs', async () => {
    const rows = async (key: string) => (await (await get('/items', key)).json()) as Record<string, unknown>[];
    const [all, active, counted] = await Promise.all(
      ['admin', 'storefront', 'auditor'].map((who) => rows(`${who}-dev-key`)),
    );
    expect(all).toHaveLength(24);
    expect(active?.length).toBeGreaterThan(5);
    expect(active?.every((row) => row['status'] === 'active')).toBe(true);
    expect(counted).toHaveLength(24);
    expect(counted?.some((row) => 'cost' in row)).toBe(false);
    expect(all?.some((row) => 'cost' in row)).toBe(true);
  });

  it.each([
    ['no key', '/items', '', 'GET', 401],
    ['an unknown key', '/items', 'nope', 'GET', 401],
    ['an unknown route', '/nowhere', 'admin-dev-key', 'GET', 404],
    ['an unknown method', '/items', 'admin-dev-key', 'DELETE', 405],
  ])('answers %s with a problem', async (_, path, key, method, status) => {
    const response = await get(path, key, method);
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(await response.json()).toMatchObject({ status, request_id: response.headers.get('x-request-id') });
    expect(response.headers.get('allow')).toBe(status === 405 ? 'GET, HEAD' : null);
  });

  it('says that its port is in use', async () => {
    const port = new URL(api.url).port;
    expect(await run('dev', '--port', port)).toEqual({
      code: 2,
      stdout: '',
      stderr: `tablegate: port ${port} is in use; give another with --port\n`,
    });
  });

  it('stops within two seconds, and its children with it', async () => {
    const children = descendants(api.process.pid ?? 0);
    expect(children.length).toBeGreaterThan(0);
    const { code, tookMs } = await api.stop('SIGTERM');
    expect([code, tookMs < 2_000]).toEqual([0, true]);
    expect(children.filter(isRunning)).toEqual([]);
  });
});

describe('mistakes', () => {
  it.each([
    [
      'a missing seed',
      ['dev', '--port', '0', '--seed', 'no.json'],
      /^tablegate: there is no seed at no\.json; .*--seed/,
    ],
    [
      'a missing definition',
      ['dev', '--port', '0', '--api', 'no.ts'],
      /^tablegate: there is no definition at no\.ts; .*--api/,
    ],
    ['an odd port', ['dev', '--port', '99999'], /^error: .*'99999' is invalid/],
    ['an odd endpoint', ['dev', '--port', '0', '--dynamodb', 'here'], /^tablegate: --dynamodb here is no URL/],
    [
      'nobody at the endpoint',
      ['dev', '--port', '0', '--dynamodb', 'http://127.0.0.1:1'],
      /^tablegate: DynamoDB does not answer/,
    ],
    ['an unknown command', ['serve'], /^error: unknown command 'serve'/],
    [
      'a table that is none',
      ['seed', 'examples/items/seed.json', '--table', 'x=y'],
      /^tablegate: --table x=y: must be/,
    ],
  ])('%s: one clear line, exit code 2', async (_, args, line) => {
    const { code, stdout, stderr } = await run(...args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(line);
    expect(
      stderr
        .trim()
        .split('\n')
        .filter((each) => !each.startsWith('(--help')),
    ).toHaveLength(1);
  });

  it('a broken seed: every fault, before anything is started', async () => {
    const seed = file(
      'broken.json',
      JSON.stringify({ auth: [{ id: 1 }], groups: [{ group_id: 'g', x: 1 }], table: {} }),
    );
    const { code, stderr } = await run('dev', '--port', '0', '--seed', seed);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^tablegate: the seed .*broken\.json has \d faults; nothing was written:\n/);
    for (const path of ['auth[0].id', 'groups[0].x', 'table']) expect(stderr).toContain(`\n  ${path}: `);
  });

  it('a broken definition: the line of the mistake', async () => {
    const here = new URL('../../lib/definition/table.ts', import.meta.url).pathname;
    const text = `import { table } from '${here}';\n\nexport default table('x', { partitionKey: 'id' });\n`;
    const { code, stderr } = await run('dev', '--port', '0', '--api', file('broken.ts', text));
    expect(code).toBe(2);
    expect(stderr).toMatch(/^tablegate: .*broken\.ts:\d+: table 'x': a name has 3 to 255 letters.*\n$/);
  });
});

describe('data that is kept', () => {
  it('is found again, and not seeded again', async () => {
    const data = join(folder, 'data');
    const headers = { 'x-api-key': 'admin-dev-key' };
    const first = await startDev('--data', data);
    await fetch(`${first.url}/item/lamp-001`, { method: 'DELETE', headers });
    await first.stop('SIGINT');
    const second = await startDev('--data', data);
    expect(second.output()).toContain('kept as they are, not seeded again: ');
    expect((await fetch(`${second.url}/item/lamp-001`, { headers })).status).toBe(404);
    expect((await fetch(`${second.url}/item/lamp-002`, { headers })).status).toBe(200);
    expect((await second.stop('SIGINT')).code).toBe(0);
  });
});

describe('tablegate seed', () => {
  it('writes into the tables of an endpoint, and says what', async () => {
    const engine = await startEngine({});
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
    const client = new DynamoDBClient({ endpoint: engine.endpoint, region: 'us-east-1', credentials });
    for (const [TableName, key] of [
      ['my-auth', 'id'],
      ['my-groups', 'group_id'],
      ['stock', 'id'],
    ] as const) {
      const AttributeDefinitions = [{ AttributeName: key, AttributeType: 'S' as const }];
      const KeySchema = [{ AttributeName: key, KeyType: 'HASH' as const }];
      await client.send(
        new CreateTableCommand({ TableName, AttributeDefinitions, KeySchema, BillingMode: 'PAY_PER_REQUEST' }),
      );
    }
    const options = ['--dynamodb', engine.endpoint, '--prefix', 'my-', '--json'];
    const missing = await run('seed', 'examples/items/seed.json', ...options);
    expect([missing.code, missing.stderr]).toEqual([1, expect.stringContaining('a table is not there')]);
    const done = await run('seed', 'examples/items/seed.json', ...options, '--table', 'items=stock');
    expect(JSON.parse(done.stdout)).toMatchObject({ written: expect.arrayContaining([{ table: 'stock', rows: 24 }]) });
    expect((await client.send(new ScanCommand({ TableName: 'stock', Select: 'COUNT' }))).Count).toBe(24);
    client.destroy();
    await engine.stop();
  });
});
