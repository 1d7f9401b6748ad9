// A plan misses no row: whatever condition is planned, every row that it accepts lies where the plan reads.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attribute, type Item, type Value } from '../../lib/base/value.ts';
import { all, any, type Condition, compare, exists, not, oneOf, startsWith } from '../../lib/condition/condition.ts';
import { equalValues, evaluator } from '../../lib/condition/evaluate.ts';
import { table } from '../../lib/definition/table.ts';
import { isInRange } from '../../lib/plan/key-range.ts';
import { planRead } from '../../lib/plan/read-plan.ts';
import type { Step } from '../../lib/plan/step.ts';
import { keyPolicy } from '../support/access.ts';
import { cases, times } from '../support/proof.ts';
import { item } from '../support/values.ts';

const orders = table('orders', { partitionKey: { customer: 'string' }, sortKey: { number: 'number' } });
const items = table('items', { partitionKey: { customer: 'string' } });
const indexed = table('items', {
  partitionKey: { customer: 'string' },
  attributes: { v: 'string', w: 'number' },
  indexes: {
    by_v: { partitionKey: 'v', sortKey: 'w' },
    by_w: { partitionKey: 'w', projection: 'keys' },
    by_v_alone: { partitionKey: 'v', projection: ['number'] },
  },
});

const rows = ['a', 'b', 'c'].flatMap((customer) =>
  [1, 2].flatMap((number) =>
    ['x', 'a', undefined].flatMap((v) => [1, undefined].map((w) => item({ customer, number, v, w }))),
  ),
);

const name = fc.constantFrom('customer', 'number', 'v', 'w');
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
  { arbitrary: fc.tuple(name, value).map(([at, to]) => compare([at], '<', to)), weight: 1 },
  { arbitrary: fc.tuple(name, fc.constantFrom('', 'a', 'x')).map(([at, to]) => startsWith([at], to)), weight: 1 },
  { arbitrary: name.map((at) => exists([at])), weight: 1 },
);
/** Two places of one table, which a union reads. */
const twoPlaces = fc
  .tuple(leaf, leaf)
  .map(([one, other]) =>
    any([all([compare(['customer'], '=', { S: 'a' }), one]), all([compare(['customer'], '=', { S: 'b' }), other])]),
  );
/** Some keys, which a batch reads. */
const someKeys = fc
  .tuple(fc.subarray(['a', 'b', 'c'], { minLength: 1 }), fc.subarray(['1', '2'], { minLength: 1 }))
  .map(([customers, numbers]) =>
    all([
      oneOf(
        ['customer'],
        customers.map((S) => ({ S })),
      ),
      oneOf(
        ['number'],
        numbers.map((N) => ({ N })),
      ),
    ]),
  );
const conditions = fc.letrec<{ tree: Condition }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 3 },
    { arbitrary: leaf, weight: 3 },
    { arbitrary: twoPlaces, weight: 1 },
    { arbitrary: someKeys, weight: 1 },
    { arbitrary: fc.array(tie('tree'), { maxLength: 3 }).map(all), weight: 3 },
    { arbitrary: fc.array(tie('tree'), { maxLength: 3 }).map(any), weight: 1 },
    { arbitrary: tie('tree').map(not), weight: 1 },
  ),
})).tree;

/** Whether a step reads the place where a row lies. */
function reads(step: Step, row: Item): boolean {
  const holds = (part: Item) =>
    Object.entries(part).every(([key, wanted]) => equalValues(attribute(row, key) ?? { NULL: true }, wanted));
  if ('keys' in step) return step.keys.some(holds);
  const { partitionKey, sortKey } = step.source;
  const isIndexed = [partitionKey, ...(sortKey ? [sortKey] : [])].every(({ name, type }) => {
    const value = attribute(row, name);
    return value !== undefined && (type === 'string' ? 'S' : 'N') in value;
  });
  if (!isIndexed || step.kind === 'scan') return isIndexed;
  if (!equalValues(attribute(row, partitionKey.name) as Value, step.partition)) return false;
  return !sortKey || isInRange(step.range, attribute(row, sortKey.name) as Value);
}

describe('a plan', () => {
  it.each([
    ['a partition key', items, ['never', 'get', 'batch', 'scan']],
    ['a partition and a sort key', orders, ['never', 'get', 'batch', 'query', 'union', 'scan']],
    ['indexes', indexed, ['never', 'get', 'batch', 'query', 'union', 'scan']],
  ])('reads every row that its condition accepts, each from one branch: %s', (_, of, expected) => {
    const kinds = new Map<string, number>();
    const policies = [
      {},
      { filter_fields: [{ field: 'customer', value: 'a' }] },
      { filter_fields: [{ field: 'number', value: [1, 2] }] },
      {
        filter_fields: [
          {
            any: [
              { field: 'v', value: 'x' },
              { field: 'w', value: 1 },
            ],
          },
        ],
      },
    ];
    const orders_ = [undefined, { path: ['w'] as const, isDescending: true }];
    const law = fc.property(
      conditions,
      fc.constantFrom(...policies),
      fc.constantFrom(...orders_),
      (condition, permissions, order) => {
        const policy = keyPolicy(permissions, { table: of });
        const plan = planRead(policy, condition, { limit: 10, order });
        kinds.set(plan.kind, (kinds.get(plan.kind) ?? 0) + 1);
        for (const row of rows) {
          const accepted = evaluator(all([policy.rows('read').condition, condition]))(row);
          expect(plan.accepts(row)).toBe(accepted);
          if (!accepted) continue;
          const branch = plan.branchOf(row);
          const bringing = plan.steps.filter((step) => step.branch === branch && reads(step, row));
          expect(bringing.length, `${plan.kind} brings a row ${bringing.length} times`).toBe(1);
        }
      },
    );
    fc.assert(law, cases(3_000));
    for (const kind of expected) expect(kinds.get(kind) ?? 0, kind).toBeGreaterThan(times(5));
  });
});
