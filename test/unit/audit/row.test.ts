// audit.md, "Rows": what stands in one, and what never does.

import { describe, expect, it } from 'vitest';
import { unpackImages } from '../../../lib/audit/images.ts';
import { sensitiveNames } from '../../../lib/audit/mask.ts';
import { type AuditEvent, auditRows } from '../../../lib/audit/row.ts';
import { itemBytes } from '../../../lib/base/item-size.ts';
import { parseJson, printItem } from '../../../lib/base/json.ts';
import { toPlainItem } from '../../../lib/base/plain.ts';
import { attribute, type Item, itemOf, withAttributes } from '../../../lib/base/value.ts';
import { equalValues } from '../../../lib/condition/evaluate.ts';
import { table } from '../../../lib/definition/table.ts';
import { item } from '../../support/values.ts';

const items = table('items', { partitionKey: { id: 'string' } });
const vault = table('vault', {
  partitionKey: 'pin',
  attributes: { pin: { type: 'string', sensitive: true }, secret: { type: 'string', sensitive: true } },
});

const digest = (text: string) => `digest-of-${text.length}`;

const base: AuditEvent = {
  time: '2026-01-01T00:00:00.123456Z',
  id: '0190c1d2-0000-7000-8000-00000000000a',
  requestId: 'request-1',
  action: 'GET',
  outcome: 'ok',
  user: { id: 'key-1', type: 'API_KEY', username: 'jane', sourceIp: '192.0.2.1' },
  method: 'GET',
  route: '/item/{id}',
  pathParameters: new Map([['id', 'a/b']]),
  query: [],
  sensitive: [],
};

function rowOf(event: Partial<AuditEvent>): Record<string, unknown> {
  const rows = auditRows({ ...base, ...event }, digest);
  expect(rows).toHaveLength(1);
  return toPlainItem(rows[0] as Item);
}

const textOf = (rows: readonly Item[]) => rows.map(printItem).join('\n');

describe('an audit row', () => {
  it('says who did what, when, with which outcome', () => {
    const resource = { table: items, key: item({ id: 'a/b' }) };
    expect(rowOf({ resource, query: [['x', '1']], expireTime: 99 })).toMatchObject({
      time: '2026-01-01T00:00:00.123456Z',
      id: base.id,
      action: 'GET',
      outcome: 'ok',
      user: { id: 'key-1', type: 'API_KEY', username: 'jane', source_ip: '192.0.2.1' },
      method: 'GET',
      path: '/item/a%2Fb',
      path_params: { id: 'a/b' },
      query_params: { x: '1' },
      resource: { table: 'items', key: { id: 'a/b' } },
      expire_time: 99,
      request_id: 'request-1',
    });
  });

  it('leaves out what there is not', () => {
    const row = rowOf({ route: '/items', pathParameters: new Map() });
    for (const name of ['path_params', 'query_params', 'body', 'resource', 'after', 'before', 'expire_time']) {
      expect(row, name).not.toHaveProperty(name);
    }
    expect(row['user']).not.toHaveProperty('email');
  });

  it('has every value of a repeated parameter', () => {
    expect(
      rowOf({
        query: [
          ['x', '1'],
          ['y', '2'],
          ['x', '3'],
          ['x', '4'],
        ],
      })['query_params'],
    ).toEqual({ x: ['1', '3', '4'], y: '2' });
  });

  it('takes parameters of any name', () => {
    const rows = auditRows(
      {
        ...base,
        query: [
          ['__proto__', '1'],
          ['constructor', '2'],
        ],
      },
      digest,
    );
    expect(textOf(rows)).toContain('"query_params":{"__proto__":"1","constructor":"2"}');
  });

  it('keeps a body up to 32 KB, and of a larger one its digest and size', () => {
    const body = (bytes: number) => item({ x: 'y'.repeat(bytes - '{"x":""}'.length) });
    expect(rowOf({ body: body(32_768) })['body']).toEqual({ x: 'y'.repeat(32_760) });
    expect(rowOf({ body: body(32_769) })['body']).toEqual({ sha256: 'digest-of-32769', bytes: 32_769 });
    const wide = item({ x: 'é'.repeat(20_000) });
    expect(rowOf({ body: wide })['body']).toEqual({ sha256: expect.any(String), bytes: 40_008 });
  });

  it('can be stored however deep its body is', () => {
    const parsed = parseJson(`{"a":${'['.repeat(31)}${']'.repeat(31)}}`);
    if ('faults' in parsed || !('M' in parsed.value)) throw new Error('no item');
    expect(JSON.stringify(rowOf({ body: parsed.value.M })['body'])).toContain('sha256');
  });

  it('of one item has the key of its index, other than every other item’s', () => {
    const key = (of: typeof items, plain: object) => {
      const resource = { table: of, key: item({ ...plain }) };
      return JSON.stringify(auditRows({ ...base, resource }, (text) => text)[0]?.['resource_key']);
    };
    const orders = table('orders', { partitionKey: { a: 'string' }, sortKey: { b: 'string' } });
    const keys = [
      key(items, { id: 'a' }),
      key(items, { id: 'a ' }),
      key(table('other', { partitionKey: { id: 'string' } }), { id: 'a' }),
      key(orders, { a: 'x', b: 'y' }),
      key(orders, { a: 'x","b":"y', b: '' }),
      key(orders, { a: 'xy', b: '' }),
    ];
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('has index keys that DynamoDB takes, whatever the caller is called', () => {
    const row = rowOf({ user: { id: 'é'.repeat(2_000), type: 'USERNAME' } });
    expect(Buffer.byteLength(String(row['user_key']))).toBeLessThanOrEqual(2_048);
  });
});

describe('a mutation’s row', () => {
  const before = item({ id: 'a', same: { x: 1 }, changed: 1, gone: [1], type: '5' });
  const after = item({ id: 'a', same: { x: 1 }, changed: 2, type: 5, fresh: null });

  function rebuilt(rows: readonly Item[]): { before: Item | undefined; after: Item | undefined } {
    const { after: now, before: old, added = [] } = unpackImages(rows);
    return { after: now, before: old && (now ? withAttributes(now, old, added) : old) };
  }

  it.each([
    ['a create', undefined, after],
    ['an update', before, after],
    ['an update that only adds', item({ id: 'a' }), after],
    ['an update that only removes', after, item({ id: 'a' })],
    ['an update that changes nothing', after, after],
    ['a delete', before, undefined],
    ['an update of numbers that are equal', itemOf([['n', { N: '1.0' }]]), itemOf([['n', { N: '1' }]])],
    ['an update to what looks the same', item({ a: ['x'] }), item({ a: new Set(['x']) })],
  ])('has both whole images: %s', (_, old, now) => {
    const rows = auditRows({ ...base, before: old, after: now }, digest);
    const images = rebuilt(rows);
    expect(images.after === undefined).toBe(now === undefined);
    expect(images.before === undefined).toBe(old === undefined);
    if (now) expect(equalValues({ M: images.after as Item }, { M: now })).toBe(true);
    if (old) expect(equalValues({ M: images.before as Item }, { M: old })).toBe(true);
  });

  it('has of an update’s old image only what changed', () => {
    expect(rowOf({ before, after })).toMatchObject({
      before: { changed: 1, gone: [1], type: '5' },
      after: toPlainItem(after),
    });
    expect(Object.keys(rowOf({ before, after })['before'] as object).toSorted()).toEqual(['changed', 'gone', 'type']);
  });

  it('is never refused for size: two items of 400 KB and a large body', () => {
    const big = (letter: string) =>
      item({
        id: 'a',
        x: Array.from({ length: 390_000 }, (_, i) =>
          String.fromCharCode(33 + ((i * i * 7 + letter.charCodeAt(0)) % 90)),
        ).join(''),
      });
    const rows = auditRows(
      { ...base, before: big('a'), after: big('b'), body: item({ x: 'y'.repeat(32_000) }) },
      digest,
    );
    for (const row of rows) expect(itemBytes(row)).toBeLessThanOrEqual(409_600);
    expect(equalValues({ M: rebuilt(rows).before as Item }, { M: big('a') })).toBe(true);
  });
});

describe('a sensitive attribute', () => {
  const sensitive = sensitiveNames([items, vault]);
  const SECRET = 'hunter2';
  const search = (search_key: string) => ({
    route: '/items/{search_key}/{search_value}',
    pathParameters: new Map([
      ['search_key', search_key],
      ['search_value', SECRET],
    ]),
  });

  it('is known by its definition', () => {
    expect([...sensitive].toSorted()).toEqual(['pin', 'secret']);
  });

  it.each([
    ['an image after', { after: item({ id: 'a', secret: SECRET }) }],
    ['an image before', { before: item({ id: 'a', secret: SECRET }) }],
    ['what changed', { before: item({ id: 'a', secret: SECRET }), after: item({ id: 'a', secret: 'other', x: 1 }) }],
    ['what it changed to', { before: item({ id: 'a', secret: 'other' }), after: item({ id: 'a', secret: SECRET }) }],
    ['a map', { after: item({ id: 'a', secret: { deep: [SECRET] } }) }],
    ['a body', { body: item({ secret: SECRET, id: 'a' }) }],
    ['a body with a map', { body: item({ secret: { x: SECRET } }) }],
    ['a path parameter', { route: '/vault/{secret}', pathParameters: new Map([['secret', SECRET]]) }],
    [
      'a key',
      {
        route: '/vault/{pin}',
        pathParameters: new Map([['pin', SECRET]]),
        resource: { table: vault, key: item({ pin: SECRET }) },
      },
    ],
    ['a search', search('secret')],
    ['a search below it', search('secret.x')],
    ['a search in it', search('secret[0]')],
    ['a search with an operator, which is refused', search('secret__ne')],
    ['a parameter', { query: [['secret', SECRET]] }],
    ['a parameter with an operator', { query: [['secret__startswith', SECRET]] }],
    ['a parameter with an unknown operator', { query: [['secret__beginswith', SECRET]] }],
    ['a parameter below it', { query: [['secret.x__ne', SECRET]] }],
    ['a parameter in it', { query: [['secret[0]', SECRET]] }],
    [
      'a repeated parameter',
      {
        query: [
          ['secret', SECRET],
          ['x', '1'],
          ['secret', SECRET],
        ],
      },
    ],
    ['a filter', { query: [['_where', `{"field":"secret","value":"${SECRET}"}`]] }],
    ['a large image', { after: item({ id: 'a', secret: SECRET, x: 'y'.repeat(390_000) }) }],
  ] as [string, Partial<AuditEvent>][])('is masked in %s', (_, event) => {
    const rows = auditRows({ ...base, ...event, sensitive }, digest);
    const { after, before } = unpackImages(rows);
    const text = [textOf(rows), after && printItem(after), before && printItem(before)].join('\n');
    expect(text).not.toContain(SECRET);
    expect(text).toContain('***');
  });

  it('hides nothing else', () => {
    const event = {
      query: [
        ['secrets', 'shown'],
        ['x', 'secret'],
      ] as const,
      body: item({ a: { b: 'kept' } }),
      ...search('status'),
    };
    const text = textOf(auditRows({ ...base, ...event, sensitive }, digest));
    for (const word of ['shown', 'kept', SECRET]) expect(text).toContain(word);
    expect(text).not.toContain('***');
  });

  it('still is an attribute that was added, or removed', () => {
    const rows = auditRows(
      { ...base, before: item({ id: 'a' }), after: item({ id: 'a', secret: SECRET }), sensitive },
      digest,
    );
    const { after, before = itemOf([]), added = [] } = unpackImages(rows);
    expect(withAttributes(after as Item, before, added)).toEqual(item({ id: 'a' }));
    expect(attribute(after as Item, 'secret')).toEqual({ S: '***' });
  });
});
