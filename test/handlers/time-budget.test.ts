// A DynamoDB that is slow, or asks to come back again and again: every request is answered in the time that its function
// has, by the function. Time is simulated: each call takes so long, and each pause as long as it can be.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import api from '#api';
import { DAY_SHARDS } from '../../lib/definition/audit-indexes.ts';
import { createClient } from '../../lib/store/dynamodb/client.ts';
import { world } from '../../lib/store/world.ts';
import { keyRecord, type Sent, useApi } from '../support/api.ts';
import { type Fault, type FaultProxy, impatient, startFaultProxy } from '../support/fault-proxy.ts';

/** Of a function, in microseconds (lib/infra/functions.ts). */
const TIMEOUT = 25_000_000;
const PATIENCE_MS = 5_000;
const as = 'admin';

let proxy: FaultProxy;
/** Microseconds that have passed beside the real ones. */
let ahead = 0;
const pass = (milliseconds: number) => {
  ahead += milliseconds * 1e3;
};
const now = () => world.now() + ahead;

const { engine, send, auth, groups, items, stored } = useApi(api, undefined, {
  isWarm: true,
  connect: () => impatient(createClient(proxy.endpoint), PATIENCE_MS, pass),
  world: {
    ...world,
    now,
    sleep: (milliseconds) => {
      pass(milliseconds);
      return Promise.resolve();
    },
  },
});

beforeAll(async () => {
  proxy = await startFaultProxy(engine.endpoint);
  await groups({ group_id: 'staff' });
  await auth(keyRecord(as, { groups: ['staff'] }));
  await items('items', ...IDS.map((id) => ({ id, status: 'active', _v: 1 })));
});
afterAll(() => proxy.stop());

const IDS = Array.from({ length: 60 }, (_, n) => `id-${n}`);
const key = { 'Idempotency-Key': 'k' };

const REQUESTS: readonly (readonly [method: string, path: string, sent: Sent])[] = [
  ['GET', '/items', {}],
  ['GET', '/item/id-1', {}],
  ['GET', '/item/nothing', {}],
  ['POST', '/search/id', { body: IDS }],
  ['GET', '/statuses', {}],
  ['GET', '/history/id-1', {}],
  ['GET', '/audit', { query: [['time__gte', new Date().toISOString().slice(0, 10)]] }],
  ['GET', '/user', {}],
  ['POST', '/item', { body: { id: 'new' }, headers: key }],
  ['PUT', '/item/id-2', { body: { n: 1 } }],
  ['PATCH', '/item/id-3', { body: { n: 1 }, headers: { 'Idempotency-Key': 'p' } }],
  ['DELETE', '/item/id-4', { headers: { 'Idempotency-Key': 'd' } }],
];

const TRIES = 4;
/** What becomes of the nth try, and how long it takes, in milliseconds. */
type Slowness = (nth: number) => { readonly takes: number; readonly fault?: Fault };

const SLOW: readonly (readonly [string, Slowness])[] = [
  ['each call takes as long as a client waits', () => ({ takes: 2_900 })],
  ['each call is answered at its last try', (nth) => lastOf(nth, { takes: 3_000, fault: 'dropped before' })],
  ['each call is throttled but at its last try', (nth) => lastOf(nth, { takes: 5, fault: 'throttled' })],
  ['no call is answered', () => ({ takes: 3_000, fault: 'dropped before' })],
  ['every call is throttled', () => ({ takes: 5, fault: 'throttled' })],
  ['transactions conflict, slowly', () => ({ takes: 1_500, fault: 'conflict' })],
  ['batches are done in part, slowly', () => ({ takes: 1_500, fault: 'in part' })],
];

function lastOf(nth: number, other: ReturnType<Slowness>): ReturnType<Slowness> {
  return nth % TRIES === TRIES - 1 ? { takes: 5 } : other;
}

describe.each(SLOW)('%s', (_, slowness) => {
  it.each(REQUESTS)('%s %s is answered in time', async (method, path, sent) => {
    const first = proxy.calls();
    proxy.decide = ({ number, body }) => {
      const { takes, fault } = slowness(number - first);
      // The partitions of a day are asked side by side.
      pass(takes / (body.includes('"by_day"') ? DAY_SHARDS : 1));
      return fault;
    };
    const start = now();
    const { status, headers } = await send(method, path, { as, ...sent });
    expect(now() - start).toBeLessThan(TIMEOUT);
    if (status >= 500 || status === 429) expect([503, 429]).toContain(status);
    expect(headers['Retry-After'] !== undefined).toBe(status === 503 || status === 429);
    proxy.decide = () => undefined;
  });
});

it('a request that comes after slow ones has all its time again', async () => {
  pass(60_000);
  for (const [method, path, sent] of REQUESTS.slice(0, 8)) {
    expect((await send(method, path, { as, ...sent })).status).toBe(
      path === '/item/nothing' || path.startsWith('/history') ? 404 : 200,
    );
  }
  expect((await stored('items')).length).toBeGreaterThanOrEqual(IDS.length - 1);
});
