// Plans in the words of tests: `query by_status` is the way that is taken.

import type { Value } from '../../lib/base/value.ts';
import { type Condition, compare } from '../../lib/condition/condition.ts';
import type { Table } from '../../lib/definition/table.ts';
import { planRead, type ReadOptions, type ReadPlan } from '../../lib/plan/read-plan.ts';
import type { Step } from '../../lib/plan/step.ts';
import { keyPolicy } from './access.ts';

export const S = (text: string): Value => ({ S: text });
export const N = (number: number): Value => ({ N: String(number) });
export const eq = (name: string, value: Value): Condition => compare([name], '=', value);

/** The plan of a caller without restrictions. */
export function planOf(of: Table, query: Condition, options: Partial<ReadOptions> = {}): ReadPlan {
  return planRead(keyPolicy({}, { table: of }), query, { limit: 10, ...options });
}

/** The kind of a plan, and the indexes that it reads. */
export function takenOf({ kind, steps }: ReadPlan): string {
  return [...new Set([kind, ...steps.flatMap(indexOf)])].join(' ');
}

function indexOf(step: Step): readonly string[] {
  return 'keys' in step || !step.source.index ? [] : [step.source.index.name];
}

/** Each way that is not taken, with the reason. */
export function rejectedOf({ rejected }: ReadPlan): readonly string[] {
  return rejected().map((each) => `${nameOf(each)}: ${each.reason}`);
}

/** The way that is taken, then each that is not. */
export function waysOf(plan: ReadPlan): readonly string[] {
  return [takenOf(plan), ...plan.rejected().map(nameOf)];
}

function nameOf({ kind, index }: { readonly kind: string; readonly index: string | undefined }): string {
  return index === undefined ? kind : `${kind} ${index}`;
}
