// Lists every way to read all rows of a condition, with its estimated cost, and the indexes that would miss some of them.

import { memoByObject } from '../base/memo.ts';
import type { Item, Value } from '../base/value.ts';
import type { Condition } from '../condition/condition.ts';
import { alternatives, conjuncts, isFalse } from '../condition/conjuncts.ts';
import { narrows } from '../condition/demand.ts';
import { pathsOf } from '../condition/paths.ts';
import { allOfSimple } from '../condition/simplify.ts';
import type { Table } from '../definition/table.ts';
import { choicesOf, MAX_CHOICES, possibleKeys } from './choices.ts';
import { fetchUnits, keysUnits, least, queryRows, rangeUnits } from './cost.ts';
import { isKeyValue, rangeOf } from './key-range.ts';
import type { Order } from './order.ts';
import { holdsAll, missableKeys, type Source, sourcesOf } from './source.ts';
import type { Choice, Needs, QueryStep, Step } from './step.ts';

export type PlanKind = 'never' | 'get' | 'batch' | 'query' | 'union' | 'scan';

export type Candidate = {
  readonly kind: PlanKind;
  /** The name of the index that all its steps read; `undefined` if they read the table, or several indexes. */
  readonly index: string | undefined;
  readonly steps: readonly Step[];
  /** The condition of each branch; steps name branches by number. */
  readonly branches: readonly Condition[];
  /** The parts by which the first branch that a row satisfies is found; `undefined` if no `any` was split. */
  readonly choice?: Choice;
  /** Estimated read units. */
  readonly cost: number;
  /** True if the rows come in the order that is asked for. */
  readonly isOrdered?: boolean;
};

/** A way that was not taken. `cost` is `undefined` if it would miss rows. */
export type Rejected = Pick<Candidate, 'kind' | 'index'> & {
  readonly cost: number | undefined;
  readonly reason: string;
};

export type Target = { readonly table: Table; readonly needs: Needs; readonly order: Order | undefined };

/** A target, and the number of branches that may still be examined for it: an `any` in an `any` multiplies them. */
type Search = Target & { readonly left: { branches: number } };

/** An index that may miss rows of the condition: items without the key attributes `lacks` are not in it. */
type Unfit = { readonly index: string; readonly lacks: readonly string[] };

/** The ways to read all rows, and the indexes that would miss some. */
type Candidates = { readonly candidates: readonly Candidate[]; readonly unfit: readonly Unfit[] };

/** The most branches that are examined for one condition; one with more is not read as a union. */
const MAX_BRANCHES = 1_000;
/** The most queries of single sort keys that are merged for an order: each holds a page before the first row is known. */
const MAX_MERGED = 100;

/**
 * Returns the candidates for a condition. `id = "a"` on a table with the key `id` → one `get`.
 * @param condition policy and query, simplified
 */
export function candidatesOf(target: Target, condition: Condition): Candidates {
  if (isFalse(condition)) return { candidates: [never()], unfit: [] };
  const direct = directCandidates(target, condition);
  const search: Search = { ...target, left: { branches: MAX_BRANCHES } };
  const unions = conjuncts(condition).flatMap((part) => unionOf(search, condition, part));
  const scans = direct.fit.map((source) => scan(target, source, condition));
  return { candidates: [...direct.candidates, ...unions, ...scans], unfit: direct.unfit };
}

/** The reason why an index is not read. */
export function rejectionOf({ index, lacks }: Unfit): Rejected {
  return { kind: 'query', index, cost: undefined, reason: `it has no items without ${lacks.join(' or ')}` };
}

function never(): Candidate {
  return { kind: 'never', index: undefined, steps: [], branches: [], cost: 0, isOrdered: true };
}

/** Returns the ways by key, and by each source whose partition key is known. `fit` are the sources that hold every row. */
function directCandidates(target: Target, condition: Condition): Candidates & { readonly fit: readonly Source[] } {
  const candidates: Candidate[] = byKeys(target, condition);
  // Nothing is cheaper than one item, and a get is consistent.
  if (candidates[0]?.steps.every((step) => step.rows === 1)) return { candidates, unfit: [], fit: [] };
  const isKeyed = candidates.length > 0;
  const unfit: Unfit[] = [];
  const fit: Source[] = [];
  for (const source of sourcesOf(target.table)) {
    const lacks = missableKeys(source, condition);
    if (!source.index || lacks.length === 0) {
      fit.push(source);
      // Known keys are read as a batch: consistently, and in fewer calls than queries of the table.
      const isOfTable = !source.index || source.index.isLocal;
      if (!isOfTable || !isKeyed) candidates.push(...queries(target, source, condition));
    } else {
      unfit.push({ index: source.index.name, lacks });
    }
  }
  return { candidates, unfit, fit };
}

function byKeys({ table }: Target, condition: Condition): Candidate[] {
  const keys = possibleKeys(table, condition);
  if (!keys) return [];
  if (keys.length === 0) return [never()];
  const kind = keys.length === 1 ? 'get' : 'batch';
  const steps: Step[] = [{ kind, keys, branch: 0, rows: keys.length }];
  const cost = keysUnits(keys.length, table.size.itemBytes);
  return [{ kind, index: undefined, steps, branches: [condition], cost, isOrdered: keys.length === 1 }];
}

/** Returns a query of each partition that the condition allows; `[]` if it does not restrict the partition key. */
function queries(target: Target, source: Source, condition: Condition): Candidate[] {
  const { table, order } = target;
  if (source.index === undefined && !source.sortKey) return [];
  const partitions = choicesOf(condition, source.partitionKey.name);
  if (!partitions?.every((value) => isKeyValue(table, source.partitionKey, value))) return [];
  const sorts = sortChoices(target, source, condition, partitions.length);
  const steps = partitions.flatMap((partition) =>
    sorts.map((sort): QueryStep => queryStep(target, source, condition, { partition, sort })),
  );
  const cost = steps.reduce((sum, step) => sum + stepUnits(target, step, condition), 0);
  const isMergeable = sorts[0] === undefined || steps.length <= MAX_MERGED;
  const isOrdered = isMergeable && isInOrder(steps, order);
  const kind = steps.length === 1 ? 'query' : 'union';
  return [{ kind, index: source.index?.name, steps, branches: [condition], cost, isOrdered }];
}

/** Returns the values of the sort key, if they are few; else `[undefined]`, which stands for its whole range. */
function sortChoices({ table }: Target, { sortKey }: Source, condition: Condition, partitions: number) {
  const values = sortKey && choicesOf(condition, sortKey.name);
  if (!sortKey || !values || values.length * partitions > MAX_CHOICES) return [undefined];
  return values.every((value) => isKeyValue(table, sortKey, value)) ? values : [undefined];
}

type Place = { readonly partition: Value; readonly sort: Value | undefined };

function queryStep({ table, needs, order }: Target, source: Source, condition: Condition, place: Place): QueryStep {
  const one = place.sort && { value: place.sort, isIncluded: true };
  const range = one ? { low: one, high: one } : source.sortKey ? rangeOf(condition, source.sortKey, table) : {};
  return {
    kind: 'query',
    source,
    partition: place.partition,
    range,
    isForward: !order?.isDescending,
    isFetchedBack: !holdsAll(source, needs),
    branch: 0,
    rows: queryRows(source, range),
  };
}

function isInOrder(steps: readonly Step[], order: Order | undefined): boolean {
  if (!order || order.path.length > 1) return false;
  return steps.every((step) => step.kind === 'query' && step.source.sortKey?.name === order.path[0]);
}

function stepUnits({ table }: Target, step: Exclude<Step, { keys: readonly Item[] }>, condition: Condition): number {
  const { source, rows, isFetchedBack } = step;
  const units = rangeUnits(rows, source.rowBytes);
  if (!isFetchedBack) return units;
  const isProjected = (name: string) => !source.keys.includes(name) && holdsAll(source, new Set([name]));
  const isFiltered = pathsOf(condition).some(([name]) => isProjected(name));
  return units + fetchUnits(rows, table.size.itemBytes, isFiltered);
}

function scan(target: Target, source: Source, condition: Condition): Candidate {
  const isFetchedBack = !holdsAll(source, target.needs);
  const step: Step = { kind: 'scan', source, isFetchedBack, branch: 0, rows: source.rows };
  const cost = stepUnits(target, step, condition);
  return { kind: 'scan', index: source.index?.name, steps: [step], branches: [condition], cost };
}

/** Returns the union of an `any`'s branches, each with the other conjuncts and by its cheapest way; `[]` if there is none. */
function unionOf(search: Search, condition: Condition, part: Condition): Candidate[] {
  const branches = alternatives(part);
  if (!branches || !narrows(part, keysOfSources(search.table))) return [];
  const beside = conjuncts(condition).filter((other) => other !== part);
  const chosen: Candidate[] = [];
  const choice: Choice[number][] = [];
  for (const branch of branches) {
    search.left.branches -= 1;
    if (search.left.branches < 0) return [];
    const whole = allOfSimple([branch, ...beside]);
    const best = isFalse(whole) ? never() : bestOfBranch(search, whole);
    if (!best) return [];
    chosen.push(best);
    choice.push({ condition: branch, branches: best.branches.length, below: best.choice });
  }
  const steps = chosen.reduce((sum, each) => sum + each.steps.length, 0);
  if (steps === 0) return [never()];
  return steps > MAX_CHOICES ? [] : [{ ...joined(chosen, search.order), choice }];
}

/** Returns the cheapest way of a branch by its own keys; if it restricts none, by the branches of the `any`s in it. */
function bestOfBranch(search: Search, condition: Condition): Candidate | undefined {
  const { candidates } = directCandidates(search, condition);
  const ways =
    candidates.length > 0 ? candidates : conjuncts(condition).flatMap((part) => unionOf(search, condition, part));
  const ordered = ways.filter(({ isOrdered }) => isOrdered);
  return least(ordered.length > 0 ? ordered : ways);
}

const keysOfSources = memoByObject((table: Table): ReadonlySet<string> => {
  return new Set(sourcesOf(table).flatMap(({ keys }) => keys));
});

function joined(chosen: readonly Candidate[], order: Order | undefined): Candidate {
  const branches: Condition[] = [];
  const steps: Step[] = [];
  for (const each of chosen) {
    steps.push(...each.steps.map((step) => ({ ...step, branch: step.branch + branches.length })));
    branches.push(...each.branches);
  }
  const cost = chosen.reduce((sum, each) => sum + each.cost, 0);
  const indexes = new Set(chosen.map(({ index }) => index));
  const index = indexes.size === 1 ? [...indexes][0] : undefined;
  return { kind: 'union', index, steps, branches, cost, isOrdered: isInOrder(steps, order) };
}
