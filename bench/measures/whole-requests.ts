// Whole requests against a bare handler: get and list with the audit off, create with it.

import { againstBare, type Comparison } from '../against-bare.ts';
import { bareCreate, bareGet, bareList } from '../bare/handlers.ts';
import type { Figure, Measured } from '../figures.ts';
import { CALLERS, EXCLUDED, idOf, LOT_ROWS, lotOf, plainRow } from '../rows.ts';
import { largest, type Measure, type Task } from '../task.ts';
import { eventOf } from '../warm.ts';

/** A step through the rows that meets all of them. */
const STRIDE = 7_919;

export const measureGet: Measure = (task) => {
  const endpoint = 'GET /item/{id}';
  const next = numbers(largest(task).rows);
  return compare(task, 'get', [1.15, 1.1], {
    handler: { api: 'unaudited', endpoint, on: largest(task) },
    bare: bareGet,
    event: () => eventOf(endpoint, { as: CALLERS.grouped, parameters: { id: idOf(next()) } }),
    perTurn: 5,
  });
};

export const measureList: Measure = (task) => {
  const endpoint = 'GET /items';
  const lots = Math.ceil(largest(task).rows / LOT_ROWS);
  const next = numbers(lots);
  return compare(task, 'list-by-index', [1.2], {
    handler: { api: 'unaudited', endpoint, on: largest(task) },
    bare: bareList,
    event: () => eventOf(endpoint, { as: CALLERS.grouped, query: [['lot', lotOf(next() * LOT_ROWS)]] }),
    perTurn: 2,
  });
};

export const measureCreate: Measure = (task) => {
  const endpoint = 'POST /item';
  let at = 0;
  const body = () => {
    at += 1;
    const { [EXCLUDED]: _, ...sent } = plainRow(at);
    return sent;
  };
  return compare(task, 'create', [1.25], {
    handler: { api: 'audited', endpoint, on: task.tables.created },
    bare: bareCreate,
    event: () => eventOf(endpoint, { as: CALLERS.grouped, body: body() }),
    status: 201,
    perTurn: 3,
  });
};

/** Numbers below a bound, each as often as the others, not one after the other. */
function numbers(bound: number): () => number {
  let at = 0;
  return () => {
    at += 1;
    return (at * STRIDE) % bound;
  };
}

type Targets = readonly [time: number, cpu?: number];

async function compare(task: Task, row: string, [time, cpu]: Targets, comparison: Comparison): Promise<Measured> {
  const { turns, use, referenceUse } = await againstBare(task, comparison);
  const { milliseconds, cpuMilliseconds } = turns;
  const common = { row, against: 'a bare handler', unit: '×' } as const;
  const inTime: Figure = {
    ...common,
    what: `${row}, time`,
    value: turns.ratio,
    target: { at: 'most', value: time },
    use,
    referenceUse,
    details: { milliseconds: milliseconds.a, referenceMilliseconds: milliseconds.b, turns: turns.turns },
  };
  const inCpu: Figure = {
    ...common,
    what: `${row}, CPU`,
    value: turns.cpuRatio,
    ...(cpu !== undefined && { target: { at: 'most', value: cpu } }),
    details: { milliseconds: cpuMilliseconds.a, referenceMilliseconds: cpuMilliseconds.b },
  };
  return { figures: [inTime, inCpu] };
}
