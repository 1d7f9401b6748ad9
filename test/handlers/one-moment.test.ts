// docs/reference/audit.md, "Rows": no two of them can collide, and a change and its row are one: neither is there
// without the other.

import { beforeAll, describe, expect, it } from 'vitest';
import { api } from '../../lib/definition/api.ts';
import { create, get } from '../../lib/definition/endpoint.ts';
import { table } from '../../lib/definition/table.ts';
import { keyRecord, useApi } from '../support/api.ts';

const items = table('items', { partitionKey: { id: 'string' } });
const definition = api({ tables: [items], endpoints: [get('/item/{id}', items), create('/item', items)] });

/** The clock stands still, in microseconds since 1970. */
const MOMENT = 1_767_225_600_000_000;
const still = useApi(definition, (ports) => ({ ...ports, now: () => MOMENT }));
const other = useApi(definition);

beforeAll(async () => {
  await still.auth(keyRecord('one'), keyRecord('two'));
  await still.items('items', { id: 'a' });
  await other.auth(keyRecord('one'));
});

describe('calls at one moment', () => {
  it('leave a row each', async () => {
    for (const as of ['one', 'two']) await still.send('GET', '/item/a', { as });
    expect((await still.send('GET', '/item/none', { as: 'one' })).status).toBe(404);
    const rows = await still.auditRows();
    expect(rows).toHaveLength(3);
    expect(new Set(rows.map(({ time }) => JSON.stringify(time))).size).toBe(1);
  });
});

describe('a change', () => {
  it('is not made where its audit row cannot be written', async () => {
    const { audit } = other.names;
    other.names.audit = 'a-table-that-is-not-there';
    const answer = await other.send('POST', '/item', { as: 'one', body: { id: 'a' } });
    other.names.audit = audit;
    expect(answer.status).toBeGreaterThanOrEqual(500);
    expect(await other.stored('items')).toEqual([]);
    expect((await other.send('POST', '/item', { as: 'one', body: { id: 'a' } })).status).toBe(201);
    expect(await other.stored('items')).toHaveLength(1);
    expect(await other.auditRows()).toHaveLength(1);
  });
});
