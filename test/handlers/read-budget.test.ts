// docs/reference/limits.md, read units of a request: a list ends its page where the budget is spent and goes on behind a
// link; what has no next page is refused. Rows are of 6 KB: a hundred cost about 75 units, or 200 one by one and consistently.

import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { api } from '../../lib/definition/api.ts';
import {
  audit,
  create,
  get,
  history,
  list,
  patch,
  remove,
  search,
  unique,
  update,
} from '../../lib/definition/endpoint.ts';
import { table } from '../../lib/definition/table.ts';
import { world } from '../../lib/store/world.ts';
import { keyRecord, nextQuery, type Received, useApi } from '../support/api.ts';

const S = { type: 'string', required: true } as const;
const notes = table('notes', {
  partitionKey: { team: 'string' },
  sortKey: { number: 'number' },
  attributes: { created: S, status: S, owner: S, team: S },
  indexes: {
    by_status: { partitionKey: 'status', sortKey: 'created', distinct: 3 },
    by_owner: { partitionKey: 'owner', sortKey: 'created', projection: 'keys', distinct: 5 },
  },
  // As if they were few: a scan of all is made in one part.
  size: { items: 100, itemBytes: 6_000 },
});
const BUDGET = 40;
/** The dearest call of these tests: a hundred rows of an index fetched back, each of 6 KB, read consistently. */
const CALL = 200;
const endpoints = [
  list('/notes', notes),
  search('/search/{search_key}', notes),
  unique('/sizes', notes, 'size'),
  get('/note/{team}', notes),
  get('/note/{team}/{number}', notes),
  create('/note', notes),
  update('/note/{team}/{number}', notes),
  patch('/note/{team}/{number}', notes),
  remove('/note/{team}/{number}', notes),
  audit('/audit'),
  history('/history/{team}/{number}', notes),
];
const definition = api({ tables: [notes], endpoints, limits: { readUnits: BUDGET } });
const { send, auth, groups, items, auditRows, logs } = useApi(definition, undefined, {
  world: { ...world, now: () => world.now() + ahead },
});
/** Microseconds by which changes are apart, so that a history need not put them in order together. */
const APART = 2_000_000;
let ahead = 0;

const TEXT = 'x'.repeat(5_900);
const STATUSES = ['new', 'old', 'lost'] as const;
const rows = Array.from({ length: 600 }, (_, number) => ({
  team: ['red', 'green', 'blue', 'grey'][number % 4] as string,
  number,
  created: `2026-${10 + ((number * 7) % 30)}`,
  status: STATUSES[(number * 5) % 3] as string,
  owner: `o${number % 5}`,
  size: number % 40,
  text: TEXT,
}));

type Row = (typeof rows)[number];
type Query = readonly (readonly [string, string])[];

beforeAll(async () => {
  await groups({ group_id: 'staff' });
  await auth(
    keyRecord('admin', { groups: ['staff'] }),
    keyRecord('early', { filter_fields: [{ field: 'n', operator: 'lt', value: 3 }] }),
    keyRecord('clerk', { filter_fields: [{ field: 'size', operator: 'lt', value: 3 }] }),
  );
  await items('notes', ...rows);
});

beforeEach(() => {
  logs.length = 0;
});

/** The units of each request since the test began. */
const consumed = (): readonly number[] =>
  logs
    .map((line) => JSON.parse(line))
    .filter(({ message }) => message === 'request')
    .map((line) => line.read_units as number);

async function allPages(path: string, query: Query, as: string, body?: unknown) {
  const found: Row[] = [];
  let pages = 0;
  for (let next: Query | undefined = query; next; pages += 1) {
    if (pages > 300) throw new Error('the pages do not end');
    const answer: Received = await send(body ? 'POST' : 'GET', path, { as, query: next, body });
    if (answer.status !== 200) throw new Error(`${answer.status} ${answer.text}`);
    found.push(...answer.json);
    next = nextQuery(answer);
  }
  return { found, pages };
}

const numbers = (found: readonly Row[]) => found.map(({ number }) => Number(number)).toSorted((a, b) => a - b);
const sized = ({ size }: Row) => size < 3;

describe('a list whose budget is spent', () => {
  const few = ['size__lt', '3'] as const;
  const cases: readonly (readonly [string, Query, (row: Row) => boolean])[] = [
    ['of a scan', [few, ['_limit', '20']], sized],
    ['of a scan without a filter', [['_limit', '200']], () => true],
    ['of a partition', [['team', 'red'], few, ['_limit', '20']], (row) => row.team === 'red' && sized(row)],
    ['of an index', [['status', 'new'], few, ['_limit', '20']], (row) => row.status === 'new' && sized(row)],
    [
      'of an index that is fetched back',
      [['owner', 'o1'], few, ['_limit', '20']],
      (row) => row.owner === 'o1' && sized(row),
    ],
    [
      'of partitions in one order',
      [['status__in', '["new","old"]'], few, ['_sort', '-created'], ['_limit', '20']],
      (row) => row.status !== 'lost' && sized(row),
    ],
  ];

  it.each(cases)('%s is short, and all its pages give every row once', async (_, query, isWanted) => {
    const { found, pages } = await allPages('/notes', query, 'admin');
    const expected = rows.filter(isWanted);
    expect(expected.length).toBeGreaterThan(5);
    expect(numbers(found)).toEqual(numbers(expected));
    const limit = Number(new Map(query).get('_limit'));
    expect(pages).toBeGreaterThan(Math.ceil(expected.length / limit));
    expect(Math.max(...consumed())).toBeLessThanOrEqual(BUDGET + CALL);
  });

  it('of a restricted caller shows its own rows alone, each once', async () => {
    const { found, pages } = await allPages('/notes', [['_limit', '20']], 'clerk');
    expect(numbers(found)).toEqual(numbers(rows.filter(sized)));
    expect(pages).toBeGreaterThan(3);
  });

  it('of keys that are searched goes on behind those that were read', async () => {
    const wanted = rows.filter(({ number }) => number % 2 === 0);
    const statuses = await allPages('/search/status', [['_limit', '50']], 'admin', ['new', 'lost']);
    expect(numbers(statuses.found)).toEqual(numbers(rows.filter(({ status }) => status !== 'old')));
    const keys = wanted.map(({ number }) => number);
    const { found, pages } = await allPages('/search/number', [['_limit', '50']], 'admin', keys);
    expect(numbers(found)).toEqual(numbers(wanted));
    expect(pages).toBeGreaterThan(wanted.length / 50);
  });

  it('goes on in the audit and in histories too', async () => {
    for (let n = 0; n < 40; n += 1) {
      await send('PATCH', '/note/red/0', { as: 'admin', body: { n, text: `${TEXT}${n}` } });
      ahead += APART;
    }
    const before = (await auditRows()).length;
    logs.length = 0;
    const read = await allPages(
      '/audit',
      [
        ['action', 'UPDATE'],
        ['body.n', '3'],
        ['_limit', '5'],
      ],
      'admin',
    );
    expect(read.found).toHaveLength(1);
    expect(read.pages).toBeGreaterThan(1);
    const versions = await allPages('/history/red/0', [['_limit', '5']], 'early');
    expect(versions.found).toHaveLength(3);
    expect(versions.pages).toBeGreaterThan(1);
    expect(Math.max(...consumed())).toBeLessThanOrEqual(BUDGET + CALL);
    expect((await auditRows()).length).toBe(before + read.pages + versions.pages);
  });
});

describe('a request that has no next page is 503 too_costly when its budget is spent', () => {
  it.each([
    ['values', '/sizes', [], /indexed attribute/],
    [
      'a count',
      '/notes',
      [
        ['size__lt', '3'],
        ['_count', 'true'],
        ['_limit', '5'],
      ],
      /indexed attribute/,
    ],
    [
      'an order that no index gives',
      '/notes',
      [
        ['size__lt', '3'],
        ['_sort', 'size'],
      ],
      /indexed attribute/,
    ],
    ['an item by a part of its key', '/note/grey', [], /name the whole key/],
  ] as const)('%s', async (_, path, query, advice) => {
    const before = (await auditRows()).length;
    const answer = await send('GET', path, { as: 'clerk', query });
    expect([answer.status, answer.json.code, answer.headers['Retry-After']]).toEqual([503, 'too_costly', '30']);
    expect(answer.json.detail).toMatch(advice);
    expect(await auditRows()).toHaveLength(before + 1);
    expect(Math.max(...consumed())).toBeLessThanOrEqual(BUDGET + CALL);
  });
});

it('changes that are put in order together, and are too many for it, are 503 too_costly', async () => {
  for (let n = 0; n < 40; n += 1) await send('PATCH', '/note/red/4', { as: 'admin', body: { n } });
  const pages = allPages('/history/red/4', [['_limit', '5']], 'admin');
  await expect(pages).rejects.toThrow(/^503 .*"code":"too_costly"/);
  await expect(pages).rejects.toThrow(/narrow time__between/);
});

it('one item is read and written whatever the budget', async () => {
  const tight = { as: 'admin' };
  const made = await send('POST', '/note', { ...tight, body: { ...rows[0], team: 'new', number: 1 } });
  const changed = await send('PATCH', '/note/new/1', { ...tight, body: { size: 7 } });
  const read = await send('GET', '/note/new/1', tight);
  const removed = await send('DELETE', '/note/new/1', tight);
  expect([made.status, changed.status, read.json?.size, removed.status]).toEqual([201, 200, 7, 204]);
});
