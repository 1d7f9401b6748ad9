// Sensitive attributes are `"***"` wherever they stand in an audit row.

import { type Item, itemOf, type Value } from '../base/value.ts';
import type { Table } from '../definition/table.ts';

const MASK = '***';

/** The names of the sensitive attributes of some tables. */
export function sensitiveNames(tables: readonly Table[]): readonly string[] {
  const all = tables.flatMap(({ attributes }) => [...attributes]);
  return all.flatMap(([name, attribute]) => (attribute.sensitive ? [name] : []));
}

/** Control, format and space characters: a name with some of them looks like the name without. */
const UNSEEN = /[\p{C}\p{Z}]/gu;

/** Compatibility forms, case and unseen characters folded away (Unicode NFKC): `SSN`, `ｓｓｎ` and `s\u200bsn` are `ssn`. */
function folded(name: string): string {
  return name.normalize('NFKC').toLowerCase().replace(UNSEEN, '');
}

/** True for the name of a sensitive attribute, and for a mistyped one that only its look tells from it. */
export function isSensitive(name: string, sensitive: readonly string[]): boolean {
  if (sensitive.length === 0) return false;
  const look = folded(name);
  return sensitive.some((each) => folded(each) === look);
}

/** The item with every sensitive attribute masked. */
export function maskItem(item: Item, sensitive: readonly string[]): Item {
  const masked = (name: string, value: Value): Value => (isSensitive(name, sensitive) ? { S: MASK } : value);
  return itemOf(Object.entries(item).map(([name, value]) => [name, masked(name, value)]));
}

/** The value of a query or path parameter, masked if its path names a sensitive attribute, or its text may hold one. */
export function maskParameter(name: string, value: string, sensitive: readonly string[]): string {
  if (sensitive.length === 0) return value;
  return name === '_where' || namesOne(name, sensitive) ? MASK : value;
}

/** A path may go through the attribute (`after.secret`), whose name may itself have `__` in it and an operator behind. */
function namesOne(parameter: string, sensitive: readonly string[]): boolean {
  const segments = parameter.split(/[.[\]]/).map(folded);
  return segments.some((segment) =>
    sensitive.map(folded).some((name) => {
      return segment === name || segment.startsWith(`${name}__`) || segment.split('__').includes(name);
    }),
  );
}
