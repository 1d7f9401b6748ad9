// The example API: one table of items. Copy this folder to begin your own.

import * as z from 'zod/mini';
import { api, days } from '../../lib/definition/api.ts';
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
import { table } from '../../lib/definition/table.ts';

const items = table('items', {
  partitionKey: { id: 'string' },
  indexes: {
    by_status: { partitionKey: 'status', sortKey: 'created' },
    by_product: { partitionKey: 'product', sortKey: 'created' },
  },
  attributes: { product: 'string', status: 'string', type: 'string', created: 'string' },
  schema: {
    create: z.looseObject({ id: z.string('is required, and text'), description: z.optional(z.string('must be text')) }),
    update: z.looseObject({ description: z.optional(z.string('must be text')) }),
  },
  version: '_v',
  size: { items: 1_000 },
});

export default api({
  tables: [items],
  endpoints: [
    list('/items', items),
    list('/items/{search_key}/{search_value}', items),
    unique('/statuses', items, 'status'),
    unique('/types', items, 'type'),
    search('/search/{search_key}', items),
    get('/item/{id}', items),
    create('/item', items),
    update('/item/{id}', items),
    patch('/item/{id}', items),
    remove('/item/{id}', items),
    audit('/audit'),
    audit('/audit/{id}', items),
    history('/history/{id}', items),
    user('/user'),
    hasPermission('/user/has-permission'),
  ],
  auth: {
    apiKeys: true,
    oidc: { issuer: 'https://issuer.example.com', audience: 'tablegate', policyClaims: ['team'] },
  },
  audit: { reads: 'required', retention: { reads: days(30) } },
});
