// docs/reference/query.md, "Conditions", sentence by sentence.

import { describe, expect, it } from 'vitest';
import { ApiError } from '../../../lib/base/errors.ts';
import type { Item } from '../../../lib/base/value.ts';
import { evaluator } from '../../../lib/condition/evaluate.ts';
import { table } from '../../../lib/definition/table.ts';
import { type Parameter, parseQuery } from '../../../lib/query/query.ts';
import { codeOf, keyPolicy } from '../../support/access.ts';
import { item } from '../../support/values.ts';

const open = table('open', { partitionKey: { id: 'string' } });
const typed = table('typed', {
  partitionKey: { id: 'string' },
  attributes: { n: 'number', s: 'string', b: 'boolean', cost: { type: 'number', hidden: true } },
});

/** `a=1&b=2` without decoding: what a gateway hands on is decoded. */
function parameters(text: string): Parameter[] {
  if (text === '') return [];
  return text.split('&').map((pair): Parameter => {
    const at = pair.search(/(?<![<>!])=/);
    return [pair.slice(0, at), pair.slice(at + 1)];
  });
}

const parse = (text: string, path: Record<string, string> = {}, of = open) =>
  parseQuery(parameters(text), new Map(Object.entries(path)), of);

function faults(text: string, path: Record<string, string> = {}, of = open) {
  try {
    parse(text, path, of);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    expect(error.code).toBe('invalid_query');
    return error.faults;
  }
  return [];
}

const idsOf = (items: readonly Item[]) => items.map(({ id }) => (id && 'S' in id ? id.S : ''));
const find = (items: readonly Item[], text: string, path: Record<string, string> = {}, of = open) =>
  idsOf(items.filter(evaluator(parse(text, path, of).condition)));

const rows = [
  item({ id: 'text', v: '5' }),
  item({ id: 'number', v: 5 }),
  item({ id: 'larger', v: 10 }),
  item({ id: 'word', v: 'word' }),
  item({ id: 'true-text', v: 'true' }),
  item({ id: 'true', v: true }),
  item({ id: 'null-text', v: 'null' }),
  item({ id: 'null', v: null }),
  item({ id: 'list', v: ['5', 5, true] }),
  item({ id: 'missing' }),
];
const every = idsOf(rows);
const but = (...ids: string[]) => every.filter((id) => !ids.includes(id));

describe('a condition', () => {
  it.each([
    ['v=word', ['word']],
    ['v__eq=word', ['word']],
    ['v__ne=word', but('word')],
    ['v__in=["word",10]', ['larger', 'word']],
    ['v__in=[]', []],
    ['v__notin=["word",10]', but('larger', 'word')],
    ['v__notin=[]', every],
    ['v__startswith=wo', ['word']],
    ['v__startswith=5', ['text']],
    ['v__startswith="5"', ['text']],
    ['v__contains=or', ['word']],
    ['v__notcontains=or', but('word')],
    ['v__exists=true', but('missing')],
    ['v__exists=false', ['missing']],
    ['v__gt=5', ['larger']],
    ['v__gte=5', ['number', 'larger']],
    ['v__ge=5', ['number', 'larger']],
    ['v__lt=10', ['number']],
    ['v__lte=10', ['number', 'larger']],
    ['v__le=10', ['number', 'larger']],
    ['v__between=[5,9]', ['number']],
    ['v__between=["5","null"]', ['text', 'null-text']],
    ['v__between=[5,5]', ['number']],
    ['v__type=S', ['text', 'word', 'true-text', 'null-text']],
    ['v__type=NULL', ['null']],
    ['v__haselements=["5",true]', ['list']],
    ['v__haselements=["5","x"]', []],
  ])('%s', (text, ids) => {
    expect(find(rows, text)).toEqual(ids);
  });

  it('is joined with every other by AND', () => {
    expect(find(rows, 'v__type=N&v__gt=5')).toEqual(['larger']);
    expect(find(rows, '')).toEqual(every);
  });

  it('names a path', () => {
    const nested = [item({ id: 'a', x: { y: [{ z: 1 }] } }), item({ id: 'b', 'x.y[0].z': 1 })];
    expect(find(nested, 'x.y[0].z=1')).toEqual(['a']);
  });

  it('has an operator behind the last "__", and a path with "__" is written with its operator', () => {
    const odd = [item({ id: 'a', a__b: 1 }), item({ id: 'b', a__eq: 1 }), item({ id: 'c', a_: 1 })];
    expect(find(odd, 'a__b__eq=1')).toEqual(['a']);
    expect(find(odd, 'a__eq__eq=1')).toEqual(['b']);
    expect(find(odd, 'a___eq=1')).toEqual(['c']);
  });
});

describe('the types of an undeclared attribute', () => {
  it.each([
    ['v=5', ['text', 'number']],
    ['v="5"', ['text']],
    ['v__ne=5', but('text', 'number')],
    ['v__ne="5"', but('text')],
    ['v=5.0', ['number']],
    ['v=true', ['true-text', 'true']],
    ['v__ne=true', but('true-text', 'true')],
    ['v="true"', ['true-text']],
    ['v=null', ['null-text', 'null']],
    ['v__ne=null', but('null-text', 'null')],
    ['v__contains=5', ['text', 'list']],
    ['v__notcontains=5', but('text', 'list')],
    ['v=TRUE', []],
    ['v__gt="4"', ['text', 'word', 'true-text', 'null-text']],
    ['v__gt=4', ['number', 'larger']],
    ['v__gt=4x', ['text', 'word', 'true-text', 'null-text']],
    ['v__gt=true', ['word']],
    ['v__in=["5"]', ['text']],
    ['v__in=[5]', ['number']],
    ['v__in=[null,true]', ['true', 'null']],
  ])('%s', (text, ids) => {
    expect(find(rows, text)).toEqual(ids);
  });

  it.each([
    ['05', '05'],
    ['+5', '+5'],
    ['5.', '5.'],
    ['"a', '"a'],
    ['""', ''],
    ['"a\\"b"', 'a"b'],
    ['"a" and "b"', '"a" and "b"'],
    [' ', ' '],
    ['a=b', 'a=b'],
    ['%2F', '%2F'],
  ])('is text for %s', (text, stored) => {
    const one = [item({ id: 'found', v: stored }), item({ id: 'n', v: 5 })];
    const { condition } = parseQuery([['v', text]], new Map(), open);
    expect(idsOf(one.filter(evaluator(condition)))).toEqual(['found']);
  });

  it('is exact to 38 digits, and more are refused', () => {
    const digits = '12345678901234567890123456789012345678';
    const two = [item({ id: 'exact', v: BigInt(digits) }), item({ id: 'next', v: BigInt(digits) + 1n })];
    expect(find(two, `v=${digits}`)).toEqual(['exact']);
    expect(find(two, `v__gt=${digits}`)).toEqual(['next']);
    for (const text of [`v=${digits}9`, `v__gt=${digits}9`, `v__in=[${digits}9]`, 'v=1e126', 'v__lt=1e-131']) {
      expect(faults(text), text).toHaveLength(1);
    }
  });
});

describe('the type of a declared attribute', () => {
  const declared = [
    item({ id: 'a', n: 5, s: '5', b: true }),
    item({ id: 'b', n: '5', s: 5, b: 'true' }),
    item({ id: 'c', s: '"5"' }),
  ];

  it.each([
    ['n=5', ['a']],
    ['n__ne=5', ['b', 'c']],
    ['n__gt=4', ['a']],
    ['s=5', ['a']],
    ['s="5"', ['c']],
    ['s__gt=4', ['a']],
    ['b=true', ['a']],
    ['s__startswith="', ['c']],
    ['s__startswith="5"', ['c']],
  ])('is what %s is read as', (text, ids) => {
    expect(find(declared, text, {}, typed)).toEqual(ids);
  });

  it.each(['n=abc', 'n="5"', 'n=05', 'n__gt=abc', 'b=1', 'b=True', 'n=null', `n=${'1'.repeat(39)}`])(
    'is not what %s can be read as',
    (text) => {
      expect(faults(text, {}, typed).map(({ path }) => path)).toEqual([text.split('=')[0]]);
    },
  );
});

describe('a path parameter', () => {
  const two = [item({ id: 'x', type: 'a', status: 's' }), item({ id: 'y', type: 'b', status: 's' })];
  const search = (search_key: string, search_value: string) => ({ search_key, search_value });

  it('is a condition', () => {
    expect(find(two, '', search('type', 'a'))).toEqual(['x']);
    expect(find(two, '', { type: 'b' })).toEqual(['y']);
    expect(find([item({ id: 'n', v: { w: 5 } })], '', search('v.w', '5'))).toEqual(['n']);
  });

  it('replaces a query parameter of the same name', () => {
    expect(find(two, 'status=s&type=b', search('type', 'a'))).toEqual(['x']);
    expect(find(two, 'type=b&type=a', { type: 'b' })).toEqual(['y']);
  });

  it('is joined with query parameters of other names, also on the same attribute', () => {
    expect(find(two, 'status=other', search('type', 'a'))).toEqual([]);
    expect(find(two, 'type__ne=a', search('type', 'a'))).toEqual([]);
  });

  it.each(['type__ne', 'type__eq', 'type__in', '_where', '_limit', '_explain', 'a..b', 'a[b]', '', 'a\u0000'])(
    'names a plain path, not %j',
    (name) => {
      expect(faults('', search(name, 'a'))).toHaveLength(1);
    },
  );

  it('may name a path with "__" in it', () => {
    expect(find([item({ id: 'z', a__b: 'x' })], '', search('a__b', 'x'))).toEqual(['z']);
  });
});

describe('a repeated parameter', () => {
  it.each([
    ['v=word&v=10', ['larger', 'word']],
    ['v=5&v=word', ['text', 'number', 'word']],
    ['v__eq=word&v=10', ['larger', 'word']],
    ['v__ne=word&v__ne=10', but('larger', 'word')],
    ['v__contains=5&v__contains=true', ['list']],
    ['v__gt=4&v__gt=6', ['larger']],
    ['v__in=["word",10]&v__in=[10,5]', ['larger']],
    ['v__exists=true&v__exists=false', []],
  ])('%s', (text, ids) => {
    expect(find(rows, text)).toEqual(ids);
  });
});

describe('what is wrong', () => {
  it.each([
    ['an empty value', 'v=', 'v'],
    ['an empty value with an operator', 'v__ne=', 'v__ne'],
    ['an empty name', '=v', ''],
    ['an empty name with an operator', '__eq=v', '__eq'],
    ['an empty step', 'a..b=1', 'a..b'],
    ['an index that is a name', 'a[b]=1', 'a[b]'],
    ['a dot at the end', 'a.=1', 'a.'],
    ['a control character', 'a\u0001=1', 'a\u0001'],
    ['in that is no list', 'v__in=1', 'v__in'],
    ['in that is no JSON', 'v__in=a,b', 'v__in'],
    ['in of maps', 'v__in=[{}]', 'v__in'],
    ['notin that is no list', 'v__notin="a"', 'v__notin'],
    ['between of one', 'v__between=[1]', 'v__between'],
    ['between of three', 'v__between=[1,2,3]', 'v__between'],
    ['between from high to low', 'v__between=[2,1]', 'v__between'],
    ['between of two types', 'v__between=[1,"2"]', 'v__between'],
    ['between of booleans', 'v__between=[false,true]', 'v__between'],
    ['exists that is neither', 'v__exists=1', 'v__exists'],
    ['exists in upper case', 'v__exists=True', 'v__exists'],
    ['a type that is none', 'v__type=string', 'v__type'],
    ['haselements that is no list', 'v__haselements=a', 'v__haselements'],
    ['a limit of nothing', '_limit=0', '_limit'],
    ['a limit beyond 1000', '_limit=1001', '_limit'],
    ['a limit below nothing', '_limit=-1', '_limit'],
    ['a limit in pieces', '_limit=1.5', '_limit'],
    ['a limit in words', '_limit=ten', '_limit'],
    ['an empty limit', '_limit=', '_limit'],
    ['a limit twice', '_limit=1&_limit=2', '_limit'],
    ['an explanation', '_explain=true', '_explain'],
    ['a filter that is no JSON', '_where={', '_where'],
    ['an empty filter', '_where=', '_where'],
    ['a filter twice', '_where={"any":[]}&_where={"all":[]}', '_where'],
    ['a filter that is a list', '_where=[]', '_where'],
    ['a filter of an unknown operator', '_where={"field":"a","operator":"like","value":"x"}', '_where.operator'],
    ['a filter of a table', '_where={"field":"a","value":1,"table":"open"}', '_where.table'],
    ['a filter with a variable', '_where={"field":"a","value":{"$var":"user.id"}}', '_where.value'],
    ['a filter with a key twice', '_where={"field":"a","field":"b","value":1}', '_where'],
    ['a filter nested too deep', `_where=${'{"not":'.repeat(33)}{}${'}'.repeat(33)}`, '_where'],
  ])('names its parameter: %s', (_, text, path) => {
    expect(faults(text).map((fault) => fault.path)).toEqual([path]);
  });

  it('is said all at once', () => {
    expect(faults('a..b=1&v__in=x&_limit=0&c=ok').map(({ path }) => path)).toEqual(['a..b', 'v__in', '_limit']);
  });

  it.each([
    ['v__startwith=a', 'startswith'],
    ['v__contain=a', 'contains'],
    ['v__eqs=a', 'eq'],
    ['v__betwen=[1,2]', 'between'],
    ['v__EQ=a', 'eq'],
  ])('about an operator names the operators and the nearest: %s', (text, nearest) => {
    const [fault] = faults(text);
    expect(fault?.message).toContain(`"${nearest}"`);
    for (const name of ['eq', 'ne', 'in', 'notin', 'startswith', 'between', 'haselements']) {
      expect(fault?.message).toContain(name);
    }
  });
});

describe('a reserved name', () => {
  const odd = item({ id: 'a', _limit: 5, _where: 'x' });

  it('is never a condition', () => {
    expect(find([odd], '_limit=7')).toEqual(['a']);
    expect(parse('_limit=7').page.limit).toBe(7);
    expect(parse('_limit=1000').page.limit).toBe(1000);
    expect(parse('').page.limit).toBeUndefined();
  });

  it('is not every name with a line before it', () => {
    expect(find([item({ id: 'a', _v: 1 }), item({ id: 'b', _v: 2 })], '_v=1')).toEqual(['a']);
  });
});

describe('_where', () => {
  it.each([
    ['{"field":"v","value":5}', ['number']],
    ['{"field":"v","value":"5"}', ['text']],
    ['{"field":"v","value":["5",10]}', ['text', 'larger']],
    ['{"any":[{"field":"v","value":10},{"field":"v","operator":"exists","value":false}]}', ['larger', 'missing']],
    ['{"all":[{"field":"v","operator":"type","value":"N"},{"not":{"field":"v","value":5}}]}', ['larger']],
    ['{"not":{"field":"v","operator":"exists","value":"true"}}', ['missing']],
    ['{"field":"v","operator":"ge","value":10}', ['larger']],
    ['{"any":[]}', []],
    ['{"all":[]}', every],
    ['{"not":{"field":"v","value":5}}', but('number')],
    ['{"field":"v","operator":"notin","value":[]}', every],
  ])('%s', (text, ids) => {
    expect(find(rows, `_where=${text}`)).toEqual(ids);
  });

  it('is joined with the rest by AND', () => {
    expect(find(rows, 'v__exists=true&_where={"not":{"field":"v","operator":"type","value":"S"}}')).toEqual(
      but('text', 'word', 'true-text', 'null-text', 'missing'),
    );
  });
});

describe('a query that names a hidden path', () => {
  const policy = keyPolicy({ exclude_fields: ['secret', 'a.b'] }, { table: typed });
  const code = (text: string, path: Record<string, string> = {}) =>
    codeOf(() => policy.checkQueried(parse(text, path, typed).paths));

  it.each([
    'secret=1',
    'secret__exists=true',
    'secret.below=1',
    'a=1',
    'a.b__ne=1',
    'a[0].b=1',
    // What a condition folds away was still asked.
    'secret__in=[]',
    'secret__notin=[]',
    's__in=[]&secret=1',
    '_where={"field":"secret","value":[]}',
    '_where={"any":[{"field":"secret","value":1},{"all":[]}]}',
    '_where={"all":[{"any":[]},{"not":{"field":"secret","value":1}}]}',
    '_where={"not":{"any":[{"all":[]},{"field":"a","value":1}]}}',
  ])('is refused: %s', (text) => {
    expect(code(text)).toBe('field_not_permitted');
  });

  it('is refused in the path too', () => {
    expect(code('', { search_key: 'secret', search_value: 'x' })).toBe('field_not_permitted');
  });

  it('is refused alike whether or not the definition knows the path', () => {
    for (const text of ['cost=abc', 'cost=5', 'cost__gt=abc', 'secret=abc'])
      expect(code(text)).toBe('field_not_permitted');
  });

  it.each(['a.c=1', 's=x', '_where={"any":[]}', ''])('is not refused: %s', (text) => {
    expect(code(text)).toBeUndefined();
  });
});
