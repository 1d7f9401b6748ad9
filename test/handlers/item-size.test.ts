// docs/reference/limits.md: an item has 409,600 bytes, else 413. docs/reference/records.md, "Fields": which does not tell how
// much of an item is hidden.

import { beforeAll, describe, expect, it } from 'vitest';
import { MAX_ITEM_BYTES } from '../../lib/base/item-size.ts';
import { api } from '../../lib/definition/api.ts';
import { patch, update } from '../../lib/definition/endpoint.ts';
import { table } from '../../lib/definition/table.ts';
import { keyRecord, useApi } from '../support/api.ts';

const items = table('items', { partitionKey: { id: 'string' } });
const versioned = table('versioned', { partitionKey: { id: 'string' }, version: '_v' });
const definition = api({
  tables: [items, versioned],
  endpoints: [update('/item/{id}', items), patch('/item/{id}', items), update('/versioned/{id}', versioned)],
});
const { send, auth, items: put } = useApi(definition, undefined, { isWarm: true });

const STEP = 16_384;
const FIXED = 'id'.length + 'x'.length + 'fill'.length + 'more'.length;

beforeAll(async () => {
  await auth(keyRecord('all'), keyRecord('limited', { exclude_fields: ['cost', 'a.cost'] }));
});

/** The status of an update after which the visible part has so many bytes. */
async function grow(as: string, visible: number, hidden: object, to = '/item/x', more: object = {}): Promise<number> {
  const fill = 'y'.repeat(200_000);
  await put(to.startsWith('/item') ? 'items' : 'versioned', { id: 'x', fill, ...hidden, ...more });
  const body = { more: 'z'.repeat(visible - fill.length - FIXED) };
  return (await send('PUT', to, { as, body })).status;
}

describe('an update that makes an item larger', () => {
  const limit = MAX_ITEM_BYTES - STEP;

  it.each([
    ['is not there', {}],
    ['is short', { cost: '1' }],
    ['is long', { cost: 'c'.repeat(STEP - 'cost'.length) }],
  ])('has the same limit to the byte, where what is hidden from its caller %s', async (_, hidden) => {
    expect(await grow('limited', limit, hidden)).toBe(200);
    expect(await grow('limited', limit + 1, hidden)).toBe(413);
  });

  it('is told no more than how many steps of 16 KB what is hidden takes', async () => {
    const over = { cost: 'c'.repeat(STEP) };
    expect(await grow('limited', limit - STEP, over)).toBe(200);
    expect(await grow('limited', limit - STEP + 1, over)).toBe(413);
    expect(await grow('limited', limit - STEP + 1, { cost: 'c'.repeat(2 * STEP - 'cost'.length) })).toBe(413);
  });

  it('may reach 400 KB where nothing is hidden from its caller but the version', async () => {
    const cost = { cost: 'c'.repeat(1000) };
    expect(await grow('all', MAX_ITEM_BYTES - 1004, cost)).toBe(200);
    expect(await grow('all', MAX_ITEM_BYTES - 1003, cost)).toBe(413);
    const version = '_v'.length + 2;
    expect(await grow('all', MAX_ITEM_BYTES - version, {}, '/versioned/x', { _v: 3 })).toBe(200);
    expect(await grow('all', MAX_ITEM_BYTES - version + 1, {}, '/versioned/x', { _v: 3 })).toBe(413);
  });
});

it('an update that makes an item no larger is done, however full the item is', async () => {
  const hidden = { cost: 'c'.repeat(996) };
  const known = { id: 'full', flag: 'a' };
  const fill = 'y'.repeat(MAX_ITEM_BYTES - 1_000 - 'idfullflagafill'.length);
  const status = async (body: object) => (await send('PUT', '/item/full', { as: 'limited', body })).status;
  await put('items', { ...known, ...hidden, fill });
  expect(await status({ flag: 'b' })).toBe(200);
  expect(await status({ flag: 'bb' })).toBe(413);
  expect(await status({ fill: 'y'.repeat(200_000) })).toBe(200);
});

describe('an item with too many attributes to pin, in a table without a version', () => {
  const statusOf = async (shown: number, hidden: object) => {
    const attributes = Object.fromEntries(Array.from({ length: shown }, (_, n) => [`n${n}`, n]));
    await put('items', { id: 'wide', ...attributes, ...hidden });
    return (await send('PUT', '/item/wide', { as: 'limited', body: { n0: 1 } })).status;
  };

  it('tells by its 413 how many attributes are hidden: a version closes that', async () => {
    expect(await statusOf(149, {})).toBe(200);
    expect(await statusOf(149, { cost: 1 })).toBe(413);
    const attributes = Object.fromEntries(Array.from({ length: 300 }, (_, n) => [`n${n}`, n]));
    await put('versioned', { id: 'wide', ...attributes, cost: 1, _v: 1 });
    expect((await send('PUT', '/versioned/wide', { as: 'limited', body: { n0: 1 } })).status).toBe(200);
  });
});
