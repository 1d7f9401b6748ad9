// What DynamoDB and the definition demand of an item: keys of their type, not empty, within their bytes.

import { describe, expect, it } from 'vitest';
import { itemFaults, keyOf, parseKey, removalFaults, valueFaults } from '../../../lib/definition/item-faults.ts';
import { table } from '../../../lib/definition/table.ts';
import { item } from '../../support/values.ts';

const orders = table('orders', {
  partitionKey: { customer: 'string' },
  sortKey: { number: 'number' },
  indexes: { by_status: { partitionKey: { status: 'string' }, sortKey: { created: 'string' } } },
  attributes: { price: 'number', paid: 'boolean' },
});
const notes = table('notes', { partitionKey: { id: 'string' }, sortKey: { title: 'string' } });

const paths = (faults: readonly { readonly path: string }[]) => faults.map(({ path }) => path);

describe('an item', () => {
  it.each([
    ['is whole', { customer: 'c', number: 1 }, []],
    ['has attributes nobody declared', { customer: 'c', number: 1, x: [{ y: null }] }, []],
    ['has no key', { price: 1 }, ['customer', 'number']],
    ['has a key of another type', { customer: 5, number: '1' }, ['customer', 'number']],
    ['has an empty key', { customer: '', number: 1 }, ['customer']],
    ['has an empty index key', { customer: 'c', number: 1, status: '' }, ['status']],
    ['has an index key of another type', { customer: 'c', number: 1, status: null }, ['status']],
    [
      'has declared attributes of other types',
      { customer: 'c', number: 1, price: '1', paid: 'true' },
      ['price', 'paid'],
    ],
    ['has a partition key of 2,048 bytes', { customer: 'é'.repeat(1_024), number: 1 }, []],
    ['has a partition key of 2,050 bytes', { customer: 'é'.repeat(1_025), number: 1 }, ['customer']],
    ['has an index sort key of 1,024 bytes', { customer: 'c', number: 1, created: 'x'.repeat(1_024) }, []],
    ['has an index sort key of 1,025 bytes', { customer: 'c', number: 1, created: 'x'.repeat(1_025) }, ['created']],
  ])('that %s', (_, plain, faulty) => {
    expect(paths(itemFaults(orders, item(plain)))).toEqual(faulty);
  });

  it('may leave out its key where only some attributes are looked at', () => {
    expect(valueFaults(orders, item({ price: 1 }))).toEqual([]);
    expect(paths(valueFaults(notes, item({ title: 'x'.repeat(1_025) })))).toEqual(['title']);
  });

  it('has a key', () => {
    expect(keyOf(orders, item({ customer: 'c', number: 1, price: 2 }))).toEqual(item({ customer: 'c', number: 1 }));
  });
});

describe('a key in a path', () => {
  const key = (customer: string, number: string) => parseKey(orders, new Map(Object.entries({ customer, number })));
  const faulty = (customer: string, number: string) => {
    const parsed = key(customer, number);
    return 'faults' in parsed ? paths(parsed.faults) : [];
  };

  it.each(['7', '-1.5', '12345678901234567890123456789012345678', '0'])(
    'is read as the types of the key: %s',
    (text) => {
      expect(key('5', text)).toEqual({ value: { customer: { S: '5' }, number: { N: text } } });
    },
  );

  it.each(['', 'x', ' 7', '7 ', '0x7', '+7', '1e126', '1'.repeat(39), '.7', '7.'])('is no number: %j', (text) => {
    expect(faulty('c', text)).toEqual(['number']);
  });

  // Permitted endpoints are matched with the path: `/order/c/[0-9]{4}` must not be a way to order 7.
  it.each(['0007', '7.00', '7e00', '0.7e1', '-0'])('has no second spelling: %j', (text) => {
    expect(faulty('c', text)).toEqual(['number']);
  });

  it('is no longer than DynamoDB takes', () => {
    expect(faulty('x'.repeat(2_049), '1')).toEqual(['customer']);
  });
});

describe('a required attribute', () => {
  const strict = table('items', {
    partitionKey: { id: 'string' },
    attributes: { status: { type: 'string', required: true }, note: 'string' },
  });

  it('is in every item, and is of its type', () => {
    expect(itemFaults(strict, item({ id: 'a', status: 'new' }))).toEqual([]);
    expect(itemFaults(strict, item({ id: 'a' }))).toEqual([{ path: 'status', message: 'is required' }]);
    expect(itemFaults(strict, item({ id: 'a', status: 1 }))).toEqual([{ path: 'status', message: 'must be a string' }]);
  });

  it('cannot be removed', () => {
    expect(removalFaults(strict, ['note', 'status']).map(({ path }) => path)).toEqual(['status']);
  });
});
