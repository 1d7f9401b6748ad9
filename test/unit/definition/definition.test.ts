// "A mistake in a definition … is one clear error at synth, naming the line of the definition."

import { describe, expect, it } from 'vitest';
import { type ApiOptions, api, days } from '../../../lib/definition/api.ts';
import { DefinitionError } from '../../../lib/definition/definition-error.ts';
import {
  audit,
  create,
  findEndpoint,
  get,
  history,
  list,
  patch,
  remove,
  update,
} from '../../../lib/definition/endpoint.ts';
import { keyNames, type TableOptions, table } from '../../../lib/definition/table.ts';

const items = table('items', { partitionKey: { id: 'string' }, attributes: { status: 'string' } });
const orders = table('orders', { partitionKey: { customer: 'string' }, sortKey: { number: 'number' } });

function mistake(make: () => unknown): string {
  try {
    make();
  } catch (error) {
    expect(error).toBeInstanceOf(DefinitionError);
    return (error as Error).message;
  }
  throw new Error('nothing is refused');
}

const passes = (): boolean => true;
const step = (options: object) => update('/item/{id}', items, options as Parameters<typeof update>[2]);

/** A message leads with the file and line of this very test. */
const HERE = /^\S*test\/unit\/definition\/definition\.test\.ts:(\d+): /;

describe('a mistake in a table', () => {
  it.each([
    ['a name too short', 'ab', {}, "table 'ab'"],
    ['a name DynamoDB refuses', 'my items', {}, "table 'my items'"],
    ['an option that is none', 'items', { partitonKey: { id: 'string' } }, 'partitonKey'],
    ['a key that is not declared', 'items', { partitionKey: 'id' }, "'id'"],
    ['a key of two attributes', 'items', { partitionKey: { id: 'string', other: 'string' } }, 'one attribute'],
    ['a key of none', 'items', { partitionKey: {} }, 'one attribute'],
    ['a boolean key', 'items', { partitionKey: 'id', attributes: { id: 'boolean' } }, "'id'"],
    ['two types for one key', 'items', { attributes: { id: 'number' } }, "'id'"],
    ['a hidden key', 'items', { attributes: { id: { type: 'string', hidden: true } } }, "'id'"],
    ['an index on an undeclared attribute', 'items', { indexes: { by_x: { partitionKey: 'x' } } }, "'x'"],
    [
      'an index sorted by an undeclared attribute',
      'items',
      { indexes: { by_id: { partitionKey: 'id', sortKey: 'x' } } },
      "'x'",
    ],
    ['an index with a bad name', 'items', { indexes: { 'by x': { partitionKey: 'id' } } }, "'by x'"],
    [
      'two types for an index key',
      'items',
      { attributes: { n: 'string' }, indexes: { by_n: { partitionKey: { n: 'number' } } } },
      "'n'",
    ],
    [
      'an index with an option that is none',
      'items',
      { indexes: { by_id: { partitionKey: 'id', sort: 'id' } } },
      "'sort'",
    ],
    [
      'a local index under another key',
      'items',
      { attributes: { x: 'string' }, indexes: { by_x: { partitionKey: 'x', sortKey: 'id', local: true } } },
      "'by_x'",
    ],
    [
      'a local index without a sort key',
      'items',
      { indexes: { by_id: { partitionKey: 'id', local: true } } },
      "'by_id'",
    ],
    ['an index of no values', 'items', { indexes: { by_id: { partitionKey: 'id', distinct: 0 } } }, 'distinct'],
    ['a table of no items', 'items', { size: { items: 0 } }, 'size'],
    ['a key as ttl', 'items', { ttl: 'id' }, "'id'"],
    ['a key as version', 'items', { version: 'id' }, "'id'"],
    ['a ttl of text', 'items', { attributes: { until: 'string' }, ttl: 'until' }, "'until'"],
    ['one attribute as ttl and version', 'items', { ttl: 'x', version: 'x' }, "'x'"],
    [
      'a rule with an option that is none',
      'items',
      { rules: { x: { seeHidden: true, check: passes } } },
      "the rule of 'x' has no option 'seeHidden'; the options are seesHidden, check",
    ],
    ['a rule without its function', 'items', { rules: { x: { seesHidden: true } } }, "'x' needs a function as check"],
    ['a rule that is no function', 'items', { rules: { x: null } }, "'x' is neither a function"],
    [
      'a rule that may see',
      'items',
      { rules: { x: { seesHidden: 'no', check: passes } } },
      "'x' needs true or false as seesHidden",
    ],
  ])('is one message with its line: %s', (_, name, options, word) => {
    const message = mistake(() => table(name, { partitionKey: { id: 'string' }, ...options } as TableOptions));
    expect(message).toMatch(HERE);
    expect(message).toContain(word);
    expect(message.split('\n')).toHaveLength(1);
  });

  it('names the line of the call, not of another', () => {
    const line = (new Error('here').stack ?? '').split('\n')[1]?.match(/:(\d+):\d+\)?$/)?.[1];
    const message = mistake(() => table('x', { partitionKey: { id: 'string' } }));
    expect(Number(HERE.exec(message)?.[1])).toBe(Number(line) + 1);
  });
});

describe('a mistake in an endpoint', () => {
  it.each([
    ['no slash', () => list('items', items), 'items'],
    ['no segment', () => list('/', items), '/'],
    ['an empty segment', () => list('/items//x', items), "''"],
    ['a slash at the end', () => list('/items/', items), "''"],
    ['a dot segment', () => list('/items/..', items), "'..'"],
    ['a greedy parameter', () => list('/items/{id+}', items), '{id+}'],
    ['half a parameter', () => list('/items/a{id}', items), 'a{id}'],
    ['a parameter twice', () => list('/items/{status}/{status}', items), '{status}'],
    ['a variable that is no attribute', () => list('/items/{colour}', items), '{colour}'],
    ['a search_key alone', () => list('/items/{search_key}', items), '{search_value}'],
    ['a search_value alone', () => list('/items/{search_value}', items), '{search_key}'],
    ['a get by no key', () => get('/item', items), '{id}'],
    ['a get by another attribute', () => get('/item/{status}', items), '{status}'],
    ['an update by half a key', () => update('/order/{customer}', orders), '{number}'],
    ['a patch by half a key', () => patch('/order/{customer}', orders), '{number}'],
    ['a delete by half a key', () => remove('/order/{number}', orders), '{customer}'],
    ['a create with a parameter', () => create('/item/{id}', items), '{id}'],
    [
      'an option that is none',
      () => step({ conditions: {} }),
      "no option 'conditions'; the options are condition, action",
    ],
    ['a condition that is none', () => step({ condition: true }), 'the condition is no { holds, message }'],
    [
      'a condition with an option that is none',
      () => step({ condition: { holds: passes, message: '', sees: true } }),
      "the condition has no option 'sees'; the options are seesHidden, holds, message",
    ],
    ['a condition without its function', () => step({ condition: { message: '' } }), 'needs a function as holds'],
    ['a condition without a message', () => step({ condition: { holds: passes } }), 'needs text as message'],
    [
      'a condition that may see',
      () => step({ condition: { holds: passes, message: '', seesHidden: 1 } }),
      'the condition needs true or false as seesHidden',
    ],
  ])('is one message with its line: %s', (_, make, word) => {
    const message = mistake(make);
    expect(message).toMatch(HERE);
    expect(message).toContain(word);
  });
});

describe('a mistake in an API', () => {
  const make = (options: Partial<ApiOptions>) => () =>
    api({ tables: [items, orders], endpoints: [list('/items', items)], ...options });

  it.each([
    ['a route twice', () => make({ endpoints: [list('/items', items), list('/items', items)] }), 'GET /items'],
    [
      'two names for one place',
      () =>
        make({ endpoints: [get('/order/{customer}/{number}', orders), remove('/order/{number}/{customer}', orders)] }),
      '{customer}',
    ],
    ['a table that is not listed', () => make({ tables: [orders] }), "'items'"],
    ['a table twice', () => make({ tables: [items, items] }), "'items'"],
    ['no endpoint', () => make({ endpoints: [] }), 'endpoint'],
  ])('is one message with its line: %s', (_, prepare, word) => {
    const message = mistake(prepare());
    expect(message).toMatch(HERE);
    expect(message).toContain(word);
  });

  it('names the line of the second route', () => {
    const first = list('/items', items);
    const second = list('/items', items);
    const message = mistake(make({ endpoints: [first, second] }));
    expect(message.startsWith(`${second.origin}: `)).toBe(true);
    expect(message).toContain(String(first.origin));
  });

  it('is not: the same place with other methods, or another place with another name', () => {
    const endpoints = [
      get('/item/{id}', items),
      update('/item/{id}', items),
      list('/items/{search_key}/{search_value}', items),
      list('/items', items),
      get('/order/{customer}/{number}', orders),
    ];
    expect(make({ endpoints })).not.toThrow();
  });
});

describe('a definition', () => {
  it('has the defaults of the specification', () => {
    const { auth, audit } = api({ tables: [items], endpoints: [list('/items', items)] });
    expect(auth).toEqual({ apiKeys: true, untyped: 'refuse' });
    expect(audit).toEqual({ reads: 'required', retention: { reads: { seconds: 30 * 86_400 } } });
  });

  it('has the default claims, each of which can be named', () => {
    const oidc = { issuer: 'https://issuer.example.com', audience: 'me', claims: { username: 'email' } };
    const { auth } = api({ tables: [items], endpoints: [list('/items', items)], auth: { oidc } });
    expect(auth.oidc).toEqual({
      issuer: 'https://issuer.example.com',
      audience: ['me'],
      claims: { username: 'email', name: ['name'], email: 'email', groups: 'groups' },
      policyClaims: [],
    });
  });

  it('can keep writes for a time, and run without an audit', () => {
    const options = { tables: [items], endpoints: [list('/items', items)] };
    expect(api({ ...options, audit: { retention: { writes: days(1) } } }).audit).toEqual({
      reads: 'required',
      retention: { reads: days(30), writes: days(1) },
    });
    expect(api({ ...options, audit: false }).audit).toBe(false);
  });

  it.each([audit('/audit'), audit('/audit/{id}', items), history('/history/{id}', items)])(
    'cannot run without an audit and read it: $route',
    (endpoint) => {
      const options = { tables: [items], endpoints: [endpoint] };
      expect(mistake(() => api({ ...options, audit: false }))).toMatch(HERE);
      expect(mistake(() => api({ ...options, audit: false }))).toContain(`GET ${endpoint.route}`);
      expect(api(options).endpoints).toEqual([endpoint]);
    },
  );

  it('has a version that is hidden, a ttl that is a number, and keys that are declared', () => {
    const made = table('items', { partitionKey: { id: 'string' }, ttl: 'until', version: '_v' });
    expect(keyNames(made)).toEqual(['id']);
    expect(made.attributes.get('id')).toEqual({ type: 'string', sensitive: false, hidden: false, required: false });
    expect(made.attributes.get('until')).toEqual({ type: 'number', sensitive: false, hidden: false, required: false });
    expect(made.attributes.get('_v')).toMatchObject({ type: 'number', hidden: true });
  });

  it('has endpoints by method and route', () => {
    const endpoints = [list('/items', items), get('/item/{id}', items)];
    expect(findEndpoint(endpoints, 'GET /item/{id}')).toBe(endpoints[1]);
    expect(() => findEndpoint(endpoints, 'GET /other')).toThrow('GET /other');
    expect(() => findEndpoint(endpoints, undefined)).toThrow();
  });
});
