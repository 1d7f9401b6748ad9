// Describes the sources that rows can be read from: the table and each of its indexes, with attributes and estimated sizes.

import { memoByObject } from '../base/memo.ts';
import type { Condition } from '../condition/condition.ts';
import { implies } from '../condition/demand.ts';
import type { Index, Key, Table } from '../definition/table.ts';
import { keyNames } from '../definition/table.ts';

export type Source = {
  /** The index; `undefined` if the source is the table itself. */
  readonly index: Index | undefined;
  readonly partitionKey: Key;
  readonly sortKey: Key | undefined;
  /** The names of its key attributes and of the table's: every row of the source has them. */
  readonly keys: readonly string[];
  /** The key attributes of the index that items may lack: such items are not in it. */
  readonly sparse: readonly Key[];
  /** The top-level attributes of an item that its rows have. */
  readonly holds: 'all' | ReadonlySet<string>;
  /** The estimated number of rows, bytes of a row, and rows of a partition. */
  readonly rows: number;
  readonly rowBytes: number;
  readonly partitionRows: number;
};

/** The estimated bytes of an index entry without projected attributes. */
const KEY_BYTES = 100;
/** The estimated bytes of a projected attribute. */
const ATTRIBUTE_BYTES = 40;
/** The estimated rows of a partition if `distinct` is not declared: few, as a query costs no more than a scan. */
const FEW_ROWS = 10;
/** The estimated share of the items that are in a sparse index. */
const SPARSE = 0.5;

/** Returns the sources of a table, itself first: of equal costs the first is chosen, and an index may lag behind its table. */
export const sourcesOf = memoByObject((table: Table): readonly Source[] => [
  tableSource(table),
  ...table.indexes.map((index) => indexSource(table, index)),
]);

function tableSource(table: Table): Source {
  const { partitionKey, sortKey, size } = table;
  return {
    index: undefined,
    partitionKey,
    sortKey,
    keys: keyNames(table),
    sparse: [],
    holds: 'all',
    rows: size.items,
    rowBytes: size.itemBytes,
    partitionRows: Math.min(FEW_ROWS, size.items),
  };
}

function indexSource(table: Table, index: Index): Source {
  const { partitionKey, sortKey, projection, distinct, isLocal } = index;
  const { items, itemBytes } = table.size;
  const own = [partitionKey, ...(sortKey ? [sortKey] : [])];
  const keys = [...new Set([...keyNames(table), ...own.map(({ name }) => name)])];
  const required = [...table.attributes].filter(([, attribute]) => attribute.required).map(([name]) => name);
  const sparse = own.filter(({ name }) => !keyNames(table).includes(name) && !required.includes(name));
  // Like a query's, the estimate is one row at least.
  const rows = Math.max(1, sparse.length > 0 ? items * SPARSE : items);
  const projected = (names: ReadonlySet<string>) => Math.min(itemBytes, KEY_BYTES + names.size * ATTRIBUTE_BYTES);
  return {
    index,
    partitionKey,
    sortKey,
    keys,
    sparse,
    holds: projection === 'all' ? 'all' : new Set([...keys, ...projection]),
    rows,
    rowBytes: projection === 'all' ? itemBytes : projected(projection),
    partitionRows: distinct === undefined || isLocal ? Math.min(FEW_ROWS, rows) : rows / distinct,
  };
}

/**
 * Returns the keys of a source that rows of the condition may lack: such rows are not in an index. A row that has them is, as
 * DynamoDB accepts an index key of the declared type only.
 */
export function missableKeys({ sparse }: Source, condition: Condition): readonly string[] {
  return sparse
    .filter(({ name, type }) => !implies(condition, name, type === 'string' ? 'S' : 'N'))
    .map(({ name }) => name);
}

/** True if rows of the source have all the attributes. */
export function holdsAll({ holds }: Source, needs: 'all' | ReadonlySet<string>): boolean {
  if (holds === 'all') return true;
  return needs !== 'all' && [...needs].every((name) => holds.has(name));
}
