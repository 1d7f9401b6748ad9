// Sensitive attributes are `"***"` wherever they stand in an audit row.

import { type Item, itemOf, type Value } from '../base/value.ts';
import type { Table } from '../definition/table.ts';

const MASK = '***';

/** The item with every sensitive attribute masked. */
export function maskItem(item: Item, table: Table): Item {
  const names = sensitiveNames(table);
  if (names.length === 0) return item;
  const masked = (name: string, value: Value): Value => (isSensitive(name, names) ? { S: MASK } : value);
  return itemOf(Object.entries(item).map(([name, value]) => [name, masked(name, value)]));
}

/** The value of a query or path parameter, masked if its path begins with a sensitive attribute, or may hold one. */
export function maskParameter(name: string, value: string, table: Table): string {
  const names = sensitiveNames(table);
  if (names.length === 0) return value;
  return name === '_where' || isSensitive(name, names) ? MASK : value;
}

function sensitiveNames(table: Table): readonly string[] {
  return [...table.attributes].flatMap(([name, attribute]) => (attribute.sensitive ? [name] : []));
}

function isSensitive(name: string, names: readonly string[]): boolean {
  return names.some((each) => name === each || ['__', '.', '['].some((mark) => name.startsWith(each + mark)));
}
