// docs/reference/query.md, "Pages": whatever is asked for, all pages together give every visible row once, in order.

import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { api } from '../../lib/definition/api.ts';
import { list, search, unique } from '../../lib/definition/endpoint.ts';
import { table } from '../../lib/definition/table.ts';
import { keyRecord, nextQuery, type Received, useApi } from '../support/api.ts';
import { proved, runs } from '../support/proof.ts';

const S = { type: 'string', required: true } as const;
const notes = table('notes', {
  partitionKey: { team: 'string' },
  sortKey: { number: 'number' },
  attributes: { created: S, status: S, owner: 'string', due: 'string', secret: { type: 'string', hidden: true } },
  indexes: {
    by_status: { partitionKey: 'status', sortKey: 'created', distinct: 3 },
    by_owner: { partitionKey: 'owner', sortKey: 'number', projection: 'keys', distinct: 4 },
    by_due: { partitionKey: 'owner', sortKey: 'due', projection: ['status'] },
    in_team: { partitionKey: 'team', sortKey: 'created', local: true },
  },
  size: { items: 90, itemBytes: 100 },
});
const endpoints = [
  list('/notes', notes),
  list('/notes/{search_key}/{search_value}', notes),
  search('/search/{search_key}', notes),
  unique('/owners', notes, 'owner'),
];
const { send, auth, items, logs } = useApi(api({ tables: [notes], endpoints, audit: false }));

/** Hundreds of requests, on a machine that may be busy. */
const LONG = runs(120_000);

type Note = Record<string, string | number>;

/** Many rows share their `created`, and some have no owner, no due date, or neither. */
const rows: readonly Note[] = Array.from({ length: 90 }, (_, n) => ({
  team: ['red', 'green', 'blue', 'grey'][n % 4] as string,
  number: n,
  created: `2026-0${1 + ((n * 7) % 5)}`,
  status: ['new', 'old', 'lost'][(n * 5) % 3] as string,
  ...(n % 6 !== 0 && { owner: ['ann', 'bob', 'cy', 'dee'][(n * 3) % 4] as string }),
  ...(n % 5 !== 0 && { due: `2027-${10 + (n % 3)}` }),
  size: n % 10,
  secret: `s${n}`,
}));

const seen = (who: string) =>
  rows.filter((row) => who === 'admin' || row['status'] !== 'lost' || row['team'] === 'red');

beforeAll(async () => {
  const grants = {
    any: [
      { field: 'status', value: ['new', 'old'] },
      { field: 'team', value: 'red' },
    ],
  };
  await auth(keyRecord('admin'), keyRecord('clerk', { filter_fields: [grants] }), keyRecord('other'));
  await items('notes', ...rows);
});

type Query = readonly (readonly [string, string])[];

async function allPages(path: string, query: Query, as: string, body?: unknown) {
  const found: Note[] = [];
  const sizes: number[] = [];
  let next: Query | undefined = query;
  for (let page = 0; next; page += 1) {
    if (page > 200) throw new Error('the pages do not end');
    const answer: Received = await send(body ? 'POST' : 'GET', path, { as, query: next, body });
    if (answer.status !== 200) throw new Error(`${answer.status} ${answer.text}`);
    found.push(...answer.json);
    sizes.push(answer.json.length);
    next = nextQuery(answer);
  }
  return { found, sizes };
}

const numbers = (notesFound: readonly Note[]) => notesFound.map(({ number }) => Number(number));
const ascending = (one: number, other: number) => one - other;

type Case = { readonly query: Query; readonly holds: (note: Note) => boolean };

const eq = (name: string, value: string): Case => ({
  query: [[name, value]],
  holds: (note) => String(note[name]) === value,
});
const within = (name: string, values: readonly string[]): Case => ({
  query: [[`${name}__in`, JSON.stringify(values)]],
  holds: (note) => values.includes(String(note[name])),
});
const cases: readonly Case[] = [
  { query: [], holds: () => true },
  eq('status', 'new'),
  eq('team', 'red'),
  eq('owner', 'ann'),
  within('status', ['new', 'lost', 'none']),
  within('owner', ['ann', 'cy', 'nobody']),
  within('team', ['red', 'blue']),
  { query: [['created__gte', '2026-03']], holds: ({ created }) => String(created) >= '2026-03' },
  {
    query: [['created__between', '["2026-02","2026-04"]']],
    holds: ({ created }) => String(created) >= '2026-02' && String(created) <= '2026-04',
  },
  { query: [['due__startswith', '2027-1']], holds: ({ due }) => String(due).startsWith('2027-1') },
  { query: [['size__lt', '3']], holds: ({ size }) => Number(size) < 3 },
  {
    query: [
      [
        '_where',
        '{"any":[{"field":"status","value":"new"},{"field":"owner","value":"ann"},{"field":"team","value":"red"}]}',
      ],
    ],
    holds: ({ status, owner, team }) => status === 'new' || owner === 'ann' || team === 'red',
  },
  {
    query: [
      [
        '_where',
        '{"any":[{"all":[{"field":"team","value":"red"},{"field":"number","value":[4,8,12]}]},{"field":"status","value":"lost"}]}',
      ],
    ],
    holds: ({ status, number, team }) => status === 'lost' || (team === 'red' && [4, 8, 12].includes(Number(number))),
  },
];

/** Up to two parameters of different names: all must hold. */
const asked = fc.uniqueArray(fc.constantFrom(...cases), {
  minLength: 1,
  maxLength: 2,
  selector: ({ query }) => query[0]?.[0],
});

describe('all pages together', () => {
  it(
    'give every visible row that matches once, for any limit',
    async () => {
      const kinds = new Set<string>();
      await fc.assert(
        fc.asyncProperty(
          asked,
          fc.integer({ min: 1, max: 40 }),
          fc.constantFrom('admin', 'clerk'),
          async (of, limit, as) => {
            const query: Query = [...of.flatMap((each) => each.query), ['_limit', String(limit)]];
            const expected = seen(as).filter((row) => of.every(({ holds }) => holds(row)));
            const { found, sizes } = await allPages('/notes', query, as);
            expect(numbers(found).sort(ascending)).toEqual(numbers(expected).sort(ascending));
            expect(found.every((note) => !('secret' in note))).toBe(true);
            // Full pages: only the last may be short.
            expect(sizes.slice(0, -1).every((size) => size === limit)).toBe(true);
            kinds.add(String(JSON.parse(logs.at(-1) ?? '{}').plan));
          },
        ),
        { numRuns: runs(120) },
      );
      for (const kind of ['query', 'union', 'scan']) expect(kinds).toContain(kind);
      proved('paged lists', { cases: runs(120) });
    },
    LONG,
  );

  it.each(['created', '-created', 'number', '-number'])(
    'give them in the order of %s, where it is had',
    async (sort) => {
      const name = sort.replace('-', '');
      let ordered = 0;
      await fc.assert(
        fc.asyncProperty(
          asked,
          fc.integer({ min: 1, max: 30 }),
          fc.constantFrom('admin', 'clerk'),
          async (of, limit, as) => {
            const query: Query = [...of.flatMap((each) => each.query), ['_limit', String(limit)], ['_sort', sort]];
            const expected = seen(as).filter((row) => of.every(({ holds }) => holds(row)));
            const first = await send('GET', '/notes', { as, query });
            if (first.status === 400) {
              expect(first.json.errors[0].path).toBe('_sort');
              expect(expected.length).toBeGreaterThan(limit);
              return;
            }
            const { found } = await allPages('/notes', query, as);
            expect(numbers(found).toSorted(ascending)).toEqual(numbers(expected).sort(ascending));
            const values = found.map((note) => note[name] as string | number);
            const wanted = values.toSorted((one, other) => (one < other ? -1 : one > other ? 1 : 0));
            expect(values).toEqual(sort.startsWith('-') ? wanted.reverse() : wanted);
            if (nextQuery(first)) ordered += 1;
          },
        ),
        { numRuns: runs(60) },
      );
      // Some went on from page to page in order.
      expect(ordered).toBeGreaterThan(5);
    },
  );

  it('of a search give every row once', async () => {
    for (const [key, values] of [
      ['status', ['new', 'old', 'new']],
      ['owner', ['ann', 'bob', 'x']],
      ['size', [1, 2, 3]],
      ['team', ['red', 'green']],
    ] as const) {
      const expected = rows.filter((row) => (values as readonly unknown[]).includes(row[key]));
      const { found } = await allPages(`/search/${key}`, [['_limit', '7']], 'admin', values);
      expect(numbers(found).sort(ascending)).toEqual(numbers(expected).sort(ascending));
    }
  });
});

describe('a page', () => {
  it('counts all rows where that is asked', async () => {
    const answer = await send('GET', '/notes', {
      as: 'clerk',
      query: [
        ['status', 'new'],
        ['_limit', '3'],
        ['_count', 'true'],
      ],
    });
    expect(answer.headers['X-Total-Count']).toBe('30');
    const second = await send('GET', '/notes', { as: 'clerk', query: nextQuery(answer) ?? [] });
    expect(second.headers['X-Total-Count']).toBe('30');
    expect((await send('GET', '/notes', { as: 'clerk', query: [['_count', 'true']] })).headers['X-Total-Count']).toBe(
      String(seen('clerk').length),
    );
    expect(
      (await send('GET', '/notes', { as: 'clerk', query: [['_count', 'false']] })).headers['X-Total-Count'],
    ).toBeUndefined();
  });

  it('has the fields that are asked for, and no others', async () => {
    const { found } = await allPages(
      '/notes',
      [
        ['owner', 'ann'],
        ['_fields', 'number,size'],
      ],
      'admin',
    );
    expect(found.length).toBeGreaterThan(5);
    for (const note of found) expect(Object.keys(note)).toEqual(['number', 'size']);
  });

  it.each([
    ['_limit', '0'],
    ['_limit', '1001'],
    ['_sort', 'a..b'],
    ['_fields', ''],
    ['_fields', 'a,,b'],
    ['_fields', 'a[0]'],
    ['_count', 'yes'],
    ['_explain', 'true'],
  ])('is not asked for by %s=%s', async (name, value) => {
    const answer = await send('GET', '/notes', { as: 'admin', query: [[name, value]] });
    expect([answer.status, answer.json.code, answer.json.errors[0].path]).toEqual([400, 'invalid_query', name]);
  });

  it.each([
    ['_sort', 'secret'],
    ['_sort', '-secret'],
    ['_fields', 'secret'],
    ['_fields', 'number,secret.x'],
  ])('tells nothing of what is hidden: %s=%s', async (name, value) => {
    const answer = await send('GET', '/notes', { as: 'admin', query: [[name, value]] });
    expect([answer.status, answer.json.code]).toEqual([403, 'field_not_permitted']);
  });
});

describe('a cursor', () => {
  const first = () =>
    send('GET', '/notes', {
      as: 'clerk',
      query: [
        ['status', 'new'],
        ['_limit', '4'],
      ],
    });
  const cursorOf = async () => new Map(nextQuery(await first())).get('_cursor') ?? '';

  it.each([
    [
      'of another caller',
      'other',
      [
        ['status', 'new'],
        ['_limit', '4'],
      ],
    ],
    [
      'of another query',
      'clerk',
      [
        ['status', 'old'],
        ['_limit', '4'],
      ],
    ],
    [
      'of a query with more in it',
      'clerk',
      [
        ['status', 'new'],
        ['size', '1'],
        ['_limit', '4'],
      ],
    ],
    [
      'of another page',
      'clerk',
      [
        ['status', 'new'],
        ['_limit', '5'],
      ],
    ],
    [
      'of another order',
      'clerk',
      [
        ['status', 'new'],
        ['_limit', '4'],
        ['_sort', 'created'],
      ],
    ],
  ] as const)('is refused: %s', async (_, as, query) => {
    const answer = await send('GET', '/notes', { as, query: [...query, ['_cursor', await cursorOf()]] });
    expect([answer.status, answer.json.code, answer.json.errors[0].path]).toEqual([400, 'invalid_cursor', '_cursor']);
  });

  it('of another endpoint is refused', async () => {
    const query: Query = [
      ['status', 'new'],
      ['_limit', '4'],
      ['_cursor', await cursorOf()],
    ];
    const answer = await send('GET', '/notes/team/red', { as: 'clerk', query });
    expect(answer.json.code).toBe('invalid_cursor');
  });

  it('of a search is bound to its body', async () => {
    const query: Query = [['_limit', '4']];
    const answer = await send('POST', '/search/status', { as: 'clerk', query, body: ['new', 'old'] });
    const next = nextQuery(answer) ?? [];
    expect((await send('POST', '/search/status', { as: 'clerk', query: next, body: ['new', 'old'] })).status).toBe(200);
    expect((await send('POST', '/search/status', { as: 'clerk', query: next, body: ['new', 'lost'] })).json.code).toBe(
      'invalid_cursor',
    );
  });

  it.each(['x', '', 'AAAA', `${'A'.repeat(400)}`, '../../x', '%00', '"'])(
    'that is made up is refused: %s',
    async (text) => {
      const answer = await send('GET', '/notes', { as: 'clerk', query: [['_cursor', text]] });
      expect([answer.status, answer.json.code]).toEqual([400, 'invalid_cursor']);
    },
  );

  it('says nothing of the row that it stands behind', async () => {
    const sealed = Buffer.from(await cursorOf(), 'base64url').toString('latin1');
    for (const word of ['red', 'green', 'blue', 'grey', 'number', 'team', '2026']) expect(sealed).not.toContain(word);
    // Two cursors of one place are two texts of one length.
    const [one, other] = [await cursorOf(), await cursorOf()];
    expect(one).not.toBe(other);
    expect(one.length).toBe(other.length);
  });

  it('keeps a link that goes on with the same query, whatever stands in it', async () => {
    const query: Query = [
      ['_where', '{"field":"status","value":["new","old"]}'],
      ['_limit', '2'],
      ['size__ne', 'a b&c=d/é"'],
    ];
    const answer = await send('GET', '/notes', { as: 'clerk', query });
    const next = nextQuery(answer) ?? [];
    expect(next.filter(([name]) => name !== '_cursor')).toEqual(query);
    expect((await send('GET', '/notes', { as: 'clerk', query: next })).status).toBe(200);
  });
});
