// Writers that race: every write is pinned to the very item it was decided on.

import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { beforeAll, describe, expect, it } from 'vitest';
import api from '#api';
import { attribute, type Item } from '../../lib/base/value.ts';
import { keyRecord, useApi } from '../support/api.ts';

/** What another writer does between a handler's read and its write: once, then never again. */
let meanwhile: (() => Promise<unknown>) | undefined;

const { engine, names, send, auth, items, stored, auditRows } = useApi(api, (ports) => ({
  ...ports,
  read: async (...asked) => {
    const rows = await ports.read(...asked);
    const act = meanwhile;
    meanwhile = undefined;
    await act?.();
    return rows;
  },
}));

beforeAll(async () => {
  await auth(keyRecord('admin'), keyRecord('active-only', { filter_fields: [{ field: 'status', value: 'active' }] }));
});

function raw(id: string, UpdateExpression: string, values?: Record<string, { S: string }>) {
  const TableName = names.data.get('items');
  const ExpressionAttributeValues = values && { ExpressionAttributeValues: values };
  return engine.client.send(
    new UpdateItemCommand({
      TableName,
      Key: { id: { S: id } },
      UpdateExpression,
      ...(UpdateExpression.includes('#s') && { ExpressionAttributeNames: { '#s': 'status' } }),
      ...ExpressionAttributeValues,
    }),
  );
}

async function find(id: string): Promise<Item | undefined> {
  return (await stored('items')).find((item) => JSON.stringify(item['id']) === JSON.stringify({ S: id }));
}

describe('a row that leaves the filter between check and write', () => {
  it.each(['PUT', 'PATCH', 'DELETE'])('is not touched by %s', async (method) => {
    const id = `leaves-${method}`;
    await items('items', { id, status: 'active' });
    meanwhile = () => raw(id, 'SET #s = :s', { ':s': { S: 'sold' } });
    const answer = await send(method, `/item/${id}`, {
      as: 'active-only',
      ...(method !== 'DELETE' && { body: { n: 1 } }),
    });
    expect(answer.status).toBe(404);
    expect(await find(id)).toEqual({ id: { S: id }, status: { S: 'sold' } });
  });

  it('is decided anew where it only changed inside', async () => {
    await items('items', { id: 'changes', status: 'active', n: 1 });
    meanwhile = () => raw('changes', 'SET extra = :o', { ':o': { S: 'kept' } });
    const answer = await send('PUT', '/item/changes', { as: 'active-only', body: { n: 2 } });
    expect(answer.json).toMatchObject({ n: 2, status: 'active' });
    expect(attribute((await find('changes')) as Item, 'extra')).toEqual({ S: 'kept' });
  });

  it('is never brought back by an update', async () => {
    await items('items', { id: 'gone', status: 'active' });
    const TableName = names.data.get('items');
    const { DeleteItemCommand } = await import('@aws-sdk/client-dynamodb');
    meanwhile = () => engine.client.send(new DeleteItemCommand({ TableName, Key: { id: { S: 'gone' } } }));
    expect((await send('PUT', '/item/gone', { as: 'admin', body: { n: 1 } })).status).toBe(404);
    expect(await find('gone')).toBeUndefined();
  });
});

describe('sixty parallel writers of one item', () => {
  it('leave as many audit rows as succeeded, and their images chain', async () => {
    await send('POST', '/item', { as: 'admin', body: { id: 'busy' } });
    const answers = await Promise.all(
      Array.from({ length: 60 }, (_, n) => send('PATCH', '/item/busy', { as: 'admin', body: { [`a${n}`]: n } })),
    );
    const succeeded = answers.filter(({ status }) => status === 200).length;
    expect(answers.every(({ status }) => status === 200 || status === 409)).toBe(true);
    expect(succeeded).toBeGreaterThan(0);
    const key = JSON.stringify({ M: { table: { S: 'items' }, key: { M: { id: { S: 'busy' } } } } });
    const rows = (await auditRows()).filter((row) => {
      const { table, key: of } = (row['resource'] as { M: Item }).M;
      return JSON.stringify({ M: { table, key: of } }) === key && JSON.stringify(row['action']) === '{"S":"UPDATE"}';
    });
    const ok = rows.filter((row) => JSON.stringify(row['outcome']) === '{"S":"ok"}');
    expect(ok).toHaveLength(succeeded);
    const item = (await find('busy')) as Item;
    expect(Object.keys(item).filter((name) => /^a\d/.test(name))).toHaveLength(succeeded);
    const versions = ok.map((row) => Number((attribute((row['after'] as { M: Item }).M, '_v') as { N: string }).N));
    const first = Math.min(...versions);
    expect(versions.sort((a, b) => a - b)).toEqual(Array.from({ length: succeeded }, (_, n) => first + n));
  });

  it('create one item once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) => send('POST', '/item', { as: 'admin', body: { id: 'once', n } })),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(19);
  });
});
