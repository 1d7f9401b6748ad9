// GET of distinct values: docs/reference/query.md, "Unique".

import { beforeAll, describe, expect, it } from 'vitest';
import { api } from '../../lib/definition/api.ts';
import { create, get, unique } from '../../lib/definition/endpoint.ts';
import { table } from '../../lib/definition/table.ts';
import { keyRecord, useApi } from '../support/api.ts';

const things = table('things', {
  partitionKey: { id: 'string' },
  attributes: { level: 'number', status: 'string' },
  ttl: 'until',
});
const { send, auth, items, auditRows } = useApi(
  api({
    tables: [things],
    endpoints: [
      unique('/values', things, 'value'),
      unique('/countries', things, 'supplier.country'),
      unique('/first-tags', things, 'tags[0]'),
      unique('/statuses', things, 'status'),
      unique('/ids', things, 'id'),
      unique('/blobs', things, 'blob'),
      get('/thing/{id}', things),
      create('/thing', things),
    ],
  }),
);
const as = 'admin';

beforeAll(async () => {
  await auth(
    keyRecord('admin'),
    keyRecord('low', { filter_fields: [{ field: 'level', operator: 'lt', value: 3 }] }),
    keyRecord('no-value', { exclude_fields: ['value', 'supplier'] }),
    keyRecord('no-country', { exclude_fields: ['supplier.country.code', 'level'] }),
    keyRecord('one-thing', { permitted_endpoints: [{ method: 'GET', endpoint: '/thing/a' }] }),
  );
  const values = [10, 9, '9', '10', 'b', 'a', 'a', 10, '\u{1F600}', '\uFFFD', '', true, false, null, -0.5];
  await items('things', ...values.map((value, at) => ({ id: `v${at}`, value, level: at % 5, status: `s${at % 2}` })));
  await items(
    'things',
    { id: 'no value', status: 's2' },
    { id: 'list', value: ['hidden in a list'] },
    { id: 'map', value: { a: 1 } },
    { id: 'set', value: new Set(['hidden in a set']) },
    { id: 'bytes', value: new Uint8Array([1]) },
    { id: 'n1', supplier: { country: 'PT' }, tags: ['x', 'y'] },
    { id: 'n2', supplier: { country: 'GB' }, tags: ['x'] },
    { id: 'n3', supplier: 'PT', tags: 'x' },
    { id: 'gone', value: 'expired', status: 'expired', until: 5 },
  );
});

describe('unique', () => {
  it('gives each scalar once: numbers, text, each in its own order, then false, true, null', async () => {
    const answer = await send('GET', '/values', { as });
    expect(answer.status).toBe(200);
    // Text is ordered by code point, as DynamoDB orders it.
    const expected = [-0.5, 9, 10, '', '10', '9', 'a', 'b', '\uFFFD', '\u{1F600}', false, true, null];
    expect(answer.json).toEqual(expected);
    expect(answer.text).not.toContain('hidden');
  });

  it('reaches into maps and lists', async () => {
    expect((await send('GET', '/countries', { as })).json).toEqual(['GB', 'PT']);
    expect((await send('GET', '/first-tags', { as })).json).toEqual(['x']);
  });

  it('looks at visible rows only, and not at expired ones', async () => {
    expect((await send('GET', '/values', { as: 'low' })).json).toEqual([9, 10, '', '9', 'a', false, true]);
    expect((await send('GET', '/statuses', { as })).json).toEqual(['s0', 's1', 's2']);
  });

  it('takes conditions as a list does', async () => {
    const values = async (...query: [string, string][]) => (await send('GET', '/values', { as, query })).json;
    expect(await values(['status', 's0'], ['level__lte', '1'])).toEqual([10, '', 'a']);
    expect(await values(['_where', '{"field":"id","value":"v3"}'])).toEqual(['10']);
    expect(await values(['id', 'v4'])).toEqual(['b']);
    expect(await values(['id__in', '["v4","v5","v6"]'])).toEqual(['a', 'b']);
    expect(await values(['id', 'nowhere'])).toEqual([]);
  });

  it.each([
    ['/values', 'value'],
    ['/countries', 'supplier.country'],
  ])('refuses %s to whom %s is hidden', async (path) => {
    const answer = await send('GET', path, { as: 'no-value' });
    expect([answer.status, answer.json.code]).toEqual([403, 'field_not_permitted']);
  });

  it('refuses a path above a hidden one, and conditions on hidden paths', async () => {
    expect((await send('GET', '/countries', { as: 'no-country' })).status).toBe(403);
    for (const value of ['1', 'no number']) {
      const answer = await send('GET', '/values', { as: 'no-country', query: [['level', value]] });
      expect([value, answer.status]).toEqual([value, 403]);
    }
  });

  it.each(['_limit', '_cursor', '_sort', '_fields', '_count', '_explain'])('never gives a part: %s', async (name) => {
    const answer = await send('GET', '/values', { as, query: [[name, '1']] });
    expect([answer.status, answer.json.code, answer.json.errors[0].path]).toEqual([400, 'invalid_query', name]);
  });

  it('needs its own permitted endpoint; HEAD needs that of GET and has no body', async () => {
    expect((await send('GET', '/values', { as: 'one-thing' })).json.code).toBe('endpoint_not_permitted');
    const head = await send('HEAD', '/values', { as });
    expect([head.status, head.text]).toEqual([200, '']);
  });

  it('leaves a row in the audit', async () => {
    const actions = (await auditRows()).map((row) => JSON.stringify(row['action']));
    expect(actions).toContain('{"S":"UNIQUE"}');
  });
});

describe('unique of many rows', () => {
  it('is neither cut at 1,000 rows nor at 4 MB of rows', async () => {
    const filler = 'x'.repeat(12_000);
    const rows = Array.from({ length: 1_050 }, (_, at) => ({ id: `many${at}`, status: `many${at % 3}`, filler }));
    for (let at = 0; at < rows.length; at += 50) {
      await Promise.all(rows.slice(at, at + 50).map((row) => items('things', row)));
    }
    const answer = await send('GET', '/statuses', { as, query: [['filler__exists', 'true']] });
    expect(answer.json).toEqual(['many0', 'many1', 'many2']);
    const ids = await send('GET', '/ids', { as, query: [['filler__exists', 'true']] });
    expect(ids.json).toHaveLength(1_050);
  });

  it('is 503 too_costly where the values alone are more than an answer holds', async () => {
    const rows = Array.from({ length: 12 }, (_, at) => ({ id: `blob${at}`, blob: `${at}${'y'.repeat(360_000)}` }));
    for (const row of rows) await items('things', row);
    const answer = await send('GET', '/blobs', { as });
    expect([answer.status, answer.json.code, answer.headers['Retry-After']]).toEqual([503, 'too_costly', '30']);
    expect(answer.text).not.toContain('yyy');
  });
});
