// docs/reference/query.md, "Plans": the read units that a plan is estimated to cost. What is read eventually costs half
// a unit for each 4 KB begun of all its rows; what is read by its key a whole one for each 4 KB begun of each item.

import { describe, expect, it } from 'vitest';
import { all, type Condition, compare, oneOf, TRUE } from '../../../lib/condition/condition.ts';
import { table } from '../../../lib/definition/table.ts';
import { eq, N, planOf, S, takenOf } from '../../support/plans.ts';

const required = { type: 'string', required: true } as const;
const ITEMS = 10_000;
const FOUR_KB = 4_096;

/** 10,000 items of so many bytes; 1,000 of each level. */
const logsOf = (itemBytes: number) =>
  table('logs', {
    partitionKey: { host: 'string' },
    sortKey: { time: 'number' },
    attributes: { level: required },
    indexes: { by_level: { partitionKey: 'level', sortKey: 'time', distinct: 10 } },
    size: { items: ITEMS, itemBytes },
  });
const logs = logsOf(FOUR_KB);

const host = eq('host', S('h'));
const level = eq('level', S('info'));
const from = compare(['time'], '>=', N(1));
const to = compare(['time'], '<', N(9));

describe('the estimated read units', () => {
  it.each<[string, Condition, string, number]>([
    ['of everything are those of all bytes', TRUE, 'scan', 5_000],
    ['of a partition of an index are those of its share of the items', level, 'query by_level', 500],
    ['of a range that begins somewhere are three tenths', all([level, from]), 'query by_level', 150],
    ['of a range that ends somewhere are three tenths', all([level, to]), 'query by_level', 150],
    ['of a range with both ends are a tenth', all([level, from, to]), 'query by_level', 50],
    ['of one value are a hundredth', all([level, eq('time', N(1))]), 'query by_level', 5],
    ['of a partition that nobody has counted are those of ten rows', host, 'query', 5],
    ['of a range of it are a part of that', all([host, from]), 'query', 1.5],
    ['are those of one row at least', all([host, from, to]), 'query', 0.5],
    ['of several partitions are added up', oneOf(['host'], [S('a'), S('b'), S('c')]), 'union', 15],
    ['of one item are whole', all([host, eq('time', N(1))]), 'get', 1],
    ['of several items are one for each', all([host, oneOf(['time'], [N(1), N(2), N(3)])]), 'batch', 3],
  ])('%s', (_, query, taken, cost) => {
    const plan = planOf(logs, query);
    expect([takenOf(plan), plan.cost]).toEqual([taken, cost]);
  });

  it.each([
    [FOUR_KB, 1, 3, 5_000],
    [FOUR_KB + 1, 2, 6, 5_001.5],
    [100, 1, 3, 122.5],
  ])('of items of %d bytes are rounded up, item by item or all at once', (bytes, get, batch, scan) => {
    const costs = [eq('time', N(1)), oneOf(['time'], [N(1), N(2), N(3)])].map((time) => all([host, time]));
    expect([...costs, TRUE].map((query) => planOf(logsOf(bytes), query).cost)).toEqual([get, batch, scan]);
  });

  it('of one small item, read with all others, are half a one', () => {
    const one = table('one', { partitionKey: { id: 'string' }, size: { items: 1, itemBytes: 1 } });
    expect(planOf(one, TRUE).cost).toBe(0.5);
  });
});

describe('what an index does not hold', () => {
  const people = table('people', {
    partitionKey: { id: 'string' },
    attributes: { team: required, city: required },
    indexes: {
      by_team: { partitionKey: 'team', projection: 'keys', distinct: 4_000 },
      by_city: { partitionKey: 'city', projection: ['age'], distinct: 1_000 },
    },
    size: { items: ITEMS, itemBytes: FOUR_KB + 1 },
  });
  const city = eq('city', S('Oslo'));

  it.each<[string, Condition, string, number]>([
    // Two and a half rows of 100 bytes; three items of two units each.
    ['costs each of its rows once more', eq('team', S('red')), 'query by_team', 6.5],
    // Ten rows of 140 bytes; ten items.
    ['costs as much whatever else is asked of the items', all([city, eq('name', S('Jo'))]), 'query by_city', 20.5],
    ['costs as much where its keys are asked for', all([city, compare(['id'], '>', S('a'))]), 'query by_city', 20.5],
    ['costs half of that where the index leaves rows out', all([city, eq('age', N(5))]), 'query by_city', 10.5],
  ])('%s', (_, query, taken, cost) => {
    const plan = planOf(people, query);
    expect([takenOf(plan), plan.cost]).toEqual([taken, cost]);
  });

  it('costs nothing where it is not wanted', () => {
    expect(planOf(people, city, { fields: [['age']] }).cost).toBe(0.5);
  });
});
