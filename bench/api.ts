// The API that is measured: one table with two indexes, and the endpoints that performance is promised of. Defined twice
// over the same table, as reads are measured without an audit and changes with one.

import { api } from '../lib/definition/api.ts';
import { audit, create, get, history, list, search, unique } from '../lib/definition/endpoint.ts';
import { table } from '../lib/definition/table.ts';

export const items = table('items', {
  partitionKey: { id: 'string' },
  indexes: {
    by_status: { partitionKey: 'status', sortKey: 'created' },
    by_lot: { partitionKey: 'lot', sortKey: 'created' },
  },
  attributes: { status: 'string', lot: 'string', created: 'string', active: 'boolean' },
});

/** `category` is declared nowhere and has no index: only a scan finds its values. */
const reads = [
  list('/items', items),
  get('/item/{id}', items),
  search('/search/{search_key}', items),
  unique('/categories', items, 'category'),
];

export const unaudited = api({ tables: [items], endpoints: reads, audit: false });

export const audited = api({
  tables: [items],
  endpoints: [...reads, create('/item', items), audit('/audit/{id}', items), history('/history/{id}', items)],
  // A read that left a row would make the item's audit longer with every request that measures it.
  audit: { reads: 'off' },
});
