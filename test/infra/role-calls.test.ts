// What functions may do against what they do: a tour of every endpoint on a real engine, each call of DynamoDB recorded and
// held against the role that the template gives the endpoint. No call is outside its role, and nothing that a role may do
// goes unused without a reason.

import { DeleteItemCommand } from '@aws-sdk/client-dynamodb';
import { beforeAll, describe, expect, it } from 'vitest';
import { api as define } from '../../lib/definition/api.ts';
import {
  audit,
  create,
  type Endpoint,
  get,
  hasPermission,
  history,
  list,
  patch,
  remove,
  search,
  unique,
  update,
  user,
} from '../../lib/definition/endpoint.ts';
import { SEAL_ID } from '../../lib/definition/requests.ts';
import { table } from '../../lib/definition/table.ts';
import { createClient } from '../../lib/store/dynamodb/client.ts';
import { keyRecord, nextQuery, type Received, type Sent, useApi } from '../support/api.ts';
import { proved } from '../support/proof.ts';
import { type Asked, recorded } from '../support/recorder.ts';
import { type Grant, grantsOf } from './grants.ts';
import { synth } from './synth-api.ts';

const required = { type: 'string', required: true } as const;
const orders = table('orders', {
  partitionKey: { customer: 'string' },
  sortKey: { number: 'number' },
  attributes: { status: required, created: required, owner: required },
  indexes: {
    by_status: { partitionKey: 'status', sortKey: 'created', projection: 'keys', distinct: 3 },
    by_owner: { partitionKey: 'owner', projection: ['note'], distinct: 3 },
    by_created: { partitionKey: 'customer', sortKey: 'created', local: true, projection: ['place'] },
  },
  version: '_v',
  size: { items: 300, itemBytes: 2_000 },
});
const notes = table('notes', { partitionKey: { id: 'string' } });

const definition = define({
  tables: [orders, notes],
  endpoints: [
    list('/orders', orders),
    list('/orders/{search_key}/{search_value}', orders),
    unique('/owners', orders, 'owner'),
    search('/search/{search_key}', orders),
    get('/order/{customer}', orders),
    get('/order/{customer}/{number}', orders),
    create('/order', orders),
    update('/order/{customer}/{number}', orders),
    patch('/order/{customer}/{number}', orders),
    remove('/order/{customer}/{number}', orders),
    list('/notes', notes),
    get('/note/{id}', notes),
    audit('/audit'),
    audit('/audit/{customer}/{number}', orders),
    history('/history/{customer}/{number}', orders),
    user('/user'),
    hasPermission('/user/has-permission'),
  ],
});

const asked = new Map<string, Asked[]>();
const nameOf = ({ method, route }: Endpoint) => `${method} ${route}`;
const { engine, names, send, auth, groups, items } = useApi(definition, undefined, {
  connect: (url, endpoint) =>
    recorded(createClient(url), (each) => asked.set(nameOf(endpoint), [...(asked.get(nameOf(endpoint)) ?? []), each])),
});
const synthesized = synth({ api: definition });

const as = 'admin';
const text = 'x'.repeat(1_500);
const body = (n: number) => ({ customer: 'c0', number: n, status: 's0', created: '2026-01', owner: 'o0', text });
const key = (value: string) => ({ headers: { 'Idempotency-Key': value } });
const query = (...pairs: [string, string][]): Sent => ({ query: pairs });
const many = Object.fromEntries(Array.from({ length: 301 }, (_, n) => [`a${n}`, n]));
const keys = (...numbers: number[]) => JSON.stringify(numbers);

/** What a list, or a search, can be asked, so that each plan there is comes out cheapest once. */
const READS: readonly Sent[] = [
  query(),
  query(['_limit', '2'], ['_count', 'true'], ['_sort', 'text']),
  query(['_fields', 'customer,number,created,status']),
  query(['_fields', 'owner,note']),
  query(['_fields', 'created,place']),
  query(['customer', 'c1'], ['number', '1']),
  query(['customer', 'c1'], ['number__in', keys(1, 2, 11)]),
  query(['customer', 'c1']),
  query(['customer', 'c1'], ['created__gte', '"2026-05"'], ['_sort', 'created']),
  query(['status', 's1'], ['created', '2026-01']),
  query(['status', 's1'], ['_fields', 'customer,number']),
  query(['owner', 'o1'], ['_fields', 'note']),
  query(['owner', 'o1'], ['_limit', '1']),
  query(['nothing', '1']),
];

type Stop = readonly [method: string, path: string, sent?: Sent];

const TOUR: readonly Stop[] = [
  ...READS.map((sent): Stop => ['GET', '/orders', sent]),
  ...READS.map((sent): Stop => ['GET', '/orders/customer/c1', sent]),
  ...READS.map((sent): Stop => ['GET', '/orders/note/n1', sent]),
  ['GET', '/orders/status/s1'],
  ['GET', '/orders/place/p', query(['_fields', 'place'], ['_limit', '1'])],
  ['GET', '/orders/created/2026-01', query(['_fields', 'status'])],
  ['GET', '/owners'],
  ['GET', '/owners', query(['status', 's1'], ['created', '2026-01'])],
  ['GET', '/owners', query(['customer', 'c1'])],
  ['GET', '/owners', query(['customer', 'c1'], ['created', '2026-01'])],
  ['GET', '/owners', query(['customer', 'c1'], ['number', '1'])],
  ['GET', '/owners', query(['customer', 'c1'], ['number__in', keys(1, 11)])],
  ['GET', '/owners', query(['owner', 'o1'])],
  ['POST', '/search/status', { body: ['s1'] }],
  ['POST', '/search/owner', { body: ['o1', 'o2'], ...query(['_limit', '1']) }],
  ['POST', '/search/customer', { body: ['c1'] }],
  ['POST', '/search/note', { body: ['n1', 'n2'] }],
  ['GET', '/order/c1'],
  ['GET', '/order/only'],
  ['GET', '/order/nobody'],
  ['GET', '/order/c1/1'],
  ['GET', '/order/c1/999'],
  ['POST', '/order', { body: body(900), ...key('create') }],
  ['POST', '/order', { body: body(900), ...key('create') }],
  ['POST', '/order', { body: body(901) }],
  ['POST', '/order', { body: body(901) }],
  ['PUT', '/order/c0/900', { body: { note: 'x' }, ...key('put') }],
  ['PUT', '/order/c0/900', { body: { note: 'x' }, ...key('put') }],
  ['PUT', '/order/c0/900', { body: many }],
  ['PUT', '/order/c0/999', { body: { note: 'x' } }],
  ['PATCH', '/order/c0/901', { body: { note: null }, ...key('patch') }],
  ['PATCH', '/order/c0/901', { body: { note: null }, ...key('patch') }],
  ['PATCH', '/order/c0/901', { body: many }],
  ['DELETE', '/order/c0/901', key('delete')],
  ['DELETE', '/order/c0/901', key('delete')],
  ['DELETE', '/order/c0/901'],
  ['GET', '/notes', query(['id', 'a'])],
  ['GET', '/notes', query(['id__in', '["a","b"]'])],
  ['GET', '/notes', query(['_limit', '1'])],
  ['GET', '/note/a'],
  ['GET', '/audit', query(['_limit', '2'])],
  ['GET', '/audit', query(['user.id', as], ['user.type', 'API_KEY'], ['_limit', '1'])],
  [
    'GET',
    '/audit',
    query(['resource.table', 'orders'], ['resource.key.customer', 'c0'], ['resource.key.number', '900']),
  ],
  ['GET', '/audit/c0/900', query(['_limit', '1'])],
  ['GET', '/audit/c0/900', query(['user.id', as])],
  ['GET', '/history/c0/900', query(['_limit', '1'])],
  ['GET', '/history/c0/999'],
  ['GET', '/user'],
  ['POST', '/user/has-permission', { body: { method: 'GET', path: '/orders' } }],
  ['POST', '/user/has-permission', { text: '{' }],
];

/** What a caller may see counts in a plan like what is asked: each of these makes another one the cheapest. */
const FILTERS: Readonly<Record<string, object[]>> = {
  'one key': [
    { field: 'customer', value: 'c1' },
    { field: 'number', value: 1 },
  ],
  'two keys': [
    { field: 'customer', value: 'c1' },
    { field: 'number', value: [1, 11] },
  ],
  'one customer': [{ field: 'customer', value: 'c1' }],
  'customer and time': [
    { field: 'customer', value: 'c1' },
    { field: 'created', value: '2026-02' },
  ],
  'status and time': [
    { field: 'status', value: 's1' },
    { field: 'created', value: '2026-02' },
  ],
  owner: [{ field: 'owner', value: 'o1' }],
  text: [{ field: 'text', operator: 'exists', value: true }],
};

/** Sends it, goes on to the next page, and lets callers with filters read the same. */
async function visit([method, path, sent = {}]: Stop): Promise<Received> {
  const isRead = method === 'GET' || path.startsWith('/search');
  // Whoever seals first makes the key: everybody once. What writes remember is sealed with it.
  if (isRead) await forgetSealKey();
  const answer = await send(method, path, { as, ...sent });
  for (const caller of isRead ? Object.keys(FILTERS) : []) await send(method, path, { ...sent, as: caller });
  const next = nextQuery(answer);
  if (next) await send(method, path, { as, ...sent, query: next });
  return answer;
}

beforeAll(async () => {
  await groups({ group_id: 'staff' });
  await auth(keyRecord(as, { groups: ['staff'] }));
  for (const [caller, filters] of Object.entries(FILTERS)) {
    await auth(keyRecord(caller, { filter_fields: filters.map((filter) => ({ ...filter, table: 'orders' })) }));
  }
  const rows = Array.from({ length: 60 }, (_, n) => {
    const [status, owner] = [`s${n % 3}`, `o${n % 3}`];
    return {
      customer: `c${n % 10}`,
      number: n,
      status,
      owner,
      created: `2026-0${1 + (n % 7)}`,
      note: `n${n % 5}`,
      text,
      _v: 1,
    };
  });
  await items('orders', ...rows, { ...rows[0], customer: 'only' });
  await items('notes', { id: 'a' }, { id: 'b' });
  const statuses = new Set<number>();
  for (const { method, route } of definition.endpoints) {
    await forgetSealKey();
    const path = route
      .replace('{customer}', 'c1')
      .replace('{number}', '1')
      .replace(/\{\w+\}/g, 'status');
    const sent = method === 'GET' ? {} : { body: {}, ...key(`first ${route}`) };
    await send(method, path, { as, ...sent });
    await send(method, path, { as: 'stranger', ...sent });
  }
  for (const stop of TOUR) statuses.add((await visit(stop)).status);
  expect([...statuses].sort()).toEqual([200, 201, 204, 400, 404, 409]);
}, 60_000);

function forgetSealKey(): Promise<unknown> {
  return engine.client.send(new DeleteItemCommand({ TableName: names.requests, Key: { id: { S: SEAL_ID } } }));
}

/** The table's name in the definition, for the one that it has on the engine. */
function named({ resource }: Asked): string {
  const [name = '', ...index] = resource.split('/');
  const known = [
    ...names.data,
    ...(['auth', 'groups', 'audit', 'requests'] as const).map((kind) => [kind, names[kind]] as const),
  ];
  const found = known.find(([, real]) => real === name)?.[0];
  if (found === undefined) throw new Error(`nobody knows the table ${name}`);
  return [found, ...index].join('/');
}

function covers(grant: Grant, each: Asked): boolean {
  if (grant.action !== each.action || grant.resource !== named(each)) return false;
  return Object.entries((grant.condition ?? {}) as Record<string, Record<string, unknown>>).every(([operator, test]) =>
    Object.entries(test).every(([name, value]) => {
      if (name === 'dynamodb:EnclosingOperation')
        return operator === 'StringEquals' && value === 'TransactWriteItems' && each.isInTransaction;
      if (name !== 'dynamodb:LeadingKeys') return false;
      return (
        operator === 'ForAllValues:StringEquals' &&
        each.items.every(({ id }) => (value as string[]).includes((id as { S: string }).S))
      );
    }),
  );
}

const ENDPOINTS = definition.endpoints.map((endpoint) => [nameOf(endpoint), endpoint] as const);

/** What a role may do and the tour does not, with the reason that it may. */
const UNUSED: Readonly<Record<string, string>> = {
  'GET /owners: dynamodb:Scan orders/index/by_created': 'it does not hold the owner',
  'GET /owners: dynamodb:Scan orders/index/by_status': 'it does not hold the owner',
  'POST /search/{search_key}: dynamodb:Scan orders/index/by_created': 'a search gives whole items',
  'POST /search/{search_key}: dynamodb:Scan orders/index/by_owner': 'a search gives whole items',
  'POST /search/{search_key}: dynamodb:Scan orders/index/by_status': 'a search gives whole items',
  'GET /order/{customer}: dynamodb:Scan orders':
    'the customer is known; all reads of many items have one list of grants',
  'GET /order/{customer}: dynamodb:Scan orders/index/by_created': 'the same',
  'GET /order/{customer}: dynamodb:Scan orders/index/by_owner': 'the same',
  'GET /order/{customer}: dynamodb:Scan orders/index/by_status': 'the same',
  'GET /order/{customer}: dynamodb:Query orders/index/by_owner': 'a customer has fewer orders than an owner',
  'GET /notes: dynamodb:Query notes': 'where a table has no sort key, a query for its partition key is a get',
};

describe.each(ENDPOINTS)('%s', (name) => {
  const grants = () => grantsOf(name, synthesized).filter(({ action }) => action.startsWith('dynamodb:'));

  it('calls nothing that its role does not allow', () => {
    const calls = asked.get(name) ?? [];
    expect(calls.length).toBeGreaterThan(2);
    const outside = calls.filter((each) => !grants().some((grant) => covers(grant, each)));
    expect(
      outside.map((each) => `${each.action} ${named(each)}${each.isInTransaction ? ' in a transaction' : ''}`),
    ).toEqual([]);
    proved('calls held against roles', { calls: calls.length, outside: 0 });
  });

  it('uses all that its role allows, or says why not', () => {
    const calls = asked.get(name) ?? [];
    const unused = grants().filter((grant) => !calls.some((each) => covers(grant, each)));
    const lines = unused.map(({ action, resource }) => `${name}: ${action} ${resource}`);
    expect(lines.filter((line) => UNUSED[line] === undefined)).toEqual([]);
  });
});
