// docs/reference/limits.md: Lambda takes 6 MB of an answer as it leaves, where quotes and backslashes count twice. Whatever
// stands in rows and records, an answer is below that; a page ends before it, and never silently.

import { beforeAll, describe, expect, it, vi } from 'vitest';
import { MAX_ANSWER_BYTES } from '../../lib/base/answer-bytes.ts';
import { api } from '../../lib/definition/api.ts';
import {
  audit,
  create,
  get,
  hasPermission,
  history,
  list,
  remove,
  search,
  unique,
  update,
  user,
} from '../../lib/definition/endpoint.ts';
import { table } from '../../lib/definition/table.ts';
import { keyRecord, nextQuery, type Received, type Sent, useApi } from '../support/api.ts';
import { rowsOf, store } from '../support/audit-rows.ts';
import { proved } from '../support/proof.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const notes = table('notes', { partitionKey: { id: 'string' }, attributes: { kind: 'string' } });
const pairs = table('pairs', { partitionKey: { owner: 'string' }, sortKey: { name: 'string' } });
const drafts = table('drafts', { partitionKey: { id: 'string' } });
const endpoints = [
  ...[list('/notes', notes), search('/notes/{search_key}', notes), get('/note/{id}', notes), create('/note', notes)],
  ...[update('/note/{id}', notes), remove('/note/{id}', notes), unique('/texts', notes, 'text')],
  ...[audit('/audit'), audit('/audit/{id}', notes), history('/history/{id}', notes)],
  ...[list('/drafts', drafts), update('/draft/{id}', drafts)],
  ...[create('/pair', pairs), get('/pair/{owner}/{name}', pairs)],
  ...[user('/user'), hasPermission('/user/has-permission')],
];
const { send, auth, groups, items, deliver, engine, names } = useApi(
  api({ tables: [notes, drafts, pairs], endpoints }),
);
const as = 'admin';

/** Of what makes JSON, and JSON as text, larger than what is stored. */
const FILLERS: Readonly<Record<string, unknown>> = {
  quotes: '"'.repeat(350_000),
  backslashes: '\\'.repeat(350_000),
  controls: '\u0001'.repeat(350_000),
  separators: '\u2028'.repeat(116_000),
  emoji: '😀'.repeat(87_000),
  letters: 'x'.repeat(350_000),
  fractions: Array.from({ length: 30_000 }, () => 1e-38),
  empty: Array.from({ length: 60_000 }, () => ''),
};

let largest = 0;
const leaving = (answer: Pick<Received, 'status' | 'headers' | 'text'>) => {
  const { status: statusCode, headers, text: body } = answer;
  return Buffer.byteLength(JSON.stringify({ statusCode, headers, body }));
};

async function asked(method: string, path: string, sent: Sent): Promise<Received> {
  const answer = await send(method, path, sent);
  largest = Math.max(largest, leaving(answer));
  expect(leaving(answer), `${method} ${path}`).toBeLessThanOrEqual(MAX_ANSWER_BYTES);
  return answer;
}

/** The rows of all pages, each page below the limit. */
// biome-ignore lint/suspicious/noExplicitAny: rows are whatever came back
async function paged(method: string, path: string, sent: Sent = {}): Promise<{ rows: any[]; pages: number }> {
  const rows = [];
  let pages = 0;
  for (let query: Sent['query'] | undefined = sent.query ?? []; query; pages += 1) {
    const answer = await asked(method, path, { as, ...sent, query });
    expect(answer.status, answer.text.slice(0, 300)).toBe(200);
    expect(answer.json.length === 1 || Buffer.byteLength(answer.text) <= 4 * 1024 * 1024).toBe(true);
    rows.push(...answer.json);
    query = nextQuery(answer);
  }
  return { rows, pages };
}

const idsOf = (rows: readonly { readonly id: string }[]) => rows.map(({ id }) => id).sort();

beforeAll(() => auth(keyRecord(as)));

describe('230 refused requests with a user agent of 9,700 quotes', () => {
  const denied = 'denied';
  beforeAll(async () => {
    await auth(keyRecord(denied, { permitted_endpoints: [{ method: 'GET', endpoint: '/user' }] }));
    const [endpoint] = endpoints as [(typeof endpoints)[number]];
    const identity = { apiKeyId: denied, sourceIp: '192.0.2.1', userAgent: '"'.repeat(9_700) };
    const quotes = Object.fromEntries(
      Array.from({ length: 9 }, (_, n) => [`${n}${'"'.repeat(500)}`, ['"'.repeat(500)]]),
    );
    const event = { httpMethod: 'GET', multiValueQueryStringParameters: quotes, requestContext: { identity } };
    for (let n = 0; n < 230; n += 1) expect((await deliver(endpoint, event)).statusCode).toBe(403);
  });

  it('leave an audit that can be read, each row once', async () => {
    const { rows } = await paged('GET', '/audit', { query: [['user.id', denied]] });
    expect(new Set(rows.map(({ id }) => id)).size).toBe(230);
    expect(rows).toHaveLength(230);
    for (const { user } of rows) expect(user.user_agent).toBe(`${'"'.repeat(256)}… (9,700 characters)`);
  });
});

describe('rows that are larger in JSON than they are stored', () => {
  const ids = Object.keys(FILLERS).flatMap((kind) => [`${kind}-1`, `${kind}-2`]);
  beforeAll(async () => {
    for (const id of ids) {
      const [kind = ''] = id.split('-');
      const filler = FILLERS[kind];
      await items('notes', { id, kind, filler });
    }
    for (let n = 0; n < 18; n += 1) {
      const text = (n % 2 === 0 ? '"' : '\\').repeat(130_000);
      const made = await asked('POST', '/note', { as, body: { id: `made-${n}`, kind: 'made', filler: text } });
      expect(made.status).toBe(201);
    }
  });

  it('are listed over pages that fit, every row once', async () => {
    const { rows, pages } = await paged('GET', '/notes');
    expect(idsOf(rows)).toEqual([...ids, ...Array.from({ length: 18 }, (_, n) => `made-${n}`)].sort());
    expect(pages).toBeGreaterThan(4);
  });

  it('are found by a search over pages that fit, every row once', async () => {
    const found = await paged('POST', '/notes/kind', { body: ['quotes', 'controls', 'empty', 'fractions', 'made'] });
    expect(found.rows).toHaveLength(8 + 18);
    expect(new Set(idsOf(found.rows)).size).toBe(8 + 18);
  });

  it('are read one by one', async () => {
    for (const id of ids) expect((await asked('GET', `/note/${id}`, { as })).status, id).toBe(200);
  });

  it('are in the audit over pages that fit, every row once', async () => {
    const { rows } = await paged('GET', '/audit', { query: [['action', 'CREATE']] });
    expect(rows.map(({ after }) => after.id).sort()).toEqual(Array.from({ length: 18 }, (_, n) => `made-${n}`).sort());
  });
});

describe('changes of items that are larger in JSON than they are stored', () => {
  // Each about as long as a body may be.
  const texts = ['"', '\\', '\u0001', '"\\', '\u2028', '"'].map((text, n) => {
    const longest = Math.floor(250_000 / Buffer.byteLength(JSON.stringify(text)));
    return `${n}${text.repeat(longest)}`;
  });
  beforeAll(async () => {
    await items('notes', { id: 'changed' });
    for (const filler of texts) {
      const answer = await asked('PUT', '/note/changed', { as, body: { filler, [`_${filler.slice(0, 9_000)}`]: 1 } });
      expect(answer.status).toBe(200);
    }
    expect((await asked('DELETE', '/note/changed', { as })).status).toBe(204);
  });

  it('are versions over pages that fit, every change once', async () => {
    const { rows } = await paged('GET', '/history/changed');
    expect(rows.map(({ data }) => data?.filler)).toEqual([undefined, ...texts.toReversed()]);
  });

  it('are audit rows over pages that fit, every row once', async () => {
    const { rows } = await paged('GET', '/audit/changed', { query: [['action', 'UPDATE']] });
    expect(rows.map(({ after }) => after.filler)).toEqual(texts.toReversed());
  });
});

describe('an audit row whose images no answer can hold', () => {
  const image = (letter: string) => ({
    id: 'huge',
    ...Object.fromEntries(Array.from({ length: 6 }, (_, n) => [`${n}${letter}${'\u0001'.repeat(60_000)}`, letter])),
  });
  const told = (at: typeof notes, second: number) => ({
    table: at,
    key: { id: 'huge' },
    action: 'UPDATE',
    time: `2026-01-01T00:00:0${second}.000000Z`,
    id: `0190c1d2-0000-7000-8000-00000000000${second}`,
  });
  beforeAll(async () => {
    const rows = [
      rowsOf({ ...told(notes, 1), before: { id: 'huge', x: 1 }, after: { id: 'huge', x: 2 } }),
      rowsOf({ ...told(notes, 2), before: image('a'), after: image('b') }),
      rowsOf({ ...told(notes, 3), before: { id: 'huge', x: 3 }, after: { id: 'huge', x: 4 } }),
      rowsOf({ ...told(drafts, 4), before: image('a'), after: image('b') }),
    ];
    await store(engine, names.audit, rows.flat());
  });

  it('is shown, says that they are left out and where they are, and the pages go on behind it', async () => {
    const reason = 'the images of this row are too large for one answer';
    const attributes = ['added', 'after', 'before'];
    const days = '["2026-01-01","2026-01-02"]';
    const { rows } = await paged('GET', '/audit', { query: [['time__between', days]] });
    expect(rows.map(({ left_out }) => left_out)).toEqual([
      { attributes, reason },
      undefined,
      { attributes, reason, see: '/history/{id}' },
      undefined,
    ]);
    expect(rows.map(({ after }) => after?.x)).toEqual([undefined, 4, undefined, 2]);
    const { rows: versions } = await paged('GET', '/history/huge');
    expect(versions.map(({ data }) => Object.keys(data).length)).toEqual([2, 7, 2]);
  });

  it('is found by what is left out', async () => {
    const { rows } = await paged('GET', '/audit/huge', { query: [['added__exists', 'true']] });
    expect(rows.map(({ id }) => id)).toEqual([told(notes, 2).id]);
  });
});

describe('what no answer can hold is refused in words', () => {
  it('distinct values', async () => {
    for (let n = 0; n < 12; n += 1) await items('notes', { id: `text-${n}`, text: `${n}${'"'.repeat(140_000)}` });
    const answer = await asked('GET', '/texts', { as });
    expect([answer.status, answer.json.code]).toEqual([503, 'too_costly']);
    expect((await asked('GET', '/texts', { as, query: [['id', 'text-1']] })).json).toHaveLength(1);
  });

  it('the endpoints of a caller with a hundred groups', async () => {
    const endpoint = (n: number, at: number) => `/${n}-${at}${'\u0001'.repeat(980)}`;
    const ids = Array.from({ length: 95 }, (_, n) => `g${n}`);
    for (const [n, group_id] of ids.entries()) {
      const permitted_endpoints = Array.from({ length: 10 }, (_, at) => ({ method: 'GET', endpoint: endpoint(n, at) }));
      await groups({ group_id, permitted_endpoints });
    }
    await auth(keyRecord('many', { groups: ids }));
    const answer = await asked('GET', '/user', { as: 'many' });
    expect([answer.status, answer.json.code]).toEqual([503, 'too_costly']);
    expect(answer.json.detail).toMatch(
      /^the answer has [\d,]+ bytes, and 6,258,788 is the most; its permitted endpoints/,
    );
    const body = { method: 'GET', path: '/user' };
    const { json } = await asked('POST', '/user/has-permission', { as: 'many', body });
    expect(json).toEqual({ authorized: true });
  });
});

describe('an address in a header', () => {
  const filter = (bytes: number): [string, string] => ['id__ne', '"'.repeat(bytes)];

  it('of a next page that no gateway would take is refused with what shortens it', async () => {
    const short = await asked('GET', '/notes', {
      as,
      query: [filter(900), ['_limit', '1']],
    });
    expect([short.status, nextQuery(short)?.at(-1)?.[0]]).toEqual([200, '_cursor']);
    const long = await asked('GET', '/notes', { as, query: [filter(3_000), ['_limit', '1']] });
    expect([long.status, long.json.code]).toEqual([400, 'invalid_query']);
    expect(long.json.detail).toMatch(
      /^there is a next page, but its address has \d,\d{3} bytes, and 8,192 is the most: /,
    );
    expect(long.headers).not.toHaveProperty('Link');
    const one = await asked('GET', '/notes', { as, query: [filter(3_000), ['id', 'text-1']] });
    expect([one.status, one.json.length]).toEqual([200, 1]);
  });

  it('of a new item that no gateway would take is left out: the key is in the body', async () => {
    for (const [bytes, isThere] of [
      [100, true],
      [1_024, false],
    ] as const) {
      const key = { owner: '"'.repeat(2 * bytes), name: '"'.repeat(bytes) };
      const { status, headers, json } = await asked('POST', '/pair', { as, body: key });
      expect([status, json, headers['Location'] !== undefined]).toEqual([201, key, isThere]);
    }
  });
});

describe('the largest of all these answers', () => {
  it('is near the limit, else they show nothing', () => {
    expect(largest).toBeGreaterThan(5_500_000);
    proved('answers near the limit of Lambda', { 'largest in bytes': largest });
  });
});
