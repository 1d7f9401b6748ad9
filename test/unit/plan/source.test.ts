// docs/reference/query.md, "Plans": an index is read only if it cannot miss rows, and holds, or can fetch back, the
// attributes needed.

import { describe, expect, it } from 'vitest';
import {
  all,
  any,
  type Condition,
  compare,
  contains,
  exists,
  hasType,
  not,
  oneOf,
  startsWith,
  TRUE,
} from '../../../lib/condition/condition.ts';
import { type IndexOptions, table } from '../../../lib/definition/table.ts';
import { sourcesOf } from '../../../lib/plan/source.ts';
import { eq, N, planOf, rejectedOf, S, takenOf } from '../../support/plans.ts';

const ITEMS = 10_000;
const FOUR_KB = 4_096;

describe('an index that lacks rows', () => {
  const tasks = table('tasks', {
    partitionKey: { id: 'string' },
    attributes: { owner: 'string', due: 'number' },
    indexes: { by_owner: { partitionKey: 'owner', sortKey: 'due' } },
  });
  const owner = eq('owner', S('me'));
  const lacks = (query: Condition) => rejectedOf(planOf(tasks, query)).filter((reason) => reason.startsWith('query'));

  it.each<[string, Condition]>([
    ['its sort key is compared', compare(['due'], '>', N(3))],
    ['its sort key is one of a list', oneOf(['due'], [N(3), N(4)])],
    ['its sort key is there', exists(['due'])],
    ['its sort key is of its type', hasType(['due'], 'N')],
    ['its sort key is there in every branch of an any', any([all([eq('due', N(3)), eq('x', N(1))]), exists(['due'])])],
  ])('is read where %s', (_, due) => {
    const plan = planOf(tasks, all([owner, due]));
    expect(takenOf(plan)).toMatch(/ by_owner$/);
    expect(lacks(all([owner, due]))).toEqual([]);
  });

  it.each<[string, Condition]>([
    ['nothing is said of its sort key', eq('x', N(1))],
    ['its sort key is of another type', hasType(['due'], 'S')],
    ['its sort key is compared with another type', compare(['due'], '>', S('3'))],
    ['its sort key is one of a list with another type in it', oneOf(['due'], [N(3), S('3')])],
    ['its sort key may be missing', not(eq('due', N(3)))],
    ['its sort key is there in one branch of an any', any([exists(['due']), eq('x', N(1))])],
    ['something below its sort key is there', exists(['due', 'x'])],
    ['another attribute is there', exists(['x'])],
  ])('is not read where %s', (_, due) => {
    expect(takenOf(planOf(tasks, all([owner, due])))).toBe('scan');
    expect(lacks(all([owner, due]))).toEqual(['query by_owner: it has no items without due']);
  });

  it('says every key that its items have and others may lack', () => {
    expect(lacks(TRUE)).toEqual(['query by_owner: it has no items without owner or due']);
    expect(lacks(startsWith(['owner'], 'm'))).toEqual(['query by_owner: it has no items without due']);
    expect(lacks(contains(['owner'], S('m')))).toEqual(['query by_owner: it has no items without due']);
  });
});

describe('an index on attributes that every item has', () => {
  it('lacks none', () => {
    const notes = table('notes', {
      partitionKey: { id: 'string' },
      sortKey: { part: 'number' },
      attributes: { status: { type: 'string', required: true }, owner: 'string' },
      indexes: {
        by_status: { partitionKey: 'status', sortKey: 'part' },
        by_owner: { partitionKey: 'owner', sortKey: 'status' },
      },
    });
    expect(rejectedOf(planOf(notes, eq('status', S('new'))))).toContain(
      'query by_owner: it has no items without owner',
    );
    expect(takenOf(planOf(notes, eq('status', S('new'))))).toBe('query by_status');
  });
});

describe('what an index holds', () => {
  const people = table('people', {
    partitionKey: { id: 'string' },
    sortKey: { part: 'number' },
    attributes: { city: { type: 'string', required: true }, born: { type: 'number', required: true } },
    indexes: { by_city: { partitionKey: 'city', sortKey: 'born', projection: ['name', 'age'] } },
  });

  it('are its keys, those of the table, and what it is made with', () => {
    const [, index] = sourcesOf(people);
    expect(index?.keys).toEqual(['id', 'part', 'city', 'born']);
    expect(index?.holds).toEqual(new Set(['id', 'part', 'city', 'born', 'name', 'age']));
  });

  it.each<[string, string[], boolean]>([
    ['its keys', ['id', 'part', 'city', 'born'], false],
    ['what it is made with', ['name', 'age'], false],
    ['one attribute of several that it lacks', ['name', 'shoes'], true],
  ])('is enough or not for %s', (_, fields, isFetchedBack) => {
    const { steps } = planOf(people, eq('city', S('Oslo')), { fields: fields.map((name) => [name] as const) });
    expect(steps).toMatchObject([{ kind: 'query', isFetchedBack }]);
  });

  it('is not enough for whole items, whatever attributes it holds', () => {
    expect(planOf(people, eq('city', S('Oslo'))).steps).toMatchObject([{ kind: 'query', isFetchedBack: true }]);
    const letters = table('letters', {
      partitionKey: { id: 'string' },
      indexes: { by_x: { partitionKey: { x: 'string' }, projection: ['a', 'l'] } },
    });
    expect(planOf(letters, eq('x', S('y'))).steps).toMatchObject([{ kind: 'query', isFetchedBack: true }]);
  });

  it('is what a condition may ask about without more of the item', () => {
    const asking = (name: string) =>
      planOf(people, all([eq('city', S('Oslo')), eq(name, N(1))]), { fields: [['name']] }).steps;
    expect(asking('age')).toMatchObject([{ isFetchedBack: false }]);
    expect(asking('shoes')).toMatchObject([{ isFetchedBack: true }]);
  });
});

describe('the estimated rows of an index', () => {
  const cost = (index: Partial<IndexOptions>, query: Condition, options = {}, size = {}) => {
    const logs = table('logs', {
      partitionKey: { host: 'string' },
      sortKey: { time: 'number' },
      attributes: { level: { type: 'string', required: true }, user: 'string' },
      indexes: { an_index: { partitionKey: 'level', ...index } },
      size: { items: ITEMS, itemBytes: FOUR_KB, ...size },
    });
    const plan = planOf(logs, query, options);
    return [takenOf(plan), plan.cost];
  };
  const level = eq('level', S('info'));

  it('of one value are its share of them', () => {
    expect(cost({ distinct: 10 }, level)).toEqual(['query an_index', 500]);
    // Half of the items have a user.
    expect(cost({ partitionKey: 'user', distinct: 10 }, eq('user', S('u')))).toEqual(['query an_index', 250]);
  });

  it('of one value are ten where nobody has counted, or as many as there are', () => {
    expect(cost({}, level)).toEqual(['query an_index', 5]);
    expect(cost({}, level, {}, { items: 4 })).toEqual(['query an_index', 2]);
    // The table's partitions, by another order: counted values are of no partition.
    const local = { partitionKey: 'host', sortKey: 'level', local: true, distinct: 2 };
    expect(cost(local, all([eq('host', S('h')), level]))).toEqual(['query an_index', 0.5]);
    expect(cost(local, eq('host', S('h')))).toEqual(['query', 5]);
  });

  it('are small where it holds few attributes', () => {
    // 100 bytes of each; 180 bytes.
    expect(cost({ projection: 'keys' }, TRUE, { fields: [['level']] })).toEqual(['scan an_index', 122.5]);
    expect(cost({ projection: ['a', 'b'] }, TRUE, { fields: [['a']] })).toEqual(['scan an_index', 220]);
    // No larger than the items themselves.
    expect(cost({ projection: 'keys' }, level, { fields: [['level']] }, { itemBytes: 50 })).toEqual([
      'query an_index',
      0.5,
    ]);
    expect(cost({ projection: 'keys' }, TRUE, { fields: [['level']] }, { itemBytes: 50 })).toEqual(['scan', 61.5]);
  });

  it('are half of all where items may lack its key', () => {
    expect(cost({ partitionKey: 'user' }, exists(['user']))).toEqual(['scan an_index', 2_500]);
  });

  it('are one at least, so that a table which outgrows what was said of it is no cheaper to scan', () => {
    const small = { items: 1, itemBytes: 5_000 };
    expect(cost({ partitionKey: 'user' }, eq('user', S('u')), {}, small)).toEqual(['query an_index', 1]);
  });
});
