// Endpoints that read by values or by a part of a key: what their definitions may say.

import { expect, it } from 'vitest';
import { get, hasPermission, namesWholeKey, remove, search, unique, user } from '../../../lib/definition/endpoint.ts';
import { canonicalPath } from '../../../lib/definition/route.ts';
import { table } from '../../../lib/definition/table.ts';

const items = table('items', {
  partitionKey: { id: 'string' },
  attributes: { status: 'string', secret: { type: 'string', hidden: true } },
});
const orders = table('orders', { partitionKey: { customer: 'string' }, sortKey: { number: 'number' } });

it.each([
  ['a search without a key', () => search('/search', items), '{search_key}'],
  ['a search with two', () => search('/search/{search_key}/{search_value}', items), '{search_key}'],
  ['a search by an attribute', () => search('/search/{status}', items), '{search_key}'],
  ['unique values with a parameter', () => unique('/statuses/{status}', items, 'status'), '{status}'],
  ['unique values of no path', () => unique('/statuses', items, 'a..b'), "'a..b'"],
  ['unique values of nothing', () => unique('/statuses', items, ''), "''"],
  ['unique values of what is hidden', () => unique('/secrets', items, 'secret'), "'secret'"],
  ['unique values below what is hidden', () => unique('/secrets', items, 'secret.a'), "'secret'"],
  ['the caller by a parameter', () => user('/user/{id}'), '{id}'],
  ['permission by a parameter', () => hasPermission('/may/{id}'), '{id}'],
  ['a get by no part of a key', () => get('/order', orders), '{customer}'],
  ['a get by more than a key', () => get('/order/{customer}/{state}', orders), '{state}'],
  ['a delete by a part of a key', () => remove('/order/{customer}', orders), '{number}'],
])('refuses %s', (_, make, word) => {
  expect(make).toThrow(word);
  expect(make).toThrow(/read-endpoints\.test\.ts:\d+: /);
});

it.each([
  ['/order/{customer}', false],
  ['/by-number/{number}', false],
  ['/order/{customer}/{number}', true],
  ['/order/{number}/{customer}', true],
])('takes a get by %s, and knows whether that is the whole key: %s', (route, whole) => {
  expect(namesWholeKey(get(route, orders))).toBe(whole);
});

it.each([
  ['/items', '/items'],
  ['/items/', '/items'],
  ['/item/a%2fb', '/item/a%2Fb'],
  ['/item/%252F', '/item/%252F'],
  ['/item/%25', '/item/%'],
  ['/item/%C3%A9', '/item/é'],
  ['/item/ ', '/item/ '],
])('%s is canonically %s', (path, canonical) => {
  expect(canonicalPath(path)).toBe(canonical);
});

it.each(['', '/', '//', 'items', '/items//', '//items', '/.', '/a/..', '/%2e', '/a?b', '/a#b', '/%', '/%ff', '/a%0A'])(
  '%j is no path',
  (path) => {
    expect(canonicalPath(path)).toHaveProperty('fault');
  },
);
