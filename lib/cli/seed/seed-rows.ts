// The rows of a seed, checked as the API checks the items that it stores: DynamoDB would refuse them one batch at a time.

import type { Fault } from '../../base/errors.ts';
import { itemBytes, MAX_ITEM_BYTES } from '../../base/item-size.ts';
import { attribute, type Item, itemOf } from '../../base/value.ts';
import { itemFaults } from '../../definition/item-faults.ts';
import { keyNames, type Table } from '../../definition/table.ts';
import type { Items } from './seed-items.ts';

export function checkRows(rows: Items, table: Table, path: string, faults: Fault[]): void {
  const first = new Map<string, number>();
  rows.forEach((row, at) => {
    if (!row) return;
    const fault = (name: string, message: string) =>
      void faults.push({ path: `${path}[${at}]${name === '' ? '' : `.${name}`}`, message });
    for (const each of itemFaults(table, row)) fault(each.path, each.message);
    if (Object.hasOwn(row, '')) fault('', 'has an attribute without a name');
    const bytes = itemBytes(row);
    if (bytes > MAX_ITEM_BYTES) fault('', `has ${bytes} bytes; an item has at most ${MAX_ITEM_BYTES}`);
    const identity = JSON.stringify(keyNames(table).map((name) => attribute(row, name)));
    const before = first.get(identity);
    if (before === undefined) first.set(identity, at);
    else fault(table.partitionKey.name, `has the key of ${path}[${before}]`);
  });
}

/** The row as the API would have created it: with its first version where the table counts versions. */
export function withVersion(row: Item, { version }: Table): Item {
  if (version === undefined || Object.hasOwn(row, version)) return row;
  return itemOf([...Object.entries(row), [version, { N: '1' }]]);
}
