// What plans are estimated to cost against what DynamoDB says that they did, a plan of each kind.

import type { Value } from '../../lib/base/value.ts';
import { all, type Condition, compare, FALSE, oneOf } from '../../lib/condition/condition.ts';
import { planGet, planRead, type ReadPlan } from '../../lib/plan/read-plan.ts';
import { createClient } from '../../lib/store/dynamodb/client.ts';
import { UNBOUNDED } from '../../test/support/budget.ts';
import { Counter, useOf } from '../counter.ts';
import type { Estimate } from '../figures.ts';
import { merging, policyOf } from '../merging.ts';
import { keyRecord } from '../records.ts';
import { idOf, itemFrom, lotOf, statusOf } from '../rows.ts';
import { largest, type Measure } from '../task.ts';
import { warmPorts } from '../warm.ts';

const LIMIT = 1_000;
const text = (value: string): Value => ({ S: value });
const equal = (name: string, value: string): Condition => compare([name], '=', text(value));

const CONDITIONS: readonly (readonly [what: string, condition: Condition])[] = [
  ['what cannot be', FALSE],
  [
    '20 items by their keys',
    oneOf(
      ['id'],
      [...Array(20).keys()].map((at) => text(idOf(at))),
    ),
  ],
  ['a lot of 100 items', equal('lot', lotOf(0))],
  ['the items of one status', equal('status', statusOf(7))],
  ['the later items of one status', all([equal('status', statusOf(7)), compare(['created'], '>', text('2026-02'))])],
  [
    'the items of three statuses',
    oneOf(
      ['status'],
      [1, 2, 3].map((at) => text(statusOf(at))),
    ),
  ],
  ['the items of one category', equal('category', 'category-7')],
];

export const measureEstimates: Measure = async (task) => {
  const { rows } = largest(task);
  const record = keyRecord('key-estimates', { permitted_endpoints: [{ method: '*', endpoint: '/.*' }] });
  const policy = policyOf(merging(rows, { record, groups: [] })(), rows);
  const client = createClient(task.endpoint);
  const counter = new Counter(client);
  const ports = warmPorts(task, largest(task), client);
  const estimate = async (what: string, plan: ReadPlan): Promise<Estimate> => {
    counter.take();
    await ports.readAll(plan, UNBOUNDED, () => {});
    return { plan: plan.kind, what, estimated: plan.cost, reported: useOf(counter.take()).readUnits };
  };
  const estimates = [await estimate('an item by its key', planGet(policy, itemFrom({ id: idOf(1) })))];
  for (const [what, condition] of CONDITIONS)
    estimates.push(await estimate(what, planRead(policy, condition, { limit: LIMIT })));
  return { figures: [], estimates };
};
