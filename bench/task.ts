// What one measurement is told: where DynamoDB is, which tables are loaded, how often to measure.

import type { Measured } from './figures.ts';
import type { SizedTables, Tables } from './tables.ts';

export type Task = {
  readonly endpoint: string;
  readonly tables: Tables;
  /** Turns of a measurement that takes turns. */
  readonly runs: number;
};

export type Measure = (task: Task) => Promise<Measured>;

export function largest({ tables }: Task): SizedTables {
  const last = tables.sizes.at(-1);
  if (!last) throw new Error('there are no tables to measure on');
  return last;
}
