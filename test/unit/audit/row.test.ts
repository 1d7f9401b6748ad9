// docs/reference/audit.md, "Rows": what stands in one, and what never does.

import { describe, expect, it } from 'vitest';
import { unpackImages } from '../../../lib/audit/images.ts';
import { type AuditEvent, auditRows } from '../../../lib/audit/row.ts';
import { itemBytes } from '../../../lib/base/item-size.ts';
import { printItem } from '../../../lib/base/json.ts';
import { toPlainItem } from '../../../lib/base/plain.ts';
import { type Item, itemOf, withAttributes } from '../../../lib/base/value.ts';
import { equalValues } from '../../../lib/condition/evaluate.ts';
import { table } from '../../../lib/definition/table.ts';
import { EVENT } from '../../support/audit-event.ts';
import { item } from '../../support/values.ts';

const items = table('items', { partitionKey: { id: 'string' } });
const digest = (text: string) => `digest-of-${text.length}`;

function rowOf(event: Partial<AuditEvent>): Record<string, unknown> {
  const rows = auditRows({ ...EVENT, ...event }, digest);
  expect(rows).toHaveLength(1);
  return toPlainItem(rows[0] as Item);
}

const textOf = (rows: readonly Item[]) => rows.map(printItem).join('\n');

describe('an audit row', () => {
  it('says who did what, when, with which outcome', () => {
    const resource = { table: items, key: item({ id: 'a/b' }) };
    expect(rowOf({ resource, query: [['x', '1']], expireTime: 99 })).toMatchObject({
      time: '2026-01-01T00:00:00.123456Z',
      id: EVENT.id,
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

  it('has a parameter without a name under a pair of quotes: DynamoDB stores no attribute without a name', () => {
    expect(rowOf({ query: [['', 'x']] })['query_params']).toEqual({ '""': 'x' });
  });

  it('keeps so much of what a request brings, and says what is cut', () => {
    const long = '"'.repeat(9_700);
    const cut = (most: number) => `${'"'.repeat(most)}… (9,700 characters)`;
    const user = {
      id: long,
      type: 'API_KEY',
      username: long,
      name: long,
      email: long,
      sourceIp: long,
      userAgent: long,
    };
    const row = rowOf({ user, pathParameters: new Map([['id', long]]), query: [[long, long]] });
    expect(row['user']).toEqual({
      id: cut(2_048),
      type: 'API_KEY',
      ...{ username: cut(256), name: cut(256), email: cut(256), source_ip: cut(256), user_agent: cut(256) },
    });
    expect(row['path_params']).toEqual({ id: cut(1_024) });
    expect(row['query_params']).toEqual({ [cut(1_024)]: cut(1_024) });
    expect(row['path']).toBe(`/item/${'"'.repeat(1_018)}… (9,706 characters)`);
  });

  it('keeps fifty parameters, and counts the others', () => {
    const query = Array.from({ length: 60 }, (_, n) => [n < 20 ? 'same' : `p${n}`, String(n)] as const);
    const kept = rowOf({ query: query.slice(0, 50) })['query_params'] as object;
    expect(Object.keys(kept)).toHaveLength(31);
    expect(rowOf({ query })['query_params']).toEqual({ ...kept, '…': '10 more parameters' });
  });

  it('masks by the whole name, of which it keeps a part', () => {
    const name = `${'x'.repeat(2_000)}.secret`;
    const rows = auditRows({ ...EVENT, query: [[name, 'hunter2']], sensitive: ['secret'] }, digest);
    const search = new Map([
      ['search_key', name],
      ['search_value', 'hunter2'],
    ]);
    const route = '/items/{search_key}/{search_value}';
    const searched = auditRows({ ...EVENT, route, pathParameters: search, sensitive: ['secret'] }, digest);
    for (const text of [textOf(rows), textOf(searched)]) {
      expect(text).toContain('"***"');
      expect(text).not.toContain('hunter2');
    }
  });

  it('takes parameters of any name', () => {
    const rows = auditRows(
      {
        ...EVENT,
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

  it.each([
    [29, { a: nestedLists(29) }],
    [30, { sha256: 'digest-of-66', bytes: 66 }],
    [31, { sha256: 'digest-of-68', bytes: 68 }],
  ])('can be stored however deep its body is: %d lists in a map', (lists, expected) => {
    expect(rowOf({ body: item({ a: nestedLists(lists) }) })['body']).toEqual(expected);
  });

  it('has the list of a search, and of a large one its digest and size', () => {
    const search = { pathParameters: new Map([['search_key', 'status']]), sensitive: ['secret'] };
    expect(rowOf({ ...search, body: [{ S: 'a' }, { N: '1' }] })['body']).toEqual(['a', 1]);
    expect(rowOf({ ...search, body: [{ S: 'y'.repeat(32_764) }] })['body']).toEqual(['y'.repeat(32_764)]);
    expect(rowOf({ ...search, body: [{ S: 'y'.repeat(32_765) }] })['body']).toEqual({
      sha256: 'digest-of-32769',
      bytes: 32_769,
    });
  });

  it('of a change is found among the changes of its item, and any other among its other calls', () => {
    const resource = { table: items, key: item({ id: 'a' }) };
    const [before, after] = [item({ id: 'a', n: 1 }), item({ id: 'a', n: 2 })];
    for (const images of [{ after }, { before }, { before, after }]) {
      expect(rowOf({ resource, ...images })['resource_key']).toBe('digest-of-16');
    }
    expect(rowOf({ resource })['resource_key']).toBe('digest-of-16#other');
  });

  it('lies in its day, in the partition that the end of its id tells', () => {
    expect(rowOf({})['day_shard']).toBe('2026-01-01#3');
    expect(rowOf({ id: '0190c1d2-0000-7000-8000-000000000004' })['day_shard']).toBe('2026-01-01#0');
  });

  it('of one item has the key of its index, other than every other item’s', () => {
    const key = (of: typeof items, plain: object) => {
      const resource = { table: of, key: item({ ...plain }) };
      return JSON.stringify(auditRows({ ...EVENT, resource }, (text) => text)[0]?.['resource_key']);
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

  it.each([
    ['key-1', 'API_KEY#key-1'],
    ['x'.repeat(992), `API_KEY#${'x'.repeat(992)}`],
    ['x'.repeat(993), 'digest-of-1001'],
  ])('has the key of its caller, a digest where it has more than 1,000 bytes: %s', (id, expected) => {
    expect(rowOf({ user: { id, type: 'API_KEY' } })['user_key']).toBe(expected);
  });

  it('has index keys that DynamoDB takes, whatever the caller is called', () => {
    const row = rowOf({ user: { id: 'é'.repeat(2_000), type: 'USERNAME' } });
    expect(Buffer.byteLength(String(row['user_key']))).toBeLessThanOrEqual(2_048);
  });
});

it('a row keeps the first fifty of 50,000 parameters, and says how many more there were', () => {
  const query = Array.from({ length: 50_000 }, (_, at) => [at % 2 === 0 ? `p${at}` : 'same', 'x'] as const);
  const kept = rowOf({ query })['query_params'] as Readonly<Record<string, unknown>>;
  expect(Object.keys(kept)).toHaveLength(27);
  expect(kept['same']).toHaveLength(25);
  expect(kept['…']).toBe('49950 more parameters');
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
    const rows = auditRows({ ...EVENT, before: old, after: now }, digest);
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
      { ...EVENT, before: big('a'), after: big('b'), body: item({ x: 'y'.repeat(32_000) }) },
      digest,
    );
    for (const row of rows) expect(itemBytes(row)).toBeLessThanOrEqual(409_600);
    expect(equalValues({ M: rebuilt(rows).before as Item }, { M: big('a') })).toBe(true);
  });
});

/** Lists in lists. */
function nestedLists(levels: number): readonly unknown[] {
  return levels === 1 ? [] : [nestedLists(levels - 1)];
}
