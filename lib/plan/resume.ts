// Finds the point from which each step of a plan goes on after a position.
//
// Steps run in sequence, or, if they return rows in order, in parallel. A merge then takes the row with the least value first,
// of equal values the row of the first step. So the last row says how far each step has come: earlier steps have returned all
// values up to its value, later ones only the values before it.

import type { Item, Value } from '../base/value.ts';
import type { Bound } from '../condition/demand.ts';
import { compareValues, valueKey } from '../condition/value-key.ts';
import { keyNames, type Table } from '../definition/table.ts';
import { isEmptyRange, type KeyRange, narrowed } from './key-range.ts';
import type { ReadPlan } from './read-plan.ts';
import type { Position, QueryStep, Step } from './step.ts';

/** A step that has rows left: `after` is as in `Position`, `range` is the rest of a query's range. */
export type Start = { readonly number: number; readonly after: Position['after']; readonly range: KeyRange };

/** Returns the steps that have rows left after a position, in order; all steps if `from` is `undefined`. */
export function startsOf(plan: ReadPlan, from: Position | undefined): readonly Start[] {
  const whole = plan.steps.map((step, number): Start => ({ number, after: undefined, range: wholeRange(step) }));
  return (from ? startsBehind(plan, whole, from) : whole).filter(({ range }) => !isEmptyRange(range));
}

function startsBehind(plan: ReadPlan, whole: readonly Start[], { step, after }: Position): readonly Start[] {
  const [before, behind] = [whole.slice(0, step), whole.slice(step + 1)];
  const here = whole.slice(step, step + 1).map((start) => ({ ...start, after }));
  if (!isMerged(plan) || typeof after !== 'object') return [...here, ...behind];
  const value = sortValue(plan, step, after);
  return [
    ...before.map((start) => beyond(plan, start, { value, isIncluded: false })),
    ...here,
    ...behind.map((start) => beyond(plan, start, { value, isIncluded: true })),
  ];
}

/** True if the steps run in parallel and their rows are merged. */
export function isMerged({ sortedBy, steps }: ReadPlan): boolean {
  return sortedBy === 'steps' && steps.length > 1;
}

/** Returns the number of parallel steps. */
export function sideBySide(plan: ReadPlan): number {
  return isMerged(plan) ? plan.steps.length : 1;
}

/** The place of a row in a parallel step: the row's key. */
export type StepPlace = { readonly step: number; readonly key: Item };

/** Compares places in the order of rows: negative if the first one comes first. */
export function comparePlaces(plan: ReadPlan, one: StepPlace, other: StepPlace): number {
  const values = [sortValue(plan, one.step, one.key), sortValue(plan, other.step, other.key)] as const;
  const order = compareValues(...values) ?? 0;
  if (order === 0) return one.step - other.step;
  return queryOf(plan, one.step).isForward ? order : -order;
}

/** Returns a text that is equal for two items if, and only if, they have the same key. */
export function keyText(table: Table, item: Item): string {
  return keyNames(table)
    .map((name) => valueKey(item[name] as Value))
    .join();
}

/** Returns the value by which a place in a sorted step is ordered. */
function sortValue(plan: ReadPlan, number: number, key: Item): Value {
  const { source } = queryOf(plan, number);
  return key[source.sortKey?.name ?? ''] as Value;
}

function beyond(plan: ReadPlan, start: Start, bound: Bound): Start {
  const { isForward } = queryOf(plan, start.number);
  return { ...start, range: narrowed(start.range, isForward ? 'low' : 'high', bound) };
}

/** Returns a parallel step, which is always a query. */
function queryOf({ steps }: ReadPlan, number: number): QueryStep {
  return steps[number] as QueryStep;
}

function wholeRange(step: Step): KeyRange {
  return step.kind === 'query' ? step.range : {};
}

/** Returns a text that must be equal for a cursor to be used: steps and keys, not ranges, which may move as time passes. */
export function fingerprint({ kind, steps, order }: ReadPlan): string {
  const places = steps.map((step) => {
    if ('keys' in step) return [step.kind, step.branch, step.keys];
    const { branch, source, partition } = step;
    return [step.kind, branch, source.index?.name, partition];
  });
  return JSON.stringify([kind, order, places]);
}
