// A plan misses no row: whatever condition is planned, every row that it accepts lies where the plan reads.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attribute, type Item, type Value } from '../../lib/base/value.ts';
import { all, any, type Condition, compare, exists, not, oneOf } from '../../lib/condition/condition.ts';
import { equalValues, evaluator } from '../../lib/condition/evaluate.ts';
import { table } from '../../lib/definition/table.ts';
import { planRead, type ReadPlan } from '../../lib/plan/read-plan.ts';
import { keyPolicy } from '../support/access.ts';
import { item } from '../support/values.ts';

const orders = table('orders', { partitionKey: { customer: 'string' }, sortKey: { number: 'number' } });
const items = table('items', { partitionKey: { customer: 'string' } });

const rows = ['a', 'b', 'c'].flatMap((customer) =>
  [1, 2].flatMap((number) => ['x', undefined].map((v) => item({ customer, number, v }))),
);

const name = fc.constantFrom('customer', 'number', 'v');
const value = fc.constantFrom<Value>(
  { S: 'a' },
  { S: 'b' },
  { S: 'x' },
  { S: '' },
  { N: '1' },
  { N: '1.0' },
  { N: '2' },
  { NULL: true },
);
const leaf = fc.oneof(
  { arbitrary: fc.tuple(name, value).map(([at, to]) => compare([at], '=', to)), weight: 5 },
  { arbitrary: fc.tuple(name, fc.array(value, { maxLength: 4 })).map(([at, to]) => oneOf([at], to)), weight: 4 },
  { arbitrary: fc.tuple(name, value).map(([at, to]) => compare([at], '>=', to)), weight: 1 },
  { arbitrary: name.map((at) => exists([at])), weight: 1 },
);
const conditions = fc.letrec<{ tree: Condition }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 3 },
    { arbitrary: leaf, weight: 3 },
    { arbitrary: fc.array(tie('tree'), { maxLength: 3 }).map(all), weight: 3 },
    { arbitrary: fc.array(tie('tree'), { maxLength: 3 }).map(any), weight: 1 },
    { arbitrary: tie('tree').map(not), weight: 1 },
  ),
})).tree;

/** Whether the plan reads the place where a row lies; what is not named here reads everything. */
function reads(plan: ReadPlan, row: Item): boolean {
  const holds = (part: Item) =>
    Object.entries(part).every(([key, wanted]) => equalValues(attribute(row, key) ?? { NULL: true }, wanted));
  if (plan.kind === 'never') return false;
  if (plan.kind === 'get') return holds(plan.key);
  if (plan.kind === 'batch') return plan.keys.some(holds);
  return plan.kind !== 'query' || holds(Object.fromEntries([plan.partition]));
}

describe('a plan', () => {
  it.each([
    ['a partition key', items],
    ['a partition and a sort key', orders],
  ])('reads every row that its condition accepts: %s', (_, of) => {
    const kinds = new Map<string, number>();
    const policies = [
      {},
      { filter_fields: [{ field: 'customer', value: 'a' }] },
      { filter_fields: [{ field: 'number', value: [1, 2] }] },
    ];
    const law = fc.property(conditions, fc.constantFrom(...policies), (condition, permissions) => {
      const policy = keyPolicy(permissions, { table: of });
      const plan = planRead(policy, condition, 10);
      kinds.set(plan.kind, (kinds.get(plan.kind) ?? 0) + 1);
      for (const row of rows) {
        const accepted = evaluator(all([policy.rows.read, condition]))(row);
        expect(plan.accepts(row)).toBe(accepted);
        if (accepted) expect(reads(plan, row), `${plan.kind} misses a row`).toBe(true);
      }
    });
    fc.assert(law, { numRuns: 2_000 });
    for (const kind of ['never', 'get', 'scan']) expect(kinds.get(kind) ?? 0, kind).toBeGreaterThan(20);
  });
});
