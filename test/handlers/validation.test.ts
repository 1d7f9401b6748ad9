// docs/reference/definition.md, "table": schema, rules and conditions of a definition: what they see, what they refuse,
// in which order, and what is told of it to whom.

import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import type { Item } from '../../lib/base/value.ts';
import { api } from '../../lib/definition/api.ts';
import { create, get, patch, remove, update } from '../../lib/definition/endpoint.ts';
import type { Rule, RuleContext } from '../../lib/definition/rule.ts';
import { table } from '../../lib/definition/table.ts';
import { keyRecord, type Received, useApi } from '../support/api.ts';

/** What a rule was asked, and what it does meanwhile: once. */
const asked: { value: unknown; context: RuleContext }[] = [];
let meanwhile: (() => Promise<unknown>) | undefined;

const watched: Rule = async (value, context) => {
  asked.push({ value, context });
  const act = meanwhile;
  meanwhile = undefined;
  await act?.();
  return true;
};
const answers: Record<string, () => unknown> = {
  throws: () => {
    throw new Error('rule: canary-3d1f');
  },
  nothing: () => undefined,
  text: () => 'true',
  one: () => 1,
  'message only': () => ({ message: 'no' }),
  'a promise inside': () => ({ result: Promise.resolve(true) }),
};
const status = (item: Readonly<Record<string, unknown>> | undefined) => item?.['status'];

const options = {
  partitionKey: { id: 'string' },
  attributes: { price: 'number', note: 'string', cost: { type: 'number', hidden: true } },
  schema: {
    create: z.looseObject({ id: z.string(), size: z.optional(z.number()) }),
    update: z.looseObject({
      size: z.optional(z.number()),
      box: z.optional(z.looseObject({ lid: z.optional(z.string()) })),
    }),
  },
  rules: {
    price: (value) => Number(value) > 0,
    size: async (value, { item }) => ({
      result: Number((value as number).toFixed()) <= Number(item['max'] ?? 100),
      message: 'must not be larger than max',
    }),
    status: (value, { existing, caller }) => ({
      result: status(existing) !== 'final' || caller.username === 'admin',
      message: `cannot become ${String(value)}: it is final`,
    }),
    margin: () => ({ result: false, message: 'must be above cost' }),
    grade: () => ({ result: false, message: 'is too low for the secret.depth of it' }),
    odd: (value) => (answers[String(value)] as () => boolean)(),
    watched,
    seeing: { seesHidden: true, check: watched },
    floor: {
      seesHidden: true,
      check: (value, { existing }) => ({
        result: Number(value) >= Number(existing?.['cost'] ?? 0),
        message: `must not be below ${String(existing?.['cost'])}`,
      }),
    },
  },
} as const satisfies Parameters<typeof table>[1];
const items = table('items', { ...options, version: '_v' });
const unversioned = table('plain', options);

/** Nothing is hidden by its definition. */
const open = table('open', {
  partitionKey: { id: 'string' },
  rules: { floor: options.rules.floor, seeing: options.rules.seeing },
});

const loose = z.looseObject({});
/** A check across fields, whose one side a patch merges. */
const crossed = table('crossed', {
  partitionKey: { id: 'string' },
  schema: {
    update: z
      .looseObject({})
      .check(
        z.refine((value) => value['x'] === undefined || value['m'] !== undefined, { path: ['x'], error: 'x needs m' }),
      )
      .check(z.refine((value) => value['bad'] === undefined, { path: ['bad'], error: 'bad is bad' })),
  },
  rules: { y: () => true },
});
/** Schemas that strip, default and change what is in maps. */
const shaped = table('shaped', {
  partitionKey: { id: 'string' },
  schema: {
    create: z.looseObject({ a: z.optional(loose) }),
    update: z.looseObject({
      a: z.optional(
        z.object({
          qty: z.pipe(
            z.number(),
            z.transform((n) => n * 10),
          ),
          unit: z._default(z.string(), 'kg'),
        }),
      ),
      deep: z.optional(z.looseObject({ a: z.optional(z.object({ qty: z.number() })) })),
      flat: z.optional(
        z.pipe(
          z.looseObject({}),
          z.transform(() => 'flat'),
        ),
      ),
      s: z.optional(z.strictObject({ qty: z.number() }, 'Unrecognized key: "cost"')),
    }),
  },
  rules: {
    t: () => ({ result: false, message: 't.cost is over the limit' }),
    u: () => ({ result: false, message: 'the margin/price ratio is off' }),
  },
});

const step = {
  condition: {
    holds: (existing, caller) => status(existing) === 'pending' && caller.id !== 'guest',
    message: 'only pending items can be approved',
  },
  action: 'APPROVE',
} as const satisfies Parameters<typeof update>[2];
const blind = {
  condition: { holds: (existing) => existing['cost'] === undefined, message: 'something is there' },
} as const satisfies Parameters<typeof update>[2];
const seeing = {
  condition: {
    holds: (existing) => status(existing) === 'pending' && existing['cost'] === undefined,
    message: 'only pending items',
    seesHidden: true,
  },
} as const satisfies Parameters<typeof update>[2];
const broken = (give: () => unknown) => ({ condition: { holds: give as () => boolean, message: 'never told' } });

const definition = api({
  tables: [items, unversioned, open, crossed, shaped],
  endpoints: [
    get('/item/{id}', items),
    create('/item', items),
    update('/item/{id}', items),
    patch('/item/{id}', items),
    remove('/item/{id}', items),
    update('/item/{id}/approve', items, step),
    patch('/item/{id}/approve', items, step),
    remove('/item/{id}/approve', items, { ...step, action: 'REJECT' }),
    update('/item/{id}/blind', items, blind),
    update('/item/{id}/seeing', items, seeing),
    update('/open/{id}/seeing', open, seeing),
    update('/open/{id}', open),
    update('/item/{id}/throws', items, broken(answers['throws'] as () => unknown)),
    update(
      '/item/{id}/promise',
      items,
      broken(() => Promise.resolve(true)),
    ),
    update(
      '/item/{id}/nothing',
      items,
      broken(() => undefined),
    ),
    update('/plain/{id}', unversioned),
    patch('/crossed/{id}', crossed),
    create('/shaped', shaped),
    patch('/shaped/{id}', shaped),
  ],
});
const { engine, names, send, auth, items: put, stored, auditRows, logs } = useApi(definition);
const as = 'admin';

beforeAll(async () => {
  await auth(
    keyRecord('admin'),
    keyRecord('guest'),
    keyRecord('limited', { exclude_fields: ['secret.depth', 'size', 'status'] }),
    keyRecord('active-only', { filter_fields: [{ field: 'state', value: 'active' }] }),
    keyRecord('no-update', { update_filters: [{ any: [] }], create_filters: [{ any: [] }] }),
    keyRecord('no-size', { update_fields_restricted: ['size'] }),
  );
});
afterEach(() => {
  asked.length = 0;
});

const faultsOf = ({ status: code, json }: Received) => [
  code,
  json.code,
  Object.fromEntries(
    (json.errors ?? []).map(({ path, message }: { path: string; message: string }) => [path, message]),
  ),
];
const find = async (id: string, from = 'items'): Promise<Item | undefined> =>
  (await stored(from)).find((item) => JSON.stringify(item['id']) === JSON.stringify({ S: id }));
const raw = (id: string, UpdateExpression: string, from = 'items') =>
  engine.client.send(
    new UpdateItemCommand({
      TableName: names.data.get(from),
      Key: { id: { S: id } },
      UpdateExpression,
      ExpressionAttributeValues: { ':v': { N: '9' } },
    }),
  );

describe('a rule', () => {
  it('sees the value, the item as it would be stored, the stored item and the caller', async () => {
    await send('POST', '/item', { as, body: { id: 'seen', watched: [1, { a: null }], other: 'x' } });
    await send('PATCH', '/item/seen', { as, body: { watched: { deep: 1 } } });
    await send('PATCH', '/item/seen', { as, body: { watched: { more: true }, other: null } });
    expect(asked.map(({ value }) => JSON.stringify(value))).toEqual([
      '[1,{"a":null}]',
      '{"deep":1}',
      '{"deep":1,"more":true}',
    ]);
    const [first, , third] = asked.map(({ context }) => context);
    expect(first?.existing).toBeUndefined();
    expect(first?.item).toMatchObject({ id: 'seen', other: 'x' });
    expect(third?.existing).toMatchObject({ id: 'seen', other: 'x', watched: { deep: 1 } });
    expect(third?.item).toMatchObject({ id: 'seen', watched: { deep: 1, more: true } });
    expect(third?.item).not.toHaveProperty('other');
    expect(third?.caller).toEqual({ id: as, username: as, name: as, email: `${as}@example.com`, groups: [as] });
  });

  it('sees numbers as JavaScript has them where that is exact, else without loss', async () => {
    await put('items', { id: 'exact', _v: 1 });
    const text = '{"watched":[1.50,12345678901234567890.5]}';
    expect((await send('PUT', '/item/exact', { as, text })).text).toContain('12345678901234567890.5');
    const [{ value } = { value: [] as unknown }] = asked;
    expect((value as unknown[])[0]).toBe(1.5);
    expect(String((value as unknown[])[1])).toBe('12345678901234567890.5');
  });

  it('gets nothing that is hidden from the caller, unless it is declared to', async () => {
    await auth(keyRecord('hiding', { exclude_fields: ['watched.deep', 'seeing.deep', 'list.key'] }));
    const stored = { id: 'blind', cost: 4, list: [{ key: 1, n: 2 }], _v: 1 };
    await put('items', { ...stored, watched: { deep: 1 }, seeing: { deep: 1 } });
    const body = { watched: { more: true }, seeing: { more: true } };
    expect((await send('PATCH', '/item/blind', { as: 'hiding', body })).status).toBe(200);
    const [blindly, seeingly] = asked;
    const shown = { id: 'blind', list: [{ n: 2 }] };
    expect(blindly).toMatchObject({
      value: { more: true },
      context: {
        item: { ...shown, watched: { more: true }, seeing: { more: true } },
        existing: { ...shown, watched: {}, seeing: {} },
      },
    });
    expect(JSON.stringify(blindly)).not.toMatch(/deep|cost|key"|_v/);
    expect(seeingly).toMatchObject({
      value: { deep: 1, more: true },
      context: {
        item: { cost: 4, _v: 2, watched: { deep: 1, more: true } },
        existing: { ...stored, seeing: { deep: 1 } },
      },
    });
    expect(await find('blind')).toMatchObject({ watched: { M: { deep: { N: '1' }, more: { BOOL: true } } } });
  });

  it('that sees what is hidden decides by it, and tells its message only to who sees all', async () => {
    await auth(keyRecord('no-cost', { exclude_fields: ['cost'] }));
    await put('open', { id: 'floor', cost: 4711 });
    const faults = async (as: string) => faultsOf(await send('PUT', '/open/floor', { as, body: { floor: 1 } }));
    expect(await faults(as)).toEqual([400, 'validation_failed', { floor: 'must not be below 4711' }]);
    const untold = [400, 'validation_failed', { floor: 'does not pass a rule of this API' }];
    expect(await faults('no-cost')).toEqual(untold);
    expect((await send('PUT', '/open/floor', { as: 'no-cost', body: { floor: 5000 } })).status).toBe(200);
    await put('items', { id: 'floor', cost: 4711, _v: 1 });
    expect(faultsOf(await send('PUT', '/item/floor', { as, body: { floor: 1 } }))).toEqual(untold);
  });

  it('runs only where the request sets its attribute', async () => {
    await put('items', { id: 'quiet', price: -1, watched: 1, _v: 1 });
    expect((await send('PUT', '/item/quiet', { as, body: { other: 1 } })).status).toBe(200);
    expect((await send('PATCH', '/item/quiet', { as, body: { watched: null } })).status).toBe(200);
    expect((await send('DELETE', '/item/quiet', { as })).status).toBe(204);
    expect(asked).toEqual([]);
  });

  it.each(['POST', 'PUT', 'PATCH'])(
    'that refuses is 400 with its message, and nothing is written: %s',
    async (method) => {
      await put('items', { id: 'r', max: 5, _v: 1 });
      const before = await stored('items');
      const body = { ...(method === 'POST' && { id: 'r2', max: 5 }), price: -1, size: 6 };
      const answer = await send(method, method === 'POST' ? '/item' : '/item/r', { as, body });
      expect(faultsOf(answer)).toEqual([
        400,
        'validation_failed',
        { price: 'does not pass the rule of this field', size: 'must not be larger than max' },
      ]);
      expect(await stored('items')).toEqual(before);
    },
  );

  it.each(['POST', 'PUT', 'PATCH'])(
    'is reported with what schema and types refuse, and is spared their values: %s',
    async (method) => {
      await put('items', { id: 'all', _v: 1 });
      const body = { ...(method === 'POST' && { id: 'all2' }), size: 'large', note: 5, price: -1 };
      const answer = await send(method, method === 'POST' ? '/item' : '/item/all', { as, body });
      const [code, name, faults] = faultsOf(answer);
      expect([code, name]).toEqual([400, 'validation_failed']);
      expect(Object.keys(faults as object).sort()).toEqual(['note', 'price', 'size']);
    },
  );

  it('may rely on the schema: on values that it refuses no rule is a defect', async () => {
    await put('items', { id: 'rely', _v: 1 });
    const answer = await send('PUT', '/item/rely', { as, body: { note: 5, odd: 'throws' } });
    expect(Object.keys(faultsOf(answer)[2] as object)).toEqual(['note']);
  });

  it.each(Object.keys(answers))(
    'that gives out something else is a defect, and nothing is written: %s',
    async (odd) => {
      await put('items', { id: 'odd', n: 1, _v: 1 });
      const before = await stored('items');
      for (const [method, path, body] of [
        ['PUT', '/item/odd', { odd }],
        ['POST', '/item', { id: 'odd2', odd }],
      ] as const) {
        const answer = await send(method, path, { as, body });
        expect([answer.status, answer.json.code, answer.json.errors]).toEqual([500, 'internal', undefined]);
        expect(answer.text).not.toContain('canary');
        expect(logs.at(-1)).toContain(answer.headers['X-Request-Id']);
      }
      expect(await stored('items')).toEqual(before);
    },
  );

  it('decides by caller and stored item', async () => {
    await put('items', { id: 'final', status: 'final', _v: 1 });
    const body = { status: 'open' };
    expect(faultsOf(await send('PUT', '/item/final', { as: 'guest', body }))[2]).toEqual({
      status: 'cannot become open: it is final',
    });
    expect((await send('PUT', '/item/final', { as, body })).status).toBe(200);
  });

  it('is asked last: the caller who may not know of the row, or change it, learns nothing', async () => {
    await put('items', { id: 'other', state: 'sold', _v: 1 });
    const body = { price: -1, watched: 1 };
    const to = (as: string, path = '/item/other', more: object = {}) =>
      send('PUT', path, { as, body: { ...body, ...more } });
    expect((await to('active-only')).status).toBe(404);
    expect((await to('active-only')).text.replace(/"request_id":"[^"]*"/, '')).toBe(
      (await to('active-only', '/item/none')).text.replace(/"request_id":"[^"]*"/, ''),
    );
    expect((await to('no-update')).json.code).toBe('row_not_permitted');
    expect((await to('no-size', '/item/other', { size: 1 })).json.code).toBe('field_not_permitted');
    expect((await send('POST', '/item', { as: 'no-update', body: { id: 'n', ...body } })).json.code).toBe(
      'row_not_permitted',
    );
    expect((await send('PUT', '/item/other', { as, body, headers: { 'If-Match': '"old"' } })).json.code).toBe(
      'precondition_failed',
    );
    expect(asked).toEqual([]);
  });

  it('adds to what the schema refuses only for who may know: the answer is the same for hidden and missing rows', async () => {
    await put('items', { id: 'sold', state: 'sold', _v: 1 });
    const faults = async (as: string, id: string) =>
      faultsOf(await send('PUT', `/item/${id}`, { as, body: { note: 5, price: -1 } }));
    expect(await faults('active-only', 'sold')).toEqual(await faults('active-only', 'none'));
    expect(await faults('active-only', 'sold')).toEqual([400, 'validation_failed', { note: 'must be a string' }]);
    expect(await faults('no-update', 'sold')).toEqual([400, 'validation_failed', { note: 'must be a string' }]);
    expect(Object.keys((await faults(as, 'sold'))[2] as object)).toEqual(['note', 'price']);
  });
});

describe('what the schema says of what a patch becomes', () => {
  it('is told of what the request names; of the rest only that it does not pass', async () => {
    await auth(keyRecord('qtyless', { exclude_fields: ['deep.a.qty'] }));
    await put('shaped', { id: 'deep', deep: { a: { qty: 'x' }, b: 1 } });
    const body = { deep: { b: 2 } };
    const path = '/shaped/deep';
    expect(Object.keys(faultsOf(await send('PATCH', path, { as, body }))[2] as object)).toEqual(['deep.a.qty']);
    const answer = await send('PATCH', path, { as: 'qtyless', body });
    expect(faultsOf(answer)).toEqual([400, 'validation_failed', { '': 'the item does not pass a rule of this API' }]);
    expect(answer.text).not.toContain('qty');
    await put('shaped', { id: 'deep', deep: { a: { qty: 1 }, b: 1 } });
    expect((await send('PATCH', path, { as: 'qtyless', body })).text.replace(/"request_id":"[^"]*"/, '')).toBe(
      answer.text.replace(/"request_id":"[^"]*"/, ''),
    );
  });

  it('does not depend on what is hidden from the caller, and that stays as it is', async () => {
    await put('items', { id: 'box', box: { lid: 5, hinge: 1 }, _v: 1 });
    await auth(keyRecord('lidless', { exclude_fields: ['box.lid'] }));
    const body = { box: { hinge: 2 } };
    expect(Object.keys(faultsOf(await send('PATCH', '/item/box', { as, body }))[2] as object)).toEqual(['box.lid']);
    expect((await send('PATCH', '/item/box', { as: 'lidless', body })).json).toEqual({ id: 'box', ...body });
    expect(await find('box')).toMatchObject({ box: { M: { lid: { N: '5' }, hinge: { N: '2' } } } });
  });

  it('comes after what the caller may change', async () => {
    expect((await send('PATCH', '/item/box', { as: 'no-update', body: { box: { hinge: 2 } } })).json.code).toBe(
      'row_not_permitted',
    );
  });
});

describe('what is refused', () => {
  it('is never written, and a check across fields sees what a patch merges', async () => {
    await put('crossed', { id: 'cf', m: { k: 0 } });
    const body = { x: 1, y: 1, m: { k: 1 } };
    expect((await send('PATCH', '/crossed/cf', { as, body })).json).toEqual({ id: 'cf', ...body });
    const before = await stored('crossed');
    for (const refused of [
      { ...body, bad: 1, m: { k: 2 } },
      { bad: 1, y: 2 },
      { x: 2, y: 2 },
    ]) {
      const answer = await send('PATCH', '/crossed/cf', { as, body: refused });
      expect([answer.status, answer.json.code]).toEqual([400, 'validation_failed']);
      expect(await stored('crossed')).toEqual(before);
    }
  });
});

describe('what a schema gives out for a merged map', () => {
  it('decides only on the paths that the body names', async () => {
    await auth(
      keyRecord('qty-only', {
        exclude_fields: ['a.cost', 'deep.a.cost'],
        update_fields_permitted: ['a.qty', 'deep.a.qty'],
      }),
    );
    await put('shaped', { id: 'kept', a: { cost: 5, qty: 1 }, deep: { a: { cost: 5, qty: 1 }, b: new Set(['x']) } });
    const answer = await send('PATCH', '/shaped/kept', {
      as: 'qty-only',
      body: { a: { qty: 2 }, deep: { a: { qty: 3 } } },
    });
    expect(answer.json).toMatchObject({ a: { qty: 20 }, deep: { a: { qty: 3 } } });
    expect(await find('kept', 'shaped')).toEqual({
      id: { S: 'kept' },
      a: { M: { cost: { N: '5' }, qty: { N: '20' } } },
      deep: { M: { a: { M: { cost: { N: '5' }, qty: { N: '3' } } }, b: { SS: ['x'] } } },
    });
  });

  it('is a defect where nothing of the map is left, and the map stays', async () => {
    await put('shaped', { id: 'flat', flat: { cost: 5, qty: 1 } });
    expect((await send('PATCH', '/shaped/flat', { as, body: { flat: { qty: 2 } } })).status).toBe(500);
    expect(await find('flat', 'shaped')).toMatchObject({ flat: { M: { cost: { N: '5' }, qty: { N: '1' } } } });
  });

  it('lacks no name for being called __proto__, at any depth', async () => {
    const text = '{"id":"proto","a":{"__proto__":{"x":1},"b":1}}';
    expect((await send('POST', '/shaped', { as, text })).status).toBe(201);
    const row = await find('proto', 'shaped');
    const a = row?.['a'];
    expect(Object.entries(a && 'M' in a ? a.M : {}).sort()).toEqual([
      ['__proto__', { M: { x: { N: '1' } } }],
      ['b', { N: '1' }],
    ]);
  });
});

describe('messages', () => {
  it('do not name what is hidden beside what the body names, whoever says it', async () => {
    await auth(keyRecord('costless', { exclude_fields: ['s.cost', 't.cost', 'margin'] }));
    await put('shaped', { id: 'names', s: { cost: 5, qty: 1 }, t: { cost: 5 } });
    const generic = 'does not pass a rule of this API';
    for (const [body, path, message] of [
      [{ s: { qty: 2, more: 1 } }, 's', 'Unrecognized key: "cost"'],
      [{ t: { qty: 2 } }, 't', 't.cost is over the limit'],
      [{ u: 1 }, 'u', 'the margin/price ratio is off'],
    ] as const) {
      const whole = faultsOf(await send('PATCH', '/shaped/names', { as, body }))[2] as Record<string, string>;
      expect(whole[path]).toContain(message);
      const answer = await send('PATCH', '/shaped/names', { as: 'costless', body });
      const [code, , faults] = faultsOf(answer);
      expect([code, (faults as Record<string, string>)[path]]).toEqual([400, generic]);
      expect(answer.text).not.toMatch(/cost|margin/);
    }
  });

  it('do not name what is hidden from the caller', async () => {
    await put('items', { id: 'm', _v: 1 });
    const generic = 'does not pass a rule of this API';
    expect(faultsOf(await send('PUT', '/item/m', { as, body: { margin: 1, grade: 1 } }))[2]).toEqual({
      margin: generic,
      grade: 'is too low for the secret.depth of it',
    });
    const limited = await send('PUT', '/item/m', { as: 'limited', body: { margin: 1, grade: 1 } });
    expect(faultsOf(limited)[2]).toEqual({ margin: generic, grade: generic });
    expect(limited.text).not.toMatch(/cost|depth/);
  });
});

describe('the stored item that a rule saw', () => {
  it.each(['items', 'plain'])(
    'is the one that is changed: another writer in between is decided on anew: %s',
    async (from) => {
      await put(from, { id: 'race', n: 1, ...(from === 'items' && { _v: 1 }) });
      meanwhile = () => raw('race', 'SET n = :v', from);
      const path = from === 'items' ? '/item/race' : '/plain/race';
      expect((await send('PUT', path, { as, body: { watched: 1 } })).json).toMatchObject({ n: 9, watched: 1 });
      expect(asked.map(({ context }) => context.existing?.['n'])).toEqual([1, 9]);
    },
  );

  it('that another writer keeps changing is 409 after its time, and nothing of it is written', async () => {
    await put('items', { id: 'busy', n: 0, _v: 1 });
    let n = 0;
    const again = async () => {
      n += 1;
      await raw('busy', 'ADD n :v');
      meanwhile = again;
    };
    meanwhile = again;
    const answer = await send('PUT', '/item/busy', { as, body: { watched: 1 } });
    meanwhile = undefined;
    expect([answer.status, answer.json.code]).toEqual([409, 'conflict']);
    expect(n).toBeGreaterThan(3);
    expect(await find('busy')).not.toHaveProperty('watched');
  }, 20_000);
});

describe('a condition of an endpoint', () => {
  it.each([
    ['PUT', { note: 'ok' }, 200],
    ['PATCH', { note: 'ok' }, 200],
    ['DELETE', undefined, 204],
  ] as const)('that holds lets the step be taken, under its own action: %s', async (method, body, code) => {
    const id = `step-${method}`;
    await put('items', { id, status: 'pending', _v: 1 });
    expect((await send(method, `/item/${id}/approve`, { as, body })).status).toBe(code);
    const rows = (await auditRows()).filter((row) => JSON.stringify(row['resource'] ?? null).includes(`"${id}"`));
    expect(rows.map(({ action }) => action)).toEqual([{ S: method === 'DELETE' ? 'REJECT' : 'APPROVE' }]);
  });

  it.each(['PUT', 'PATCH', 'DELETE'])('that does not hold is 409 with its message: %s', async (method) => {
    await put('items', { id: 'done', status: 'done', _v: 1 });
    const body = method === 'DELETE' ? undefined : { note: 'x' };
    const answer = await send(method, '/item/done/approve', { as, body });
    expect([answer.status, answer.json.code, answer.json.detail]).toEqual([
      409,
      'condition_failed',
      'only pending items can be approved',
    ]);
    await put('items', { id: 'pending', status: 'pending', _v: 1 });
    expect((await send(method, '/item/pending/approve', { as: 'guest', body })).status).toBe(409);
    expect(await find('done')).toEqual({ id: { S: 'done' }, status: { S: 'done' }, _v: { N: '1' } });
  });

  it('gets nothing that is hidden from the caller, unless it is declared to, and then its message is not told', async () => {
    await put('items', { id: 'sees', status: 'pending', cost: 5, _v: 1 });
    const body = { note: 'x' };
    expect((await send('PUT', '/item/sees/blind', { as, body })).status).toBe(200);
    const detailOf = async (path: string, as: string) => {
      const { json } = await send('PUT', path, { as, body });
      return [json.code, json.detail];
    };
    expect(await detailOf('/item/sees/approve', 'limited')).toEqual([
      'condition_failed',
      'only pending items can be approved',
    ]);
    const untold = ['condition_failed', 'The condition of this endpoint does not hold'];
    expect(await detailOf('/item/sees/seeing', as)).toEqual(untold);
    await put('open', { id: 'sees', status: 'pending', cost: 5 });
    expect(await detailOf('/open/sees/seeing', as)).toEqual(['condition_failed', 'only pending items']);
    expect(await detailOf('/open/sees/seeing', 'limited')).toEqual(untold);
    await put('open', { id: 'sees', status: 'pending' });
    expect((await send('PUT', '/open/sees/seeing', { as: 'limited', body })).status).toBe(200);
  });

  it('comes after rows, rows that may be changed, and preconditions', async () => {
    await put('items', { id: 'late', status: 'done', state: 'sold', _v: 1 });
    const body = { note: 'x' };
    expect((await send('PUT', '/item/late/approve', { as: 'active-only', body })).status).toBe(404);
    expect((await send('PUT', '/item/late/approve', { as: 'no-update', body })).json.code).toBe('row_not_permitted');
    expect((await send('DELETE', '/item/late/approve', { as, headers: { 'If-Match': '"x"' } })).json.code).toBe(
      'precondition_failed',
    );
    expect((await send('PUT', '/item/late/approve', { as, body: { price: -1 } })).json.code).toBe('validation_failed');
  });

  it('holds of the very item that is changed: of twenty who take one step, one does', async () => {
    await put('items', { id: 'one', status: 'pending', _v: 1 });
    const all = await Promise.all(
      Array.from({ length: 20 }, (_, n) => send('PUT', '/item/one/approve', { as, body: { status: 'approved', n } })),
    );
    expect(all.filter(({ status: code }) => code === 200)).toHaveLength(1);
    expect(all.filter(({ status: code }) => code === 409)).toHaveLength(19);
  });

  it.each(['throws', 'promise', 'nothing'])(
    'that gives no true or false is a defect, and nothing is written: %s',
    async (name) => {
      await put('items', { id: 'defect', _v: 1 });
      const answer = await send('PUT', `/item/defect/${name}`, { as, body: { n: 1 } });
      expect([answer.status, answer.json.code]).toEqual([500, 'internal']);
      expect(answer.text).not.toMatch(/canary|never told/);
      expect(await find('defect')).not.toHaveProperty('n');
    },
  );
});

describe('an action', () => {
  it.each(['CREATE', 'UPDATE', 'GET', 'LIST', 'SEARCH', 'UNIQUE', 'AUDIT', 'HISTORY', 'USER'])(
    'of another operation cannot be taken: %s',
    (action) => {
      expect(() => remove('/item/{id}', items, { action })).toThrow('belongs to another operation');
    },
  );

  it('is an upper-case word', () => {
    expect(() => update('/item/{id}', items, { action: 'approve it' })).toThrow('upper-case');
    expect(update('/item/{id}', items, { action: 'UPDATE' }).action).toBe('UPDATE');
  });
});
