// Generated rows of the tables that laws are tried on: few keys and few values, so that rows, filters and queries meet.

import fc from 'fast-check';
import { type Item, itemOf, type Value } from '../../lib/base/value.ts';
import type { Table } from '../../lib/definition/table.ts';
import { orders } from './law-api.ts';

const S = (text: string): Value => ({ S: text });
const N = (text: string): Value => ({ N: text });

export const CUSTOMERS = ['ann', 'bob', 'c/d', 'Zoë %25'];
export const NUMBERS = ['1', '2', '30', '12345678901234567890123456789012345678'];
export const IDS = ['a', 'b', 'c', 'd/e', '%2F', '__proto__'];
export const STATUSES = ['new', 'old', 'lost'];
export const DATES = ['2026-01', '2026-02', '2026-03'];
export const OWNERS = ['ann', 'bob', 'key-1', 'token-group-1', 'group-2'];
const COLORS: readonly Value[] = [S('red'), S('blue'), S('5'), S(''), N('5'), N('5.0'), { BOOL: true }, { NULL: true }];
export const ODD_NAMES = ['select', 'k__eq', ':v', '#n', 'x y', '__proto__', 'toString', 'ключ'];

const color = fc.constantFrom(...COLORS);
const rank = fc.constantFrom(...['1', '2', '3', '0.1', '-7', '98765432109876543210987654321098765432'].map(N));
const tags = fc.constantFrom<Value>(
  { SS: ['x', 'y'] },
  { NS: ['1', '2'] },
  { BS: [Uint8Array.of(1)] },
  { L: [S('x'), N('1')] },
  { L: [] },
  { B: Uint8Array.of(1, 2) },
);

function maybe<T>(of: fc.Arbitrary<T>, freq = 2): fc.Arbitrary<T | undefined> {
  return fc.option(of, { nil: undefined, freq });
}

function present(entries: Readonly<Record<string, Value | undefined>>): Item {
  return itemOf(Object.entries(entries).flatMap(([name, value]) => (value ? [[name, value] as const] : [])));
}

/** `a.b`, `a.e`, and `a.c[].d`: what stands below is hidden or filtered in part. */
const nested: fc.Arbitrary<Value> = fc
  .record({ b: maybe(color, 4), e: maybe(color, 4), c: fc.array(maybe(color, 4), { maxLength: 2 }) })
  .map(({ b, e, c }) => ({ M: present({ b, e, c: { L: c.map((d) => ({ M: present({ d, f: N('1') }) })) } }) }));

const open: fc.Arbitrary<readonly (readonly [string, Value])[]> = fc
  .record({
    color: maybe(color, 5),
    size: maybe(fc.constantFrom<Value>(N('1'), N('2'), S('2')), 3),
    tags: maybe(tags),
    a: maybe(fc.oneof({ arbitrary: nested, weight: 5 }, { arbitrary: color, weight: 1 }), 4),
    odd: maybe(fc.tuple(fc.constantFrom(...ODD_NAMES), color), 1),
  })
  .map(({ odd, ...rest }) => [...Object.entries(present(rest)), ...(odd ? [odd] : [])]);

/** In the past, or long after any test. */
const expires = fc.constantFrom(N('1000000000'), N('4000000000'));

const order: fc.Arbitrary<Item> = fc
  .tuple(
    fc.record({
      customer: fc.constantFrom(...CUSTOMERS).map(S),
      number: fc.constantFrom(...NUMBERS).map(N),
      status: fc.constantFrom(...STATUSES).map(S),
      created: fc.constantFrom(...DATES).map(S),
      owner: maybe(fc.constantFrom(...OWNERS).map(S), 3),
      due: maybe(fc.constantFrom(...DATES).map(S)),
      rank: maybe(rank, 3),
      secret: maybe(fc.constantFrom('red', 'blue').map(S)),
      expires: maybe(expires, 1),
      _v: maybe(fc.constantFrom('1', '9007199254740993').map(N), 4),
    }),
    open,
  )
  .map(([declared, more]) => itemOf([...Object.entries(present(declared)), ...more]));

const thing: fc.Arbitrary<Item> = fc
  .tuple(
    fc.record({
      id: fc.constantFrom(...IDS).map(S),
      token: maybe(fc.constantFrom('t1', 't2').map(S)),
      secret: maybe(fc.constantFrom('red', 'blue').map(S)),
    }),
    open,
  )
  .map(([declared, more]) => itemOf([...Object.entries(present(declared)), ...more]));

export function keyTextOf(table: Table, row: Item): string {
  const names = table === orders ? ['customer', 'number'] : ['id'];
  return names.map((name) => JSON.stringify(row[name])).join();
}

/** The path of one item's endpoints. */
export function itemPath(table: Table, row: Item): string {
  const names = table === orders ? ['customer', 'number'] : ['id'];
  const texts = names.map((name) => encodeURIComponent(String(Object.values(row[name] ?? {}))));
  return `/${[table === orders ? 'order' : 'thing', ...texts].join('/')}`;
}

/** Rows of one table, each key once. */
export function rowsOf(table: Table, maxLength: number): fc.Arbitrary<readonly Item[]> {
  const row = table === orders ? order : thing;
  return fc.uniqueArray(row, { maxLength, selector: (each) => keyTextOf(table, each) });
}
