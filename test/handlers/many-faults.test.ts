// Clients under a DynamoDB that fails at random, call by call: whatever they are answered is true, what they read is whole,
// nothing is lost or done twice, and when it is over everything works.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import api from '#api';
import { createClient } from '../../lib/store/dynamodb/client.ts';
import { keyRecord, type Received, type Sent, useApi } from '../support/api.ts';
import {
  type DynamoCall,
  FAULTS,
  type Fault,
  type FaultProxy,
  impatient,
  startFaultProxy,
} from '../support/fault-proxy.ts';
import { expectOneStory, stateIn } from '../support/one-story.ts';
import { proved, runs } from '../support/proof.ts';
import { race } from '../support/racers.ts';
import { FIRST_SEED, type Seeded, seeded } from '../support/seeded.ts';

const GIVE_UP_MS = 500;
const as = 'admin';
const IDS = ['one', 'two', 'three'];
/** More than one batch, and never changed. */
const FIXED = Array.from({ length: 110 }, (_, n) => `fixed-${n}`);

let proxy: FaultProxy;
const { engine, names, send, auth, items, stored, auditRows } = useApi(api, undefined, {
  isWarm: true,
  connect: () => impatient(createClient(proxy.endpoint), GIVE_UP_MS),
});

beforeAll(async () => {
  proxy = await startFaultProxy(engine.endpoint);
  await auth(keyRecord(as));
  await items('items', ...FIXED.map((id) => ({ id, status: 'fixed', _v: 1 })));
  await send('POST', '/item', { as, body: { id: 'known', value: 'v' } });
});
afterAll(() => proxy.stop());

const isWhole = ({ json }: Received) =>
  json.length === FIXED.length && json.every(({ id }: { id: string }) => id.startsWith('fixed-'));
const isOne = ({ json }: Received) => json.length === 1;

/** Requests whose whole answer is known. */
const READS: readonly (readonly [method: string, path: string, sent: Sent, isRight: (answer: Received) => boolean])[] =
  [
    ['GET', '/items', { query: [['status', 'fixed']] }, isWhole],
    ['GET', '/items', { query: [['id__startswith', 'fixed-']] }, isWhole],
    ['POST', '/search/id', { body: FIXED }, isWhole],
    ['GET', '/statuses', {}, ({ json }) => JSON.stringify(json) === '["fixed"]'],
    ['GET', '/history/known', {}, isOne],
    ['GET', '/audit/known', { query: [['action', 'CREATE']] }, isOne],
    ['GET', '/item/known', {}, ({ text }) => text === '{"id":"known","value":"v"}'],
  ];

type Weather = (seed: Seeded, call: DynamoCall) => Fault | undefined;

const LOST: readonly Fault[] = ['dropped after', 'cut off', 'garbled', 'late', 'stalled'];
const SLOW: readonly Fault[] = ['late', 'stalled'];
const anyOf =
  (faults: readonly Fault[], share: number): Weather =>
  (seed) => {
    const fault = seed.random() < share ? seed.pick(faults) : undefined;
    // They take as long as a client waits.
    return fault !== undefined && SLOW.includes(fault) && seed.below(3) > 0 ? 'delayed' : fault;
  };
const isAudit = ({ body }: DynamoCall) => body.includes(names.audit);

const WEATHERS: readonly (readonly [string, Weather])[] = [
  ['now and then', anyOf(FAULTS, 0.07)],
  ['most of the time', anyOf(FAULTS, 0.3)],
  ['after it has done its work', anyOf(LOST, 0.25)],
  [
    'where the audit is',
    (seed, call) => (isAudit(call) ? seed.pick(['throttled', 'answer 500', 'dropped before']) : undefined),
  ],
  [
    'where the audit is, but not always',
    (seed, call) =>
      isAudit(call) && seed.below(3) > 0
        ? seed.pick(['over capacity', 'answer 503', 'dropped after', 'in part'])
        : undefined,
  ],
  ['wherever it is called', () => 'answer 503'],
];

describe('a DynamoDB that fails', () => {
  it.each(WEATHERS)(
    '%s',
    async (name, weather) => {
      for (let round = 0; round < runs(1); round += 1) await storm(name, weather, FIRST_SEED + round);
    },
    120_000 * runs(1),
  );
});

async function storm(name: string, weather: Weather, number: number): Promise<void> {
  const seed = seeded(number);
  const before = await stored('items');
  const starts = new Map(IDS.map((id) => [id, stateIn(before, id)]));
  const faults = happened();
  proxy.decide = (call) => weather(seed, call);
  const [seen, reads] = await Promise.all([
    race({ send, as, clients: 6, requests: 10, ids: IDS, seed, name: `${name} ${number}` }),
    Promise.all([90, 91].map((instance) => readAll(instance))),
  ]);
  proxy.decide = () => undefined;
  const table = await stored('items');
  const seeds = table.filter((item) => JSON.stringify(item['status']) === '{"S":"fixed"}');
  expect(proxy.calls(), `seed ${number}`).toBeGreaterThan(0);
  expectOneStory(seen, { items: table, auditRows: await auditRows(), seeded: seeds }, starts);
  await expectFairWeather();
  proved(`a DynamoDB that fails ${name}`, {
    requests: seen.length + reads.flat().length,
    faults: happened() - faults,
    lost: 0,
  });
}

/** Each read is whole or refused. */
async function readAll(instance: number): Promise<readonly Received[]> {
  const answers: Received[] = [];
  for (const [method, path, sent, isRight] of READS) {
    const answer = await send(method, path, { ...sent, as, instance });
    const { status, headers } = answer;
    if (status === 200) expect([path, isRight(answer)]).toEqual([path, true]);
    else expect([[429, 503].includes(status), headers['Retry-After']]).toEqual([true, expect.stringMatching(/^\d+$/)]);
    answers.push(answer);
  }
  return answers;
}

/** What the storm has left works, on the very instances that were in it. */
async function expectFairWeather(): Promise<void> {
  for (const instance of [0, 1, 2, 3, 4, 5]) {
    const id = `after-${instance}`;
    const statuses = [];
    for (const [method, path, body] of [
      ['POST', '/item', { id }],
      ['PUT', `/item/${id}`, { n: 1 }],
      ['GET', `/item/${id}`],
      ['DELETE', `/item/${id}`],
    ] as const) {
      statuses.push((await send(method, path, { as, instance, ...(body && { body }) })).status);
    }
    expect(statuses).toEqual([201, 200, 200, 204]);
  }
  for (const { status } of await readAll(90)) expect(status).toBe(200);
}

const happened = () => [...proxy.happened.values()].reduce((sum, count) => sum + count, 0);
