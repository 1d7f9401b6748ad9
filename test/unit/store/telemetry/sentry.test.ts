// What leaves the account for an error tracker, seen by an HTTP server in its place.

import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { Defect } from '../../../../lib/operations/request/ports.ts';
import { sentry } from '../../../../lib/store/telemetry/sentry.ts';

const CANARY = 'canary-4711';

type Received = { readonly url: string; readonly headers: IncomingHttpHeaders; readonly body: string };

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** A tracker's server; `status` undefined: it never answers. */
async function sink(status: number | undefined): Promise<{ dsn: string; received: Received[] }> {
  const received: Received[] = [];
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += String(chunk);
    });
    request.on('end', () => {
      received.push({ url: request.url ?? '', headers: request.headers, body });
      if (status !== undefined) response.writeHead(status, { location: '/elsewhere' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { dsn: `http://publickey@127.0.0.1:${port}/prefix/42`, received };
}

const defect: Defect = {
  requestId: 'request-1',
  operation: 'get',
  method: 'GET',
  route: '/item/{id}',
  error: new TypeError(`cannot read ${CANARY}`, { cause: new Error(CANARY) }),
  breadcrumbs: [
    { stage: 'records', milliseconds: 3 },
    { stage: 'read', milliseconds: 7 },
  ],
};

describe('a defect', () => {
  it('is one envelope with its name, places and breadcrumbs', async () => {
    const { dsn, received } = await sink(200);
    await sentry(dsn)(defect);
    expect(received).toHaveLength(1);
    const [{ url, headers, body } = { url: '', headers: {}, body: '' }] = received;
    expect(url).toBe('/prefix/api/42/envelope/');
    expect(headers['x-sentry-auth']).toContain('sentry_key=publickey');
    expect(headers['content-type']).toBe('application/x-sentry-envelope');
    const [head, item, event] = body
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(head.event_id).toMatch(/^[0-9a-f]{32}$/);
    expect(item).toEqual({ type: 'event' });
    expect(event).toMatchObject({
      event_id: head.event_id,
      level: 'error',
      transaction: 'GET /item/{id}',
      tags: { request_id: 'request-1', operation: 'get' },
    });
    expect(event.breadcrumbs.values.map((each: { message: string }) => each.message)).toEqual(['records', 'read']);
    expect(event.exception.values.map((each: { type: string }) => each.type)).toEqual(['Error', 'TypeError']);
    const frame = event.exception.values[1].stacktrace.frames.at(-1);
    expect(frame).toMatchObject({ filename: 'sentry.test.ts', lineno: expect.any(Number) });
  });

  it('leaves without its words and without the paths of this machine', async () => {
    const { dsn, received } = await sink(200);
    await sentry(dsn)(defect);
    expect(received[0]?.body).not.toContain(CANARY);
    expect(received[0]?.body).not.toContain(import.meta.dirname);
  });
});

describe('a tracker that is in trouble', () => {
  it.each([400, 429, 500, 302])('answers %d: nobody notices', async (status) => {
    const { dsn, received } = await sink(status);
    await expect(sentry(dsn)(defect)).resolves.toBeUndefined();
    expect(received).toHaveLength(1);
  });

  it('never answers: it is not waited for', async () => {
    const { dsn, received } = await sink(undefined);
    await expect(sentry(dsn)(defect)).resolves.toBeUndefined();
    expect(received).toHaveLength(1);
  });

  it.each(['http://key@127.0.0.1:1/1', 'no url', '', 'https://127.0.0.1/1'])('is not there: %s', async (dsn) => {
    await expect(sentry(dsn)(defect)).resolves.toBeUndefined();
  });
});
