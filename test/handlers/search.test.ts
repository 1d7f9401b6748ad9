// POST /search/{search_key}: docs/reference/query.md, "Search", and docs/reference/http.md, "Bodies".

import { beforeAll, describe, expect, it } from 'vitest';
import api from '#api';
import { api as define } from '../../lib/definition/api.ts';
import { list, search } from '../../lib/definition/endpoint.ts';
import { table } from '../../lib/definition/table.ts';
import { keyRecord, type Received, useApi } from '../support/api.ts';

const { send, auth, items, stored, auditRows } = useApi(api);
const as = 'admin';

beforeAll(async () => {
  await auth(
    keyRecord('admin'),
    keyRecord('active-only', { filter_fields: [{ field: 'status', value: 'active' }] }),
    keyRecord('no-cost', { exclude_fields: ['cost', 'supplier.contact'] }),
    keyRecord('list-only', { permitted_endpoints: [{ method: 'GET', endpoint: '/.*' }] }),
  );
  await items(
    'items',
    { id: 'a', status: 'active', level: 5, tags: ['x'], flag: true, none: null, cost: 1 },
    { id: 'b', status: 'sold', level: '5', flag: 'true', supplier: { name: 'n' } },
    { id: 'c', status: 'active', level: 6.5, supplier: { name: 'm' }, cost: 2 },
    { id: 'd', level: 5, shelves: [{ row: 1 }, { row: 2 }] },
  );
});

const ids = (answer: Received) => {
  expect([answer.status, answer.text.slice(0, 300)]).toEqual([200, expect.any(String)]);
  return answer.json.map((item: { id: string }) => item.id).sort();
};
const find = (key: string, body: unknown, who = as, query: [string, string][] = []) =>
  send('POST', `/search/${encodeURIComponent(key)}`, { as: who, body, query });

describe('search', () => {
  it.each<[string, string, unknown[], string[]]>([
    ['several values', 'status', ['active', 'sold'], ['a', 'b', 'c']],
    ['one value', 'status', ['sold'], ['b']],
    ['a value twice', 'status', ['sold', 'sold'], ['b']],
    ['no value', 'status', [], []],
    ['a value nobody has', 'status', ['lost'], []],
    ['a number, which is not its text', 'level', [5], ['a', 'd']],
    ['a text, which is not the number', 'level', ['5'], ['b']],
    ['numbers that are written otherwise', 'level', [6.5, 5], ['a', 'c', 'd']],
    ['true', 'flag', [true], ['a']],
    ['null', 'none', [null], ['a']],
    ['mixed types', 'level', ['5', 6.5, null, true], ['b', 'c']],
    ['a declared attribute of another type', 'status', [5, true, null], []],
    ['the key', 'id', ['a', 'd', 'zz', 'a'], ['a', 'd']],
    ['the key, once', 'id', ['a'], ['a']],
    ['the key, of another type, empty and too long', 'id', [5, null, '', 'x'.repeat(3000)], []],
    ['a nested path', 'supplier.name', ['n', 'm', 'o'], ['b', 'c']],
    ['a list index', 'shelves[1].row', [2], ['d']],
  ])('%s: %s %j', async (_, key, values, expected) => {
    expect(ids(await find(key, values))).toEqual(expected);
  });

  it('takes 1.0, 1e0 and 1 for one number', async () => {
    const answer = await send('POST', '/search/level', { as, text: '[5.0, 5e0, 50e-1]' });
    expect(ids(answer)).toEqual(['a', 'd']);
  });

  it('shows each caller its own rows and fields, and hides a hidden row behind its key', async () => {
    expect(ids(await find('id', ['a', 'b', 'c'], 'active-only'))).toEqual(['a', 'c']);
    expect(ids(await find('status', ['active', 'sold'], 'active-only'))).toEqual(['a', 'c']);
    expect((await find('id', ['a', 'c'], 'no-cost')).text).not.toContain('cost');
  });

  it.each(['cost', 'cost.deeper', 'supplier', 'supplier.contact', 'supplier.contact.mail', '_v'])(
    'refuses the hidden path %s, whatever the values',
    async (key) => {
      for (const body of [['x'], [1], []]) {
        const answer = await find(key, body, 'no-cost');
        expect([answer.status, answer.json.code]).toEqual([403, 'field_not_permitted']);
      }
    },
  );

  it('needs its own permitted endpoint, and says so before it looks at the body', async () => {
    const answer = await send('POST', '/search/status', { as: 'list-only', text: 'no JSON' });
    expect([answer.status, answer.json.code]).toEqual([403, 'endpoint_not_permitted']);
  });

  it('has _limit, which counts rows', async () => {
    expect(ids(await find('status', ['active', 'sold'], as, [['_limit', '2']]))).toHaveLength(2);
    expect(ids(await find('id', ['a', 'b', 'c'], as, [['_limit', '1']]))).toHaveLength(1);
  });

  it.each<[string, [string, string][], string]>([
    ['another condition', [['status', 'active']], 'status'],
    ['another operator', [['level__gt', '1']], 'level__gt'],
    ['_where', [['_where', '{"field":"a","value":1}']], '_where'],
    ['_sort', [['_sort', 'id']], '_sort'],
    ['a bad limit', [['_limit', '0']], '_limit'],
    [
      'two limits',
      [
        ['_limit', '1'],
        ['_limit', '2'],
      ],
      '_limit',
    ],
  ])('takes no other parameter: %s', async (_, query, name) => {
    const answer = await find('id', ['a'], as, query);
    expect([answer.status, answer.json.code]).toEqual([400, 'invalid_query']);
    expect(answer.json.errors.map(({ path }: { path: string }) => path)).toContain(name);
  });

  it.each(['status__eq', 'status__in', '_limit', '_where', 'a..b', 'a[b]', '[0]', 'a.', '.a'])(
    'refuses {search_key} = %s, which is no plain path',
    async (key) => {
      const answer = await find(key, ['x']);
      expect([answer.status, answer.json.code, answer.json.errors[0].path]).toEqual([
        400,
        'invalid_query',
        'search_key',
      ]);
    },
  );

  it.each<[string, string, number, string]>([
    ['an object', '{"a":1}', 400, 'invalid_body'],
    ['a scalar', '"active"', 400, 'invalid_body'],
    ['nothing', '', 400, 'invalid_body'],
    ['half a list', '["a"', 400, 'invalid_body'],
    ['a list in the list', '["a",["b"]]', 400, 'invalid_body'],
    ['an object in the list', '["a",{"b":1}]', 400, 'invalid_body'],
    ['39 digits', `[${'1'.repeat(39)}]`, 400, 'invalid_body'],
    ['1,001 distinct values', JSON.stringify(Array.from({ length: 1001 }, (_, at) => at)), 400, 'invalid_body'],
    ['more than 256 KB', JSON.stringify(['x'.repeat(262_144)]), 413, 'too_large'],
  ])('refuses a body that is %s', async (_, text, status, code) => {
    const answer = await send('POST', '/search/id', { as, text });
    expect([answer.status, answer.json.code]).toEqual([status, code]);
  });

  it('names each value that is none', async () => {
    const answer = await send('POST', '/search/id', { as, text: '["a",[],"b",{}]' });
    expect(answer.json.errors.map(({ path }: { path: string }) => path)).toEqual(['[1]', '[3]']);
    const many = await send('POST', '/search/id', { as, text: `[${'[],'.repeat(60_000)}[]]` });
    expect(many.json.errors.length).toBeLessThanOrEqual(100);
  });

  it('refuses a body that is not JSON by its type', async () => {
    const answer = await send('POST', '/search/id', { as, text: 'a', headers: { 'Content-Type': 'text/csv' } });
    expect([answer.status, answer.json.code]).toEqual([415, 'unsupported_media_type']);
  });

  it('changes nothing', async () => {
    const before = await stored('items');
    await find('id', ['a', 'b']);
    expect(await stored('items')).toEqual(before);
  });

  it('leaves a row with the values, and none of a refused body', async () => {
    await find('level', ['audited-7', 5]);
    await find('cost', ['refused-7'], 'no-cost');
    const rows = (await auditRows()).map((row) => JSON.stringify(row));
    expect(rows.filter((row) => row.includes('audited-7'))).toEqual([
      expect.stringMatching(
        /"action":\{"S":"SEARCH"\}.*"L":\[\{"S":"audited-7"\},\{"N":"5"\}\]|"L":\[\{"S":"audited-7"\}/,
      ),
    ]);
    expect(rows.some((row) => row.includes('refused-7'))).toBe(false);
  });
});

describe('many rows', () => {
  const wide = table('wide', {
    partitionKey: { group: 'string' },
    sortKey: { number: 'number' },
    attributes: { secret: { type: 'string', sensitive: true } },
  });
  const big = useApi(
    define({ tables: [wide], endpoints: [list('/wide', wide), search('/search/{search_key}', wide)] }),
  );
  const rows = Array.from({ length: 350 }, (_, at) => ({
    group: `g${at % 7}`,
    number: at,
    code: `c${at}`,
    secret: 's',
  }));

  beforeAll(async () => {
    await big.auth(
      keyRecord('admin'),
      keyRecord('half', { filter_fields: [{ field: 'number', operator: 'lt', value: 9 }] }),
    );
    await big.items('wide', ...rows);
  });

  it('are found by a thousand values, beyond what one IN and one expression hold', async () => {
    const codes = Array.from({ length: 1000 }, (_, at) => `c${at}`);
    const answer = await big.send('POST', '/search/code', { as, body: codes });
    expect(answer.json).toHaveLength(350);
    expect(new Set(answer.json.map(({ code }: { code: string }) => code)).size).toBe(350);
    expect((await big.send('POST', '/search/code', { as: 'half', body: codes })).json).toHaveLength(9);
  });

  it('with a sensitive key leave neither values nor their digest in the audit', async () => {
    expect((await big.send('POST', '/search/secret', { as, body: ['s', 'canary-55'] })).json).toHaveLength(350);
    const values = JSON.stringify([...Array(2000).fill('canary-56'), 's'.repeat(20_000)]);
    await big.send('POST', '/search/secret', { as, text: values });
    const audit = (await big.auditRows()).filter((row) => JSON.stringify(row).includes('/search/secret'));
    expect(audit.map((row) => row['body'])).toEqual([{ S: '***' }, { S: '***' }]);
    expect(JSON.stringify(audit)).not.toContain('canary');
  });

  it('by a list of whole keys in the query string are a batch, each once', async () => {
    const query: [string, string][] = [
      ['group__in', '["g0","g1","g0"]'],
      ['number__in', '[0,1,7,8,7.0,"7",null]'],
    ];
    const answer = await big.send('GET', '/wide', { as, query });
    expect(answer.json.map(({ number }: { number: number }) => number).sort()).toEqual([0, 1, 7, 8]);
  });
});
