// Rows and requests that somebody made to take long: everybody else's requests are answered in their time, wholly or up to a
// place to go on from, and leave their audit rows.

import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { api } from '../../lib/definition/api.ts';
import { audit, history, list, patch, unique, update } from '../../lib/definition/endpoint.ts';
import { table } from '../../lib/definition/table.ts';
import { world } from '../../lib/store/world.ts';
import { keyRecord, nextQuery, type Received, useApi } from '../support/api.ts';
import { attempts, KNOWN, send as sendDearest } from '../support/dearest.ts';
import { cases } from '../support/proof.ts';

const items = table('items', { partitionKey: { id: 'string' } });
const odd = table('odd', { partitionKey: { id: 'string' } });
const endpoints = [
  list('/items', items),
  list('/odd', odd),
  patch('/odd/{id}', odd),
  unique('/statuses', items, 'status'),
  update('/item/{id}', items),
  history('/history/{id}', items),
  audit('/audit'),
];

/** Microseconds that pass each time somebody looks at the clock, beside the real ones. */
let look = 0;
let ahead = 0;
const now = () => {
  ahead += look;
  return world.now() + ahead;
};
const TIMEOUT = 25_000_000;
const LOOK = 100_000;

const {
  send,
  auth,
  items: put,
  auditRows,
} = useApi(api({ tables: [items, odd], endpoints }), undefined, {
  world: { ...world, now },
});

const IDS = Array.from({ length: 500 }, (_, n) => `id-${n}`);
const as = 'reader';

beforeAll(async () => {
  await auth(keyRecord('reader'), keyRecord('disabled', { permitted_endpoints: [] }));
  await put('items', ...IDS.map((id, n) => ({ id, status: n % 7 })));
});

/** A request while a look at the clock, once a row, takes a tenth of a second. */
async function slowly(path: string, query: readonly (readonly [string, string])[] = []): Promise<Received> {
  const start = now();
  look = LOOK;
  const answer = await send('GET', path, { as, query }).finally(() => {
    look = 0;
  });
  expect(now() - start).toBeLessThan(TIMEOUT);
  return answer;
}

async function pagesOf(path: string, first: readonly (readonly [string, string])[] = []): Promise<Received[]> {
  const pages: Received[] = [];
  for (let query: typeof first | undefined = first; query; ) {
    const page = await slowly(path, query);
    expect(page.status).toBe(200);
    pages.push(page);
    query = nextQuery(page);
  }
  return pages;
}

const reads = async (action: string) =>
  (await auditRows()).filter(({ action: of }) => of && 'S' in of && of.S === action).length;

describe('time that is up within a page of DynamoDB', () => {
  it.each<[string, [string, string][], number]>([
    ['all rows', [], IDS.length],
    [
      'rows that few conditions leave',
      [['status__in', '[1,2,"x"]']],
      IDS.filter((_, n) => n % 7 === 1 || n % 7 === 2).length,
    ],
  ])(
    'ends the page; all pages together give every row once, and each leaves its audit row: %s',
    async (_, query, count) => {
      const before = await reads('LIST');
      const pages = await pagesOf('/items', query);
      const ids = pages.flatMap(({ json }) => (json as { id: string }[]).map(({ id }) => id));
      expect([new Set(ids).size, ids.length]).toEqual([count, count]);
      if (query.length === 0) expect(pages.length).toBeGreaterThan(2);
      expect((await reads('LIST')) - before).toBe(pages.length);
    },
  );

  it.each<[string, string, [string, string][]]>([
    ['UNIQUE', '/statuses', []],
    [
      'LIST',
      '/items',
      [
        ['_count', 'true'],
        ['_limit', '1'],
      ],
    ],
    ['LIST', '/items', [['_sort', 'status']]],
  ])('is 503 where nothing can be given in part, and leaves its audit row: %s %s %j', async (action, path, query) => {
    const before = await reads(action);
    const { status, json } = await slowly(path, query);
    expect([status, json.code]).toEqual([503, 'too_costly']);
    expect((await reads(action)) - before).toBe(1);
  });
});

describe('time that is up within rows of the audit', () => {
  beforeAll(async () => {
    for (let n = 0; n < 230; n += 1) {
      // Changes within a second are put in order together.
      ahead += 2_000_000;
      await send('PUT', '/item/id-1', { as, body: { n } });
    }
  });

  it('ends the page of a history; all pages together give every version once', async () => {
    const pages = await pagesOf('/history/id-1');
    const versions = pages.flatMap(({ json }) => (json as { data: { n: number } }[]).map(({ data }) => data.n));
    expect(versions).toEqual(Array.from({ length: 230 }, (_, at) => 229 - at));
  });

  it('ends the page of the audit; all pages together give every row once', async () => {
    const pages = await pagesOf('/audit', [
      ['action', 'UPDATE'],
      ['time__gte', new Date(Date.now() - 864e5).toISOString().slice(0, 10)],
    ]);
    const ids = pages.flatMap(({ json }) => (json as { id: string }[]).map(({ id }) => id));
    expect([new Set(ids).size, ids.length]).toEqual([230, 230]);
    expect(pages.length).toBeGreaterThan(1);
  });
});

describe('names called like aliases of __proto__', () => {
  const names = (from: number, count: number) => Array.from({ length: count }, (_, at) => `__proto__${from + at}`);

  it('delay nobody who reads the audit, where a hundred refused requests hold them', async () => {
    for (let n = 0; n < 100; n += 1) {
      // As many as fit into 10,240 bytes; an audit row keeps some of them.
      const query = ['__proto__', ...names(n * 680, 680)].map((name) => [name, 'x'] as const);
      expect((await send('GET', '/items', { as: 'disabled', query })).status).toBe(403);
    }
    const { status, json } = await send('GET', '/audit', { as, query: [['user.id', 'disabled']] });
    expect(status).toBe(200);
    const [row] = json as { query_params: object }[];
    expect(Object.entries(row?.query_params ?? {})).toContainEqual(['__proto__', 'x']);
  }, 30_000);

  describe('in rows that are full of them', () => {
    const NAMES = 20_000;

    beforeAll(async () => {
      for (let n = 0; n < 4; n += 1) {
        const members = Object.fromEntries(names(n * NAMES, NAMES).map((name) => [name, true]));
        await put('odd', { id: `odd-${n}`, members });
        expect((await send('PATCH', `/odd/odd-${n}`, { as, text: '{"__proto__":"kept"}' })).status).toBe(200);
      }
    });

    it('delay nobody who reads their table', async () => {
      const { status, json } = await send('GET', '/odd', { as });
      expect([status, json.length]).toEqual([200, 4]);
      for (const { members, ...row } of json as { members: object }[]) {
        expect(Object.keys(members)).toHaveLength(NAMES);
        expect(Object.entries(row)).toContainEqual(['__proto__', 'kept']);
      }
    });
  });
});

it('the dearest requests that are known, and generated ones, are answered or refused with a reason', async () => {
  const seen = new Map<number, number>();
  const check = async (attempt: (typeof KNOWN)[number]) => {
    const { status, body } = await sendDearest(attempt);
    expect([200, 400], body).toContain(status);
    seen.set(status, (seen.get(status) ?? 0) + 1);
  };
  for (const attempt of KNOWN) await check(attempt);
  await fc.assert(fc.asyncProperty(attempts, check), cases(10));
  expect(seen.get(200)).toBeGreaterThan(KNOWN.length / 2);
}, 60_000);
