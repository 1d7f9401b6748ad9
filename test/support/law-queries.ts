// Generated query strings: every operator and every reserved parameter.

import fc from 'fast-check';
import { filters, type Plain } from './law-callers.ts';
import { CUSTOMERS, DATES, IDS, NUMBERS, OWNERS, STATUSES } from './law-rows.ts';
import { touches } from './reference-access.ts';

export type Query = readonly (readonly [string, string])[];
export type Hidden = readonly (readonly string[])[];

const FIELDS: readonly string[] = [
  ...['status', 'created', 'owner', 'due', 'rank', 'color', 'color', 'size', 'tags', 'customer', 'number', 'id'],
  ...['a', 'a.b', 'a.e', 'a.c[0].d', 'a.c', 'secret', 'expires', 'nowhere', 'k__eq', 'select', ':v', 'x y'],
  ...['__proto__', 'toString', 'token', '_v'],
];
const LONG_NUMBER = '98765432109876543210987654321098765432';
const WORDS = ['red', 'blue', '5', '"5"', 'true', 'null', '5.0', '-0', LONG_NUMBER, 'e', 'x', '1'];
const TEXTS = [...WORDS, ...STATUSES, ...DATES, ...OWNERS, ...CUSTOMERS, ...NUMBERS, ...IDS];
const SCALARS = [
  '"red"',
  '"5"',
  '5',
  '5.0',
  'true',
  'null',
  '""',
  '"new"',
  '"old"',
  '"ann"',
  '"x"',
  '1',
  '"2026-02"',
  '"a"',
];
const PAIRS = ['["2026-01","2026-02"]', '[1,3]', '["a","z"]', '[5,5.0]'];
const TYPES = ['S', 'N', 'B', 'BOOL', 'NULL', 'L', 'M', 'SS', 'NS', 'BS'];
const SORTS = ['created', '-created', 'number', '-rank', 'color', 'a.b', 'owner', 'secret'];
const SELECTIONS = ['status', 'customer,number', 'a.b,color', 'a', 'a.c.d', 'id', 'secret'];

export const text = fc.constantFrom(...TEXTS);

export const jsonList = (minLength: number): fc.Arbitrary<string> =>
  fc.array(fc.constantFrom(...SCALARS), { minLength, maxLength: 4 }).map((all) => `[${all.join()}]`);

/** Whether a parameter or path names what is hidden, or a parent of it. */
export function namesHidden(name: string, hidden: Hidden): boolean {
  const readings = [name, name.replace(/__[a-z]+$/, '')];
  return readings.some((path) => touches(path.replaceAll(/\[\d+\]/g, '').split('.'), hidden));
}

/** Mostly of those that are not hidden. */
function mostlyShown(names: readonly string[], hidden: Hidden): fc.Arbitrary<string> {
  const shown = names.filter((name) => !name.split(',').some((each) => namesHidden(each.replace(/^-/, ''), hidden)));
  const any = fc.constantFrom(...names);
  return shown.length === 0
    ? any
    : fc.oneof({ arbitrary: fc.constantFrom(...shown), weight: 12 }, { arbitrary: any, weight: 1 });
}

/** A plain path, as `{search_key}` has it. */
export const fieldOf = (hidden: Hidden): fc.Arbitrary<string> => mostlyShown(FIELDS, hidden);

type Term = Query[number];

/** A condition of a query string, by any operator. */
function condition(hidden: Hidden): fc.Arbitrary<Term> {
  const field = fieldOf(hidden);
  const term = (operators: readonly string[], value: fc.Arbitrary<string>): fc.Arbitrary<Term> =>
    fc
      .tuple(field, fc.constantFrom(...operators), value)
      .map(([name, operator, given]) => [operator === '' ? name : `${name}__${operator}`, given]);
  const indexed = fc.tuple(
    mostlyShown(['status', 'owner', 'customer'], hidden),
    fc.constantFrom(...STATUSES, ...OWNERS),
  );
  return fc.oneof(
    { arbitrary: term(['', 'eq', 'ne', 'contains', 'notcontains'], text), weight: 4 },
    { arbitrary: term(['in', 'notin'], jsonList(0)), weight: 2 },
    { arbitrary: term(['haselements'], jsonList(1)), weight: 1 },
    { arbitrary: term(['gt', 'lt', 'gte', 'lte', 'ge', 'le', 'startswith'], text), weight: 3 },
    { arbitrary: term(['between'], fc.constantFrom(...PAIRS)), weight: 1 },
    { arbitrary: term(['exists'], fc.constantFrom('true', 'false')), weight: 1 },
    { arbitrary: term(['type'], fc.constantFrom(...TYPES)), weight: 1 },
    { arbitrary: indexed, weight: 3 },
    { arbitrary: where(hidden), weight: 2 },
  );
}

/** `_where` has no variables and no tables. */
function where(hidden: Hidden): fc.Arbitrary<Term> {
  const fields = (filter: Plain) =>
    [...JSON.stringify(filter).matchAll(/"field":"([^"]+)"/g)].map(([, name = '']) => name);
  return filters(false)
    .filter((filter) => !/\$var|"table"/.test(JSON.stringify(filter)))
    .filter((filter) => !fields(filter).some((name) => namesHidden(name, hidden)))
    .map((filter): Term => ['_where', JSON.stringify(filter)]);
}

/** Reserved parameters. */
export function pageOf(hidden: Hidden): fc.Arbitrary<Query> {
  const maybe = (of: fc.Arbitrary<string>, freq: number) => fc.option(of, { nil: undefined, freq });
  return fc
    .record({
      _limit: maybe(fc.constantFrom('1', '2', '3', '1000'), 1),
      _sort: maybe(mostlyShown(SORTS, hidden), 4),
      _fields: maybe(mostlyShown(SELECTIONS, hidden), 4),
      _count: maybe(fc.constant('true'), 4),
    })
    .map((of) => Object.entries(of).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])));
}

/** Up to two conditions, `_where` but once, and a page. */
export function listQuery(hidden: Hidden): fc.Arbitrary<Query> {
  const once = (all: readonly Term[]) =>
    all.filter(([name], at) => name !== '_where' || all.findIndex(([other]) => other === name) === at);
  return fc
    .tuple(fc.array(condition(hidden), { maxLength: 2 }), pageOf(hidden))
    .map(([conditions, page]): Query => [...once(conditions), ...page]);
}
