// Generated requests: every operation, on rows that may be there.

import fc from 'fast-check';
import type { Table } from '../../lib/definition/table.ts';
import { orders, type Stock, things } from './law-api.ts';
import { PATHS } from './law-callers.ts';
import { fieldOf, type Hidden, jsonList, listQuery, namesHidden, pageOf, type Query, text } from './law-queries.ts';
import { CUSTOMERS, IDS, itemPath, NUMBERS, ODD_NAMES, STATUSES } from './law-rows.ts';

export type Ask = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly query?: Query;
  /** JSON, as text: numbers have 38 digits. */
  readonly text?: string;
};

/** What requests mostly ask about. */
export type Aim = {
  /** Rows that there are. */
  readonly stock?: Stock;
  /** What the caller may not see, and is refused for naming. */
  readonly hidden?: Hidden;
};

type Requests = {
  readonly reads: fc.Arbitrary<Ask>;
  readonly audits: fc.Arbitrary<Ask>;
  readonly writes: fc.Arbitrary<Ask>;
};

const encoded = encodeURIComponent;
const NONE: Query = [];

/** Paths behind a route's first segment: mostly of rows that are there. */
function itemPaths({ stock = {} }: Aim) {
  const known = (table: Table) => (stock[table.name] ?? []).map((row) => itemPath(table, row).replace(/^\/\w+\//, ''));
  const mostly = (of: readonly string[], any: fc.Arbitrary<string>) =>
    of.length === 0 ? any : fc.oneof({ arbitrary: fc.constantFrom(...of), weight: 4 }, { arbitrary: any, weight: 1 });
  const anyOrder = fc
    .tuple(fc.constantFrom(...CUSTOMERS), fc.constantFrom(...NUMBERS))
    .map((of) => of.map(encoded).join('/'));
  return {
    order: mostly(known(orders), anyOrder),
    thing: mostly(known(things), fc.constantFrom(...IDS).map(encoded)),
  };
}

function reading(path: fc.Arbitrary<string>, query: fc.Arbitrary<Query> = fc.constant(NONE)): fc.Arbitrary<Ask> {
  return fc.tuple(path, query).map(([to, of]) => ({ method: 'GET', path: to, ...(of.length > 0 && { query: of }) }));
}

/** Requests like these, about what the aim says. `audits` has no times: whoever knows them adds them. */
export function requestsAt(aim: Aim): Requests {
  const { order, thing } = itemPaths(aim);
  const at = (route: string, path: fc.Arbitrary<string>) => path.map((to) => `/${route}/${to}`);
  return {
    reads: readsAt(aim, at),
    audits: fc.oneof(
      { arbitrary: reading(at('order-history', order), fc.constantFrom(NONE, [['_limit', '2']] as Query)), weight: 3 },
      { arbitrary: reading(at('thing-history', thing)), weight: 1 },
      { arbitrary: reading(at('order-audit', order)), weight: 2 },
      { arbitrary: reading(at('thing-audit', thing)), weight: 1 },
      { arbitrary: reading(fc.constant('/audit'), fc.constantFrom(...AUDIT_QUERIES)), weight: 2 },
    ),
    writes: writesAt(
      aim,
      fc.oneof({ arbitrary: at('order', order), weight: 2 }, { arbitrary: at('thing', thing), weight: 1 }),
    ),
  };
}

const AUDIT_QUERIES: readonly Query[] = [
  NONE,
  [['action', 'UPDATE']],
  [
    ['outcome', 'ok'],
    ['_limit', '3'],
  ],
  [['resource.table', 'orders']],
  [['after.color', 'red']],
  [['before.a.b__exists', 'true']],
];
const UNIQUE_QUERIES: readonly Query[] = [NONE, [['_where', '{"field":"status","value":"new"}']]];

function readsAt(aim: Aim, at: (route: string, path: fc.Arbitrary<string>) => fc.Arbitrary<string>): fc.Arbitrary<Ask> {
  const { hidden = [] } = aim;
  const { order, thing } = itemPaths(aim);
  const field = fieldOf(hidden);
  const search = fc
    .record({
      route: fc.constantFrom('/order-search/', '/thing-search/'),
      key: field.filter((name) => !name.endsWith('__eq')),
      text: jsonList(0),
      query: fc.constantFrom<Query>(NONE, [['_limit', '2']]),
    })
    .map(({ route, key, ...rest }): Ask => ({ method: 'POST', path: route + encoded(key), ...rest }));
  const filtered = fc.tuple(field, text).map((of) => `/orders/${of.map(encoded).join('/')}`);
  const unique = fc.constantFrom('/order-owners', '/order-colors', '/thing-colors');
  return fc.oneof(
    { arbitrary: reading(fc.constantFrom('/orders', '/orders', '/things'), listQuery(hidden)), weight: 8 },
    { arbitrary: reading(filtered, pageOf(hidden)), weight: 2 },
    { arbitrary: reading(unique, fc.constantFrom(...UNIQUE_QUERIES)), weight: 2 },
    { arbitrary: search, weight: 2 },
    { arbitrary: reading(at('order', order)), weight: 2 },
    { arbitrary: reading(at('thing', thing)), weight: 1 },
    { arbitrary: reading(at('order', fc.constantFrom(...CUSTOMERS).map(encoded))), weight: 1 },
    { arbitrary: reading(fc.constant('/user')), weight: 1 },
  );
}

const BIG = '12345678901234567890123456789012345678';
const SCALARS = ['"red"', '"blue"', '5', '5.0', 'true', 'null', '""', BIG, '[]', '["x",1]', '{}'];
const NESTED = [
  '{"b":"red"}',
  '{"e":5}',
  '{"b":null}',
  '{"c":[{"d":"red"},{"f":1}]}',
  '{"e":"x","b":{"deep":[1,{"__proto__":2}]}}',
  '{"e":null,"new":1}',
];
type Member = readonly [string, string];

/** Members of a body: what is open, what is declared, seldom what is hidden. */
function membersOf({ hidden = [] }: Aim): fc.Arbitrary<readonly Member[]> {
  const scalar = fc.constantFrom(...SCALARS);
  const member = (names: readonly string[], values: fc.Arbitrary<string>): fc.Arbitrary<Member> =>
    fc.tuple(fc.constantFrom(...names), values);
  const special = ['secret', 'expires', '_v', ...PATHS.filter((path) => !path.includes('.'))];
  const any = fc.oneof(
    { arbitrary: member(['color', 'size', 'tags'], scalar), weight: 4 },
    { arbitrary: member(['a'], fc.oneof(fc.constantFrom(...NESTED), scalar)), weight: 3 },
    {
      arbitrary: member(
        ['status'],
        fc.constantFrom(...STATUSES).map((each) => `"${each}"`),
      ),
      weight: 3,
    },
    { arbitrary: member(['owner', 'due'], fc.constantFrom('"ann"', '"key-1"', '"2026-02"', '"x"')), weight: 2 },
    { arbitrary: member(['rank'], fc.constantFrom('1', '2', BIG)), weight: 2 },
    { arbitrary: member(['owner', 'due', 'rank'], fc.constant('null')), weight: 1 },
    { arbitrary: member(ODD_NAMES, scalar), weight: 1 },
    { arbitrary: member(special, fc.constantFrom('"red"', '4000000000', '1000000000')), weight: 1 },
  );
  const members = fc.uniqueArray(any, { minLength: 1, maxLength: 3, selector: ([name]) => name });
  // What is hidden stays in one of some bodies.
  return fc.tuple(members, fc.nat(9)).map(([all, chance]) => {
    const shown = all.filter(([name]) => !namesHidden(name, hidden));
    return chance === 0 || shown.length === 0 ? all : shown;
  });
}

function object(entries: Iterable<Member>): string {
  return `{${[...entries].map(([name, json]) => `${JSON.stringify(name)}:${json}`).join()}}`;
}

function writesAt(aim: Aim, path: fc.Arbitrary<string>): fc.Arbitrary<Ask> {
  const members = membersOf(aim);
  const quoted = (of: readonly string[]) => fc.constantFrom(...of).map((each) => JSON.stringify(each));
  const order = fc
    .tuple(quoted(CUSTOMERS), fc.constantFrom(...NUMBERS), quoted(STATUSES), members)
    .map(([customer, number, status, more]): Ask => {
      const own: readonly Member[] = [
        ['customer', customer],
        ['number', number],
        ['status', status],
        ['created', '"2026-02"'],
      ];
      return { method: 'POST', path: '/order', text: object(new Map([...own, ...more])) };
    });
  const thing = fc
    .tuple(quoted(IDS), members)
    .map(([id, more]): Ask => ({ method: 'POST', path: '/thing', text: object([['id', id], ...more]) }));
  const changed = fc
    .tuple(fc.constantFrom('PUT' as const, 'PATCH' as const), path, members)
    .map(([method, to, body]): Ask => ({ method, path: to, text: object(body) }));
  const deleted = path.map((to): Ask => ({ method: 'DELETE', path: to }));
  return fc.oneof(
    { arbitrary: order, weight: 2 },
    { arbitrary: thing, weight: 1 },
    { arbitrary: changed, weight: 6 },
    { arbitrary: deleted, weight: 1 },
  );
}
