// docs/reference/audit.md, "History": the versions of one item, newest first, each as far as the caller may see it.

import { randomBytes } from 'node:crypto';
import { BatchWriteCommand, DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { api } from '../../lib/definition/api.ts';
import { audit, create, get, history, patch, remove, update } from '../../lib/definition/endpoint.ts';
import { table } from '../../lib/definition/table.ts';
import { readAudit } from '../../lib/store/audit/audit.ts';
import { createClient } from '../../lib/store/dynamodb/client.ts';
import { keyRecord, type Received, useApi } from '../support/api.ts';
import { unmeteredWorld } from '../support/budget.ts';

// Reading back to a gap asks for many days, and the machine may be busy.
vi.setConfig({ testTimeout: 60_000 });

const CANARY = 'canary-44d0';
const notes = table('notes', {
  partitionKey: { id: 'string' },
  attributes: { inner: { type: 'string', hidden: true }, pin: { type: 'string', sensitive: true } },
  version: '_v',
});

/** Calls of DynamoDB that reading the audit table has made. */
let calls: string[] = [];

const { engine, names, send, auth, auditRows, putAuditRows } = useApi(
  api({
    tables: [notes],
    endpoints: [
      ...[get('/note/{id}', notes), create('/note', notes), update('/note/{id}', notes), patch('/note/{id}', notes)],
      ...[remove('/note/{id}', notes), audit('/audit/{id}', notes), history('/history/{id}', notes), audit('/audit')],
    ],
  }),
  (ports) => ({ ...ports, readAudit: (...args) => counted()(...args) }),
);

function counted() {
  const client = createClient(engine.endpoint);
  client.middlewareStack.add(
    (next, context) => (args) => {
      calls.push(context.commandName ?? '');
      return next(args);
    },
    { step: 'initialize' },
  );
  return readAudit(client, names.audit, unmeteredWorld);
}

const versions = (as: string, id: string, query: readonly (readonly [string, string])[] = []) =>
  send('GET', `/history/${id}`, { as, query });
const as = 'writer';

beforeAll(async () => {
  await auth(
    keyRecord('admin'),
    keyRecord(as),
    keyRecord('active-only', { read_filters: [{ field: 'status', value: 'active' }] }),
    keyRecord('no-cost', { exclude_fields: ['cost'] }),
    keyRecord('no-rows', { read_filters: [{ any: [] }] }),
    keyRecord('by-pin', { read_filters: [{ field: 'pin', operator: 'ne', value: 'x' }] }),
    keyRecord('own-audit', { audit_filters: [{ field: 'user.id', value: { $var: 'user.id' } }] }),
  );
  await send('POST', '/note', { as, body: { id: 'a', status: 'active', cost: `${CANARY}-1`, n: 1 } });
  await send('PUT', '/note/a', { as, body: { status: 'sold', secret: `${CANARY}-sold` } });
  await send('PATCH', '/note/a', { as, body: { status: 'active', secret: null } });
  await send('GET', '/note/a', { as });
  await send('PUT', '/note/a', { as: 'no-rows', body: { n: 2 } });
  await send('DELETE', '/note/a', { as });
  await send('POST', '/note', { as, body: { id: 'a', status: 'active', again: true } });
});

const short = ({ json }: Received) =>
  json.map(({ action, data }: { action: string; data: unknown }) => [action, data] as const);

describe('an item that was created, updated, deleted and created again', () => {
  const [first, second, third] = [
    { id: 'a', status: 'active', cost: `${CANARY}-1`, n: 1 },
    { id: 'a', status: 'sold', cost: `${CANARY}-1`, n: 1, secret: `${CANARY}-sold` },
    { id: 'a', status: 'active', cost: `${CANARY}-1`, n: 1 },
  ];
  const again = { id: 'a', status: 'active', again: true };

  it('has each version, newest first', async () => {
    const answer = await versions('admin', 'a');
    expect(answer.status).toBe(200);
    expect(short(answer)).toEqual([
      ['CREATE', again],
      ['DELETE', null],
      ['UPDATE', third],
      ['UPDATE', second],
      ['CREATE', first],
    ]);
    for (const version of answer.json) {
      expect(Object.keys(version).sort()).toEqual(['action', 'data', 'time', 'user']);
      expect(version.user).toMatchObject({ id: as, source_ip: '192.0.2.1' });
    }
  });

  it('leaves out what a read filter does not accept, and tells of others only their username', async () => {
    const answer = await versions('active-only', 'a');
    expect(short(answer).map(([action]: readonly [string]) => action)).toEqual([
      'CREATE',
      'DELETE',
      'UPDATE',
      'CREATE',
    ]);
    expect(answer.text).not.toContain(`${CANARY}-sold`);
    for (const version of answer.json) expect(version.user).toEqual({ username: as });
  });

  it('is pruned of hidden paths', async () => {
    const answer = await versions('no-cost', 'a');
    expect(answer.json).toHaveLength(5);
    expect(answer.text).not.toContain('cost');
    expect(answer.text).not.toContain(`${CANARY}-1`);
  });

  it('is not there for who may see no version, as if it never was', async () => {
    const anonymous = ({ text, status }: Received) => [status, text.replace(/"request_id":"[^"]*"/, '')];
    const never = await versions('no-rows', 'never');
    expect(never.status).toBe(404);
    for (const caller of ['no-rows', 'by-pin', 'own-audit']) {
      expect(anonymous(await versions(caller, 'a'))).toEqual(anonymous(never));
    }
    expect(anonymous(await versions('admin', 'never'))).toEqual(anonymous(never));
  });

  it('has a window and a limit', async () => {
    const all = (await versions('admin', 'a')).json;
    expect((await versions('admin', 'a', [['_limit', '2']])).json).toEqual(all.slice(0, 2));
    const between = JSON.stringify([all[3].time, all[1].time]);
    expect((await versions('admin', 'a', [['time__between', between]])).json).toEqual(all.slice(1, 4));
    expect((await versions('admin', 'a', [['time__between', '["2025","2026-01"]']])).status).toBe(404);
  });

  it.each([
    ['action', 'UPDATE'],
    ['time__gt', '2026'],
    ['time', '2026'],
    ['_where', '{}'],
    ['_limit', '0'],
    ['time__between', '["2027","2026"]'],
    ['id', 'a'],
  ])('takes no other parameter: %s=%s', async (name, value) => {
    const answer = await versions('admin', 'a', [[name, value]]);
    expect([answer.status, answer.json.code, answer.json.errors[0].path]).toEqual([400, 'invalid_query', name]);
  });

  it('leaves an audit row of its reading', async () => {
    const rows = await send('GET', '/audit/a', {
      as: 'admin',
      query: [
        ['action', 'HISTORY'],
        ['user.id', 'admin'],
        ['outcome', 'ok'],
      ],
    });
    expect(rows.json[0]).toMatchObject({ outcome: 'ok', resource: { table: 'notes', key: { id: 'a' } } });
    const denied = await send('GET', '/audit/a', {
      as: 'admin',
      query: [
        ['action', 'HISTORY'],
        ['user.id', 'no-rows'],
      ],
    });
    expect(denied.json[0].outcome).toBe('not_found');
  });
});

describe('sixty parallel updates', () => {
  it('leave as many versions as succeeded, and each is the one before it and its change', async () => {
    await send('POST', '/note', { as, body: { id: 'busy' } });
    const answers = await Promise.all(
      Array.from({ length: 60 }, (_, n) => send('PATCH', '/note/busy', { as, body: { [`a${n}`]: n } })),
    );
    const succeeded = answers.filter(({ status }) => status === 200).length;
    expect(succeeded).toBeGreaterThan(1);
    const { json } = await versions('admin', 'busy');
    expect(json).toHaveLength(succeeded + 1);
    const counts = json.map(({ data }: { data: object }) => Object.keys(data).length);
    expect(counts).toEqual(Array.from({ length: succeeded + 1 }, (_, at) => succeeded + 1 - at));
    const rows = await send('GET', '/audit/busy', {
      as: 'admin',
      query: [
        ['action', 'UPDATE'],
        ['outcome', 'ok'],
      ],
    });
    expect(rows.json).toHaveLength(succeeded);
    expect((await versions('admin', 'busy', [['_limit', '1']])).json).toEqual(json.slice(0, 1));
  }, 60_000);

  it('chain where the item is deleted and created in between', async () => {
    const writers = Array.from({ length: 20 }, async (_, n) => {
      await send('POST', '/note', { as, body: { id: 'flips', n } });
      await send('DELETE', '/note/flips', { as });
    });
    await Promise.all(writers);
    const { json } = await versions('admin', 'flips');
    const deleted = json.map(({ data }: { data: unknown }) => data === null);
    expect(deleted).toEqual(deleted.map((_: boolean, at: number) => at % 2 === 0));
    for (let at = 0; at + 1 < json.length; at += 2) expect(json[at + 1].action).toBe('CREATE');
  }, 60_000);
});

describe('images that do not fit one row', () => {
  it('are put together again', async () => {
    // Too random to be compressed below one row: three texts of 190,000 characters are 570,000 bytes.
    const [one, two, three] = [0, 1, 2].map(() => randomBytes(142_500).toString('base64'));
    await send('POST', '/note', { as, body: { id: 'large', text: one } });
    await send('PUT', '/note/large', { as, body: { more: two } });
    await send('PUT', '/note/large', { as, body: { text: three } });
    expect((await auditRows()).some(({ id }) => id && 'S' in id && id.S.endsWith('#1'))).toBe(true);
    expect(short(await versions('admin', 'large'))).toEqual([
      ['UPDATE', { id: 'large', text: three, more: two }],
      ['UPDATE', { id: 'large', text: one, more: two }],
      ['CREATE', { id: 'large', text: one }],
    ]);
    const rows = await send('GET', '/audit/large', {
      as: 'admin',
      query: [
        ['action', 'UPDATE'],
        ['_limit', '1'],
      ],
    });
    expect(rows.json[0].before).toEqual({ text: one });
    expect(rows.json[0].after.more).toBe(two);
  });
});

describe('rows of one time', () => {
  it('are each there once, in the order of their ids', async () => {
    const key = { resource: { table: 'gone', key: { id: 'tie' } }, action: 'GET', outcome: 'ok' };
    const user = { id: 'tie', type: 'API_KEY', username: 'tie' };
    const time = '2026-06-01T00:00:00.000000Z';
    const rows = Array.from({ length: 60 }, (_, n) => ({
      ...key,
      ...{
        user,
        time,
        id: `id-${String(n).padStart(2, '0')}`,
        user_key: 'API_KEY#tie',
        day_shard: `2026-06-01#${n % 4}`,
      },
    }));
    await putAuditRows(...rows);
    const ids = rows.map(({ id }) => id).reverse();
    const found = await send('GET', '/audit', { as: 'admin', query: [['user.id', 'tie']] });
    expect(found.json.map(({ id }: { id: string }) => id)).toEqual(ids);
    const limited = await send('GET', '/audit', {
      as: 'admin',
      query: [
        ['user.id', 'tie'],
        ['_limit', '7'],
      ],
    });
    expect(limited.json.map(({ id }: { id: string }) => id)).toEqual(ids.slice(0, 7));
    const byDay = await send('GET', '/audit', { as: 'admin', query: [['time', time]] });
    expect(byDay.json.map(({ id }: { id: string }) => id)).toEqual(ids);
  });
});

describe('a table of 3,000 rows of other items', () => {
  it('costs one item a few calls', async () => {
    const filler = Array.from({ length: 3_000 }, (_, n) => ({
      ...{ time: `2026-07-01T00:00:00.${String(n).padStart(6, '0')}Z`, id: `f${n}`, action: 'GET', outcome: 'ok' },
      ...{ resource_key: `other-${n}`, user_key: `API_KEY#u${n}`, day_shard: `2026-07-01#${n % 4}` },
    }));
    const documents = DynamoDBDocumentClient.from(engine.client);
    for (let at = 0; at < filler.length; at += 25) {
      const puts = filler.slice(at, at + 25).map((Item) => ({ PutRequest: { Item } }));
      await documents.send(new BatchWriteCommand({ RequestItems: { [names.audit]: puts } }));
    }
    const cost = async (path: string, query: readonly (readonly [string, string])[] = []) => {
      calls = [];
      expect((await send('GET', path, { as: 'admin', query })).status).toBe(200);
      expect(calls).not.toContain('ScanCommand');
      return calls.length;
    };
    expect(await cost('/history/a')).toBeLessThanOrEqual(2);
    expect(await cost('/audit/a')).toBeLessThanOrEqual(3);
    expect(await cost('/audit', [['resource.key.id', 'a']])).toBeLessThanOrEqual(3);
    expect(await cost('/audit', [['user.id', 'admin']])).toBeLessThanOrEqual(4);
    expect(
      await cost('/audit', [
        ['time__between', '["2026-07-01","2026-07-02"]'],
        ['_limit', '5'],
      ]),
    ).toBeLessThanOrEqual(10);
  }, 60_000);
});
