// docs/reference/query.md, "Plans": what each kind of plan costs on a real engine, and that every plan that could be
// taken gives the same rows, whole and page by page.

import { BatchWriteItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Path } from '../../lib/base/path.ts';
import type { Item, Value } from '../../lib/base/value.ts';
import {
  all,
  any,
  type Condition,
  compare,
  exists,
  not,
  oneOf,
  startsWith,
  TRUE,
} from '../../lib/condition/condition.ts';
import { evaluator } from '../../lib/condition/evaluate.ts';
import { printCondition } from '../../lib/condition/print.ts';
import { table } from '../../lib/definition/table.ts';
import { sorted } from '../../lib/plan/order.ts';
import { planRead, plansOf, type ReadOptions, type ReadPlan } from '../../lib/plan/read-plan.ts';
import type { Position } from '../../lib/plan/step.ts';
import { createClient } from '../../lib/store/dynamodb/client.ts';
import { readItems } from '../../lib/store/dynamodb/read-items.ts';
import { createMeter } from '../../lib/store/telemetry/meter.ts';
import { keyPolicy } from '../support/access.ts';
import { tableInput } from '../support/api.ts';
import { UNBOUNDED, unmeteredWorld, untilTime } from '../support/budget.ts';
import { useEngine } from '../support/engine.ts';
import { proved, runs } from '../support/proof.ts';
import { item } from '../support/values.ts';

const required = { type: 'string', required: true } as const;
const tasks = table('tasks', {
  partitionKey: { team: 'string' },
  sortKey: { number: 'number' },
  attributes: { status: required, created: required, owner: 'string', due: 'string' },
  indexes: {
    by_status: { partitionKey: 'status', sortKey: 'created', distinct: 5 },
    by_owner: { partitionKey: 'owner', projection: 'keys', distinct: 4 },
    by_due: { partitionKey: 'owner', sortKey: 'due', projection: ['size'] },
    in_team: { partitionKey: 'team', sortKey: 'created', local: true },
  },
  size: { items: 200, itemBytes: 1_000 },
});

const TEXT = 'x'.repeat(900);
const rows: readonly Item[] = Array.from({ length: 200 }, (_, n) =>
  item({
    team: `t${n % 10}`,
    number: n,
    status: `s${n % 5}`,
    created: `2026-${10 + (n % 7)}`,
    ...(n % 3 !== 0 && { owner: `o${n % 4}` }),
    ...(n % 2 !== 0 && { due: `2027-${10 + (n % 9)}` }),
    size: n % 8,
    text: TEXT,
  }),
);

const engine = useEngine();
const calls: string[] = [];
let name = '';
let store: ReturnType<typeof readItems>;
let consumed: () => { readonly read: number };

beforeAll(async () => {
  name = await engine.createTable('tasks', tableInput(tasks));
  for (const row of rows) await engine.client.send(new PutItemCommand({ TableName: name, Item: row as never }));
  const client = createClient(engine.endpoint);
  const count =
    (next: (args: never) => Promise<never>, { commandName = '' }: { commandName?: string }) =>
    (args: never) => {
      calls.push(commandName.replace('Command', ''));
      return next(args);
    };
  client.middlewareStack.add(count as never, { step: 'initialize' });
  store = readItems(client, name, unmeteredWorld);
  consumed = createMeter(client, {}).consumed;
});

beforeEach(() => {
  calls.length = 0;
});

const policy = keyPolicy({}, { table: tasks });

async function pageOf(plan: ReadPlan, from?: Position) {
  const found: Item[] = [];
  const { next } = await store.read(plan, UNBOUNDED, (row) => found.push(row) > 0, from);
  return { found, next };
}

async function everything(plan: ReadPlan): Promise<readonly Item[]> {
  const found: Item[] = [];
  let from: Position | undefined;
  do {
    // A place survives a cursor, which holds plain data.
    const page = await pageOf(plan, from && structuredClone({ ...from }));
    found.push(...page.found);
    from = page.next;
  } while (from);
  return found;
}

/** AWS counts what an index holds. DynamoDB Local counts the whole items, also where an index holds a part of them. */
function isCounted({ steps }: ReadPlan): boolean {
  return engine.kind === 'dynoxide' || steps.every((step) => 'keys' in step || step.source.holds === 'all');
}

const numberOf = (row: Item) => Number((row['number'] as { N: string }).N);
const numbers = (found: readonly Item[]) => found.map(numberOf);
const sortedNumbers = (found: readonly Item[]) => numbers(found).sort((one, other) => one - other);
const S = (text: string): Value => ({ S: text });
const N = (number: number): Value => ({ N: String(number) });
const eq = (attribute: string, value: Value): Condition => compare([attribute], '=', value);

describe('a plan on the engine', () => {
  const key = all([eq('team', S('t3')), eq('number', N(13))]);
  const status = eq('status', S('s1'));
  const hidden = all([key, eq('size', N(0))]);
  const two = oneOf(['status'], [S('s1'), S('s2')]);
  const cases: readonly [string, Condition, Partial<ReadOptions>, string, string[], number][] = [
    ['of nothing', all([status, eq('status', S('s2'))]), {}, 'never', [], 0],
    ['of a key', key, {}, 'get', ['GetItem'], 1],
    ['of a key that the policy hides', hidden, {}, 'get', ['GetItem'], 1],
    [
      'of some keys',
      all([eq('team', S('t3')), oneOf(['number'], [N(3), N(13), N(4)])]),
      {},
      'batch',
      ['BatchGetItem'],
      3,
    ],
    ['of a partition', eq('team', S('t3')), {}, 'query', ['Query'], 2.5],
    ['of a range', all([eq('team', S('t3')), compare(['number'], '<', N(50))]), {}, 'query', ['Query'], 1],
    ['of one row', all([eq('team', S('t3')), compare(['number'], '<', N(50))]), { limit: 1 }, 'query', ['Query'], 0.5],
    ['of an index', status, {}, 'query', ['Query'], 5.5],
    ['of an index by a prefix', all([status, startsWith(['created'], '2026-16')]), {}, 'query', ['Query'], 1],
    ['of an index by a range', all([status, compare(['created'], '>=', S('2026-15'))]), {}, 'query', ['Query'], 2],
    [
      'of a local index',
      all([eq('team', S('t3')), compare(['created'], '<', S('2026-11'))]),
      {},
      'query',
      ['Query'],
      0.5,
    ],
    ['of several values', two, {}, 'union', ['Query', 'Query'], 11],
    ['of an any', any([status, eq('team', S('t3'))]), {}, 'union', ['Query', 'Query'], 8],
    ['of everything', TRUE, {}, 'scan', ['Scan'], 25],
    ['of what no index has', eq('size', N(1)), {}, 'scan', ['Scan'], 25],
    ['of keys alone', exists(['owner']), { fields: [['team']] }, 'scan', ['Scan'], 1.5],
    [
      'that is fetched back',
      all([eq('owner', S('o1')), compare(['due'], '<', S('2027-12'))]),
      {},
      'query',
      ['Query', 'BatchGetItem'],
      9,
    ],
  ];

  it.each(cases)('%s', async (_, condition, options, kind, expectedCalls, units) => {
    const plan = planRead(policy, condition, { limit: 1_000, ...options });
    expect(plan.kind).toBe(kind);
    const before = consumed().read;
    const { found } = await pageOf(plan);
    expect(calls).toEqual(expectedCalls);
    // Engines round a little differently: nothing is read that is not needed.
    if (isCounted(plan)) expect(consumed().read - before).toBeLessThanOrEqual(units);
    expect(sortedNumbers(found)).toEqual(sortedNumbers(rows.filter(evaluator(condition)).slice(0, options.limit)));
    expect(found.length === 0).toBe(kind === 'never' || condition === hidden);
  });

  it.each([false, true])(
    'of several sort keys is in their order, page by page (descending: %s)',
    async (isDescending) => {
      const listed = all([status, oneOf(['created'], ['2026-14', '2026-10', '2026-12'].map(S))]);
      const order = { path: ['created'] as const, isDescending };
      const plan = planRead(policy, listed, { limit: 2, order });
      expect(plan).toMatchObject({ kind: 'union', sortedBy: 'steps' });
      const found = await everything(plan);
      expect(sortedNumbers(found)).toEqual(sortedNumbers(rows.filter(evaluator(listed))));
      expect(found.map((row) => row['created'])).toEqual(sorted(found, order).map((row) => row['created']));
    },
  );

  it('costs about what was estimated', async () => {
    for (const [, condition, options, kind] of cases) {
      if (kind === 'never' || options.limit === 1) continue;
      const plan = planRead(policy, condition, { limit: 1_000, ...options });
      if (!isCounted(plan)) continue;
      const before = consumed().read;
      await pageOf(plan);
      const ratio = plan.cost / (consumed().read - before);
      expect(ratio, printCondition(condition)).toBeGreaterThan(0.1);
      expect(ratio, printCondition(condition)).toBeLessThan(10);
    }
  });
});

describe('partitions in one order', () => {
  /** Many rows of each value, so that places inside one value are gone on from. */
  const crowd: readonly Item[] = Array.from({ length: 900 }, (_, n) =>
    item({ team: 't', number: n, status: n % 2 === 0 ? 'a' : 'b', created: n < 600 ? 'v1' : 'v2', text: TEXT }),
  );
  const client = () => createClient(engine.endpoint);
  let crowded = '';

  beforeAll(async () => {
    crowded = await engine.createTable('crowd', tableInput(tasks));
    for (let at = 0; at < crowd.length; at += 25) {
      const requests = crowd.slice(at, at + 25).map((row) => ({ PutRequest: { Item: row as never } }));
      await engine.client.send(new BatchWriteItemCommand({ RequestItems: { [crowded]: requests } }));
    }
  });

  const partitions = oneOf(['status'], [S('b'), S('a')]);
  const ranges: readonly (readonly [string, Condition])[] = [
    ['all of them', partitions],
    ['some of their sort keys', all([partitions, oneOf(['created'], [S('v2'), S('v1')])])],
    ['a range', all([partitions, compare(['created'], '>=', S('v1')), compare(['created'], '<=', S('v2'))])],
    ['what is left of a filter', all([partitions, compare(['number'], '>=', N(100)), eq('team', S('t'))])],
  ];
  const asked = ranges.flatMap(([name, condition]) =>
    [false, true].map((isDescending) => [name, isDescending, condition] as const),
  );

  it.each(asked)('are whole, wherever the time was up: %s (descending: %s)', async (_, isDescending, condition) => {
    // Each look at the clock takes a while.
    let now = 0;
    const { read } = readItems(client(), crowded, { ...unmeteredWorld, now: () => ++now });
    const order = { path: ['created'] as const, isDescending };
    const plan = planRead(policy, condition, { limit: 160, order });
    expect(plan.sortedBy).toBe('steps');
    const found: Item[] = [];
    let from: Position | undefined;
    let pages = 0;
    do {
      const patience = [1, 300, 2, 5, 300][pages % 5] as number;
      const page = await read(plan, untilTime(now + patience), (row) => found.push(row) > 0, from);
      from = page.next && structuredClone({ ...page.next });
      pages += 1;
    } while (from && pages < 200);
    expect(sortedNumbers(found)).toEqual(sortedNumbers(crowd.filter(evaluator(condition))));
    expect(found.map((row) => row['created'])).toEqual(sorted(found, order).map((row) => row['created']));
  });
});

describe('many partitions in one order', () => {
  const wide = table('wide', {
    partitionKey: { id: 'string' },
    attributes: { status: required, created: required, owner: required },
    indexes: {
      by_status: { partitionKey: 'status', sortKey: 'created', distinct: 300 },
      by_owner: { partitionKey: 'owner', sortKey: 'created', projection: 'keys', distinct: 300 },
    },
    size: { items: 1_200, itemBytes: 1_000 },
  });
  /** Of some sizes, many of one value, and each in one of two branches or in both. */
  const many: readonly Item[] = Array.from({ length: 1_200 }, (_, n) =>
    item({
      id: `i${n}`,
      status: `s${n % 300}`,
      owner: `o${(n * 7) % 300}`,
      created: `2026-${10 + ((n * 11) % 37)}`,
      size: n % 3,
      text: 'x'.repeat(50 + (n % 17) * 100),
    }),
  );
  const listed = (name: string, count: number) =>
    oneOf(
      [name],
      Array.from({ length: count }, (_, n) => S(`${name[0]}${n}`)),
    );
  const conditions: readonly (readonly [string, Condition])[] = [
    ['an index that holds all', listed('status', 300)],
    ['an index that holds keys', listed('owner', 60)],
    ['some rows of each', all([listed('status', 60), not(eq('size', N(1)))])],
    ['branches that share rows', any([listed('status', 50), listed('owner', 50)])],
  ];
  let named = '';

  beforeAll(async () => {
    named = await engine.createTable('wide', tableInput(wide));
    for (let at = 0; at < many.length; at += 25) {
      const requests = many.slice(at, at + 25).map((row) => ({ PutRequest: { Item: row as never } }));
      await engine.client.send(new BatchWriteItemCommand({ RequestItems: { [named]: requests } }));
    }
  });

  async function inPages(condition: Condition, isDescending: boolean, heldBytes: number): Promise<readonly Item[]> {
    const { read } = readItems(createClient(engine.endpoint), named, unmeteredWorld, heldBytes);
    const order = { path: ['created'] as const, isDescending };
    const plan = planRead(keyPolicy({}, { table: wide }), condition, {
      limit: Math.ceil(many.filter(evaluator(condition)).length / 3),
      order,
    });
    expect(plan.sortedBy).toBe('steps');
    const found: Item[] = [];
    let from: Position | undefined;
    do {
      const page = await read(plan, UNBOUNDED, (row) => found.push(row) > 0, from);
      from = page.next && structuredClone({ ...page.next });
    } while (from);
    return found;
  }

  const asked = conditions.flatMap(([name, condition]) =>
    [false, true].map((isDescending) => [name, isDescending, condition] as const),
  );

  it.each(asked)(
    'give the same rows, however few of them are held at once: %s (descending: %s)',
    async (_, isDescending, condition) => {
      const whole = await inPages(condition, isDescending, Number.POSITIVE_INFINITY);
      const idOf = (row: Item) => (row['id'] as { S: string }).S;
      expect(whole.map(idOf).sort()).toEqual(many.filter(evaluator(condition)).map(idOf).sort());
      const order = { path: ['created'] as const, isDescending };
      expect(whole.map((row) => row['created'])).toEqual(sorted(whole, order).map((row) => row['created']));
      for (const heldBytes of [1, 20_000]) {
        const found = await inPages(condition, isDescending, heldBytes);
        expect(found).toEqual(whole);
      }
    },
    60_000,
  );
});

describe('every plan that could be taken', () => {
  const path = fc.constantFrom('team', 'number', 'status', 'created', 'owner', 'due', 'size', 'none');
  const values: Readonly<Record<string, readonly Value[]>> = {
    team: ['t1', 't2', 't3', 't99'].map(S),
    number: [1, 2, 3, 13, 33, 500].map(N),
    status: ['s1', 's2', 's9'].map(S),
    created: ['2026-10', '2026-12', '2026-14', '2026'].map(S),
    owner: ['o1', 'o2', 'o7'].map(S),
    due: ['2027-11', '2027-13'].map(S),
    size: [0, 1, 5].map(N),
    none: [S('x')],
  };
  const leaf = path.chain((at) => {
    const value = fc.constantFrom(...(values[at] as Value[]));
    return fc.oneof(
      { arbitrary: value.map((v) => eq(at, v)), weight: 4 },
      { arbitrary: fc.array(value, { minLength: 1, maxLength: 3 }).map((some) => oneOf([at], some)), weight: 3 },
      {
        arbitrary: fc
          .tuple(fc.constantFrom('<', '<=', '>', '>=') as fc.Arbitrary<'<'>, value)
          .map(([c, v]) => compare([at], c, v)),
        weight: 2,
      },
      { arbitrary: fc.constant(exists([at])), weight: 1 },
      { arbitrary: value.map((v) => not(eq(at, v))), weight: 1 },
    );
  });
  const keyed = fc
    .tuple(fc.integer({ min: 0, max: 199 }), fc.integer({ min: 1, max: 3 }))
    .map(([n, count]) =>
      all([eq('team', S(`t${n % 10}`)), oneOf(['number'], [n, n + 10, n + 20].slice(0, count).map(N))]),
    );
  const conditions = fc.letrec<{ tree: Condition }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 3 },
      { arbitrary: leaf, weight: 3 },
      { arbitrary: keyed, weight: 1 },
      { arbitrary: fc.array(tie('tree'), { minLength: 2, maxLength: 3 }).map(all), weight: 3 },
      { arbitrary: fc.array(tie('tree'), { minLength: 2, maxLength: 3 }).map(any), weight: 2 },
    ),
  })).tree;
  const orders = fc.constantFrom<ReadOptions['order']>(
    undefined,
    { path: ['created'], isDescending: false },
    { path: ['created'], isDescending: true },
    { path: ['number'], isDescending: true },
  );
  const fields = fc.constantFrom<readonly Path[] | undefined>(undefined, [['number']], [['text'], ['size']]);

  it(
    'gives the same rows, whatever the limit, the order and the fields',
    async () => {
      const kinds = new Map<string, number>();
      await fc.assert(
        fc.asyncProperty(
          conditions,
          orders,
          fields,
          fc.integer({ min: 1, max: 60 }),
          async (condition, order, wanted, limit) => {
            const expected = rows.filter(evaluator(condition));
            for (const plan of plansOf(policy, condition, { limit, order, fields: wanted })) {
              const what = `${plan.kind} of ${printCondition(condition)}`;
              kinds.set(plan.kind, (kinds.get(plan.kind) ?? 0) + 1);
              const found = await everything(plan);
              expect(sortedNumbers(found), what).toEqual(sortedNumbers(expected));
              if (plan.sortedBy !== 'steps' || !order) continue;
              expect(
                found.map((row) => row[String(order.path[0])]),
                what,
              ).toEqual(sorted(found, order).map((row) => row[String(order.path[0])]));
            }
          },
        ),
        { numRuns: runs(100) },
      );
      proved('plans of one condition', {
        cases: runs(100),
        plans: [...kinds.values()].reduce((sum, each) => sum + each, 0),
      });
      for (const kind of ['get', 'batch', 'query', 'union', 'scan'])
        expect(kinds.get(kind) ?? 0, kind).toBeGreaterThan(0);
    },
    runs(300_000),
  );

  it(
    'gives the same rows where all are read side by side',
    async () => {
      await fc.assert(
        fc.asyncProperty(conditions, async (condition) => {
          for (const plan of plansOf(policy, condition, { limit: 1, fields: [['number']] })) {
            const found: Item[] = [];
            await store.readAll(plan, UNBOUNDED, (row) => found.push(row));
            expect(sortedNumbers(found), plan.kind).toEqual(sortedNumbers(rows.filter(evaluator(condition))));
          }
        }),
        { numRuns: runs(60) },
      );
    },
    runs(300_000),
  );
});
