// Where rows can be read from: the table and each of its indexes, with what it holds and about how much.

import { memoByObject } from '../base/memo.ts';
import type { Condition } from '../condition/condition.ts';
import { implies } from '../condition/demand.ts';
import type { Index, Key, Table } from '../definition/table.ts';
import { keyNames } from '../definition/table.ts';

export type Source = {
  /** Undefined: the table itself. */
  readonly index: Index | undefined;
  readonly partitionKey: Key;
  readonly sortKey: Key | undefined;
  /** The names of its keys and of the table's: a row that was read has them all. */
  readonly keys: readonly string[];
  /** Those of its own keys that items may lack: such items are not in it. */
  readonly sparse: readonly Key[];
  /** The top-level attributes that its rows have of an item's. */
  readonly holds: 'all' | ReadonlySet<string>;
  /** Estimates: rows, bytes of each, rows of one partition. */
  readonly rows: number;
  readonly rowBytes: number;
  readonly partitionRows: number;
};

/** Bytes of an index entry without projected attributes, and of each of these. */
const KEY_BYTES = 100;
const ATTRIBUTE_BYTES = 40;
/** Rows of a partition where nobody said how many values a key has: few, for a query that reads less than all is no worse than a scan. */
const FEW_ROWS = 10;
/** The part of the items that an index holds whose keys need not be there. */
const SPARSE = 0.5;

/** The table first: of two that cost the same it is the one that is never behind. */
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
  // As of a query, no estimate is below one row.
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
 * The keys of a source that rows of the condition may lack: such rows are not in an index. An attribute that is there is
 * in it, since DynamoDB takes index keys of the declared type only.
 */
export function missableKeys({ sparse }: Source, condition: Condition): readonly string[] {
  return sparse
    .filter(({ name, type }) => !implies(condition, name, type === 'string' ? 'S' : 'N'))
    .map(({ name }) => name);
}

/** Whether rows of the source have every attribute of some. */
export function holdsAll({ holds }: Source, needs: 'all' | ReadonlySet<string>): boolean {
  if (holds === 'all') return true;
  return needs !== 'all' && [...needs].every((name) => holds.has(name));
}
