// The pure stages between the records and the call to DynamoDB: merge of ten groups, compiling twenty conditions,
// planning. Each on its own and all together, as often as one core does them in a second.

import { Permission } from '../../lib/access/permission.ts';
import { Policy } from '../../lib/access/policy.ts';
import type { Principal } from '../../lib/access/principal.ts';
import { all, type Condition, compare } from '../../lib/condition/condition.ts';
import type { Table } from '../../lib/definition/table.ts';
import { compilePage } from '../../lib/dynamo/read-input.ts';
import { planRead } from '../../lib/plan/read-plan.ts';
import { measuredApi } from '../api.ts';
import type { Figure, Measured } from '../figures.ts';
import { merging, mergingPerson, NOW } from '../merging.ts';
import { groupRecord, keyRecord } from '../records.ts';
import { FILTERED_STATUS, GROUPS } from '../rows.ts';
import { perSecond } from '../turns.ts';

const TARGET = 20_000;
const ROWS = 100_000;
const LIMIT = 100;

/** Two conditions of each of ten groups, with every kind of operand that records use. */
function filtersOf(at: number): readonly object[] {
  const filters = [
    { field: 'active', operator: 'eq', value: true },
    { field: 'name', operator: 'ne', value: `name ${at}` },
    { field: 'quantity', operator: 'between', value: [0, 1_000 + at] },
    { field: 'category', operator: 'in', value: ['category-1', 'category-2', `category-${at}`] },
    { field: 'dimensions.unit', operator: 'startswith', value: 'm' },
    { field: 'tags', operator: 'notcontains', value: `tag ${at}` },
    { field: 'owner', operator: 'eq', value: { $var: 'user.id' } },
    { field: 'price', operator: 'gte', value: at },
    {
      any: [
        { field: 'lot', operator: 'exists', value: true },
        { field: 'type', operator: 'eq', value: 'a' },
      ],
    },
    { not: { field: 'description', operator: 'contains', value: `word ${at}` } },
  ];
  return [filters[at % filters.length] ?? {}, filters[(at + 3) % filters.length] ?? {}];
}

const QUERY: Condition = all([
  compare(['status'], '=', { S: FILTERED_STATUS }),
  compare(['created'], '>', { S: '2026-03-01' }),
]);

export function measureDecide(): Promise<Measured> {
  const groups = GROUPS.map((id, at) => groupRecord(id, { filter_fields: filtersOf(at) }));
  const caller = { record: keyRecord('key-merged', { groups: GROUPS }), groups };
  const merged = merging(ROWS, caller);
  const mergedAnew = merging(ROWS, { ...caller, isCold: true });
  const { items } = measuredApi(ROWS);
  const expiring = { ...items, ttl: 'expires' };
  const decided = (by: Principal, of: Table = items): Policy =>
    Policy.of(Permission.decide(by, 'GET', '/items'), of, NOW);
  const person = mergingPerson(ROWS, groups);
  const principal = merged();
  const planned = (by: Policy) => {
    const plan = planRead(by, QUERY, { limit: LIMIT });
    return plan.steps.map((step) => 'keys' in step || compilePage(plan, step, 'items'));
  };
  const anew = (what: string, run: () => unknown): Figure => ({
    row: 'decide',
    what,
    against: '–',
    value: perSecond(run),
    unit: 'per s',
  });
  const figure = (what: string, run: () => unknown): Figure => ({
    ...anew(what, run),
    target: { at: 'least', value: TARGET },
  });
  return Promise.resolve({
    figures: [
      figure('merge 10 groups', merged),
      // Policies say what they say when they are asked.
      figure('compile 20 conditions', () => decided(principal).rows('read').condition),
      // Each request has a policy of its own: what was kept for one that stays would not be found.
      figure('plan, from a policy made anew', () => planned(decided(principal))),
      figure('all three', () => planned(decided(merged()))),
      figure('all three, for a table with ttl', () => planned(decided(merged(), expiring))),
      figure('all three, for two OIDC grants', () => planned(decided(person()))),
      anew('all three, for records never seen', () => planned(decided(mergedAnew()))),
    ],
  });
}
