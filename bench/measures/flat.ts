// What a request for one item reads, at each size against the smallest: it must not grow with the table.

import { createClient } from '../../lib/store/dynamodb/client.ts';
import { WATCHED } from '../audit-trail.ts';
import { Counter, useOf } from '../counter.ts';
import type { Figure, Use } from '../figures.ts';
import { CALLERS, idOf } from '../rows.ts';
import { short } from '../short.ts';
import type { SizedTables } from '../tables.ts';
import type { Measure, Task } from '../task.ts';
import { median } from '../turns.ts';
import { answered, eventOf, warmHandler } from '../warm.ts';

type Request = { readonly what: string; readonly endpoint: string; readonly event: unknown };
type Seen = { readonly rows: number; readonly use: Use; readonly milliseconds: number };

const MOST_REQUESTS = 50;
const parameters = { id: idOf(WATCHED) };

const REQUESTS: readonly Request[] = [
  request('get', 'GET /item/{id}', { parameters }),
  request('search by key', 'POST /search/{search_key}', {
    parameters: { search_key: 'id' },
    body: [3, 50, 99].map(idOf),
  }),
  request('history', 'GET /history/{id}', { parameters }),
  request('audit of one item', 'GET /audit/{id}', { parameters }),
];

function request(what: string, endpoint: string, asked: Omit<Parameters<typeof eventOf>[1], 'as'>): Request {
  return { what, endpoint, event: eventOf(endpoint, { as: CALLERS.open, ...asked }) };
}

export const measureFlat: Measure = async (task) => {
  const figures: Figure[] = [];
  for (const each of REQUESTS) {
    const seen: Seen[] = [];
    for (const size of task.tables.sizes) seen.push(await look(task, each, size));
    figures.push(growth(each.what, seen));
  }
  return { figures };
};

async function look(task: Task, { endpoint, event }: Request, on: SizedTables): Promise<Seen> {
  const client = createClient(task.endpoint);
  const counter = new Counter(client);
  const handler = warmHandler(task, { api: 'audited', endpoint, on, client });
  await answered(handler, event);
  counter.take();
  const requests = Math.min(MOST_REQUESTS, task.runs);
  const times: number[] = [];
  for (let at = 0; at < requests; at += 1) {
    const start = performance.now();
    await answered(handler, event);
    times.push(performance.now() - start);
  }
  return { rows: on.rows, use: useOf(counter.take(), requests), milliseconds: median(times) };
}

/** The greatest growth, of calls or of read units, whichever grew more. */
function growth(what: string, seen: readonly Seen[]): Figure {
  const [first] = seen;
  const last = seen.at(-1);
  if (!first || !last) throw new Error('there are no tables to measure on');
  const ratios = seen.flatMap(({ use }) => [use.calls / first.use.calls, use.readUnits / first.use.readUnits]);
  const details = seen.flatMap(({ rows, use, milliseconds }) => [
    [`calls at ${rows}`, use.calls] as const,
    [`readUnits at ${rows}`, use.readUnits] as const,
    [`milliseconds at ${rows}`, milliseconds] as const,
  ]);
  return {
    row: 'flat',
    what: `${what}, ${short(last.rows)} rows`,
    against: `itself at ${short(first.rows)}`,
    value: Math.max(...ratios),
    unit: '×',
    target: { at: 'most', value: 1 },
    use: last.use,
    referenceUse: first.use,
    details: Object.fromEntries(details),
  };
}
