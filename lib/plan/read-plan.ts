// Plans how one request reads a table: the cheapest candidate that misses no row. A plan is made only here, from a policy.

import type { Policy } from '../access/policy.ts';
import type { Path } from '../base/path.ts';
import type { Item } from '../base/value.ts';
import { type Condition, TRUE } from '../condition/condition.ts';
import { isFalse } from '../condition/conjuncts.ts';
import { evaluator } from '../condition/evaluate.ts';
import { pathsOf } from '../condition/paths.ts';
import { allOfSimple, simplify } from '../condition/simplify.ts';
import { keyNames, type Table } from '../definition/table.ts';
import { type Candidate, candidatesOf, type PlanKind, type Rejected, rejectionOf } from './candidates.ts';
import { cheapest } from './choose.ts';
import { ROW_UNITS } from './cost.ts';
import type { Order } from './order.ts';
import type { Branch, Choice, Needs, Step } from './step.ts';

declare const planned: unique symbol;

export type ReadPlan = {
  readonly [planned]: true;
  readonly kind: PlanKind;
  readonly table: Table;
  /** The condition of policy and query, simplified, from which DynamoDB's expressions are compiled. */
  readonly condition: Condition;
  /** True if a row satisfies policy and query, neither simplified: evaluated on every row, whatever DynamoDB has filtered. */
  readonly accepts: (item: Item) => boolean;
  /** The steps of the plan, in order. */
  readonly steps: readonly Step[];
  /** The parts of a union, which steps name by number; a row comes from the first part that it satisfies. */
  readonly branches: readonly Branch[];
  /** Returns the number of the first branch that an accepted row satisfies. */
  readonly branchOf: (item: Item) => number;
  /** The most rows to return; reading stops one row later, so that the answer can say if there are more. */
  readonly limit: number;
  /** The top-level attributes to read; the projection leaves the others out. */
  readonly needs: Needs;
  readonly order: Order | undefined;
  /** `steps` if DynamoDB returns rows in order, `memory` if they are sorted after all are read; `undefined` if not sorted. */
  readonly sortedBy: 'steps' | 'memory' | undefined;
  /** The estimated read units of all its rows. */
  readonly cost: number;
  /** Returns every other way that was considered, each with the reason for its rejection. */
  readonly rejected: () => readonly Rejected[];
};

export type ReadOptions = {
  /** The most rows to return. */
  readonly limit: number;
  /** The order of the rows. @default the order in which they are read */
  readonly order?: Order | undefined;
  /** The paths to read of each row, in addition to those of policy and query. @default all */
  readonly fields?: readonly Path[] | undefined;
};

/** Plans a read of many rows. `status = "new"` with an index on `status` → a `query` of the index. */
export function planRead(policy: Policy, query: Condition, options: ReadOptions): ReadPlan {
  const asked = askedOf(policy, query, options);
  const { candidates, unfit } = candidatesOf({ table: policy.table, ...asked, order: options.order }, asked.condition);
  const { best, rejected } = cheapest(candidates, options);
  return make(policy, query, {
    ...options,
    ...asked,
    best,
    rejected: () => [...rejected(), ...unfit.map(rejectionOf)],
  });
}

/** Returns every possible plan, at whatever cost: all give the same rows. */
export function plansOf(policy: Policy, query: Condition, options: ReadOptions): readonly ReadPlan[] {
  const asked = askedOf(policy, query, options);
  const { candidates } = candidatesOf({ table: policy.table, ...asked, order: options.order }, asked.condition);
  return candidates.map((best) => make(policy, query, { ...options, ...asked, best, rejected: () => [] }));
}

function askedOf(policy: Policy, query: Condition, options: ReadOptions) {
  const condition = allOfSimple([policy.rows('read').simplified, simplify(query)]);
  return { condition, needs: needsOf(policy, query, options) };
}

/** Plans a read of one item by its whole key. */
export function planGet(policy: Policy, key: Item): ReadPlan {
  const condition = policy.rows('read').simplified;
  const isNever = isFalse(condition);
  const get: Step = { kind: 'get', keys: [key], branch: 0, rows: 1 };
  const best: Candidate = isNever
    ? { kind: 'never', steps: [], branches: [], cost: 0, index: undefined }
    : { kind: 'get', steps: [get], branches: [condition], cost: ROW_UNITS, index: undefined };
  return make(policy, TRUE, { limit: 1, condition, needs: 'all', best, rejected: () => [] });
}

type Made = ReadOptions & {
  readonly condition: Condition;
  readonly needs: Needs;
  readonly best: Candidate;
  readonly rejected: ReadPlan['rejected'];
};

function make(policy: Policy, query: Condition, { best, order, ...made }: Made): ReadPlan {
  const { kind, steps, branches, cost, isOrdered } = best;
  const [isPermitted, isAsked] = [policy.rows('read').accepts, evaluator(query)];
  const accepts = (item: Item) => isPermitted(item) && isAsked(item);
  const plan: Omit<ReadPlan, typeof planned> = {
    kind,
    table: policy.table,
    condition: made.condition,
    accepts,
    steps,
    branches: branches.map((condition) => ({ condition })),
    branchOf: best.choice ? chooser(best.choice) : () => 0,
    limit: made.limit,
    needs: made.needs,
    order,
    sortedBy: order && (isOrdered ? 'steps' : 'memory'),
    cost,
    rejected: made.rejected,
  };
  return Object.freeze(plan) as ReadPlan;
}

/**
 * Returns a function from a row to the number of its first branch, or -1 if it satisfies none. It evaluates each part of an
 * `any` once: an `any` in an `any` has as many branches as the product of both. The row satisfies the other conjuncts already.
 */
function chooser(choice: Choice): (item: Item) => number {
  let count = 0;
  const parts = choice.map(({ condition, branches, below }) => {
    const first = count;
    count += branches;
    return { holds: evaluator(condition), first, branchIn: below && chooser(below) };
  });
  return (item) => {
    const part = parts.find(({ holds }) => holds(item));
    if (!part) return -1;
    const inside = part.branchIn ? part.branchIn(item) : 0;
    return inside < 0 ? -1 : part.first + inside;
  };
}

/** Returns the requested attributes, those that policy, query and order name, and the key, of which positions consist. */
function needsOf(policy: Policy, query: Condition, { fields, order }: ReadOptions): Needs {
  if (!fields) return 'all';
  const paths = [
    ...fields,
    ...pathsOf(policy.rows('read').condition),
    ...pathsOf(query),
    ...(order ? [order.path] : []),
  ];
  return new Set([...keyNames(policy.table), ...paths.map(([name]) => name)]);
}
