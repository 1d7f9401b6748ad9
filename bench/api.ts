// The API that is measured: one table with two indexes, and the endpoints that performance is promised of. Twice over the
// same table, as reads are measured without an audit and changes with one.

import { type Api, api } from '../lib/definition/api.ts';
import { audit, create, get, history, list, search, unique } from '../lib/definition/endpoint.ts';
import { type Table, table } from '../lib/definition/table.ts';
import { LOT_ROWS, ROW_BYTES, STATUSES } from './rows.ts';

export type MeasuredApi = {
  readonly items: Table;
  /** Reads that leave no audit rows. */
  readonly unaudited: Api;
  readonly audited: Api;
};

/** @param rows of the table, which plans estimate their cost with */
export function measuredApi(rows: number): MeasuredApi {
  const text = { type: 'string', required: true } as const;
  const items = table('items', {
    partitionKey: { id: 'string' },
    indexes: {
      by_status: { partitionKey: 'status', sortKey: 'created', distinct: STATUSES },
      by_lot: { partitionKey: 'lot', sortKey: 'created', distinct: Math.ceil(rows / LOT_ROWS) },
    },
    // An index is read only where it cannot miss a row: where its keys are required.
    attributes: { status: text, lot: text, created: text, active: 'boolean' },
    size: { items: rows, itemBytes: ROW_BYTES },
  });
  const reads = [
    list('/items', items),
    get('/item/{id}', items),
    search('/search/{search_key}', items),
    // Declared nowhere and in no index: only a scan finds its values.
    unique('/categories', items, 'category'),
  ];
  const changes = [create('/item', items), audit('/audit/{id}', items), history('/history/{id}', items)];
  return {
    items,
    unaudited: api({ tables: [items], endpoints: reads, audit: false }),
    // A read that left a row would make the item's audit longer with every request that measures it.
    audited: api({ tables: [items], endpoints: [...reads, ...changes], audit: { reads: 'off' } }),
  };
}
