// docs/reference/audit.md, "Reading", and docs/reference/query.md, "Pages": all pages of the audit together are the
// audit, wherever a page ends; what a page ends at tells nothing of rows that are not shown; what a page costs does not
// depend on the rows around it.

import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { api } from '../../lib/definition/api.ts';
import { audit } from '../../lib/definition/endpoint.ts';
import { table } from '../../lib/definition/table.ts';
import { dayBefore, dayOf } from '../../lib/plan/days.ts';
import { readAudit } from '../../lib/store/audit/audit.ts';
import { createClient } from '../../lib/store/dynamodb/client.ts';
import { world } from '../../lib/store/world.ts';
import { keyRecord, nextQuery, type Received, useApi } from '../support/api.ts';
import { type Cost, counting, rowsOf, store, type Told } from '../support/audit-rows.ts';
import { unmeteredWorld } from '../support/budget.ts';
import { proved, runs } from '../support/proof.ts';

// Reading back to a gap asks for many days, and the machine may be busy.
vi.setConfig({ testTimeout: runs(120_000) });

const items = table('items', { partitionKey: { id: 'string' } });

let cost: Cost = { calls: [], units: 0, keys: 0, rows: 0 };
/** How long a call to the audit table takes, in seconds of the clock that its reader sees. */
let slowness = 0;
let elapsed = 0;

const { engine, names, send, auth } = useApi(
  api({
    tables: [items],
    endpoints: [audit('/audit'), audit('/everything'), audit('/audit/{id}', items)],
    // Rows of the tests' own requests would be among those that they expect.
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

const today = dayOf(Date.now());
const id = (n: number) => `0190c1d2-0000-7000-8000-${String((n * 7_919) % 100_003).padStart(12, '0')}`;

/**
 * Rows of several days, the last one behind a gap, many of which share their time; every third is hidden from who sees
 * active items alone, every fourth is no change.
 */
const told: readonly Told[] = [1, 1, 1, 2, 5, 5, 20, 45, 46, 46, 90].flatMap((days, at) =>
  Array.from({ length: 13 }, (_, n): Told => {
    const status = n % 3 === 0 ? 'sold' : 'active';
    const second = n < 9 ? '07' : String(10 + n);
    const common = {
      ...{ id: id(at * 13 + n), table: items, key: { id: `i${n % 5}` }, by: ['writer', 'clerk', 'jane'][n % 3] ?? '' },
      time: `${dayBefore(today, days)}T1${at % 10}:00:${second}.000000Z`,
    };
    const image = { id: `i${n % 5}`, status, n };
    return n % 4 === 0 ? common : { ...common, action: n % 2 === 0 ? 'CREATE' : 'UPDATE', after: image };
  }),
);

beforeAll(async () => {
  await auth(
    keyRecord('admin'),
    keyRecord('other'),
    keyRecord('clerk', { read_filters: [{ field: 'status', value: 'active' }] }),
    keyRecord('blind', { read_filters: [{ any: [] }] }),
    keyRecord('jane', { audit_filters: [{ field: 'user.id', value: { $var: 'user.id' } }] }),
  );
  await store(engine, names.audit, told.flatMap(rowsOf));
});

type Query = readonly (readonly [string, string])[];
type Pages = {
  readonly ids: readonly string[];
  readonly sizes: readonly number[];
  readonly answers: readonly Received[];
};

async function allPages(as: string, query: Query, path = '/audit', most = 300): Promise<Pages> {
  const answers: Received[] = [];
  for (let next: Query | undefined = query; next; ) {
    if (answers.length > most) throw new Error('the pages do not end');
    const answer: Received = await send('GET', path, { as, query: next });
    if (answer.status !== 200) throw new Error(`${answer.status} ${answer.text}`);
    answers.push(answer);
    next = nextQuery(answer);
  }
  const ids = answers.flatMap(({ json }) => json.map((row: { id: string }) => row.id));
  return { ids, sizes: answers.map(({ json }) => json.length), answers };
}

const daysAgo = (days: number) => dayBefore(today, days);
const isShown = (as: string, row: Told) =>
  as === 'admin' || row.by === as || (as === 'clerk' && row.after?.['status'] === 'active');
/** The ids of the rows that somebody is shown, newest first. */
function shown(as: string, holds: (row: Told) => boolean): readonly string[] {
  const rows = told.filter((row) => isShown(as, row) && holds(row));
  const place = (row: Told) => `${row.time} ${row.id}`;
  return rows.toSorted((one, other) => (place(one) < place(other) ? 1 : -1)).map((row) => row.id);
}

type Case = { readonly query: Query; readonly holds: (row: Told) => boolean; readonly path?: string };
const cases: readonly Case[] = [
  { query: [], holds: (row) => row.time >= daysAgo(85) },
  { query: [['time__gte', daysAgo(100)]], holds: () => true },
  {
    query: [['time__between', JSON.stringify([daysAgo(46), daysAgo(4)])]],
    holds: (row) => row.time >= daysAgo(46) && row.time < daysAgo(4),
  },
  {
    query: [
      ['time__gte', daysAgo(60)],
      ['action__in', '["CREATE","GET"]'],
    ],
    holds: (row) => row.time >= daysAgo(60) && row.action !== 'UPDATE',
  },
  { query: [['resource.key.id__in', '["i1","i3"]']], holds: (row) => ['i1', 'i3'].includes(String(row.key['id'])) },
  { query: [], holds: (row) => row.key['id'] === 'i2', path: '/audit/i2' },
  {
    query: [
      ['user.username', 'jane'],
      ['time__gte', daysAgo(100)],
    ],
    holds: (row) => row.by === 'jane',
  },
];

/** A caller with a filter reads 32 days back where its query does not say how far. */
const isNear = (as: string, { query, path }: Case, row: Told) =>
  as === 'admin' || path !== undefined || query.length > 0 || row.time >= daysAgo(32);

describe('all pages together', () => {
  const callers = fc.constantFrom('admin', 'clerk', 'jane', 'blind');

  it('give every visible row once and in order, for any limit; a link leads to a row that is shown', async () => {
    const law = fc.asyncProperty(
      ...[fc.constantFrom(...cases), fc.integer({ min: 1, max: 40 }), callers],
      async (of, limit, as) => {
        const expected = shown(as, (row) => of.holds(row) && isNear(as, of, row));
        const { ids, sizes } = await allPages(as, [...of.query, ['_limit', String(limit)]], of.path);
        expect(ids).toEqual(expected);
        expect(sizes.slice(0, -1).every((size) => size === limit)).toBe(true);
        if (sizes.length > 1) expect(sizes.at(-1)).toBeGreaterThan(0);
      },
    );
    await fc.assert(law, { numRuns: runs(40) });
    proved('paged audits', { cases: runs(40) });
  });

  it('give them wherever the time was up', async () => {
    let short = 0;
    const law = fc.asyncProperty(
      ...[fc.constantFrom(...cases), fc.integer({ min: 1, max: 40 }), callers, fc.constantFrom(3, 7, 30)],
      async (of, limit, as, seconds) => {
        slowness = seconds;
        const expected = shown(as, (row) => of.holds(row) && isNear(as, of, row));
        const { ids, sizes } = await allPages(as, [...of.query, ['_limit', String(limit)]], of.path);
        expect(ids).toEqual(expected);
        short += sizes.slice(0, -1).filter((size) => size < limit).length;
      },
    );
    try {
      await fc.assert(law, { numRuns: runs(20) });
    } finally {
      slowness = 0;
    }
    expect(short).toBeGreaterThan(10);
  });
});

const headerOf = ({ headers }: Received) => headers['X-Audit-From'];

describe('how far back the pages go', () => {
  it('is said by the last of them alone, alike for any limit and however long it took', async () => {
    for (const [as, day] of [
      ['admin', daysAgo(46 + 32)],
      ['clerk', dayBefore(dayOf(Date.now() + 300_000), 32)],
    ] as const) {
      for (const [limit, seconds] of [
        [1_000, 0],
        [30, 0],
        [30, 7],
        [1_000, 30],
      ] as const) {
        slowness = seconds;
        const { answers } = await allPages(as, [['_limit', String(limit)]]).finally(() => {
          slowness = 0;
        });
        const told = answers.map(headerOf);
        expect(told.pop()).toBe(day);
        expect(told.every((each) => each === undefined)).toBe(true);
        if (limit === 30) expect(told.length).toBeGreaterThan(0);
      }
    }
  });

  it('is not said where the query says it, nor of one item', async () => {
    for (const { query, path } of cases.filter((each) => each.query.length > 0 || each.path)) {
      const { answers } = await allPages('clerk', [...query, ['_limit', '9']], path);
      expect(answers.some((answer) => headerOf(answer) !== undefined)).toBe(false);
    }
  });

  it('is where the next question may begin', async () => {
    const { answers } = await allPages('admin', []);
    const before = await allPages('admin', [['time__lt', headerOf(answers.at(-1) as Received) ?? '']]);
    expect(before.ids).toEqual(shown('admin', (row) => row.time < daysAgo(85)));
  });
});

describe('pages of large rows', () => {
  it('end at 4 MB of JSON, and the rest is behind the link', async () => {
    const rows = Array.from({ length: 11 }, (_, n) => ({
      ...{ time: `2025-07-01T00:00:${String(10 + n)}.000000Z`, id: id(5_000 + n), table: items, key: { id: 'big' } },
      ...{ action: 'UPDATE', before: { text: `${n}`.repeat(240_000) }, after: { text: `${n + 1}`.repeat(240_000) } },
    }));
    await store(engine, names.audit, rows.flatMap(rowsOf));
    const { ids, sizes, answers } = await allPages('admin', [], '/audit/big');
    expect(ids).toEqual(rows.map((row) => row.id).reverse());
    expect(sizes.length).toBeGreaterThan(1);
    for (const { text } of answers) expect(Buffer.byteLength(text)).toBeLessThanOrEqual(4 * 1024 * 1024 + 2);
  });
});

describe('a cursor', () => {
  const query: Query = [
    ['resource.table', 'items'],
    ['_limit', '4'],
  ];
  const cursorOf = (answer: Received) => new Map(nextQuery(answer)).get('_cursor') ?? '';
  const first = async (as = 'admin', path = '/audit', of = query) =>
    cursorOf(await send('GET', path, { as, query: of }));

  it.each<[string, string, Query, string]>([
    ['of another caller', 'other', query, '/audit'],
    [
      'of another query',
      'admin',
      [
        ['resource.table', 'orders'],
        ['_limit', '4'],
      ],
      '/audit',
    ],
    ['of a query with more in it', 'admin', [...query, ['action', 'GET']], '/audit'],
    [
      'of another page',
      'admin',
      [
        ['resource.table', 'items'],
        ['_limit', '5'],
      ],
      '/audit',
    ],
    ['of another endpoint', 'admin', query, '/everything'],
    ['of one item', 'admin', query, '/audit/i1'],
  ])('%s is refused', async (_, as, of, path) => {
    const answer = await send('GET', path, { as, query: [...of, ['_cursor', await first()]] });
    expect([answer.status, answer.json.code, answer.json.errors[0].path]).toEqual([400, 'invalid_cursor', '_cursor']);
  });

  it('of one item is none of another', async () => {
    const _cursor = await first('admin', '/audit/i1', [['_limit', '2']]);
    const answer = await send('GET', '/audit/i2', {
      as: 'admin',
      query: [
        ['_limit', '2'],
        ['_cursor', _cursor],
      ],
    });
    expect(answer.json.code).toBe('invalid_cursor');
  });

  it('of a caller who has become restricted is refused: the reading would end elsewhere', async () => {
    const _cursor = await first('other', '/audit', [['_limit', '2']]);
    await auth(keyRecord('other', { exclude_fields: ['cost'] }));
    const answer = await send('GET', '/audit', {
      as: 'other',
      query: [
        ['_limit', '2'],
        ['_cursor', _cursor],
      ],
    });
    expect(answer.json.code).toBe('invalid_cursor');
    await auth(keyRecord('other'));
  });

  it('has one length, wherever the page ended and for whomever, and says nothing of the row that comes next', async () => {
    const lengths = new Set<number>();
    for (const [as, seconds] of [
      ['admin', 0],
      ['clerk', 0],
      ['clerk', 7],
      ['blind', 7],
      ['jane', 30],
    ] as const) {
      slowness = seconds;
      const { answers } = await allPages(as, [['_limit', '7']]).finally(() => {
        slowness = 0;
      });
      const cursors = answers.slice(0, -1).map(cursorOf);
      expect(cursors.length).toBeGreaterThan(0);
      for (const cursor of cursors) {
        lengths.add(cursor.length);
        expect(Buffer.from(cursor, 'base64url').toString('latin1')).not.toMatch(/\d{4}-\d\d|0190c1d2/);
      }
    }
    expect(lengths.size).toBe(1);
  });
});

describe('a page for a caller with a filter', () => {
  it('is the same without the rows that it is not shown, link and all', async () => {
    const at = (n: number) => `2025-08-01T00:00:00.${String(n).padStart(6, '0')}Z`;
    const row = (key: string, n: number, status: string): Told => ({
      ...{
        time: at(n),
        id: id(7_000 + n),
        table: items,
        key: { id: key },
        action: 'UPDATE',
        after: { id: key, status },
      },
    });
    const isHidden = (n: number) => n < 4 || n % 3 !== 0 || n > 50;
    const all = Array.from({ length: 60 }, (_, n) => n);
    const mixed = all.map((n) => row('mixed', n, isHidden(n) ? 'sold' : 'active'));
    const plain = all.filter((n) => !isHidden(n)).map((n) => row('plain', n, 'active'));
    await store(
      engine,
      names.audit,
      [...mixed, ...plain.map((each) => ({ ...each, id: `${each.id}0` }))].flatMap(rowsOf),
    );
    for (const limit of [1, 2, 5, 14, 15, 16]) {
      const query: Query = [['_limit', String(limit)]];
      const [one, other] = [
        await allPages('clerk', query, '/audit/mixed'),
        await allPages('clerk', query, '/audit/plain'),
      ];
      expect(one.ids.map((each) => `${each}0`)).toEqual(other.ids);
      expect(one.ids.length).toBe(15);
      expect(one.sizes).toEqual(other.sizes);
    }
  });
});

describe('the cost of one page', () => {
  const costOf = async (path: string, query: Query = []): Promise<Cost> => {
    expect((await send('GET', path, { as: 'admin', query })).status).toBe(200);
    expect(cost.calls).not.toContain('ScanCommand');
    return cost;
  };
  const asked: readonly [string, Query][] = [
    ['/audit/i1', []],
    ['/audit/i1', [['_limit', '2']]],
    ['/audit', [['resource.key.id', 'i1']]],
    ['/audit', [['user.id', 'jane']]],
    [
      '/audit',
      [
        ['time__between', JSON.stringify([daysAgo(46), daysAgo(45)])],
        ['_limit', '3'],
      ],
    ],
  ];

  it('of one item, one caller or one day is the same with a thousand rows of others around', async () => {
    const before: Cost[] = [];
    for (const [path, query] of asked) before.push(await costOf(path, query));
    const around = Array.from({ length: 1_000 }, (_, n) => ({
      ...{ table: items, key: { id: `other-${n}` }, by: `u${n}`, after: { id: `other-${n}` }, action: 'CREATE' },
      ...{ time: `${daysAgo(n % 40)}T05:00:00.${String(n).padStart(6, '0')}Z`, id: id(20_000 + n) },
    }));
    await store(engine, names.audit, around.flatMap(rowsOf));
    for (const [at, [path, query]] of asked.entries()) expect(await costOf(path, query)).toEqual(before[at]);
  });

  it('is that of the rows it shows, and of one more', async () => {
    const small = await costOf('/audit/i1', [['_limit', '2']]);
    expect([small.rows, small.calls.length]).toEqual([3, 3]);
    expect(small.keys).toBeLessThanOrEqual(50);
    const next = nextQuery(await send('GET', '/audit/i1', { as: 'admin', query: [['_limit', '2']] })) ?? [];
    expect((await costOf('/audit/i1', next)).rows).toBe(3);
  });
});
