// Requests that are as long, deep, wide and odd as a caller can make them.

import fc from 'fast-check';
import { hostileNames } from '../corpus/hostile-items.ts';
import type { Query } from './law-queries.ts';
import type { Ask } from './law-requests.ts';

const NAMES = [
  ...['customer', 'number', 'status', 'created', 'owner', 'due', 'rank', 'color', 'expires', 'a.b', 'a.c[0].d'],
  ...['a[999999999]', 'x.'.repeat(31).concat('x'), 'x'.repeat(300), 'a[0][1][2]', ...hostileNames],
];
const NUMBERS = [
  ...['1', '-0', '0', '1E-130', '-9.9999999999999999999999999999999999999E+125', '1e1', '5.0', '007', '1E+126'],
  ...['12345678901234567890123456789012345678', '123456789012345678901234567890123456789'],
];
const TEXTS = [
  ...['', ' ', '"', '""', '"x"', '\u{10ffff}', '\u{1f600}'.repeat(400), 'x'.repeat(2_048), 'x'.repeat(2_049), '\u0000'],
  ...['new', 'ann', '2026-01', 'é', 'e\u0301', '#a', ':a', 'a__eq', '__proto__', '../x', '%2F', 'NaN', 'Infinity'],
];
const SCALARS = [...NUMBERS.slice(0, 7), ...TEXTS.map((text) => JSON.stringify(text)), 'true', 'false', 'null'];
const LIST_OPERATORS = ['in', 'notin', 'haselements', 'between'];
const SCALAR_OPERATORS = [
  '',
  'eq',
  'ne',
  'gt',
  'lt',
  'gte',
  'lte',
  'ge',
  'le',
  'startswith',
  'contains',
  'notcontains',
  'exists',
  'type',
  'size',
];

const name = fc.oneof(fc.constantFrom(...NAMES), fc.string({ unit: 'binary', minLength: 1, maxLength: 8 }));
const scalarText = fc.oneof(
  fc.constantFrom(...NUMBERS, ...TEXTS, 'true', 'null', 'S'),
  fc.string({ unit: 'binary', maxLength: 8 }),
);
const wide = fc
  .constantFrom(2, 101, 150, 999)
  .map((count) => `[${Array.from({ length: count }, (_, at) => `"v${at}"`).join()}]`);
const narrow = fc.array(fc.constantFrom(...SCALARS), { maxLength: 5 }).map((all) => `[${all.join()}]`);

const suffixed = (of: string, operator: string) => (operator === '' ? of : `${of}__${operator}`);
const parameter: fc.Arbitrary<Query[number]> = fc.oneof(
  fc
    .tuple(name, fc.constantFrom(...SCALAR_OPERATORS), scalarText)
    .map(([of, operator, value]) => [suffixed(of, operator), value] as const),
  fc
    .tuple(name, fc.constantFrom(...LIST_OPERATORS), fc.oneof(narrow, wide))
    .map(([of, operator, value]) => [suffixed(of, operator), value] as const),
);

/** A tree of filters, wider than an expression can be, or deeper than any may be. */
const where: fc.Arbitrary<Query[number]> = fc
  .record({
    field: fc.constantFrom('color', 'status', 'rank', 'a.b', 'customer', 'number'),
    count: fc.constantFrom(2, 40, 170),
    depth: fc.constantFrom(0, 3, 29, 40),
    group: fc.constantFrom('any', 'all'),
  })
  .map(({ field, count, depth, group }) => {
    const operators = ['ne', 'contains', 'startswith', 'gt'];
    const leaf = (at: number) => ({ field, operator: operators[at % 4], value: `v${at}` });
    let tree: object = { [group]: Array.from({ length: count }, (_, at) => leaf(at)) };
    for (let level = 0; level < depth; level += 1) tree = { not: tree };
    return ['_where', JSON.stringify(tree)] as const;
  });

const reserved: fc.Arbitrary<Query[number]> = fc.oneof(
  fc.tuple(
    fc.constant('_sort'),
    name.chain((of) => fc.constantFrom(of, `-${of}`)),
  ),
  fc.tuple(
    fc.constant('_fields'),
    fc.array(name, { minLength: 1, maxLength: 60 }).map((all) => all.join()),
  ),
  fc.tuple(fc.constant('_limit'), fc.constantFrom('1', '2', '1000', '0', '-1', '1e3')),
  fc.tuple(fc.constant('_count'), fc.constantFrom('true', 'false', 'yes')),
  fc.tuple(fc.constant('_cursor'), fc.constantFrom('x', 'A'.repeat(400))),
);

const query: fc.Arbitrary<Query> = fc
  .tuple(
    fc.array(parameter, { maxLength: 3 }),
    fc.option(where, { nil: undefined, freq: 2 }),
    fc.array(reserved, { maxLength: 1 }),
  )
  .map(([all, tree, page]) => [...all, ...(tree ? [tree] : []), ...page]);

/** One attribute, so often that a policy's or a query's own part of an expression is full. */
const repeated: fc.Arbitrary<Query> = fc
  .record({
    of: fc.constantFrom('color', 'owner', 'status', 'number'),
    operator: fc.constantFrom('ne', 'eq', 'contains', 'gte'),
    count: fc.constantFrom(3, 60, 120),
  })
  .map(({ of, operator, count }) =>
    Array.from({ length: count }, (_, at) => [`${of}__${operator}`, String(at)] as const),
  );

const encoded = encodeURIComponent;
const segment = fc
  .oneof(fc.constantFrom(...TEXTS, ...NUMBERS), fc.string({ unit: 'binary', minLength: 1, maxLength: 6 }))
  .filter((text) => text !== '' && text !== '.' && text !== '..');
const orderKey = fc.tuple(segment, fc.constantFrom(...NUMBERS, 'x')).map((of) => of.map(encoded).join('/'));
const thingKey = segment.map(encoded);

function nested(levels: number): string {
  return levels === 0 ? '"x"' : levels % 2 === 0 ? `[${nested(levels - 1)}]` : `{"n":${nested(levels - 1)}}`;
}

const json = fc.oneof(
  fc.constantFrom(
    ...SCALARS,
    ...NUMBERS,
    nested(3),
    nested(29),
    nested(31),
    nested(33),
    '{}',
    '[]',
    '{"":1}',
    '{"a.b":1}',
    '{"x":1,"x":2}',
  ),
  fc.json({ maxDepth: 3 }),
);
const body = fc
  .array(
    fc.tuple(
      fc.oneof(fc.constantFrom('color', 'status', 'owner', 'rank', 'a', '_v', 'expires', ...hostileNames), name),
      json,
    ),
    { minLength: 1, maxLength: 4 },
  )
  .map((members) => members.map(([of, value]) => `${JSON.stringify(of)}:${value}`).join());

const reading = (path: fc.Arbitrary<string>, of: fc.Arbitrary<Query> = fc.constant([])): fc.Arbitrary<Ask> =>
  fc.tuple(path, of).map(([to, parameters]) => ({ method: 'GET', path: to, query: parameters }));

/** Lists, whose answers can be held against the reference. */
export const hostileLists: fc.Arbitrary<Ask> = reading(
  fc.constantFrom('/orders', '/orders', '/things'),
  fc.oneof({ arbitrary: query, weight: 4 }, { arbitrary: repeated, weight: 1 }),
);

export const hostileAsks: fc.Arbitrary<Ask> = fc.oneof(
  reading(
    fc.tuple(name, segment).map((of) => `/orders/${of.map(encoded).join('/')}`),
    query,
  ),
  reading(orderKey.map((key) => `/order/${key}`)),
  reading(thingKey.map((key) => `/thing/${key}`)),
  reading(thingKey.map((key) => `/order/${key}`)),
  reading(
    orderKey.map((key) => `/order-history/${key}`),
    fc.constantFrom<Query>([], [['time__between', '["2026","2027"]']]),
  ),
  reading(
    thingKey.map((key) => `/thing-audit/${key}`),
    fc.constantFrom<Query>(
      [],
      [
        ['after.color__ne', 'x'],
        ['before.a[0].b__exists', 'false'],
      ],
    ),
  ),
  fc
    .tuple(name, fc.oneof(narrow, wide))
    .map(([key, text]): Ask => ({ method: 'POST', path: `/order-search/${encoded(key)}`, text })),
  fc
    .tuple(segment, body)
    .map(([id, more]): Ask => ({ method: 'POST', path: '/thing', text: `{"id":${JSON.stringify(id)},${more}}` })),
  fc.tuple(segment, fc.constantFrom(...NUMBERS), body).map(([customer, number, more]): Ask => {
    return {
      method: 'POST',
      path: '/order',
      text: `{"customer":${JSON.stringify(customer)},"number":${number},"status":"new","created":"2026",${more}}`,
    };
  }),
  fc
    .tuple(
      fc.constantFrom('PUT' as const, 'PATCH' as const),
      fc.constantFrom('/order/ann/1', '/order/bob/2', '/thing/a', '/thing/b'),
      body,
    )
    .map(([method, path, text]): Ask => ({ method, path, text: `{${text}}` })),
  fc.constantFrom('/order/ann/1', '/thing/b').map((path): Ask => ({ method: 'DELETE', path })),
);
