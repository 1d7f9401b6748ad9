// What a web page in a browser of this machine can do to a running `npm start`: its requests come from this machine, under
// an Origin or, with a name of the page's that leads to 127.0.0.1, under a foreign Host.

import { request } from 'node:http';
import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { localClient } from '../../lib/local/engine/tables.ts';
import { commandOf, type Dev, descendants, run, startDev } from '../support/command.ts';
import { hasDynamodbLocal } from '../support/engine.ts';

const ENGINES = ['dynoxide', ...(hasDynamodbLocal() ? ['dynamodb-local'] : [])];

/** Any id and signature: engines on this machine check neither. */
const signed = (accessKeyId: string) => ({
  authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0`,
  'x-amz-date': '20260101T000000Z',
  'content-type': 'application/x-amz-json-1.0',
});

type Answer = { readonly status: number; readonly text: string };

/** Unlike `fetch` it sends whatever Host it is given. */
function ask(url: string, method: string, headers: Record<string, string>, body?: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers }, (response) => {
      let text = '';
      response.on('data', (chunk) => {
        text += String(chunk);
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    sent.once('error', reject).end(body);
  });
}

describe.each(ENGINES)('a running API on %s', (kind) => {
  let api: Dev;
  let port: number;
  let tables: { readonly endpoint: string; readonly accessKeyId: string };
  beforeAll(async () => {
    api = await startDev('--engine', kind);
    const commands = descendants(api.process.pid ?? 0).map(commandOf);
    port = Number(commands.flatMap((command) => / --?port (\d+)/.exec(command)?.[1] ?? [])[0]);
    const [, endpoint = '', accessKeyId = ''] =
      /^The tables are on (\S+), access key id (\S+)$/m.exec(api.output()) ?? [];
    tables = { endpoint, accessKeyId };
  });
  afterAll(() => api.stop());

  /** A call as a page sends it that has found the port; gives what the page may read. */
  async function page(operation: string, input: object, headers: Record<string, string>) {
    const sent = { ...signed('local'), 'x-amz-target': `DynamoDB_20120810.${operation}`, ...headers };
    const answer = ask(`http://127.0.0.1:${port}/`, 'POST', sent, JSON.stringify(input));
    return await answer.then(
      ({ text }) => text,
      () => 'no answer',
    );
  }

  async function stored(id: string) {
    const client = localClient(tables.endpoint, { accessKeyId: tables.accessKeyId, secretAccessKey: 'local' });
    const { Item } = await client.send(new GetItemCommand({ TableName: 'auth', Key: { id: { S: id } } }));
    client.destroy();
    return Item;
  }

  it.each([
    ['an Origin', { origin: 'http://evil.example' }],
    ['a name of its own', { host: 'evil.example' }],
    ['no header', {}],
  ])('has tables that no page reads or changes, with %s', async (_, headers) => {
    expect(port).toBeGreaterThan(0);
    const put = { TableName: 'auth', Item: { id: { S: 'evil' }, type: { S: 'API_KEY' } } };
    expect(await page('PutItem', put, headers)).toMatch(/^no answer$|ResourceNotFoundException/);
    expect(await page('ListTables', {}, headers)).toMatch(/^no answer$|^\{"TableNames":\[\]\}$/);
    expect(await page('Scan', { TableName: 'auth' }, headers)).not.toContain('key-admin');
    expect(await stored('evil')).toBeUndefined();
    expect((await stored('key-admin'))?.['type']).toEqual({ S: 'API_KEY' });
  });

  it('has tables that the developer reads, with what the runtime printed', async () => {
    const args = ['--auth-table', 'auth', '--groups-table', 'groups', '--dynamodb', tables.endpoint, '--json'];
    vi.stubEnv('AWS_ACCESS_KEY_ID', tables.accessKeyId);
    const { stdout } = await run('records', 'check', ...args);
    vi.unstubAllEnvs();
    expect(JSON.parse(stdout).records.auth).toBeGreaterThan(0);
  });

  const json = { 'content-type': 'application/json' };
  it.each<[string, string, string, Record<string, string>]>([
    ['the REST API', 'GET', '/items', { 'x-api-key': 'admin-dev-key' }],
    ['the HTTP API', 'GET', '/items', { authorization: 'Bearer x' }],
    ['a route that is none', 'GET', '/nowhere', {}],
    ['a preflight', 'OPTIONS', '/items', { origin: 'http://evil.example', 'access-control-request-method': 'GET' }],
    ["the issuer's documents", 'GET', '/+tablegate/issuer/jwks', {}],
    ["the issuer's door", 'POST', '/+tablegate/issuer/token', json],
  ])('refuses a foreign Host: %s', async (_, method, path, headers) => {
    const { port } = new URL(api.url);
    const body = method === 'POST' ? '{"user":"jane"}' : undefined;
    const send = (host: string) => ask(`${api.url}${path}`, method, { ...headers, host }, body);
    const own = await send(`127.0.0.1:${port}`);
    for (const host of [`evil.example:${port}`, 'evil.example', `127.0.0.1.evil.example:${port}`]) {
      const { status, text } = await send(host);
      expect([status, JSON.parse(text).message]).toEqual([
        403,
        expect.stringMatching(/^Host ".*" is not this API: call/),
      ]);
      expect([status, text]).not.toEqual([own.status, own.text]);
    }
    for (const host of [`localhost:${port}`, `[::1]:${port}`]) {
      expect((await send(host)).status).toBe(own.status);
    }
  });
});
