// The process that measures one row and ends: plain Node with nothing in it but what is measured (see apart.ts).

import type { Measured } from './figures.ts';
import { measureAuthorization } from './measures/authorization.ts';
import { measureDecide } from './measures/decide.ts';
import { measureEstimates } from './measures/estimates.ts';
import { measureFlat } from './measures/flat.ts';
import { measureCount, measureUnique } from './measures/full-scan.ts';
import { measureMemory } from './measures/memory.ts';
import { measurePage } from './measures/page.ts';
import { measureRowFilter } from './measures/row-filter.ts';
import { measureCreate, measureGet, measureList } from './measures/whole-requests.ts';
import type { Measure, Task } from './task.ts';

/** What is asked of the process, once. */
export type Question = { readonly part: string; readonly task: Task };
export type Reply = { readonly measured: Measured } | { readonly error: string };

const MEASURES: Readonly<Record<string, Measure>> = {
  get: measureGet,
  'list-by-index': measureList,
  create: measureCreate,
  authorization: measureAuthorization,
  flat: measureFlat,
  'row-filter': measureRowFilter,
  'full-scan-unique': measureUnique,
  'full-scan-count': measureCount,
  decide: measureDecide,
  page: measurePage,
  memory: measureMemory,
  estimates: measureEstimates,
};

async function reply({ part, task }: Question): Promise<Reply> {
  try {
    const measure = MEASURES[part];
    if (!measure) throw new Error('nothing measures it');
    return { measured: await measure(task) };
  } catch (error) {
    return { error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

process.once('message', async (question: Question) => {
  process.send?.(await reply(question), () => process.exit());
});
// Whoever asked is gone: nobody waits for an answer.
process.once('disconnect', () => process.exit());
