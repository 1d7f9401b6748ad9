// Input that is malformed, odd or too large: the status and code of docs/reference/errors.md, and nothing written.

import { beforeAll, describe, expect, it } from 'vitest';
import api from '#api';
import { keyRecord, type Sent, useApi } from '../support/api.ts';

const { send, auth, groups, items, stored, logs, auditRows } = useApi(api);
const as = 'admin';
const deep = (levels: number) => `{"id":"deep","a":${'['.repeat(levels)}${']'.repeat(levels)}}`;

beforeAll(async () => {
  await auth(keyRecord('admin'));
  await items('items', { id: 'a', n: 1 });
});

describe('refused input', () => {
  it.each<[string, string, string, Sent, number, string]>([
    ['malformed JSON', 'POST', '/item', { text: '{"id":' }, 400, 'invalid_body'],
    ['no body', 'POST', '/item', {}, 400, 'invalid_body'],
    ['a list', 'POST', '/item', { body: [] }, 400, 'invalid_body'],
    ['a scalar', 'PUT', '/item/a', { body: 1 }, 400, 'invalid_body'],
    ['null', 'PATCH', '/item/a', { text: 'null' }, 400, 'invalid_body'],
    ['a duplicate key', 'POST', '/item', { text: '{"id":"x","id":"x"}' }, 400, 'invalid_body'],
    ['a duplicate key by escape', 'POST', '/item', { text: '{"id":"x","\\u0069d":"y"}' }, 400, 'invalid_body'],
    ['39 digits', 'POST', '/item', { text: `{"id":"x","n":${'1'.repeat(39)}}` }, 400, 'invalid_body'],
    ['a number out of range', 'POST', '/item', { text: '{"id":"x","n":1e126}' }, 400, 'invalid_body'],
    ['nesting of 33', 'POST', '/item', { text: deep(32) }, 400, 'invalid_body'],
    ['nesting of 100,000', 'POST', '/item', { text: deep(100_000) }, 400, 'invalid_body'],
    ['a name with a dot', 'POST', '/item', { body: { id: 'x', 'a.b': 1 } }, 400, 'invalid_body'],
    ['a name with a bracket, below', 'PUT', '/item/a', { body: { a: [{ 'b[0]': 1 }] } }, 400, 'invalid_body'],
    ['half a surrogate pair', 'POST', '/item', { text: '{"id":"x","s":"\\ud800"}' }, 400, 'invalid_body'],
    ['no key', 'POST', '/item', { body: { status: 'active' } }, 400, 'validation_failed'],
    ['a key of another type', 'POST', '/item', { body: { id: 5 } }, 400, 'validation_failed'],
    ['an empty key', 'POST', '/item', { body: { id: '' } }, 400, 'validation_failed'],
    ['a key of 2,049 bytes', 'POST', '/item', { body: { id: 'x'.repeat(2049) } }, 400, 'validation_failed'],
    ['an index key of another type', 'POST', '/item', { body: { id: 'x', status: 5 } }, 400, 'validation_failed'],
    ['an empty index key', 'PUT', '/item/a', { body: { status: '' } }, 400, 'validation_failed'],
    ['what the schema refuses', 'PATCH', '/item/a', { body: { description: 5 } }, 400, 'validation_failed'],
    ['an update of nothing', 'PUT', '/item/a', { body: {} }, 400, 'invalid_body'],
    ['an update of the key', 'PUT', '/item/a', { body: { id: 'b' } }, 400, 'key_immutable'],
    ['a removal of the key', 'PATCH', '/item/a', { body: { id: null } }, 400, 'key_immutable'],
    ['a body over 256 KB', 'POST', '/item', { body: { id: 'x', a: 'x'.repeat(262_144) } }, 413, 'too_large'],
    [
      'a body that is not JSON',
      'POST',
      '/item',
      { text: 'id=1', headers: { 'Content-Type': 'text/plain' } },
      415,
      'unsupported_media_type',
    ],
    [
      'a bearer token beside the key',
      'GET',
      '/items',
      { headers: { authorization: 'Bearer x' } },
      400,
      'ambiguous_identity',
    ],
    ['an over-long key in the path', 'GET', `/item/${'x'.repeat(2049)}`, {}, 400, 'invalid_path'],
    ['a control character in the path', 'GET', '/item/a%00b', {}, 400, 'invalid_path'],
    ['a dot segment in the path', 'GET', '/item/%2E%2E', {}, 400, 'invalid_path'],
    ['bad percent-encoding', 'DELETE', '/item/%E0%A4%A', {}, 400, 'invalid_path'],
    ['an unknown operator', 'GET', '/items', { query: [['a__betwen', '1']] }, 400, 'invalid_query'],
    ['an operator in {search_key}', 'GET', '/items/status__ne/x', {}, 400, 'invalid_query'],
  ])('%s: %s %s', async (_, method, path, sent, status, code) => {
    const before = await stored('items');
    const answer = await send(method, path, { as, ...sent });
    expect([answer.status, answer.json.code]).toEqual([status, code]);
    expect(answer.headers['Content-Type']).toBe('application/problem+json; charset=utf-8');
    expect(answer.json).toMatchObject({ type: 'about:blank', status, request_id: answer.headers['X-Request-Id'] });
    expect(await stored('items')).toEqual(before);
  });

  it('takes nesting of 32, 38 digits, and names such as __proto__ and constructor, exactly', async () => {
    const text = `{"id":"ok","a":${'['.repeat(31)}${']'.repeat(31)},"n":-1.2345678901234567890123456789012345678E-100,"__proto__":{"x":1},"constructor":{"__proto__":2}}`;
    expect((await send('POST', '/item', { as, text })).status).toBe(201);
    const got = await send('GET', '/item/ok', { as });
    for (const part of [
      '"__proto__":{"x":1}',
      '"constructor":{"__proto__":2}',
      '-1.2345678901234567890123456789012345678E-100',
      '['.repeat(31),
    ]) {
      expect(got.text).toContain(part);
    }
    expect((await send('PATCH', '/item/ok', { as, text: '{"__proto__":{"y":null,"z":3}}' })).text).toContain(
      '"__proto__":{"x":1,"z":3}',
    );
    expect((await send('DELETE', '/item/ok', { as })).status).toBe(204);
  });
});

describe('callers', () => {
  it.each<[string, Record<string, unknown>]>([
    ['a misspelt attribute', { exclude_field: ['cost'] }],
    ['an unknown operator', { filter_fields: [{ field: 'a', operator: 'equals', value: 1 }] }],
    ['an unknown table', { filter_fields: [{ field: 'a', value: 1, table: 'other' }] }],
    ['a variable that does not exist', { filter_fields: [{ field: 'a', value: { $var: 'user.nmae' } }] }],
    ['a pattern that does not compile', { permitted_endpoints: [{ method: 'GET', endpoint: '/items)|(?:/.*' }] }],
    ['a filter list that is no list', { filter_fields: { field: 'a', value: 1 } }],
    ['a dangling group', { groups: ['nobody'] }],
    ['an unknown type', { type: 'ADMIN' }],
    ['a path list with an index', { exclude_fields: ['a[0]'] }],
    ['disabled', { disabled: true }],
    ['expired', { expires_at: 1 }],
    ['a trusted proxy', { oidc_proxy: true }],
  ])('with a broken record are refused and the log says why: %s', async (name, broken) => {
    const id = `broken ${name}`;
    await auth(keyRecord(id, broken));
    const answer = await send('GET', '/items', { as: id });
    expect([answer.status, answer.json.code]).toEqual([403, 'not_authorized']);
    expect(Object.keys(answer.json).sort()).toEqual(['code', 'detail', 'request_id', 'status', 'title', 'type']);
    const logged = logs.map((line) => JSON.parse(line)).find((entry) => entry.request_id === answer.json.request_id);
    expect(logged).toMatchObject({ level: 'warn', code: 'not_authorized' });
  });

  it('with a broken group are refused', async () => {
    await groups({ group_id: 'odd', exlude_fields: [] });
    await auth(keyRecord('in-odd', { groups: ['odd'] }));
    expect((await send('GET', '/items', { as: 'in-odd' })).json.code).toBe('not_authorized');
  });

  it('that are not proved or not known get 401 and 403', async () => {
    expect((await send('GET', '/items')).status).toBe(401);
    expect((await send('GET', '/items', { as: 'nobody-knows' })).json.code).toBe('not_authorized');
    await auth({ ...keyRecord('by-name'), type: 'USERNAME' }, { ...keyRecord('a-group'), type: 'OIDC_GROUP' });
    expect((await send('GET', '/items', { as: 'by-name' })).json.code).toBe('not_authorized');
    expect((await send('GET', '/items', { as: 'a-group' })).json.code).toBe('not_authorized');
  });

  it('are held to whole paths and methods', async () => {
    await auth(
      keyRecord('narrow', {
        permitted_endpoints: [
          { method: 'GET', endpoint: '/item' },
          { method: 'GET', endpoint: '/item/a' },
        ],
      }),
    );
    expect((await send('GET', '/item/a', { as: 'narrow' })).status).toBe(200);
    expect((await send('HEAD', '/item/a', { as: 'narrow' })).status).toBe(200);
    expect((await send('GET', '/items', { as: 'narrow' })).json.code).toBe('endpoint_not_permitted');
    expect((await send('GET', '/item/a%2Fb', { as: 'narrow' })).json.code).toBe('endpoint_not_permitted');
    expect((await send('PUT', '/item/a', { as: 'narrow', text: 'not even JSON' })).json.code).toBe(
      'endpoint_not_permitted',
    );
  });

  it('leave a row for every refusal, without a body, and none where nobody is proved', async () => {
    const rows = await auditRows();
    const outcome = (row: (typeof rows)[number]) => row['outcome'] && 'S' in row['outcome'] && row['outcome'].S;
    const denied = rows.filter((row) => outcome(row) === 'denied');
    expect(denied.length).toBeGreaterThan(40);
    expect(denied.every((row) => row['body'] === undefined && row['expire_time'] !== undefined)).toBe(true);
    expect(rows.every((row) => JSON.stringify(row['user']).includes('"id"'))).toBe(true);
  });
});

describe('a malformed path or body', () => {
  it('of a proved caller leaves its row too, and tells a stranger nothing', async () => {
    const paths = async () => (await auditRows()).map((row) => JSON.stringify(row['path']));
    expect((await send('GET', '/item/%E0%A4%A', { as })).json.code).toBe('invalid_path');
    expect(await paths()).toContain('{"S":"/item/%E0%A4%A"}');
    expect((await send('GET', '/item/%E0%A4%A')).status).toBe(401);
    expect((await send('GET', '/item/%E0%A4%A', { as: 'nobody-knows' })).status).toBe(403);
  });
});
