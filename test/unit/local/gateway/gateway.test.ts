// The gateway in front of real workers: functions that answer, crash, hang, eat memory and answer nonsense.

import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalFunction, localFunction } from '../../../../lib/local/function/function.ts';
import { type Gateway, startGateway } from '../../../../lib/local/gateway/gateway.ts';
import { readTemplate } from '../../../../lib/local/template/template.ts';
import { type FixtureFunction, writeCdkOutput } from '../../../support/cdk-output.ts';

const ECHO = `exports.handler = async (event, context) => {
  console.log('out'); console.error('err');
  return { statusCode: 200, headers: { 'X-Count': String(++n) }, body: JSON.stringify({
    event, env: process.env, remaining: context.getRemainingTimeInMillis(), name: context.functionName }) };
}; let n = 0;`;

/** Works until it is asked not to: a worker that failed must not fail the next call. */
const unruly = (act: string) => `exports.handler = async (event) => {
  if (event.queryStringParameters) { ${act} }
  return { statusCode: 200, body: 'fine' };
};`;

const ROUTES: Record<string, FixtureFunction> = {
  'GET /echo': { code: ECHO, environment: { MINE: 'yes' } },
  'HEAD /echo': { code: ECHO },
  'POST /body/{id}': { code: ECHO },
  'GET /throw': { code: unruly('throw new Error("secret detail")') },
  'GET /exit': { code: unruly('process.exit(3)') },
  'GET /later': { code: unruly('setTimeout(() => { throw new Error("late") }); await new Promise(() => {})') },
  'GET /hang': { code: unruly('await new Promise(() => {})'), timeout: 0.3 },
  'GET /spin': { code: unruly('for (;;);'), timeout: 0.3 },
  'GET /memory': {
    code: unruly('const all = []; for (;;) all.push(new Array(1e5).fill({}))'),
    timeout: 20,
    memory: 16,
  },
  'GET /malformed': { code: 'exports.handler = async () => ({ status: 200 })' },
  'GET /nothing': { code: 'exports.handler = async () => {}' },
  'GET /large': { code: 'exports.handler = async () => ({ body: "x".repeat(6 * 1024 * 1024) })' },
  'GET /broken': { code: 'throw new Error("at load")' },
  'GET /slow': { code: 'exports.handler = async () => { await new Promise((r) => setTimeout(r, 100)); return {} }' },
};

let gateway: Gateway;
let functions: ReadonlyMap<string, LocalFunction>;
const log: string[] = [];

beforeAll(async () => {
  const model = readTemplate(writeCdkOutput(ROUTES));
  const start = (id: string): [string, LocalFunction] => {
    const each = model.functions.get(id);
    if (!each) throw new Error(id);
    const print = (line: string, stream: string) => void log.push(`${stream} ${line}`);
    const endpoint = 'http://127.0.0.1:1';
    return [id, localFunction({ model: each, endpoint, print, log: (line) => void log.push(line), maxInstances: 2 })];
  };
  functions = new Map([...model.functions.keys()].map(start));
  const apiKeys = [{ id: 'key-1', value: 'one-dev-key' }];
  const options = { apiKeys, functions, host: '127.0.0.1', port: 0, log: (line: string) => void log.push(line) };
  gateway = await startGateway({ model, ...options });
});

afterAll(async () => {
  await gateway.stop();
  await Promise.all([...functions.values()].map((each) => each.stop()));
});

function call(path: string, { headers = {}, ...init }: RequestInit = {}): Promise<Response> {
  const url = `http://127.0.0.1:${gateway.port}${path}`;
  return fetch(url, { ...init, headers: { 'x-api-key': 'one-dev-key', ...(headers as Record<string, string>) } });
}

/** What one connection answers to raw text. */
function raw(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(gateway.port, '127.0.0.1', () => socket.write(text));
    socket.on('data', (chunk) => {
      answer += String(chunk);
    });
    socket.once('close', () => resolve(answer)).once('error', reject);
  });
}

describe('routes and keys', () => {
  it('hands the event to the function, with the id of the key', async () => {
    const response = await call('/echo?a=1');
    const { event, remaining, name } = (await response.json()) as Record<string, Record<string, unknown>>;
    expect(response.status).toBe(200);
    expect(event).toMatchObject({ path: '/echo', queryStringParameters: { a: '1' } });
    expect(event).toMatchObject({ requestContext: { identity: { apiKeyId: 'key-1' } } });
    expect([remaining, name]).toEqual([expect.any(Number), 'Function0']);
    expect(response.headers.get('x-amzn-requestid')).toBe(
      (event as Record<string, Record<string, string>>)['requestContext']?.['requestId'],
    );
  });

  it('gives a function its own environment and nothing of this process', async () => {
    process.env['TABLEGATE_LEAK'] = 'x';
    const { env } = (await (await call('/echo')).json()) as { env: Record<string, string> };
    expect(env).toMatchObject({
      MINE: 'yes',
      AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:1',
      AWS_REGION: 'us-east-1',
    });
    expect(env).not.toHaveProperty('TABLEGATE_LEAK');
    expect(env).not.toHaveProperty('PATH');
  });

  it.each([
    ['no key', { 'x-api-key': '' }],
    ['an unknown key', { 'x-api-key': 'no' }],
    ["a key's id", { 'x-api-key': 'key-1' }],
  ])('refuses %s', async (_, headers) => {
    const response = await call('/echo', { headers });
    expect([response.status, response.headers.get('content-type')]).toEqual([401, 'application/problem+json']);
    expect(await response.json()).toEqual({
      code: 'INVALID_API_KEY',
      request_id: response.headers.get('x-amzn-requestid'),
    });
  });

  it('answers an unknown route without asking for a key', async () => {
    expect((await call('/nowhere', { headers: { 'x-api-key': '' } })).status).toBe(404);
  });

  it('answers another method from the MOCK integration', async () => {
    const response = await call('/throw', { method: 'DELETE', headers: { 'x-api-key': '' } });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET']);
    expect(await response.json()).toEqual({ status: 405, request_id: response.headers.get('x-request-id') });
  });

  it('refuses a body of a type that the MOCK integration has no template for', async () => {
    const response = await call('/throw', { method: 'POST', body: 'x', headers: { 'content-type': 'text/odd' } });
    expect(response.status).toBe(415);
  });

  it('answers HEAD without a body', async () => {
    const response = await call('/echo', { method: 'HEAD' });
    expect([response.status, await response.text()]).toEqual([200, '']);
  });

  it('passes a body on as text', async () => {
    const response = await call('/body/a%2Fb', { method: 'POST', body: '{"é":1}' });
    const { event } = (await response.json()) as { event: object };
    expect(event).toMatchObject({ body: '{"é":1}', isBase64Encoded: false, pathParameters: { id: 'a%2Fb' } });
  });
});

describe('functions that fail', () => {
  it.each(['/throw', '/exit', '/later', '/hang', '/spin', '/memory'])(
    '%s is 502, and the next call is served',
    async (path) => {
      const failed = await call(`${path}?now=1`);
      expect(failed.status).toBe(502);
      expect(await failed.text()).not.toContain('secret');
      expect(await (await call(path)).text()).toBe('fine');
    },
  );

  it.each(['/malformed', '/nothing', '/large', '/broken'])('%s is 502, each time', async (path) => {
    expect([(await call(path)).status, (await call(path)).status]).toEqual([502, 502]);
  });

  it('says why, to the operator only', () => {
    const all = log.join('\n');
    expect(all).toContain('secret detail');
    expect(all).toContain('Task timed out after 0.30 seconds');
    expect(all).toContain('out of memory');
    expect(all).toContain('malformed Lambda proxy answer');
    expect(all).toContain('at load');
    expect(log).toContain('stdout out');
    expect(log).toContain('stderr err');
  });

  it('answers 504 when the integration takes too long', async () => {
    const slow = functions.get('Function13');
    expect(await slow?.invoke('{}', 20)).toEqual({ kind: 'integration-timeout' });
  });

  it('queues what its instances cannot take at once', async () => {
    const answers = await Promise.all(Array.from({ length: 6 }, () => call('/slow')));
    expect(answers.map(({ status }) => status)).toEqual(Array(6).fill(200));
  });
});

describe('limits and odd clients', () => {
  it('refuses more than 10 MB', async () => {
    const response = await call('/body/a', { method: 'POST', body: 'x'.repeat(10 * 1024 * 1024 + 1) });
    expect(response.status).toBe(413);
  });

  it.each([9_000, 11_000, 100_000])('allows 10,240 bytes of headers: %d', async (bytes) => {
    const answer = await raw(
      `GET /echo HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nX-Long: ${'x'.repeat(bytes)}\r\n\r\n`,
    );
    expect(answer.split(' ')[1]).toBe(bytes > 10_240 ? '431' : '401');
  });

  it('refuses a malformed escape in the query', async () => {
    expect((await raw('GET /echo?a=%G HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n')).split(' ')[1]).toBe(
      '400',
    );
  });

  it('lives through nonsense, pipelining and clients that leave', async () => {
    expect(await raw('nonsense\r\n\r\n')).toContain('400');
    const one = 'GET /echo HTTP/1.1\r\nHost: localhost\r\n';
    const pipelined = await raw(`${one}\r\n${one}Connection: close\r\n\r\n`);
    expect(pipelined.match(/HTTP\/1.1 401/g)).toHaveLength(2);
    const socket = connect(gateway.port, '127.0.0.1', () => {
      socket.write('POST /body/a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nhalf');
      setTimeout(() => socket.destroy(), 20);
    });
    const leave = new AbortController();
    const left = call('/slow', { signal: leave.signal });
    setTimeout(() => leave.abort(), 20);
    await expect(left).rejects.toThrow();
    expect((await call('/echo')).status).toBe(200);
  });
});
