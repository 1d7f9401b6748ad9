// What a hostile review of the handlers found, one test each: it must not come back.

import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { api } from '../../lib/definition/api.ts';
import { audit, create, get, list, remove, update } from '../../lib/definition/endpoint.ts';
import { table } from '../../lib/definition/table.ts';
import { keyRecord, useApi } from '../support/api.ts';

const things = table('things', {
  partitionKey: { id: 'string' },
  attributes: { pin: { type: 'string', sensitive: true } },
  schema: { create: z.looseObject({ id: z._default(z.string(), 'generated'), tags: z.optional(z.array(z.string())) }) },
  version: '_v',
});
const definition = api({
  tables: [things],
  endpoints: [
    list('/things', things),
    get('/thing/{id}', things),
    create('/thing', things),
    update('/thing/{id}', things),
    remove('/thing/{id}', things),
    audit('/audit'),
  ],
  auth: { oidc: { issuer: 'https://issuer.example.com', audience: 'things' } },
});
const { send, auth, items, auditRows, putAuditRows } = useApi(definition);
const as = 'admin';

beforeAll(async () => {
  await auth(
    keyRecord(as),
    keyRecord('no-id', { exclude_fields: ['id'] }),
    keyRecord('no-cost', { exclude_fields: ['cost'] }),
    keyRecord('quoted', { exclude_fields: ['k"__proto__'] }),
    { id: 'staff', type: 'OIDC_GROUP', permitted_endpoints: [{ method: '*', endpoint: '/.*' }] },
  );
});

describe('names like __proto__', () => {
  it.each(['k"__proto__', '\u0000__proto__', '__proto__0', '__proto__'])(
    '%j can be read, changed and deleted',
    async (name) => {
      const text = JSON.stringify({ id: 'p', other: '"__proto__":' }).replace('}', `,${JSON.stringify(name)}:{"x":1}}`);
      expect((await send('POST', '/thing', { as, text })).status).toBe(201);
      const found = await send('GET', '/thing/p', { as });
      expect(Object.entries(found.json)).toContainEqual([name, { x: 1 }]);
      expect(found.json.other).toBe('"__proto__":');
      expect((await send('GET', '/thing/p', { as: 'quoted' })).text).not.toContain('k\\"__proto__');
      expect((await send('PUT', '/thing/p', { as, body: { n: 1 } })).status).toBe(200);
      expect((await send('DELETE', '/thing/p', { as })).status).toBe(204);
    },
  );
});

describe('bodies made to be slow or large to refuse', () => {
  const name = 'n'.repeat(40_000);
  const many = <T>(count: number, value: T) => Array.from({ length: count }, () => value);
  it.each<[string, string]>([
    ['a number of 250,000 digits', `{"id":"x","n":1${'0'.repeat(250_000)}1}`],
    ['a number with zeros inside', `{"id":"x","n":1${'0'.repeat(120_000)}1${'0'.repeat(120_000)}}`],
    ['100,000 faults', JSON.stringify({ id: 'x', tags: many(100_000, 0) })],
    [
      '1,500 bad names below a long one',
      JSON.stringify({ id: 'x', [name]: Object.fromEntries(many(1500, 0).map((_, at) => [`.${at}`, 1])) }),
    ],
    ['hidden paths below a long name', JSON.stringify({ id: 'x', cost: { [name]: many(2000, 0) } })],
  ])('%s: a short answer', async (_, text) => {
    const answer = await send('POST', '/thing', { as: 'no-cost', text });
    expect([400, 403]).toContain(answer.status);
    expect(answer.text.length).toBeLessThan(100_000);
  });
});

describe('what is told', () => {
  it('is no Location of a key that is hidden', async () => {
    const answer = await send('POST', '/thing', { as: 'no-id', body: { q: 1 } });
    expect(answer.status).toBe(201);
    expect(JSON.stringify([answer.headers, answer.text])).not.toContain('generated');
  });

  it('is no digest of a sensitive value in the audit', async () => {
    const body = { filler: 'x'.repeat(33_000), id: 'dg', pin: 'pin-4711-canary' };
    await send('POST', '/thing', { as, body });
    const digest = createHash('sha256').update(JSON.stringify(body)).digest('hex');
    const rows = JSON.stringify(await auditRows());
    expect(rows).toContain('sha256');
    expect(rows).not.toContain(digest);
    expect(rows).not.toContain('pin-4711-canary');
  });

  it('is nothing about rows that are not shown: X-Audit-From stays where it is', async () => {
    const before = await send('GET', '/audit', { as: 'no-cost' });
    const old = new Date(Date.now() - 20 * 86_400_000).toISOString();
    const row = {
      time: old,
      id: '0',
      action: 'GET',
      outcome: 'ok',
      user: { id: 'z', type: 'API_KEY' },
      day_shard: `${old.slice(0, 10)}#0`,
    };
    await putAuditRows(row);
    const after = await send('GET', '/audit', { as: 'no-cost' });
    expect(before.headers['X-Audit-From']).toMatch(/^\d{4}-\d\d-\d\d$/);
    expect(after.headers['X-Audit-From']).toBe(before.headers['X-Audit-From']);
  });
});

describe('credentials', () => {
  it('two are refused, also where the second hides behind another scheme', async () => {
    const repeated = { Authorization: ['Basic x', 'Bearer y'] };
    const answer = await send('GET', '/things', { as, repeated });
    expect([answer.status, answer.json.code]).toEqual([400, 'ambiguous_identity']);
  });
});

describe('every call of a proved caller leaves a row', () => {
  const outcomes = async (user: string) =>
    (await auditRows())
      .filter((row) => JSON.stringify(row['user']).includes(`"${user}"`))
      .map((row) => JSON.stringify(row['outcome']));

  it('where the token says that its groups did not fit', async () => {
    const answer = await send('GET', '/things', { claims: { sub: 'overflown', groups: ['staff'], hasgroups: true } });
    expect(answer.status).toBe(403);
    expect(await outcomes('overflown')).toEqual(['{"S":"denied"}']);
  });

  it('where a list is too long to sort', async () => {
    await auth(keyRecord('greedy'));
    const text = 'x'.repeat(390_000);
    for (let n = 0; n < 12; n += 1) await items('things', { id: `big${n}`, text });
    const answer = await send('GET', '/things', { as: 'greedy', query: [['_sort', 'text']] });
    expect([answer.status, answer.json.code]).toEqual([400, 'invalid_query']);
    expect(await outcomes('greedy')).toEqual(['{"S":"denied"}']);
  });
});
