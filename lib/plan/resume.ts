// Where each step of a plan goes on behind a position.
//
// Steps run one after another, or, where they bring the rows in order, side by side: then the next row is the one with the
// least value, of equal values the one of the first step. So one row tells how far every step has come: steps before its
// own have brought all values up to its value, those behind it only the values before it.

import type { Item, Value } from '../base/value.ts';
import type { Bound } from '../condition/demand.ts';
import { compareValues, valueKey } from '../condition/value-key.ts';
import { keyNames, type Table } from '../definition/table.ts';
import { isEmptyRange, type KeyRange, narrowed } from './key-range.ts';
import type { ReadPlan } from './read-plan.ts';
import type { Position, QueryStep, Step } from './step.ts';

/** A step that still has rows to bring: `after` as in `Position`. `range` is what is left of a query's range. */
export type Start = { readonly number: number; readonly after: Position['after']; readonly range: KeyRange };

/** The steps that are left, in order. */
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

/** Whether the steps run side by side. */
export function isMerged({ sortedBy, steps }: ReadPlan): boolean {
  return sortedBy === 'steps' && steps.length > 1;
}

/** How many steps run side by side. */
export function sideBySide(plan: ReadPlan): number {
  return isMerged(plan) ? plan.steps.length : 1;
}

/** A place in a step that runs beside others: the key of a row there. */
export type StepPlace = { readonly step: number; readonly key: Item };

/** Negative where the rows at the first place come before those at the other. */
export function comparePlaces(plan: ReadPlan, one: StepPlace, other: StepPlace): number {
  const values = [sortValue(plan, one.step, one.key), sortValue(plan, other.step, other.key)] as const;
  const order = compareValues(...values) ?? 0;
  if (order === 0) return one.step - other.step;
  return queryOf(plan, one.step).isForward ? order : -order;
}

/** A text that two items share exactly when they have the same key in the table. */
export function keyText(table: Table, item: Item): string {
  return keyNames(table)
    .map((name) => valueKey(item[name] as Value))
    .join();
}

/** The value that a place in a sorted step is ordered by. */
function sortValue(plan: ReadPlan, number: number, key: Item): Value {
  const { source } = queryOf(plan, number);
  return key[source.sortKey?.name ?? ''] as Value;
}

function beyond(plan: ReadPlan, start: Start, bound: Bound): Start {
  const { isForward } = queryOf(plan, start.number);
  return { ...start, range: narrowed(start.range, isForward ? 'low' : 'high', bound) };
}

/** Steps that bring rows in order are queries. */
function queryOf({ steps }: ReadPlan, number: number): QueryStep {
  return steps[number] as QueryStep;
}

function wholeRange(step: Step): KeyRange {
  return step.kind === 'query' ? step.range : {};
}

/** What a cursor must find again: the same steps over the same keys. Ranges may move with the time of day. */
export function fingerprint({ kind, steps, order }: ReadPlan): string {
  const places = steps.map((step) => {
    if ('keys' in step) return [step.kind, step.branch, step.keys];
    const { branch, source, partition } = step;
    return [step.kind, branch, source.index?.name, partition];
  });
  return JSON.stringify([kind, order, places]);
}
