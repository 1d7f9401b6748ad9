// What operators see of each request: one line, which is its metrics too; the error tracker for defects; Server-Timing.

import { beforeAll, describe, expect, it } from 'vitest';
import api from '#api';
import { ApiError } from '../../lib/base/errors.ts';
import type { Defect, Ports } from '../../lib/operations/request/ports.ts';
import { keyRecord, type Received, useApi } from '../support/api.ts';

const tracked: Defect[] = [];
/** What goes wrong in the next request. */
let fault: Partial<Ports> = {};

const { send, auth, items, logs } = useApi(api, (ports) => ({
  ...ports,
  meter: {
    ...ports.meter,
    track: (defect) => {
      tracked.push(defect);
      return Promise.resolve();
    },
  },
  ...fault,
}));

beforeAll(async () => {
  const active = { filter_fields: [{ field: 'status', value: 'active' }] };
  await auth(keyRecord('admin'), keyRecord('active', active), keyRecord('broken', { exlude_fields: [] }));
  await items('items', { id: 'a', status: 'active' }, { id: 'b', status: 'sold' });
});

// biome-ignore lint/suspicious/noExplicitAny: a log line is JSON of any shape
type Line = any;

function linesOf(answer: Received): Line[] {
  const id = answer.headers['X-Request-Id'];
  return logs.map((line) => JSON.parse(line)).filter((line) => line.request_id === id);
}

/** The metrics that CloudWatch would read out of a line: `requests [api,operation,code] = 1`. */
function metricsOf(line: Line): Map<string, number> {
  const found = new Map<string, number>();
  for (const { Namespace, Dimensions, Metrics } of line._aws.CloudWatchMetrics) {
    expect(Namespace).toBe('Tablegate');
    for (const { Name } of Metrics) {
      for (const names of Dimensions) {
        // A dimension without a text value, or a metric without a number, would be dropped without a word.
        for (const name of names) expect(line[name]).toEqual(expect.any(String));
        expect(line[Name]).toEqual(expect.any(Number));
        found.set(`${Name} [${names}]`, line[Name]);
      }
    }
  }
  return found;
}

describe('a request', () => {
  it('leaves one line that says who, what, how and at what cost', async () => {
    const lines = linesOf(await send('GET', '/item/a', { as: 'admin' }));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({
      level: 'info',
      message: 'request',
      principal_id: 'admin',
      principal_kind: 'API_KEY',
      operation: 'get',
      method: 'GET',
      route: '/item/{id}',
      status: 200,
      code: 'ok',
      plan: 'get',
      stages: { records: expect.any(Number), read: expect.any(Number), audit: expect.any(Number) },
    });
  });

  it('counts what DynamoDB charged: records consistently, a small page eventually, and the audit row', async () => {
    const [line] = linesOf(await send('GET', '/items', { as: 'admin' }));
    expect(line.read_units).toBe(1.5);
    // The row and its index entries.
    expect(line.write_units).toBeGreaterThanOrEqual(1);
  });

  it.each([
    ['GET', '/items', undefined, 'scan', 'list'],
    ['PUT', '/item/a', { n: 1 }, 'get+update', 'update'],
    ['POST', '/item', { id: 'new' }, 'create', 'create'],
    ['DELETE', '/item/new', undefined, 'get+delete', 'delete'],
  ])('%s %s names its plan', async (method, path, body, plan, operation) => {
    const [line] = linesOf(await send(method, path, { as: 'admin', body }));
    expect(line).toMatchObject({ plan, operation, code: 'ok' });
    expect(line.write_units).toBeGreaterThanOrEqual(1);
  });

  it('counts in few and bounded dimensions', async () => {
    const [line] = linesOf(await send('GET', '/item/a', { as: 'admin' }));
    expect([...metricsOf(line).keys()].sort()).toEqual([
      'duration [api,operation]',
      'read_units [api,operation]',
      'requests [api,operation,code]',
      'write_units [api,operation]',
    ]);
  });
});

describe('a refusal', () => {
  it.each([
    ['a missing row', '/item/none', 'active', 'not_found', 'info', false],
    ['a hidden row', '/item/b', 'active', 'not_found', 'info', false],
    ['nobody', '/items', undefined, 'unauthenticated', 'info', true],
    ['an unknown key', '/items', 'who', 'not_authorized', 'warn', true],
    ['a broken record', '/items', 'broken', 'not_authorized', 'warn', true],
  ])('of %s is counted by its code', async (_, path, as, code, level, isDenied) => {
    const lines = linesOf(await send('GET', path, { ...(as !== undefined && { as }) }));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({ level, code, ...(as !== undefined && { principal_id: as }) });
    expect(metricsOf(lines[0]).get('denied [api,code]')).toBe(isDenied ? 1 : undefined);
    expect(metricsOf(lines[0]).get('denied [api]')).toBe(isDenied ? 1 : undefined);
  });

  it('for a broken record says which and why', async () => {
    const [line] = linesOf(await send('GET', '/items', { as: 'broken' }));
    expect(line.reason).toContain('exlude_fields');
  });
});

describe('failures', () => {
  const during = async (fails: Partial<Ports>, method: string, path: string) => {
    fault = fails;
    const answer = await send(method, path, { as: 'admin' });
    fault = {};
    return answer;
  };

  it('of the audit are counted', async () => {
    const putAudit = () => Promise.reject(new ApiError('unavailable', undefined, [], 'TimeoutError: no answer'));
    const answer = await during({ putAudit }, 'GET', '/item/a');
    expect(answer.status).toBe(503);
    const lines = linesOf(answer);
    const line = lines.find(({ message }) => message === 'request');
    expect(line).toMatchObject({ level: 'error', code: 'unavailable' });
    expect(metricsOf(line).get('audit_failures [api]')).toBe(1);
    expect(lines.find(({ message }) => message === 'an audit row could not be written')).toMatchObject({
      level: 'error',
      reason: 'TimeoutError: no answer',
    });
  });

  it('that are defects go to the tracker with the stages before them, others do not', async () => {
    tracked.length = 0;
    await during({ putAudit: () => Promise.reject(new ApiError('unavailable')) }, 'GET', '/item/a');
    await send('GET', '/item/none', { as: 'admin' });
    expect(tracked).toEqual([]);
    const error = new TypeError('of the store');
    const answer = await during({ read: () => Promise.reject(error) }, 'GET', '/item/a');
    expect(answer.status).toBe(500);
    expect(tracked).toHaveLength(1);
    expect(tracked[0]).toMatchObject({
      requestId: answer.json.request_id,
      operation: 'get',
      route: '/item/{id}',
      error,
    });
    expect(tracked[0]?.breadcrumbs.map(({ stage }) => stage)).toEqual(['records', 'read']);
    const [line] = linesOf(answer);
    expect(line).toMatchObject({ level: 'error', code: 'internal', error: { name: 'TypeError' } });
    expect(line.error.frames[0]).toContain('request-log.test.ts');
  });

  it('never keep an answer from its caller', async () => {
    fault = { read: () => Promise.reject(new TypeError('x')) };
    const answer = await send('GET', '/item/a', { as: 'admin' });
    fault = {};
    expect(answer.json).toMatchObject({ status: 500, code: 'internal' });
  });
});

describe('Server-Timing', () => {
  it('names the stages of an answer', async () => {
    const { headers } = await send('GET', '/item/a', { as: 'admin' });
    expect(headers['Server-Timing']).toMatch(/^records;dur=\d+, read;dur=\d+, audit;dur=\d+, total;dur=\d+$/);
  });

  it('is not there for a refusal: a hidden row is as a missing one', async () => {
    for (const path of ['/item/b', '/item/none'])
      expect((await send('GET', path, { as: 'active' })).headers).not.toHaveProperty('Server-Timing');
  });
});
