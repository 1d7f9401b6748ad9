// One fault at any call of DynamoDB that any request makes: tried again, and the caller notices nothing. The same fault at
// every call from there on: refused with 429 or 503. Either way table and audit tell one story, and what was told is stored.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import api from '#api';
import { createClient } from '../../lib/store/dynamodb/client.ts';
import { keyRecord, type Received, type Sent, useApi } from '../support/api.ts';
import { changesOf, tornParts } from '../support/audit-chain.ts';
import { fastWorld } from '../support/fast-world.ts';
import { FAULTS, type Fault, type FaultProxy, impatient, startFaultProxy } from '../support/fault-proxy.ts';
import { proved, runs } from '../support/proof.ts';

/** Requests that run side by side, each behind a proxy of its own, so that it is known whose call is whose. */
const LANES = 10;
const GIVE_UP_MS = 1_000;
const FAST = 20;
/** So many requests for each fault, of all calls that it may hit; each takes as long as a client waits, of the slow ones. */
const SAMPLE = 24;
const SLOW: readonly Fault[] = ['stalled', 'late'];
const as = 'admin';

const proxies: FaultProxy[] = [];
const world = fastWorld();
const { engine, send, auth, groups, items, stored, auditRows } = useApi(api, undefined, {
  isWarm: true,
  connect: (_, __, lane) => impatient(createClient(proxies[lane]?.endpoint), GIVE_UP_MS),
  world,
});

beforeAll(async () => {
  for (let lane = 0; lane < LANES; lane += 1) proxies.push(await startFaultProxy(engine.endpoint));
  await groups({ group_id: 'staff' });
  await auth(keyRecord(as, { groups: ['staff'] }));
  await items('items', ...FIXED.map((id) => ({ id, status: 'fixed', _v: 1 })));
  await send('POST', '/item', { as, body: { id: 'known', n: 1 } });
  await send('PUT', '/item/known', { as, body: { n: 2 } });
  // Instances are warm from here on: none looks for the seal key.
  for (let lane = 0; lane < LANES; lane += 1) for (const kind of KINDS) await attempt(kind, lane);
  for (const kind of KINDS) calls.set(kind, (await attempt(kind, 0)).calls);
});
afterAll(async () => {
  for (const proxy of proxies) await proxy.stop();
});

type Kind = {
  readonly name: string;
  readonly method: string;
  readonly path: (id: string) => string;
  readonly status: number;
  readonly sent?: (id: string) => Sent;
  /** Whether the item is there before. */
  readonly isThere?: boolean;
  /** Whether an answer is whole. */
  readonly check?: (answer: Received) => void;
};

/** More than one batch. */
const FIXED = Array.from({ length: 120 }, (_, n) => `fixed-${n}`);
const isWhole = ({ json }: Received) =>
  expect(json.map(({ id }: { id: string }) => id).sort()).toEqual([...FIXED].sort());
const isTwo = ({ json }: Received) => expect(json).toHaveLength(2);
const item = (id: string) => `/item/${id}`;
const key = (id: string) => ({ headers: { 'Idempotency-Key': id } });
const changes = [['action__in', '["CREATE","UPDATE"]']] as const;

const READS: readonly Kind[] = [
  { name: 'get', method: 'GET', path: item, status: 200, isThere: true },
  { name: 'a get of nothing', method: 'GET', path: item, status: 404 },
  { name: 'list', method: 'GET', path: () => '/items/status/fixed', status: 200, check: isWhole },
  {
    name: 'search',
    method: 'POST',
    path: () => '/search/id',
    sent: () => ({ body: FIXED }),
    status: 200,
    check: isWhole,
  },
  {
    name: 'unique',
    method: 'GET',
    path: () => '/statuses',
    status: 200,
    check: ({ json }) => expect(json).toEqual(['fixed']),
  },
  { name: 'history', method: 'GET', path: () => '/history/known', status: 200, check: isTwo },
  {
    name: 'audit',
    method: 'GET',
    path: () => '/audit/known',
    sent: () => ({ query: changes }),
    status: 200,
    check: isTwo,
  },
  { name: 'user', method: 'GET', path: () => '/user', status: 200 },
];
const WRITES: readonly Kind[] = [
  { name: 'create', method: 'POST', path: () => '/item', sent: (id) => ({ body: { id, n: 1 } }), status: 201 },
  { name: 'update', method: 'PUT', path: item, sent: () => ({ body: { n: 2 } }), status: 200, isThere: true },
  { name: 'delete', method: 'DELETE', path: item, status: 204, isThere: true },
  {
    name: 'create with a key',
    method: 'POST',
    path: () => '/item',
    sent: (id) => ({ body: { id }, ...key(id) }),
    status: 201,
  },
  {
    name: 'patch with a key',
    method: 'PATCH',
    path: item,
    sent: (id) => ({ body: { n: null }, ...key(id) }),
    status: 200,
    isThere: true,
  },
];
const KINDS = [...READS, ...WRITES];
/** How many calls a request of each kind makes. */
const calls = new Map<Kind, number>();

type Attempt = { readonly kind: Kind; readonly answer: Received; readonly calls: number };
type Case = { readonly kind: Kind; readonly nth: number; readonly fault: Fault };

let made = 0;

/** Sends a request of a kind, about an item of its own. */
async function attempt(
  kind: Kind,
  lane: number,
  decide: (nth: number) => Fault | undefined = () => undefined,
): Promise<Attempt> {
  const proxy = proxies[lane] as FaultProxy;
  made += 1;
  const id = `item-${made}`;
  const options = { as, instance: lane };
  if (kind.isThere) expect((await send('POST', '/item', { ...options, body: { id, n: 0 } })).status).toBe(201);
  const first = proxy.calls();
  proxy.decide = ({ number }) => decide(number - first);
  try {
    const answer = await send(kind.method, kind.path(id), { ...options, ...kind.sent?.(id) });
    return { kind, answer, calls: proxy.calls() - first };
  } finally {
    proxy.decide = () => undefined;
  }
}

/** A case for each call of each kind; a share of them in a check, from all over. */
function casesOf(kinds: readonly Kind[], fault: Fault, share = 1): readonly Case[] {
  const every = kinds.flatMap((kind) =>
    Array.from({ length: calls.get(kind) ?? 0 }, (_, nth) => ({ kind, nth, fault })),
  );
  const wanted = runs(SAMPLE * share * (SLOW.includes(fault) ? 0.25 : 1));
  const step = Math.max(1, every.length / wanted);
  return every.filter((_, at) => Math.floor(at / step) !== Math.floor((at - 1) / step));
}

async function inLanes(cases: readonly Case[], decide: (each: Case) => (nth: number) => Fault | undefined) {
  const left = [...cases];
  const attempts: Attempt[] = [];
  const lane = async (_: unknown, number: number) => {
    for (let next = left.shift(); next; next = left.shift())
      attempts.push(await attempt(next.kind, number, decide(next)));
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  await expectOneStory(attempts);
  return attempts;
}

/** Table and audit tell one story, and of the changes each one that was told of is in it, and none that was refused. */
async function expectOneStory(attempts: readonly Attempt[]): Promise<void> {
  const table = await stored('items');
  const rows = await auditRows();
  const seeded = table.filter((each) => JSON.stringify(each['status']) === '{"S":"fixed"}');
  expect(tornParts(table, rows, seeded)).toEqual([]);
  const changed = changesOf(rows).map(({ requestId }) => requestId);
  for (const { kind, answer } of attempts.filter((each) => WRITES.includes(each.kind))) {
    const id = answer.headers['X-Request-Id'];
    const isOpen = answer.status === 429 || answer.status === 503;
    const effects = changed.filter((each) => each === id).length;
    expect([kind.name, answer.status, effects]).toEqual([
      kind.name,
      answer.status,
      answer.status < 300 ? 1 : isOpen ? effects : 0,
    ]);
    expect(effects).toBeLessThan(2);
  }
}

const happened = () => proxies.reduce((sum, proxy) => sum + [...proxy.happened.values()].reduce((a, b) => a + b, 0), 0);

describe('one fault at any call', () => {
  it.each(FAULTS.filter((fault) => fault !== 'garbled'))('is not noticed: %s', async (fault) => {
    const before = happened();
    const attempts = await inLanes(casesOf(KINDS, fault), (each) => (nth) => (nth === each.nth ? fault : undefined));
    for (const { kind, answer } of attempts) {
      expect([kind.name, answer.status, answer.text.slice(0, 200)]).toEqual([
        kind.name,
        kind.status,
        expect.anything(),
      ]);
      kind.check?.(answer);
    }
    expect(happened() - before).toBeGreaterThan(0);
    proved('one fault at any call', { requests: attempts.length, faults: happened() - before, lost: 0 });
  });

  it('that makes an answer unreadable is refused, or not noticed', async () => {
    const attempts = await inLanes(
      casesOf(KINDS, 'garbled'),
      (each) => (nth) => (nth === each.nth ? 'garbled' : undefined),
    );
    for (const { kind, answer } of attempts) {
      expect([kind.name, answer.status]).toEqual([kind.name, answer.status === kind.status ? kind.status : 503]);
      if (answer.status === 200) kind.check?.(answer);
    }
  });

  it('that loses the answer of a write is not noticed where the engine knows no tokens either', async () => {
    for (const proxy of proxies) proxy.forgetsTokens = true;
    const lost = ['dropped after', 'cut off', 'stalled', 'late'] as const;
    const cases = lost.flatMap((fault) => casesOf(WRITES, fault, 0.5));
    const attempts = await inLanes(
      cases,
      ({ nth, fault }) =>
        (at) =>
          at === nth ? fault : undefined,
    );
    for (const proxy of proxies) proxy.forgetsTokens = false;
    expect(attempts.map(({ kind, answer }) => [kind.name, answer.status])).toEqual(
      attempts.map(({ kind }) => [kind.name, kind.status]),
    );
  });
});

it('a transaction that is still at work is not made anew: what becomes of it is open', async () => {
  const kinds = WRITES.filter(({ sent }) => !sent?.('')?.headers);
  const cases = kinds.map((kind) => ({ kind, nth: (calls.get(kind) ?? 0) - 1, fault: 'in progress' as const }));
  const attempts = await inLanes(
    cases,
    ({ nth, fault }) =>
      (at) =>
        at === nth ? 'dropped after' : at > nth ? fault : undefined,
  );
  expect(attempts.map(({ answer }) => answer.status)).toEqual(cases.map(() => 503));
});

describe('a fault at every call from one on', () => {
  beforeAll(() => world.run(FAST));
  afterAll(() => world.run(1));

  /** Not noticed where they do not apply to what is called. */
  const PASSING: readonly Fault[] = ['delayed', 'conflict', 'in progress', 'in part'];

  it.each(FAULTS)('is refused with a time to come back, and the next request works: %s', async (fault) => {
    const before = happened();
    const cases = [...casesOf(WRITES, fault, 0.25), ...casesOf(READS, fault, 0.25)];
    const attempts = await inLanes(cases, (each) => (nth) => (nth >= each.nth ? fault : undefined));
    for (const { kind, answer } of attempts) {
      const { status, headers, json } = answer;
      if (status === kind.status && PASSING.includes(fault)) continue;
      const refused = { throttled: 429, unavailable: 503, conflict: 409 }[json.code as string];
      expect([kind.name, status, json.code]).toEqual([kind.name, refused, json.code]);
      expect(headers['Retry-After'] ?? 'none').toEqual(status === 409 ? 'none' : expect.stringMatching(/^\d+$/));
      expect(answer.text).not.toMatch(/arn:|words of AWS|Bad Gateway|Exception|socket/);
    }
    expect(attempts.some(({ answer }) => answer.status > 404) || PASSING.includes(fault)).toBe(true);
    proved('a fault at every call', { requests: attempts.length, faults: happened() - before, lost: 0 });
    for (let lane = 0; lane < LANES; lane += 1) {
      const { kind, answer } = await attempt(WRITES[lane % WRITES.length] as Kind, lane);
      expect(answer.status).toBe(kind.status);
    }
  });
});
