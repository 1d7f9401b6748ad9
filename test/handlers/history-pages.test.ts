// docs/reference/audit.md, "History", and docs/reference/query.md, "Pages": all pages of a history together are the
// history, also of large items and of changes within one second; what a page costs does not depend on the rows around
// it. See test/laws/history-pages.test.ts too.

import { randomBytes } from 'node:crypto';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { api } from '../../lib/definition/api.ts';
import { create, history, remove, update } from '../../lib/definition/endpoint.ts';
import { table } from '../../lib/definition/table.ts';
import { readAudit } from '../../lib/store/audit/audit.ts';
import { createClient } from '../../lib/store/dynamodb/client.ts';
import { world } from '../../lib/store/world.ts';
import { keyRecord, nextQuery, type Received, useApi } from '../support/api.ts';
import { type Cost, counting, rowsOf, store, type Told } from '../support/audit-rows.ts';
import { unmeteredWorld } from '../support/budget.ts';
import { proved, runs } from '../support/proof.ts';

vi.setConfig({ testTimeout: runs(120_000) });

const notes = table('notes', { partitionKey: { id: 'string' }, version: '_v' });

let cost: Cost = { calls: [], units: 0, keys: 0, rows: 0 };
/** How long a call to the audit table takes, in seconds of the clock that its reader sees. */
let slowness = 0;
let elapsed = 0;

const { engine, names, send, auth } = useApi(
  api({
    tables: [notes],
    endpoints: [
      ...[create('/note', notes), update('/note/{id}', notes), remove('/note/{id}', notes)],
      ...[history('/history/{id}', notes), history('/versions/{id}', notes)],
    ],
    audit: { reads: 'off' },
  }),
  (ports) => ({ ...ports, readAudit: (...args) => watched()(...args) }),
);

let client: DynamoDBClient | undefined;

function watched() {
  cost = { calls: [], units: 0, keys: 0, rows: 0 };
  elapsed = 0;
  client ??= counting(
    createClient(engine.endpoint),
    () => cost,
    () => {
      elapsed += slowness;
    },
  );
  return readAudit(client, names.audit, { ...unmeteredWorld, now: () => world.now() + elapsed * 1e6 });
}

beforeAll(async () => {
  await auth(
    keyRecord('admin'),
    keyRecord('other'),
    keyRecord('clerk', { read_filters: [{ field: 'status', value: 'active' }] }),
  );
});

type Query = readonly (readonly [string, string])[];
type Data = Readonly<Record<string, unknown>>;
/** `data` as the version says it; null: the item was deleted. */
type Version = { readonly time: string; readonly data: Data | null };

let last = 0;
const newKey = (): string => `n${++last}`;
const newId = (): string => `0190c1d2-0000-7000-8000-${String(++last).padStart(12, '0')}`;
const read = async (as: string, key: string, query: Query = []): Promise<Received> =>
  send('GET', `/history/${key}`, { as, query });

async function allPages(as: string, key: string, query: Query = []) {
  const answers: Received[] = [];
  for (let next: Query | undefined = query; next; ) {
    if (answers.length > 100) throw new Error('the pages do not end');
    const answer: Received = await read(as, key, next);
    if (answer.status !== 200) throw new Error(`${answer.status} ${answer.text}`);
    answers.push(answer);
    next = nextQuery(answer);
  }
  const versions = answers.flatMap(({ json }) => json as Version[]);
  return { versions, answers, sizes: answers.map(({ json }) => json.length as number) };
}

const timeOf = (milliseconds: number) => new Date(milliseconds).toISOString().replace('Z', '000Z');

/** Stores a change for each image that an item had, undefined where it was deleted; gives its versions, newest first. */
async function happened(key: string, images: readonly (readonly [image: Data | undefined, pause: number])[]) {
  let at = Date.UTC(2026, 1, 1);
  let before: Data | undefined;
  const changes = images.map(([after, pause]): Told => {
    at += pause;
    const action = after ? (before ? 'UPDATE' : 'CREATE') : 'DELETE';
    const change = { time: timeOf(at), id: newId(), table: notes, key: { id: key }, action, before, after };
    before = after;
    return change;
  });
  const rows = changes.flatMap(rowsOf);
  // One by one: a batch takes 16 MB.
  for (const row of rows) await store(engine, names.audit, [row]);
  const versions = changes.map(({ time, after }): Version => ({ time, data: after ?? null })).reverse();
  return { versions, isOverflowing: rows.length > changes.length };
}

/** Too random to be compressed below one row, where it is in both images. */
const LARGE = Array.from({ length: 4 }, () => randomBytes(210_000).toString('base64'));

describe('all pages together', () => {
  it('are the history of creates, updates, deletes and re-creates, for any limit', async () => {
    let overflowing = 0;
    const large: [readonly string[], number] = [['large', 'active'], 400];
    const steps = fc.array(
      fc.tuple(
        fc.constantFrom<readonly string[]>(
          ['active'],
          ['active'],
          ['sold'],
          ['deleted'],
          ['large', 'active'],
          ['large', 'sold'],
        ),
        fc.constantFrom(0, 1, 400, 1_000, 1_001, 60_000),
      ),
      { minLength: 1, maxLength: 14, size: 'max' },
    );
    const law = fc.asyncProperty(
      ...[steps, fc.integer({ min: 1, max: 5 }), fc.constantFrom('admin', 'clerk'), fc.constantFrom(0, 3)],
      async (changed, limit, as, seconds) => {
        const key = newKey();
        const images = changed.map(([kinds, pause], n): readonly [Data | undefined, number] => {
          // What was deleted is created before it is deleted again.
          const isDeleted = kinds.includes('deleted') && n > 0 && !changed[n - 1]?.[0].includes('deleted');
          const text = kinds.includes('large') && { text: LARGE[n % LARGE.length] };
          return [isDeleted ? undefined : { id: key, status: kinds.at(-1), n, ...text }, pause];
        });
        const { versions, isOverflowing } = await happened(key, images);
        const isSeen = ({ data }: Version, at: number) => (data ?? versions[at + 1]?.data)?.['status'] === 'active';
        const expected = as === 'admin' ? versions : versions.filter(isSeen);
        if (expected.length === 0) return;
        slowness = seconds;
        const { versions: found, sizes } = await allPages(as, key, [['_limit', String(limit)]]);
        expect(found.map(({ time, data }) => ({ time, data }))).toEqual(expected);
        if (seconds === 0 && !isOverflowing) expect(sizes.slice(0, -1).every((size) => size === limit)).toBe(true);
        if (isOverflowing && sizes.length > 1) overflowing += 1;
      },
    );
    try {
      await fc.assert(law, { numRuns: runs(25), examples: [[Array.from({ length: 5 }, () => large), 2, 'admin', 0]] });
    } finally {
      slowness = 0;
    }
    expect(overflowing).toBeGreaterThan(0);
    proved('paged histories of large items', { cases: runs(25) });
  });

  it('are the history of what was written by the API, however fast', async () => {
    const key = newKey();
    await send('POST', '/note', { as: 'admin', body: { id: key, n: 0 } });
    await Promise.all(
      Array.from({ length: 12 }, (_, n) => send('PUT', `/note/${key}`, { as: 'admin', body: { [`a${n}`]: n } })),
    );
    await send('DELETE', `/note/${key}`, { as: 'admin' });
    await send('POST', '/note', { as: 'admin', body: { id: key, n: 1 } });
    const whole = (await read('admin', key)).json as Version[];
    expect(whole.length).toBeGreaterThan(4);
    for (const limit of [1, 2, 3, whole.length - 1, whole.length]) {
      const { versions, sizes } = await allPages('admin', key, [['_limit', String(limit)]]);
      expect(versions).toEqual(whole);
      expect(sizes.length).toBe(Math.ceil(whole.length / limit));
    }
  });

  it('do not give what came after the first of them', async () => {
    const key = newKey();
    for (const n of [0, 1, 2])
      await send(n ? 'PUT' : 'POST', n ? `/note/${key}` : '/note', { as: 'admin', body: n ? { n } : { id: key, n } });
    const first = await read('admin', key, [['_limit', '1']]);
    await send('PUT', `/note/${key}`, { as: 'admin', body: { n: 3 } });
    const { versions } = await allPages('admin', key, nextQuery(first));
    expect([...first.json, ...versions].map(({ data }: Version) => data?.['n'])).toEqual([2, 1, 0]);
  });

  it('end at 4 MB of JSON', async () => {
    const key = newKey();
    const { versions } = await happened(
      key,
      Array.from({ length: 40 }, (_, n) => [{ id: key, n, text: LARGE[n % 4] }, n % 3 ? 0 : 2_000]),
    );
    const { versions: found, answers } = await allPages('admin', key);
    expect(found.map(({ data }) => data?.['n'])).toEqual(versions.map(({ data }) => data?.['n']));
    expect(answers.length).toBeGreaterThan(2);
    for (const { text } of answers) expect(Buffer.byteLength(text)).toBeLessThanOrEqual(4 * 1024 * 1024 + 2);
  });
});

describe('a window', () => {
  it('has pages of its own', async () => {
    const key = newKey();
    const { versions } = await happened(
      key,
      Array.from({ length: 9 }, (_, n) => [{ id: key, n }, 700]),
    );
    const between = JSON.stringify([versions[6]?.time, versions[1]?.time]);
    const { versions: found } = await allPages('admin', key, [
      ['time__between', between],
      ['_limit', '2'],
    ]);
    expect(found.map(({ time }) => time)).toEqual(versions.slice(1, 7).map(({ time }) => time));
  });
});

describe('a history of which little is shown', () => {
  const some = (key: string, sold: (n: number) => boolean) =>
    happened(
      key,
      Array.from({ length: 40 }, (_, n) => [{ id: key, n, status: sold(n) ? 'sold' : 'active' }, 2_000]),
    );

  it('is 404 where nothing of it is shown, and an empty page behind one that showed something is no error', async () => {
    const [hidden, newest, oldest] = [newKey(), newKey(), newKey()];
    await some(hidden, () => true);
    await some(newest, (n) => n < 39);
    await some(oldest, (n) => n > 0);
    expect((await read('clerk', hidden)).status).toBe(404);
    expect((await read('admin', newKey())).status).toBe(404);
    // One version is shown, and nobody can tell from the link that there are others: there is none.
    expect((await allPages('clerk', newest, [['_limit', '1']])).sizes).toEqual([1]);
    slowness = 30;
    try {
      const { sizes } = await allPages('clerk', newest, [['_limit', '1']]);
      expect([sizes[0], sizes.at(-1)]).toEqual([1, 0]);
      const behind = await allPages('clerk', oldest, [['_limit', '1']]);
      expect([behind.sizes[0], behind.sizes.at(-1)]).toEqual([0, 1]);
      expect(behind.versions[0]?.data).toEqual({ id: oldest, n: 0, status: 'active' });
      expect((await read('admin', newKey())).status).toBe(404);
    } finally {
      slowness = 0;
    }
  });
});

describe('a cursor', () => {
  const limited: Query = [['_limit', '1']];
  const cursorOf = (answer: Received) => new Map(nextQuery(answer)).get('_cursor') ?? '';

  it('is bound to caller, item, query and endpoint, and has one length', async () => {
    const [key, another] = [newKey(), newKey()];
    for (const each of [key, another])
      await happened(
        each,
        Array.from({ length: 6 }, (_, n) => [{ id: each, n }, n * 400]),
      );
    const _cursor = cursorOf(await read('admin', key, limited));
    const query: Query = [...limited, ['_cursor', _cursor]];
    expect((await read('admin', key, query)).status).toBe(200);
    const refused = [
      await read('other', key, query),
      await read('admin', another, query),
      await read('admin', key, [
        ['_limit', '2'],
        ['_cursor', _cursor],
      ]),
      await read('admin', key, [...query, ['time__between', '["2025","2027"]']]),
      await send('GET', `/versions/${key}`, { as: 'admin', query }),
      await read('admin', key, [['_cursor', 'x']]),
    ];
    for (const { status, json } of refused) expect([status, json.code]).toEqual([400, 'invalid_cursor']);
    const { answers } = await allPages('admin', key, limited);
    expect(new Set(answers.slice(0, -1).map((answer) => cursorOf(answer).length)).size).toBe(1);
  });
});

describe('the cost of one page', () => {
  it('is the same with a thousand rows of other items around, and small where little is asked', async () => {
    const key = newKey();
    await happened(
      key,
      Array.from({ length: 30 }, (_, n) => [{ id: key, n }, 2_000]),
    );
    const costOf = async (query: Query): Promise<Cost> => {
      expect((await read('admin', key, query)).status).toBe(200);
      return cost;
    };
    const [whole, small] = [await costOf([]), await costOf([['_limit', '1']])];
    const around = Array.from(
      { length: 1_000 },
      (_, n): Told => ({
        ...{ time: timeOf(Date.UTC(2026, 1, 1) + n), id: newId(), table: notes, key: { id: `other-${n}` } },
        ...{ action: 'CREATE', after: { id: `other-${n}` } },
      }),
    );
    await store(engine, names.audit, around.flatMap(rowsOf));
    expect([await costOf([]), await costOf([['_limit', '1']])]).toEqual([whole, small]);
    expect(whole).toMatchObject({ calls: ['QueryCommand', 'BatchGetItemCommand'], keys: 30, rows: 30 });
    // The version that is shown, the one that tells of a next page, and the change that settles its place.
    expect(small).toMatchObject({ calls: ['QueryCommand', 'BatchGetItemCommand'], rows: 3 });
    const next = nextQuery(await read('admin', key, [['_limit', '1']])) ?? [];
    expect(await costOf(next)).toMatchObject({ rows: 3, calls: small.calls });
  });
});
