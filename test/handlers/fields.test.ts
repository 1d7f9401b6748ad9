// docs/reference/records.md, "Fields": a hidden path is in no answer, no error and no log, and cannot be asked for or
// written.

import { beforeAll, describe, expect, it } from 'vitest';
import api from '#api';
import { keyRecord, type Sent, useApi } from '../support/api.ts';

const { send, auth, items, stored, logs } = useApi(api);
const CANARY = 'canary-7f3a';
const as = 'limited';

beforeAll(async () => {
  await auth(
    keyRecord('admin'),
    keyRecord(as, { exclude_fields: ['cost', 'supplier.contact'] }),
    keyRecord('listed', { update_fields_permitted: ['level', 'supplier.name'] }),
    keyRecord('frozen', { update_fields_permitted: [] }),
    keyRecord('restricted', { update_fields_restricted: ['supplier.contact', 'price'] }),
  );
  await items('items', {
    id: 'a',
    cost: CANARY,
    'supplier.contact': CANARY,
    supplier: { name: 'n', contact: { mail: CANARY }, list: [{ contact: 'shown: another path' }] },
    level: 1,
  });
  await items('items', { id: 'l', supplier: [{ contact: CANARY, name: 'x' }, [{ contact: CANARY }]] });
});

describe('hidden paths', () => {
  it('are pruned at every depth and in every element of a list', async () => {
    const got = await send('GET', '/item/a', { as });
    expect(got.json).toEqual({
      id: 'a',
      level: 1,
      supplier: { name: 'n', list: [{ contact: 'shown: another path' }] },
    });
    expect((await send('GET', '/item/l', { as })).json).toEqual({ id: 'l', supplier: [{ name: 'x' }, [{}]] });
    expect((await send('GET', '/items', { as })).text).not.toContain(CANARY);
    expect((await send('PUT', '/item/a', { as, body: { level: 2 } })).text).not.toContain(CANARY);
  });

  it.each([
    ['cost', '1'],
    ['cost__exists', 'true'],
    ['cost.deeper', '1'],
    ['supplier', '1'],
    ['supplier.contact.mail__startswith', 'c'],
    ['supplier[0].contact', '1'],
    ['_where', '{"not":{"any":[{"field":"cost","operator":"gt","value":1}]}}'],
  ])('cannot be asked for: %s', async (name, value) => {
    const answer = await send('GET', '/items', { as, query: [[name, value]] });
    expect([answer.status, answer.json.code]).toEqual([403, 'field_not_permitted']);
  });

  it('give the same answer whether or not they exist anywhere', async () => {
    await auth(keyRecord('other', { exclude_fields: ['nowhere'] }));
    const real = await send('GET', '/items', { as, query: [['cost', '1']] });
    const unreal = await send('GET', '/items', { as: 'other', query: [['nowhere', '1']] });
    const anonymous = (text: string) => text.replace(/"request_id":"[^"]*"/, '').replaceAll('nowhere', 'cost');
    expect(anonymous(unreal.text)).toBe(anonymous(real.text));
  });

  it.each<[string, string, Sent]>([
    ['POST', '/item', { body: { id: 'n', cost: 1 } }],
    ['POST', '/item', { body: { id: 'n', supplier: { contact: 1 } } }],
    ['POST', '/item', { body: { id: 'n', supplier: [{ contact: 1 }] } }],
    ['POST', '/item', { body: { id: 'n', _v: 1 } }],
    ['PUT', '/item/a', { body: { cost: 1 } }],
    ['PUT', '/item/a', { body: { supplier: { name: 'replaces its parent' } } }],
    ['PATCH', '/item/a', { body: { cost: null } }],
    ['PATCH', '/item/a', { body: { supplier: null } }],
    ['PATCH', '/item/a', { body: { supplier: { contact: { mail: null } } } }],
    ['PATCH', '/item/l', { body: { supplier: { name: 'replaces a list with hidden fields' } } }],
    ['PUT', '/item/a', { body: { _v: 1 } }],
  ])('cannot be written: %s %s %j', async (method, path, sent) => {
    const answer = await send(method, path, { as, ...sent });
    expect([answer.status, answer.json.code]).toEqual([403, 'field_not_permitted']);
  });

  it('survive a patch beside them', async () => {
    expect((await send('PATCH', '/item/a', { as, body: { supplier: { name: 'm' } } })).json.supplier.name).toBe('m');
    const item = (await stored('items')).find(({ id }) => id && 'S' in id && id.S === 'a');
    expect(JSON.stringify(item?.['supplier'])).toContain(CANARY);
  });

  it('are in no log', () => {
    expect(logs.join('\n')).not.toContain(CANARY);
  });
});

describe('update lists', () => {
  it.each<[string, string, unknown, number]>([
    ['listed', 'PUT', { level: 3 }, 200],
    ['listed', 'PUT', { price: 3 }, 403],
    ['listed', 'PUT', { supplier: { name: 'whole parent' } }, 403],
    ['listed', 'PATCH', { supplier: { name: 'only this path' } }, 200],
    ['frozen', 'PUT', { level: 3 }, 403],
    ['restricted', 'PUT', { level: 4 }, 200],
    ['restricted', 'PUT', { price: 4 }, 403],
    ['restricted', 'PATCH', { price: null }, 403],
    ['restricted', 'PATCH', { supplier: null }, 403],
    ['restricted', 'PATCH', { supplier: { name: 'q' } }, 200],
  ])('%s %s %j: %i', async (caller, method, body, status) => {
    expect((await send(method, '/item/a', { as: caller, body })).status).toBe(status);
  });
});
