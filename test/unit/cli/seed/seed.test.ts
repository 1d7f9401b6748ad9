// A seed is refused whole, with the path of each fault; what is right is taken as it is written.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import example from '../../../../examples/items/api.ts';
import { itemBytes, MAX_ITEM_BYTES } from '../../../../lib/base/item-size.ts';
import { attribute } from '../../../../lib/base/value.ts';
import { parseSeed } from '../../../../lib/cli/seed/seed.ts';
import { api } from '../../../../lib/definition/api.ts';
import { list } from '../../../../lib/definition/endpoint.ts';
import { table } from '../../../../lib/definition/table.ts';
import { item } from '../../../support/values.ts';

const key = { id: 'k1', value: 'v1' };
const person = { id: 'k1', type: 'API_KEY', name: 'n', username: 'u', email: 'e@x.example' };
const text = (seed: unknown) => JSON.stringify(seed);
const long = (bytes: number) => 'x'.repeat(bytes);

function faults(seed: string): readonly string[] {
  const result = parseSeed(seed, example);
  return 'faults' in result ? result.faults.map(({ path, message }) => `${path}: ${message}`) : [];
}

describe('parseSeed', () => {
  it.each([
    ['not JSON', '{', [/^: is not valid JSON/]],
    ['no object', '[]', [/^: must be an object/]],
    ['an unknown part', text({ keys: [] }), [/^keys: is not known; the parts are api_keys, auth, groups, tables/]],
    ['a part of another kind', text({ auth: {}, tables: [] }), [/^auth: must be a list/, /^tables: must be an object/]],
    ['an element of another kind', text({ groups: ['x'] }), [/^groups\[0\]: must be an object/]],
    ['an empty key', text({ api_keys: [{ id: '', value: 1 }] }), [/^api_keys\[0\]\.id: /, /^api_keys\[0\]\.value: /]],
    ['a key with more', text({ api_keys: [{ ...key, secret: 1 }] }), [/^api_keys\[0\]\.secret: is not known/]],
    [
      'a key twice',
      text({ api_keys: [key, { id: 'k2', value: 'v1' }, { id: 'k1', value: 'v3' }] }),
      [/^api_keys\[1\]\.value: stands twice/, /^api_keys\[2\]\.id: stands twice/],
    ],
    [
      'a misspelt attribute',
      text({ api_keys: [key], auth: [{ ...person, exclude_field: [] }] }),
      [/^auth\[0\]\.exclude_field: /],
    ],
    [
      'an unknown operator',
      text({ auth: [{ ...person, filter_fields: [{ field: 'a', operator: 'like', value: 1 }] }] }),
      [/^auth\[0\]\.filter_fields\[0\]\.operator: /],
    ],
    ['a record twice', text({ auth: [person, person] }), [/^auth\[1\]\.id: 'k1' is auth\[0\] already/]],
    ['a group twice', text({ groups: [{ group_id: 'g' }, { group_id: 'g' }] }), [/^groups\[1\]\.group_id: /]],
    [
      'a dangling group',
      text({ auth: [{ ...person, groups: ['g'] }] }),
      [/^auth\[0\]\.groups\[0\]: there is no group 'g'/],
    ],
    [
      'an unknown table',
      text({ tables: { item: [] } }),
      [/^tables\.item: is no table of the API; its tables are items/],
    ],
    ['a row without its key', text({ tables: { items: [{ a: 1 }] } }), [/^tables\.items\[0\]\.id: is required/]],
    ['a key of another type', text({ tables: { items: [{ id: 1 }] } }), [/^tables\.items\[0\]\.id: must be a string/]],
    [
      'an empty key attribute',
      text({ tables: { items: [{ id: '' }] } }),
      [/^tables\.items\[0\]\.id: must not be empty/],
    ],
    [
      'a long key',
      text({ tables: { items: [{ id: long(2049) }] } }),
      [/^tables\.items\[0\]\.id: must not be longer than 2048 bytes/],
    ],
    [
      'an index key of another type, or too long',
      text({ tables: { items: [{ id: 'a', status: true, created: long(1025) }] } }),
      [
        /^tables\.items\[0\]\.status: must be a string/,
        /^tables\.items\[0\]\.created: must not be longer than 1024 bytes/,
      ],
    ],
    [
      'a row too large',
      text({ tables: { items: [{ id: 'a', x: long(409_600) }] } }),
      [/^tables\.items\[0\]: has \d+ bytes/],
    ],
    [
      'a row twice',
      text({ tables: { items: [{ id: 'a' }, { id: 'a' }] } }),
      [/^tables\.items\[1\]\.id: has the key of/],
    ],
    ['a number out of range', '{"tables":{"items":[{"id":"a","n":1e400}]}}', [/^tables\.items\[0\]\.n: is a number/]],
  ])('refuses %s', (_, seed, expected) => {
    const found = faults(seed);
    expect(found).toHaveLength(expected.length);
    for (const [at, pattern] of expected.entries()) expect(found[at]).toMatch(pattern);
  });

  it('refuses what a create would refuse: attributes of another type, or that every item has, and an item too large', () => {
    const notes = table('notes', {
      partitionKey: { id: 'string' },
      attributes: { title: { type: 'string', required: true }, pages: 'number' },
    });
    const defined = api({ tables: [notes], endpoints: [list('/notes', notes)] });
    const big = { id: 'b', title: 'x', x: long(409_600 - 10), n: 1e-5 };
    const result = parseSeed(text({ tables: { notes: [{ id: 'a', pages: 'x' }, big] } }), defined);
    expect('faults' in result && result.faults).toEqual([
      { path: 'tables.notes[0].title', message: 'is required' },
      { path: 'tables.notes[0].pages', message: 'must be a number' },
      {
        path: 'tables.notes[1]',
        message: `has ${itemBytes(item(big))} bytes; an item has at most ${MAX_ITEM_BYTES}`,
      },
    ]);
  });

  it('reports every fault at once', () => {
    const seed = { x: 1, api_keys: [{}], auth: [{}], tables: { nope: [], items: [{}] } };
    expect(faults(text(seed)).length).toBeGreaterThanOrEqual(6);
  });

  it('takes a row that is in no index, keeps 38 digits, and counts its first version', () => {
    const digits = '12345678901234567890123456789012345678';
    const result = parseSeed(`{"tables":{"items":[{"id":"a","n":${digits}}]}}`, example);
    const row = 'seed' in result ? result.seed.tables.get('items')?.[0] : undefined;
    expect(row && attribute(row, 'n')).toEqual({ N: digits });
    expect(row && attribute(row, '_v')).toEqual({ N: '1' });
  });

  it('warns of a record that no key can call as', () => {
    const result = parseSeed(text({ auth: [person] }), example);
    expect('seed' in result && result.seed.warnings).toEqual([
      "auth[0].id: no API key has the id 'k1'; nobody can call as this record",
    ]);
  });

  it("takes the example's seed without a warning", () => {
    const file = new URL('../../../../examples/items/seed.json', import.meta.url);
    const result = parseSeed(readFileSync(file, 'utf8'), example);
    expect(result).toMatchObject({ seed: { warnings: [] } });
    const { seed } = result as Extract<typeof result, { seed: unknown }>;
    expect(seed.auth.length).toBeGreaterThanOrEqual(6);
    expect(seed.tables.get('items')?.length).toBe(24);
  });
});
