// Memory while pages of 1,000 rows are listed, one after the other, over what the warm instance has when it is idle.

import { memoryRise } from '../memory.ts';
import { CALLERS } from '../rows.ts';
import { short } from '../short.ts';
import { largest, type Measure } from '../task.ts';
import { answered, eventOf, warmHandler } from '../warm.ts';

const ENDPOINT = 'GET /items';
const PAGES = 40;
const NEXT = /<[^>]*[?&]_cursor=([^&>]+)[^>]*>; *rel="?next"?/;

export const measureMemory: Measure = async (task) => {
  const handler = warmHandler(task, { api: 'unaudited', endpoint: ENDPOINT, on: largest(task) });
  const ask = (limit: number, cursor: string | undefined) => {
    const query = [['_limit', String(limit)] as const, ...(cursor === undefined ? [] : [['_cursor', cursor] as const])];
    return answered(handler, eventOf(ENDPOINT, { as: CALLERS.grouped, query }));
  };
  await ask(1, undefined);
  const rise = await memoryRise(async () => {
    let cursor: string | undefined;
    for (let page = 0; page < Math.min(PAGES, task.runs); page += 1) {
      // Page by page through the table, and from the beginning again.
      const { headers } = await ask(1_000, cursor);
      const next = NEXT.exec(headers['Link'] ?? '')?.[1];
      cursor = next === undefined ? undefined : decodeURIComponent(next);
    }
  });
  return {
    figures: [
      {
        row: 'memory',
        what: `memory, pages of 1,000 of ${short(largest(task).rows)} rows`,
        against: 'the idle instance',
        value: rise.rss,
        unit: 'MB',
        target: { at: 'most', value: 64 },
        details: { heapMegabytes: rise.heap },
      },
    ],
  };
};
