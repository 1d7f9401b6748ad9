// docs/reference/query.md, "Conditions", sentence by sentence, over real events and a real engine.

import { beforeAll, describe, expect, it } from 'vitest';
import { api } from '../../lib/definition/api.ts';
import { list } from '../../lib/definition/endpoint.ts';
import { table } from '../../lib/definition/table.ts';
import { keyRecord, useApi } from '../support/api.ts';

const things = table('things', {
  partitionKey: { id: 'string' },
  attributes: {
    type: 'string',
    status: 'string',
    price: 'number',
    sold: 'boolean',
    cost: { type: 'number', hidden: true },
  },
});
const { send, auth, items } = useApi(
  api({
    tables: [things],
    endpoints: [
      list('/things', things),
      list('/things/of/{type}', things),
      list('/things/{search_key}/{search_value}', things),
    ],
  }),
);
const as = 'admin';
type Pairs = readonly (readonly [string, string])[];

beforeAll(async () => {
  await auth(keyRecord('admin'), keyRecord('no-price', { exclude_fields: ['price', 'nowhere', 'a.b'] }));
  await items(
    'things',
    { id: 'n5', level: 5, type: 'a', status: 'x', price: 5, sold: true, tags: ['red', 5, true, null] },
    { id: 's5', level: '5', type: 'b', status: 'x', price: 50, sold: false, tags: new Set(['red', '5']) },
    { id: 'true', level: true, type: 'a', status: 'y', a: { b: [{ c: 1 }, { c: 'two' }] } },
    { id: 'strue', level: 'true', type: '5', status: 'null', created: '2025-05-05' },
    { id: 'null', level: null, created: '2026-06-06', numbers: new Set([5, 7]) },
    { id: 'snull', level: 'null', created: 2026, a__b: 'double' },
    { id: 'quoted', level: '"5"', text: 'half" a quote', type: '"a"' },
    { id: 'none', list: [[1, 2], [3]], when: '5 o’clock', year: 2030 },
  );
});

async function ids(query: Pairs, path = '/things'): Promise<string[]> {
  const answer = await send('GET', path, { as, query });
  expect([answer.status, answer.json.errors]).toEqual([200, undefined]);
  return answer.json.map(({ id }: { id: string }) => id).sort();
}

const EVERY = ['n5', 'none', 'null', 'quoted', 's5', 'snull', 'strue', 'true'];
const without = (...some: string[]) => EVERY.filter((id) => !some.includes(id));

describe('a condition', () => {
  it.each<[string, Pairs, string[]]>([
    ['eq is what is meant without an operator', [['status', 'x']], ['n5', 's5']],
    ['and can be written', [['status__eq', 'x']], ['n5', 's5']],
    [
      'parameters are joined by AND',
      [
        ['status', 'x'],
        ['type', 'b'],
      ],
      ['s5'],
    ],
    [
      'one attribute with two operators',
      [
        ['price__gt', '5'],
        ['price__lt', '51'],
      ],
      ['s5'],
    ],
    ['ne', [['status__ne', 'x']], without('n5', 's5')],
    ['in', [['status__in', '["x","y"]']], ['n5', 's5', 'true']],
    ['notin', [['status__notin', '["x","y"]']], without('n5', 's5', 'true')],
    ['an empty in', [['status__in', '[]']], []],
    ['an empty notin', [['status__notin', '[]']], EVERY],
    ['startswith', [['created__startswith', '2026']], ['null']],
    ['startswith in quotes', [['created__startswith', '"2026"']], ['null']],
    ['contains in text', [['text__contains', 'a quote']], ['quoted']],
    ['contains in a list or set', [['tags__contains', 'red']], ['n5', 's5']],
    ['notcontains', [['tags__notcontains', 'red']], without('n5', 's5')],
    ['exists', [['price__exists', 'true']], ['n5', 's5']],
    ['exists not', [['price__exists', 'false']], without('n5', 's5')],
    ['null exists', [['level__exists', 'false']], ['none']],
    ['gt', [['price__gt', '5']], ['s5']],
    ['lt', [['price__lt', '50']], ['n5']],
    ['gte', [['price__gte', '50']], ['s5']],
    ['its alias ge', [['price__ge', '50']], ['s5']],
    ['lte', [['price__lte', '5']], ['n5']],
    ['its alias le', [['price__le', '5']], ['n5']],
    ['between', [['price__between', '[5,50]']], ['n5', 's5']],
    ['between of one point', [['price__between', '[5,5.0]']], ['n5']],
    ['type', [['level__type', 'BOOL']], ['true']],
    ['type of a set', [['tags__type', 'SS']], ['s5']],
    ['haselements', [['tags__haselements', '["red",5]']], ['n5']],
    ['haselements of a set', [['tags__haselements', '["red","5"]']], ['s5']],
    ['a nested path', [['a.b[1].c', 'two']], ['true']],
    ['a list index', [['tags[0]', 'red']], ['n5']],
    ['an index of an index', [['list[0][1]', '2']], ['none']],
    ['an index beyond', [['tags[9]__exists', 'true']], []],
    ['a path with __ in it, written with its operator', [['a__b__eq', 'double']], ['snull']],
  ])('%s', async (_, query, expected) => {
    expect(await ids(query)).toEqual(expected);
  });
});

describe('a value', () => {
  it.each<[string, Pairs, string[]]>([
    ['that is a JSON number means number and text', [['level', '5']], ['n5', 's5']],
    ['and the number in any spelling', [['level', '5.0']], ['n5']],
    ['true means both', [['level', 'true']], ['strue', 'true']],
    ['null means both', [['level', 'null']], ['null', 'snull']],
    ['ne excludes both', [['level__ne', '5']], without('n5', 's5')],
    ['contains has both', [['tags__contains', '5']], ['n5', 's5']],
    ['in a number set too', [['numbers__contains', '5']], ['null']],
    ['notcontains excludes both', [['tags__notcontains', '5']], without('n5', 's5')],
    ['in double quotes is text', [['level', '"5"']], ['s5']],
    ['in double quotes twice is text in quotes', [['level', '"\\"5\\""']], ['quoted']],
    ['with one quote is text', [['text', 'half" a quote']], ['quoted']],
    ['in JSON is as written: number', [['level__in', '[5]']], ['n5']],
    ['in JSON is as written: text', [['level__in', '["5",true]']], ['s5', 'true']],
    ['ordered, that is a number, is a number', [['created__gt', '2025']], ['snull']],
    ['ordered, else, is text', [['created__gt', '2025-01']], ['null', 'strue']],
    ['ordered, in quotes, is text', [['created__gt', '"2026"']], ['null']],
    ['of a declared text is that text', [['type', '5']], ['strue']],
    ['of a declared text may be quotes', [['type', '"a"']], ['quoted']],
    ['of a declared text may look like null', [['status', 'null']], ['strue']],
    ['of a declared number is a number', [['price', '5e0']], ['n5']],
    ['of a declared boolean is one', [['sold', 'true']], ['n5']],
    ['of another type in a list finds nothing', [['price__in', '["5"]']], []],
    ['is any text', [['when', '5 o’clock']], ['none']],
    ['is kept to 38 digits', [['level', '1'.repeat(38)]], []],
  ])('%s', async (_, query, expected) => {
    expect(await ids(query)).toEqual(expected);
  });
});

describe('a repeated parameter', () => {
  it.each<[string, Pairs, string[]]>([
    [
      'means one of them',
      [
        ['status', 'x'],
        ['status', 'y'],
      ],
      ['n5', 's5', 'true'],
    ],
    [
      'also where it is written as eq',
      [
        ['status', 'x'],
        ['status__eq', 'y'],
      ],
      ['n5', 's5', 'true'],
    ],
    [
      'of another operator means all: ne',
      [
        ['status__ne', 'x'],
        ['status__ne', 'y'],
      ],
      without('n5', 's5', 'true'),
    ],
    [
      'of another operator means all: contains',
      [
        ['tags__contains', 'red'],
        ['tags__contains', 'true'],
      ],
      ['n5'],
    ],
    [
      'of another operator means all: in',
      [
        ['status__in', '["x","y"]'],
        ['status__in', '["y"]'],
      ],
      ['true'],
    ],
    [
      'of another operator means all: gt',
      [
        ['price__gt', '1'],
        ['price__gt', '10'],
      ],
      ['s5'],
    ],
    [
      'by its alias too',
      [
        ['price__gte', '5'],
        ['price__ge', '6'],
      ],
      ['s5'],
    ],
  ])('%s', async (_, query, expected) => {
    expect(await ids(query)).toEqual(expected);
  });
});

describe('path parameters', () => {
  it.each<[string, string, Pairs, string[]]>([
    ['are conditions', '/things/status/x', [], ['n5', 's5']],
    ['mean both readings too', '/things/level/5', [], ['n5', 's5']],
    ['may be nested', '/things/a.b[0].c/1', [], ['true']],
    ['are decoded once', '/things/when/5%20o%E2%80%99clock', [], ['none']],
    ['of any name are that attribute', '/things/of/a', [], ['n5', 'true']],
    [
      'replace a parameter of their name',
      '/things/type/a',
      [
        ['status', 'x'],
        ['type', 'b'],
      ],
      ['n5'],
    ],
    [
      'also where it is their own',
      '/things/of/a',
      [
        ['status', 'x'],
        ['type', 'b'],
      ],
      ['n5'],
    ],
    ['also where that one is malformed', '/things/price/5', [['price', 'no number']], ['n5']],
    ['and join with another operator', '/things/type/a', [['type__ne', 'a']], []],
  ])('%s', async (_, path, query, expected) => {
    expect(await ids(query, path)).toEqual(expected);
  });

  it.each(['status__eq', 'price__ge', '_where', '_limit', '_cursor', '_sort', '_fields', '_count', '_explain', 'a..b'])(
    'take plain paths only: %s',
    async (key) => {
      const answer = await send('GET', `/things/${key}/x`, { as });
      expect([answer.status, answer.json.code, answer.json.errors[0].path]).toEqual([
        400,
        'invalid_query',
        'search_key',
      ]);
    },
  );
});

describe('_where', () => {
  const where = (filter: unknown): Pairs => [['_where', JSON.stringify(filter)]];
  it.each<[string, unknown, string[]]>([
    [
      'any',
      {
        any: [
          { field: 'status', value: 'y' },
          { field: 'price', operator: 'gt', value: 5 },
        ],
      },
      ['s5', 'true'],
    ],
    [
      'all',
      {
        all: [
          { field: 'status', value: 'x' },
          { field: 'sold', value: true },
        ],
      },
      ['n5'],
    ],
    ['not, true where the attribute is missing', { not: { field: 'status', value: 'x' } }, without('n5', 's5')],
    ['a field', { field: 'level', value: 5 }, ['n5']],
    ['types are as written', { field: 'level', value: '5' }, ['s5']],
    ['a list means in', { field: 'status', value: ['x', 'y'] }, ['n5', 's5', 'true']],
    ['exists with true', { field: 'price', operator: 'exists', value: true }, ['n5', 's5']],
    ['exists with "true"', { field: 'price', operator: 'exists', value: 'true' }, ['n5', 's5']],
    ['an alias', { field: 'price', operator: 'ge', value: 50 }, ['s5']],
    ['an empty any is false', { any: [] }, []],
    ['an empty all is true', { all: [] }, EVERY],
  ])('%s', async (_, filter, expected) => {
    expect(await ids(where(filter))).toEqual(expected);
  });

  it('is joined with the other parameters by AND', async () => {
    expect(await ids([...where({ field: 'status', value: 'x' }), ['type', 'a']])).toEqual(['n5']);
  });
});

describe('refused with the name of the parameter', () => {
  it.each<[string, string, string]>([
    ['an unknown operator', 'price__grater', '5'],
    ['no operator after __', 'a__b', '5'],
    ['an operator in capitals', 'price__GT', '5'],
    ['an empty name', '', '5'],
    ['a name that is an operator only', '__eq', '5'],
    ['an empty value', 'level', ''],
    ['an empty value of an operator', 'level__ne', ''],
    ['two dots', 'a..b', '1'],
    ['a dot at the end', 'a.', '1'],
    ['a text index', 'a[b]', '1'],
    ['a negative index', 'a[-1]', '1'],
    ['an index first', '[0]', '1'],
    ['an open index', 'a[0', '1'],
    ['a control character', 'a\u0007', '1'],
    ['a deep path', `a${'.a'.repeat(40)}`, '1'],
    ['in without a list', 'level__in', 'a'],
    ['in with an object', 'level__in', '{"a":1}'],
    ['in with a list inside', 'level__in', '[[1]]'],
    ['in with 1,001 values', 'level__in', JSON.stringify(Array.from({ length: 1001 }, (_, at) => at))],
    ['in with half a list', 'level__in', '[1,'],
    ['notin without a list', 'level__notin', '5'],
    ['haselements of nothing', 'tags__haselements', '[]'],
    ['between of one', 'price__between', '[1]'],
    ['between of three', 'price__between', '[1,2,3]'],
    ['between of two types', 'price__between', '[1,"2"]'],
    ['between, high before low', 'price__between', '[2,1]'],
    ['between of booleans', 'price__between', '[false,true]'],
    ['between of no list', 'price__between', '1,2'],
    ['exists, neither', 'price__exists', 'yes'],
    ['exists, of two', 'price__exists', 'TRUE'],
    ['a type that is none', 'price__type', 'STRING'],
    ['a declared number that is text', 'price', 'cheap'],
    ['a declared number that is half one', 'price__gt', '0x10'],
    ['a declared number with a sign', 'price', '+5'],
    ['a declared boolean that is none', 'sold', '1'],
    ['an ordered boolean', 'sold__gt', 'true'],
    ['39 digits', 'level', '1'.repeat(39)],
    ['39 digits, ordered', 'level__gt', '1'.repeat(39)],
    ['39 digits in a list', 'level__in', `[${'1'.repeat(39)}]`],
    ['an exponent beyond', 'level', '1e126'],
    ['_where that is no JSON', '_where', 'status=x'],
    ['_where that is a list', '_where', '[]'],
    ['_where with a variable', '_where', '{"field":"id","value":{"$var":"user.id"}}'],
    ['_where with a table', '_where', '{"field":"id","value":1,"table":"things"}'],
    ['_where with a key too many', '_where', '{"any":[],"all":[]}'],
    ['_where with an unknown operator', '_where', '{"field":"id","operator":"=","value":1}'],
    ['_where with a bad path', '_where', '{"field":"a..b","value":1}'],
    ['_limit 0', '_limit', '0'],
    ['_limit 1001', '_limit', '1001'],
    ['_limit 1.5', '_limit', '1.5'],
    ['_limit in words', '_limit', 'all'],
    ['_limit that is empty', '_limit', ''],
    ['_explain, until it is specified', '_explain', 'true'],
    ['a reserved name as a condition', '_count__eq', '5'],
    ['a reserved name with an operator', '_where__exists', 'true'],
  ])('%s', async (_, name, value) => {
    const answer = await send('GET', '/things', { as, query: [[name, value]] });
    expect([answer.status, answer.json.code]).toEqual([400, 'invalid_query']);
    expect(answer.json.errors.map(({ path }: { path: string }) => path.startsWith(name))).toEqual([true]);
  });

  it('every one of them at once', async () => {
    const query: Pairs = [
      ['a..b', '1'],
      ['price', 'x'],
      ['status', 'x'],
      ['_limit', '0'],
      ['b__foo', '1'],
    ];
    const answer = await send('GET', '/things', { as, query });
    const names = answer.json.errors.map(({ path }: { path: string }) => path);
    expect(names.sort()).toEqual(['_limit', 'a..b', 'b__foo', 'price']);
  });

  it('an unknown operator with all operators and the nearest', async () => {
    const answer = await send('GET', '/things', { as, query: [['price__grt', '1']] });
    expect(answer.json.errors[0].message).toMatch(/did you mean "gte?"\?/);
    for (const name of ['eq', 'notin', 'haselements', 'between', 'startswith'])
      expect(answer.json.errors[0].message).toContain(name);
    expect(answer.json.errors[0].message).toContain('price__grt__eq');
  });

  it('a reserved parameter given twice', async () => {
    for (const name of ['_limit', '_where']) {
      const value = name === '_limit' ? '1' : '{"all":[]}';
      const answer = await send('GET', '/things', {
        as,
        query: [
          [name, value],
          [name, value],
        ],
      });
      expect([answer.status, answer.json.errors[0].path]).toEqual([400, name]);
    }
  });
});

describe('a hidden path', () => {
  const caller = 'no-price';

  it.each<[string, string, string]>([
    ['price', '5', 'of a value it could have'],
    ['price', 'cheap', 'of a value it could not have'],
    ['price__in', '[]', 'where nothing is asked'],
    ['price__notin', '[]', 'where everything is asked'],
    ['price__between', '["a","b"]', 'of another type'],
    ['_where', '{"all":[{"any":[]},{"field":"price","value":1}]}', 'behind what is false anyway'],
    ['_where', '{"any":[{"all":[]},{"not":{"field":"price","value":1}}]}', 'beside what is true anyway'],
    ['_where', '{"field":"a","operator":"exists","value":true}', 'above one'],
    ['a.b[0].c', '1', 'below one'],
    ['cost', 'cheap', 'that the definition hides and declares'],
    ['cost', '1', 'that the definition hides'],
    ['nowhere', 'cheap', 'that is nowhere'],
  ])('is refused: %s=%s, %s', async (name, value) => {
    const answer = await send('GET', '/things', { as: caller, query: [[name, value]] });
    expect([answer.status, answer.json.code]).toEqual([403, 'field_not_permitted']);
  });

  it('is refused in the path too', async () => {
    for (const path of ['/things/price/5', '/things/price/cheap', '/things/nowhere/5']) {
      expect((await send('GET', path, { as: caller })).status).toBe(403);
    }
  });

  it('adds nothing to the faults of other parameters', async () => {
    const faults = async (name: string) => {
      const query: Pairs = [
        [name, 'cheap'],
        ['a..b', '1'],
      ];
      return (await send('GET', '/things', { as: caller, query })).json.errors;
    };
    expect(await faults('price')).toEqual(await faults('nowhere'));
  });
});
