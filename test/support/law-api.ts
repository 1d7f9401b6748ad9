// The API that laws over whole requests are tried on: keys of one and of two attributes, an index of every kind, hidden,
// sensitive and expiring attributes, with a version and without.

import type { Item } from '../../lib/base/value.ts';
import { api } from '../../lib/definition/api.ts';
import {
  audit,
  create,
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
import { type Table, table } from '../../lib/definition/table.ts';
import type { TableFacts } from './reference-access.ts';

const S = { type: 'string', required: true } as const;

export const orders = table('orders', {
  partitionKey: { customer: 'string' },
  sortKey: { number: 'number' },
  attributes: {
    status: S,
    created: S,
    owner: 'string',
    due: 'string',
    rank: 'number',
    secret: { type: 'string', hidden: true },
  },
  indexes: {
    by_status: { partitionKey: 'status', sortKey: 'created', distinct: 3 },
    by_owner: { partitionKey: 'owner', sortKey: 'number', projection: 'keys', distinct: 3 },
    by_due: { partitionKey: 'owner', sortKey: 'due', projection: ['status', 'color'], distinct: 3 },
    by_rank: { partitionKey: 'rank', distinct: 5 },
    in_customer: { partitionKey: 'customer', sortKey: 'created', local: true },
  },
  ttl: 'expires',
  version: '_v',
  size: { items: 60, itemBytes: 200 },
});

/** Without a version: pinned by its attributes alone. */
export const things = table('things', {
  partitionKey: { id: 'string' },
  attributes: { token: { type: 'string', sensitive: true }, secret: { type: 'string', hidden: true } },
  size: { items: 60, itemBytes: 200 },
});

export const TABLES: readonly Table[] = [orders, things];

/** What the reference is told of a table. */
export function factsOf({ name, attributes }: Table): TableFacts {
  return { name, hidden: [...attributes].flatMap(([attribute, { hidden }]) => (hidden ? [attribute] : [])) };
}

export const lawApi = api({
  tables: TABLES,
  endpoints: [
    list('/orders', orders),
    list('/orders/{search_key}/{search_value}', orders),
    unique('/order-owners', orders, 'owner'),
    unique('/order-colors', orders, 'color'),
    search('/order-search/{search_key}', orders),
    get('/order/{customer}/{number}', orders),
    get('/order/{customer}', orders),
    create('/order', orders),
    update('/order/{customer}/{number}', orders),
    patch('/order/{customer}/{number}', orders),
    remove('/order/{customer}/{number}', orders),
    audit('/order-audit/{customer}/{number}', orders),
    history('/order-history/{customer}/{number}', orders),
    list('/things', things),
    unique('/thing-colors', things, 'color'),
    search('/thing-search/{search_key}', things),
    get('/thing/{id}', things),
    create('/thing', things),
    update('/thing/{id}', things),
    patch('/thing/{id}', things),
    remove('/thing/{id}', things),
    audit('/thing-audit/{id}', things),
    history('/thing-history/{id}', things),
    audit('/audit'),
    user('/user'),
    hasPermission('/user/has-permission'),
  ],
  auth: { apiKeys: true, oidc: { issuer: 'https://issuer.example.com', audience: 'tablegate' } },
});

/** The rows of each table by its name. */
export type Stock = Readonly<Record<string, readonly Item[]>>;
