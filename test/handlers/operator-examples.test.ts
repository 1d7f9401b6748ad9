// What the table of operators says is so: every example is asked, every alias, and what becomes of a missing attribute, in
// a query and in a policy.

import { beforeAll, describe, expect, it } from 'vitest';
import { operators } from '../../lib/condition/operators.ts';
import { api } from '../../lib/definition/api.ts';
import { list } from '../../lib/definition/endpoint.ts';
import { table } from '../../lib/definition/table.ts';
import { operatorsPage } from '../../scripts/operators-page.ts';
import { keyRecord, useApi } from '../support/api.ts';

const things = table('things', { partitionKey: { id: 'string' } });
const { send, auth, items } = useApi(api({ tables: [things], endpoints: [list('/things', things)] }));

/** What each example finds among the things below. */
const FINDS: Readonly<Record<string, readonly string[]>> = {
  eq: ['book'],
  ne: ['bare', 'book', 'odd'],
  in: ['book', 'odd'],
  notin: ['bare', 'book', 'odd'],
  startswith: ['book'],
  contains: ['book', 'shirt'],
  notcontains: ['bare', 'odd'],
  exists: ['book'],
  gt: ['book', 'shirt'],
  lt: ['odd'],
  gte: ['book', 'shirt'],
  lte: ['book', 'odd'],
  between: ['book'],
  type: ['shirt'],
  haselements: ['shirt'],
};

beforeAll(async () => {
  await auth(keyRecord('admin'));
  await items(
    'things',
    {
      id: 'book',
      type: 'book',
      status: 'new',
      name: 'Annabel',
      tags: ['red'],
      email: null,
      price: 20,
      created: '2026-04-01',
    },
    { id: 'shirt', type: 'shirt', status: 'sold', tags: new Set(['red', 'big']), price: 21, created: '2026-04-02' },
    { id: 'odd', type: ['book'], status: 'used', name: 'Joanna', tags: 'big', price: 9.99, created: '2025' },
    { id: 'bare' },
  );
});

const ids = (json: { id: string }[]) => json.map(({ id }) => id).sort();
const [first] = operators;

describe('docs/reference/operators.md', () => {
  it('has a line for every operator with its value and its example', () => {
    for (const { name, aliases, example, meaning } of operators) {
      const line = operatorsPage()
        .split('\n')
        .find((each) => each.startsWith(`| \`${name}\` `));
      for (const part of [...aliases, example, meaning]) expect(line).toContain(part);
    }
    expect(first?.name).toBe('eq');
  });
});

describe.each(operators.map((operator) => [operator.name, operator] as const))('%s', (name, operator) => {
  const [parameter = '', value = ''] = operator.example.split(/=(.*)/s);
  const path = parameter.split('__')[0] as string;
  const find = async (named: string) => {
    const answer = await send('GET', '/things', { as: 'admin', query: [[named, value]] });
    return answer.status === 200 ? ids(answer.json) : answer.json;
  };

  it('finds what its example says', async () => {
    expect(await find(parameter)).toEqual(FINDS[name]);
    // Nothing and everything would prove nothing.
    expect(FINDS[name]?.length).toBeGreaterThan(0);
    expect(FINDS[name]?.length).toBeLessThan(4);
  });

  it('finds the same by its name and by each alias', async () => {
    for (const each of [name, ...operator.aliases]) expect(await find(`${path}__${each}`)).toEqual(FINDS[name]);
  });

  it('does with a missing attribute, in a query, what its line says', async () => {
    const found = await find(`${path}__${name}`);
    const isAsked = operator.missing === 'as asked';
    expect(found.includes('bare')).toBe(isAsked ? value === 'false' : operator.missing === 'true');
  });

  it('does with a missing attribute, in a policy, what its line says', async () => {
    const operand = /^[[{]|^(true|false|-?\d+(\.\d+)?)$/.test(value) ? JSON.parse(value) : value;
    const filter = { field: path, operator: name, value: operand };
    const sees = async (id: string, policy: unknown) => {
      await auth(keyRecord(id, { filter_fields: [policy] }));
      return ids((await send('GET', '/things', { as: id })).json).includes('bare');
    };
    const meaning = [await sees(`${name}-plain`, filter), await sees(`${name}-not`, { not: filter })];
    const { missingInPolicy = 'unknown' } = operator;
    const expected = {
      unknown: [false, false],
      false: [false, true],
      'as asked': [value === 'false', value === 'true'],
    };
    expect(meaning).toEqual(expected[missingInPolicy]);
  });
});
