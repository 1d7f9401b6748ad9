// docs/reference/audit.md, "Reading": all of them, one's own, or of others the changes whose images one may read.

import { describe, expect, it } from 'vitest';
import { AuditPolicy } from '../../../lib/access/audit-policy.ts';
import { Permission } from '../../../lib/access/permission.ts';
import { type AuditEvent, auditRows } from '../../../lib/audit/row.ts';
import { AuditViewer } from '../../../lib/audit/visible.ts';
import { toPlainItem } from '../../../lib/base/plain.ts';
import { type Item, itemOf, withAttributes } from '../../../lib/base/value.ts';
import { table } from '../../../lib/definition/table.ts';
import { KEY, keyRecord, NOW, principalOf } from '../../support/access.ts';
import { item } from '../../support/values.ts';

const items = table('items', {
  partitionKey: { id: 'string' },
  attributes: { pin: { type: 'string', sensitive: true }, cost: { type: 'number', hidden: true } },
});
const orders = table('orders', { partitionKey: { id: 'string' } });
const parts = table('parts', { partitionKey: { car: 'string' }, sortKey: { number: 'number' } });

const OTHER = { id: 'key-2', type: 'API_KEY', username: 'joe', email: 'joe@example.com' };
const OWN = { ...OTHER, id: 'key-1', username: 'jane' };
const before = item({ id: 'a', status: 'new', x: 1, gone: true });
const after = item({ id: 'a', status: 'new', x: 2, fresh: true });
const EVENT: AuditEvent = {
  time: '2026-01-01T00:00:00.000001Z',
  id: '0190c1d2-0000-7000-8000-00000000000a',
  requestId: 'request-1',
  action: 'UPDATE',
  outcome: 'ok',
  user: OTHER,
  method: 'PUT',
  route: '/item/{id}',
  pathParameters: new Map([['id', 'a']]),
  query: [['q', '1']],
  body: item({ x: 2, fresh: true }),
  resource: { table: items, key: item({ id: 'a' }) },
  sensitive: [],
  before,
  after,
};
const recordOf = (event: Partial<AuditEvent> = {}) => auditRows({ ...EVENT, ...event }, () => 'digest');

function policyOf(permissions: object): AuditPolicy {
  const principal = principalOf(KEY, { auth: [keyRecord({ ...permissions })] });
  return AuditPolicy.of(Permission.decide(principal, 'GET', '/audit'), [items, orders, parts], NOW * 1000);
}
const viewerOf = (permissions: object = {}) => new AuditViewer(policyOf(permissions), NOW);
const shown = (permissions: object, event: Partial<AuditEvent> = {}) => {
  const row = viewerOf(permissions).show(recordOf(event));
  return row && (toPlainItem(row) as Record<string, unknown>);
};
const status = (value: string) => ({ read_filters: [{ field: 'status', value }] });
const IMAGES = { after: { id: 'a', status: 'new', x: 2, fresh: true }, before: { x: 1, gone: true }, added: ['fresh'] };

describe('an unrestricted caller', () => {
  it('is shown everything but how the row is stored', () => {
    const { resource_key, user_key, day_shard, ...row } = toPlainItem(recordOf()[0] as Item) as Record<string, unknown>;
    expect([resource_key, user_key, day_shard].every((value) => value !== undefined)).toBe(true);
    expect(shown({})).toEqual(row);
    expect(row).toMatchObject({ user: { email: 'joe@example.com' }, path_params: { id: 'a' }, ...IMAGES });
  });

  it('is not shown what the definition hides, but every parameter', () => {
    const row = shown({}, { after: item({ id: 'a', cost: 1 }), before: undefined, query: [['cost', '1']] });
    expect(row).toMatchObject({ after: { id: 'a' }, query_params: { cost: '1' } });
    expect(row?.['after']).not.toHaveProperty('cost');
  });

  it('is shown reads and refusals too', () => {
    expect(shown({}, { before: undefined, after: undefined, action: 'GET', outcome: 'denied' })).toMatchObject({
      action: 'GET',
      outcome: 'denied',
    });
  });

  it.each([
    [undefined, true],
    [NOW + 1, true],
    [NOW, false],
    [NOW - 1, false],
  ])('is not shown expired rows: %s', (expireTime, isShown) => {
    expect(shown({}, { expireTime }) !== undefined).toBe(isShown);
  });

  it('is not shown rows that do not say when they expire', () => {
    const [row] = recordOf() as [Item];
    const odd = withAttributes(row, itemOf([['expire_time', { S: '9999999999' }]]));
    expect(viewerOf().show([odd])).toBeUndefined();
    expect(viewerOf().show([])).toBeUndefined();
  });
});

describe('a restricted caller, of its own rows', () => {
  it('is shown everything but hidden paths', () => {
    const row = shown(
      { exclude_fields: ['x'] },
      {
        user: OWN,
        query: [
          ['x', '1'],
          ['q', '1'],
        ],
      },
    );
    expect(row).toMatchObject({ user: { email: 'joe@example.com' }, path: '/item/a', query_params: { q: '1' } });
    expect(row).toMatchObject({ after: { id: 'a', fresh: true }, before: { gone: true }, body: { fresh: true } });
    expect(JSON.stringify(row)).not.toContain('"x"');
  });

  it('is shown the images that its read filters accept', () => {
    const images = (row: Record<string, unknown> | undefined) => {
      const { after: a, before: b, added } = row ?? {};
      return JSON.parse(JSON.stringify({ after: a, before: b, added }));
    };
    const own = { user: OWN };
    expect(images(shown(status('new'), own))).toEqual(IMAGES);
    const refused = shown(status('old'), own);
    expect(images(refused)).toEqual({});
    expect(refused).toMatchObject({ body: { x: 2, fresh: true }, path_params: { id: 'a' }, query_params: { q: '1' } });
    const left = item({ id: 'a', status: 'sold', x: 2 });
    expect(images(shown(status('new'), { ...own, after: left }))).toEqual({
      before: { id: 'a', status: 'new', x: 1, gone: true },
    });
    expect(images(shown(status('sold'), { ...own, after: left }))).toEqual({ after: toPlainItem(left) });
    expect(images(shown(status('old'), { ...own, before: undefined }))).toEqual({});
    expect(images(shown(status('old'), { ...own, after: undefined }))).toEqual({});
  });

  it('is shown no image where its filter looks at what is masked, or the API has no such table', () => {
    const masked = { after: item({ id: 'a', pin: '***' }), before: undefined, user: OWN };
    const row = shown({ read_filters: [{ field: 'pin', value: '***' }] }, masked);
    expect([row?.['action'], row?.['after']]).toEqual(['UPDATE', undefined]);
    const gone = { table: table('gone', { partitionKey: { id: 'string' } }), key: item({ id: 'a' }) };
    const other = shown(status('new'), { resource: gone, user: OWN });
    expect([other?.['action'], other?.['after'], other?.['before']]).toEqual(['UPDATE', undefined, undefined]);
  });

  it('is shown no row of an id that was cut: another may begin like it', () => {
    const long = `${'x'.repeat(2_048)}… (3,000 characters)`;
    const principal = principalOf({ kind: 'api_key', id: long }, { auth: [keyRecord({ id: long, ...status('old') })] });
    const permission = Permission.decide(principal, 'GET', '/audit');
    const viewer = new AuditViewer(AuditPolicy.of(permission, [items, orders, parts], NOW * 1000), NOW);
    expect(viewer.show(recordOf({ user: { ...OWN, id: 'x'.repeat(3_000) } }))).toBeUndefined();
    expect(viewer.show(recordOf({ user: { ...OWN, id: long } }))).toBeUndefined();
  });

  it('is shown rows that have no images', () => {
    expect(shown(status('old'), { user: OWN, before: undefined, after: undefined, outcome: 'denied' })).toMatchObject({
      outcome: 'denied',
    });
  });
});

describe('a restricted caller, of the changes of others', () => {
  it('is shown what changed, and only the name of who did it', () => {
    expect(shown(status('new'))).toEqual({
      time: EVENT.time,
      id: EVENT.id,
      action: 'UPDATE',
      outcome: 'ok',
      method: 'PUT',
      request_id: 'request-1',
      path: '/item/a',
      resource: { table: 'items', key: { id: 'a' } },
      user: { username: 'joe' },
      ...IMAGES,
    });
  });

  it.each<[string, object, object]>([
    [
      'after it, where it may read that alone',
      { after: item({ id: 'a', status: 'mine', x: 2 }) },
      { after: { id: 'a', status: 'mine', x: 2 } },
    ],
    [
      'before it, whole, where it may read that alone',
      { before: item({ id: 'a', status: 'mine', x: 1 }) },
      { before: { id: 'a', status: 'mine', x: 1 } },
    ],
  ])('is shown the item %s', (_, event, expected) => {
    const row = shown(status('mine'), event);
    const { after: a, before: b, added } = row ?? {};
    expect(JSON.parse(JSON.stringify({ after: a, before: b, added }))).toEqual(expected);
  });

  it.each<[string, object, Partial<AuditEvent>]>([
    ['items that it may read neither before nor after', status('old'), {}],
    ['reads', status('new'), { before: undefined, after: undefined }],
    ['refusals', status('new'), { outcome: 'denied' }],
    [
      'no table of the API',
      status('new'),
      { resource: { table: table('gone', { partitionKey: { id: 'string' } }), key: item({ id: 'a' }) } },
    ],
    ['nothing', status('new'), { resource: undefined }],
    [
      'items masked where its filter looks',
      { read_filters: [{ field: 'pin', value: '***' }] },
      { after: item({ id: 'a', pin: '***' }) },
    ],
    [
      'items masked where its filter looks, by a name that looks like a sensitive one',
      { read_filters: [{ field: 'PIN', value: '***' }] },
      { after: item({ id: 'a', PIN: '***' }) },
    ],
  ])('is not shown rows about %s', (_, permissions, event) => {
    expect(shown(permissions, event)).toBeUndefined();
  });

  it('is shown a creation and a deletion', () => {
    expect(shown(status('new'), { before: undefined })).toMatchObject({ after: IMAGES.after });
    expect(shown(status('new'), { before: undefined })).not.toHaveProperty('before');
    expect(shown(status('new'), { after: undefined })).toMatchObject({ before: { status: 'new', x: 1, gone: true } });
    expect(shown(status('new'), { after: undefined })).not.toHaveProperty('after');
  });

  it('is not shown hidden paths, nor the path where the key is hidden', () => {
    expect(shown({ exclude_fields: ['x'] })).toMatchObject({ after: { id: 'a', fresh: true }, path: '/item/a' });
    expect(shown({ exclude_fields: ['x'] })?.['before']).toEqual({ gone: true });
    const keyless = shown({ exclude_fields: ['id'] });
    expect(keyless).not.toHaveProperty('path');
    expect(keyless).toMatchObject({ resource: { table: 'items', key: {} } });
  });

  it('is not shown the path where a part of the key is hidden', () => {
    const resource = { table: parts, key: item({ car: 'a', number: 1 }) };
    const image = item({ car: 'a', number: 1, x: 2 });
    const event = { resource, before: undefined, after: image };
    expect(shown({ exclude_fields: ['number'] }, event)).toMatchObject({ after: { car: 'a', x: 2 } });
    expect(shown({ exclude_fields: ['number'] }, event)).not.toHaveProperty('path');
    expect(shown({ exclude_fields: ['y'] }, event)).toMatchObject({ path: '/item/a' });
  });

  it('is shown when the row expires, and no list of what was added where nothing was', () => {
    const row = shown(status('new'), { expireTime: NOW + 1, after: item({ id: 'a', status: 'new', x: 2 }) });
    expect(row).toMatchObject({ expire_time: NOW + 1, before: { x: 1, gone: true } });
    expect(row).not.toHaveProperty('added');
  });

  it('is not shown images that cannot be read', () => {
    const [row] = recordOf() as [Item];
    const broken = withAttributes(row, item({ images: new Uint8Array([1]), parts: 1 }), ['after', 'before', 'added']);
    expect(viewerOf(status('new')).show([broken])).toBeUndefined();
    expect(viewerOf().show([broken])).toEqual(
      withAttributes(row, itemOf([]), ['after', 'before', 'added', 'resource_key', 'user_key', 'day_shard']),
    );
  });
});

describe('an audit filter', () => {
  const audit = (...filters: object[]) => ({ audit_filters: filters });

  it('is asked of the row, of one’s own too', () => {
    expect(shown(audit({ field: 'action', value: 'UPDATE' }))).toBeDefined();
    expect(shown(audit({ field: 'action', value: 'DELETE' }))).toBeUndefined();
    expect(shown(audit({ field: 'action', value: 'DELETE' }), { user: OWN })).toBeUndefined();
    expect(shown(audit({ field: 'after.x', value: 2 }))).toBeDefined();
  });

  it('that looks where values are masked accepts nothing', () => {
    for (const field of ['after.pin', 'after.Pin'])
      expect(shown(audit({ field, operator: 'exists', value: false })), field).toBeUndefined();
  });

  it('of a table is asked of the rows about it, and of rows about none', () => {
    const ofOrders = audit({ field: 'action', value: 'DELETE', table: 'orders' });
    expect(shown(ofOrders)).toBeDefined();
    expect(shown(ofOrders, { resource: { table: orders, key: item({ id: 'a' }) } })).toBeUndefined();
    expect(shown(ofOrders, { user: OWN, resource: undefined })).toBeUndefined();
  });

  it('is asked once, however many rows', () => {
    const viewer = viewerOf(audit({ field: 'action', value: 'UPDATE' }));
    const show = (action: string) => viewer.show(recordOf({ action })) !== undefined;
    expect(['UPDATE', 'DELETE', 'UPDATE', 'CREATE'].map(show)).toEqual([true, false, true, false]);
  });
});
