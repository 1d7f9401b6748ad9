// Sensitive attributes are `"***"` wherever they stand in an audit row.

import { type Item, itemOf, type Value } from '../base/value.ts';
import type { Table } from '../definition/table.ts';

const MASK = '***';

/** The names of the sensitive attributes of some tables. */
export function sensitiveNames(tables: readonly Table[]): readonly string[] {
  const all = tables.flatMap(({ attributes }) => [...attributes]);
  return all.flatMap(([name, attribute]) => (attribute.sensitive ? [name] : []));
}

/** The item with every sensitive attribute masked. */
export function maskItem(item: Item, sensitive: readonly string[]): Item {
  const masked = (name: string, value: Value): Value => (sensitive.includes(name) ? { S: MASK } : value);
  return itemOf(Object.entries(item).map(([name, value]) => [name, masked(name, value)]));
}

/** The value of a query or path parameter, masked if its path names a sensitive attribute, or its text may hold one. */
export function maskParameter(name: string, value: string, sensitive: readonly string[]): string {
  if (sensitive.length === 0) return value;
  return name === '_where' || namesOne(name, sensitive) ? MASK : value;
}

/** A path may go through the attribute (`after.secret`), whose name may itself have `__` in it and an operator behind. */
function namesOne(parameter: string, sensitive: readonly string[]): boolean {
  const segments = parameter.split(/[.[\]]/);
  return segments.some((segment) =>
    sensitive.some((name) => segment === name || segment.startsWith(`${name}__`) || segment.split('__').includes(name)),
  );
}
