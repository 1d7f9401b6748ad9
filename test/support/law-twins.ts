// Pairs of stocks that differ only in what a caller may not see: other hidden values, or none; other hidden rows, or none.

import fc from 'fast-check';
import { type Item, itemOf, type Value, withAttributes } from '../../lib/base/value.ts';
import type { Table } from '../../lib/definition/table.ts';
import { factsOf, orders, type Stock, TABLES } from './law-api.ts';
import { itemPath, keyTextOf, rowsOf } from './law-rows.ts';
import { type Caller, hiddenFrom, mayTouch } from './reference-access.ts';

/** In every value that the caller may not see, unless a filter asks for another. */
const MARK = 'cnry';
const MARKED_NUMBER = '7710778';

/** Whether a text holds what the caller may not see. */
export function isMarked(text: string): boolean {
  return text.includes(MARK) || text.includes(MARKED_NUMBER);
}

export type Twins = { readonly left: Stock; readonly right: Stock };

/** Values of hidden attributes: those with an index or a declared type keep it. */
const hiddenValue = new Map<string, fc.Arbitrary<Value>>(
  Object.entries({
    owner: fc.constantFrom(`${MARK}-1`, `${MARK}-2`, 'ann').map((S) => ({ S })),
    rank: fc.constantFrom(MARKED_NUMBER, '1', '2').map((N) => ({ N })),
    secret: fc.constantFrom('red', 'blue', `${MARK}-3`).map((S) => ({ S })),
    _v: fc.constantFrom('1', '7').map((N) => ({ N })),
  }),
);
const anyHidden = fc.constantFrom<Value>(
  { S: `${MARK}-4` },
  { S: `${MARK}-5` },
  { SS: [`${MARK}-6`] },
  { L: [{ S: `${MARK}-7` }, { M: itemOf([[`${MARK}-name`, { S: `${MARK}-8` }]]) }] },
  { M: itemOf([['b', { S: `${MARK}-9` }]]) },
  { NULL: true },
);

type Dress = readonly (readonly [readonly string[], Value | undefined])[];

/** A value, or none, for each hidden path. */
function dresses(hidden: readonly (readonly string[])[]): fc.Arbitrary<Dress> {
  const of = (path: readonly string[]) => (path.length === 1 ? hiddenValue.get(path[0] ?? '') : undefined) ?? anyHidden;
  return fc.tuple(
    ...hidden.map((path) => fc.option(of(path), { nil: undefined, freq: 3 }).map((v) => [path, v] as const)),
  );
}

/** The row with other hidden values. */
function dressed(row: Item, dress: Dress): Item {
  return dress.reduce((item, [path, value]) => put(item, path, value), row);
}

function put(item: Item, [name = '', ...rest]: readonly string[], value: Value | undefined): Item {
  if (rest.length === 0)
    return value ? withAttributes(item, itemOf([[name, value]])) : withAttributes(item, itemOf([]), [name]);
  const inner = Object.hasOwn(item, name) ? item[name] : undefined;
  return inner ? withAttributes(item, itemOf([[name, putBelow(inner, rest, value)]])) : item;
}

function putBelow(inner: Value, rest: readonly string[], value: Value | undefined): Value {
  if ('M' in inner) return { M: put(inner.M, rest, value) };
  return 'L' in inner ? { L: inner.L.map((element) => putBelow(element, rest, value)) } : inner;
}

/** Expired rows are not there for anybody. */
export function isLive(row: Item, now: number): boolean {
  const expires = row['expires'];
  return !expires || !('N' in expires) || Number(expires.N) > now;
}

export function isVisible(caller: Caller, table: Table, row: Item): boolean {
  return isLive(row, Date.now() / 1e3) && mayTouch(caller, 'GET', factsOf(table), 'read', row);
}

type Pair = readonly [Item | undefined, Item | undefined];

/** One row on either side: alike to the caller. */
function pairs(caller: Caller, table: Table, rows: readonly Item[]): fc.Arbitrary<readonly Pair[]> {
  const hidden = hiddenFrom(caller, factsOf(table));
  const sees = (row: Item) => isVisible(caller, table, row);
  const rowPairs = rows.map((row) =>
    fc
      .record({ one: dresses(hidden), other: dresses(hidden), stray: fc.constantFrom(...rows), isAbsent: fc.boolean() })
      .map(({ one, other, stray, isAbsent }): Pair => {
        const [left, right] = [dressed(row, one), dressed(row, other)];
        if (sees(left) !== sees(right)) return [left, left];
        if (sees(left)) return [left, right];
        const keyed = withAttributes(dressed(stray, other), keyOf(table, row));
        return [marked(left), isAbsent ? undefined : marked(sees(keyed) ? right : keyed)];
      }),
  );
  return fc.tuple(...rowPairs);
}

/** A hidden row has a mark where a visible one would show it. */
function marked(row: Item): Item {
  return withAttributes(row, itemOf([['note', { S: `${MARK}-row` }]]));
}

function keyOf(table: Table, row: Item): Item {
  const names = [table.partitionKey.name, ...(table.sortKey ? [table.sortKey.name] : [])];
  return itemOf(names.map((name) => [name, row[name] as Value]));
}

/** @param rows the most rows of a table */
export function twinsFor(caller: Caller, rows: number): fc.Arbitrary<Twins> {
  const perTable = TABLES.map((table) =>
    rowsOf(table, rows)
      .chain((of) => (of.length === 0 ? fc.constant<readonly Pair[]>([]) : pairs(caller, table, of)))
      .map((found) => [table.name, found] as const),
  );
  return fc.tuple(...perTable).map((all) => {
    const side = (at: 0 | 1): Stock =>
      Object.fromEntries(
        all.map(([name, found]) => [name, found.map((pair) => pair[at]).filter((row) => row !== undefined)]),
      );
    return { left: side(0), right: side(1) };
  });
}

/** A change by somebody else: on either side, or on one alone where the caller sees nothing of it. */
export type Step = { readonly path: string; readonly left: string | undefined; readonly right: string | undefined };

const CHANGES = [
  { color: 'red', size: 2 },
  { status: 'lost' },
  { status: 'new', color: 'blue' },
  { a: { b: 'blue', e: 'x' } },
  { tags: ['x'], k__eq: 1 },
];

/** Changes of visible rows that differ in what is hidden, and of hidden rows on one side. */
export function stepsFor(caller: Caller, { left, right }: Twins): fc.Arbitrary<readonly Step[]> {
  const steps = TABLES.flatMap((table) => {
    const others = new Set((right[table.name] ?? []).map((row) => keyTextOf(table, row)));
    const rows = left[table.name] ?? [];
    return rows.map((row): fc.Arbitrary<Step> => {
      const path = itemPath(table, row);
      if (isVisible(caller, table, row))
        return fc.constantFrom(...CHANGES).map((of) => visibleStep(caller, table, path, of));
      const text = JSON.stringify({ note: `${MARK}-row-2` });
      const isThere = others.has(keyTextOf(table, row));
      return fc.boolean().map((also) => ({ path, left: text, right: also && isThere ? text : undefined }));
    });
  });
  return steps.length === 0 ? fc.constant([]) : fc.array(fc.oneof(...steps), { maxLength: 3 });
}

function visibleStep(caller: Caller, table: Table, path: string, change: object): Step {
  const hidden = hiddenFrom(caller, factsOf(table));
  const entries = Object.entries(change).filter(([name]) => table === orders || name !== 'status');
  const isHidden = (steps: readonly string[]) => hidden.some((each) => each.join('.') === steps.join('.'));
  const other = (steps: readonly string[], value: unknown): unknown => {
    if (isHidden(steps) && !hiddenValue.has(steps[0] ?? '')) return `${MARK}-11`;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, other([...steps, name], inner)]));
  };
  const body = (all: readonly (readonly [string, unknown])[]) =>
    JSON.stringify(Object.fromEntries([...all, ['seen', 1]]));
  return { path, left: body(entries), right: body(entries.map(([name, value]) => [name, other([name], value)])) };
}

/** The keys that only one side has: a create tells whether a key is taken. */
export function lopsidedKeys({ left, right }: Twins): ReadonlySet<string> {
  const now = Date.now() / 1e3;
  const keys = (stock: Stock) =>
    TABLES.flatMap((table) =>
      (stock[table.name] ?? [])
        .filter((row) => isLive(row, now))
        .map((row) => `${table.name} ${keyTextOf(table, row)}`),
    );
  const [one, other] = [new Set(keys(left)), new Set(keys(right))];
  return new Set([...one, ...other].filter((key) => one.has(key) !== other.has(key)));
}
