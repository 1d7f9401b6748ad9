// How one request reads a table: the cheapest candidate that misses no row. Made only here, and only from a policy.

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
  /** Policy and query, simplified: what DynamoDB is asked. */
  readonly condition: Condition;
  /** Whether a row satisfies policy and query as they were given: asked of every row, whatever DynamoDB has filtered. */
  readonly accepts: (item: Item) => boolean;
  /** The calls it is made of, in order. */
  readonly steps: readonly Step[];
  /** The parts of a union, which steps name by number; a row comes from the first part that it satisfies. */
  readonly branches: readonly Branch[];
  /** The number of the first branch that a row satisfies which the plan accepts. */
  readonly branchOf: (item: Item) => number;
  /** The most rows that are wanted; reading stops one row later, so that the caller can be told of more. */
  readonly limit: number;
  /** The top-level attributes that are wanted; the others stay in DynamoDB where it can leave them out. */
  readonly needs: Needs;
  readonly order: Order | undefined;
  /** Who brings the rows into order: DynamoDB, or whoever has read them all. */
  readonly sortedBy: 'steps' | 'memory' | undefined;
  /** Estimated read units of all its rows. */
  readonly cost: number;
  /** Makes the list of every way that was thought of and not taken, each with the reason. */
  readonly rejected: () => readonly Rejected[];
};

export type ReadOptions = {
  /** The most rows wanted. */
  readonly limit: number;
  /** The order of the rows. @default whichever they come in */
  readonly order?: Order | undefined;
  /** What of each row is wanted beside what policy and query ask about. @default all of it */
  readonly fields?: readonly Path[] | undefined;
};

/** The plan of a read. */
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

/** Every plan that could be taken, whatever it costs: all give the same rows. */
export function plansOf(policy: Policy, query: Condition, options: ReadOptions): readonly ReadPlan[] {
  const asked = askedOf(policy, query, options);
  const { candidates } = candidatesOf({ table: policy.table, ...asked, order: options.order }, asked.condition);
  return candidates.map((best) => make(policy, query, { ...options, ...asked, best, rejected: () => [] }));
}

function askedOf(policy: Policy, query: Condition, options: ReadOptions) {
  const condition = allOfSimple([policy.rows('read').simplified, simplify(query)]);
  return { condition, needs: needsOf(policy, query, options) };
}

/** The plan of a read of one item by its whole key. */
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
 * Looks at each part of an `any` once, not at each branch: those of an `any` in an `any` are as many as the product of
 * both. What stands beside them holds, as the row satisfies the whole. -1 where no part holds.
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

/** The attributes asked for, those that policy and query look at, and the key, by which a place in the table is told. */
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
