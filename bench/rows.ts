// What the tables are loaded with. A row depends on its number and on nothing else: the same rows in every run, and the
// first rows of a large table are those of a small one.

import { fromPlain } from '../lib/base/plain.ts';
import type { Item, Value } from '../lib/base/value.ts';

export const STATUSES = 100;
export const LOT_ROWS = 100;
const CATEGORIES = 50;
const FIRST_CREATED = Date.UTC(2026, 0, 1);
const CREATED_STEP_MS = 61_000;
const DESCRIPTION_WORDS = 16;
const WORDS = 'amber birch cedar delta ember fjord grove heron inlet jetty knoll larch maple north olive pearl'.split(
  ' ',
);

/** The callers: one with five groups, one with ten, one that sees one status only, one that sees everything. */
export const CALLERS = { grouped: 'key-grouped', filtered: 'key-filtered', open: 'key-open' } as const;
export const GROUPS = Array.from({ length: 10 }, (_, at) => `group-${at}`);
/** The groups of the caller that whole requests are made by. */
export const FIVE_GROUPS = GROUPS.slice(0, 5);
/** Excluded by every group: pruned from each row. */
export const EXCLUDED = 'internal';
export const FILTERED_STATUS = statusOf(7);

export function idOf(at: number): string {
  return `item-${String(at).padStart(6, '0')}`;
}

export function statusOf(at: number): string {
  return `status-${String(at % STATUSES).padStart(2, '0')}`;
}

/** A hundred rows that follow each other are a lot. */
export function lotOf(at: number): string {
  return `lot-${Math.floor(at / LOT_ROWS)}`;
}

/** As DynamoDB counts them, about. */
export const ROW_BYTES = 330;

export function plainRow(at: number) {
  const next = randomOf(at);
  const words = (count: number) => Array.from({ length: count }, () => WORDS[next(WORDS.length)] ?? '').join(' ');
  return {
    id: idOf(at),
    status: statusOf(at),
    lot: lotOf(at),
    created: new Date(FIRST_CREATED + at * CREATED_STEP_MS).toISOString(),
    active: true,
    category: `category-${next(CATEGORIES)}`,
    name: words(2),
    description: words(DESCRIPTION_WORDS),
    quantity: next(1_000),
    price: next(100_000) / 100,
    tags: [words(1), words(1), words(1)],
    dimensions: { width: next(200), height: next(200), unit: 'mm' },
    [EXCLUDED]: words(4),
  };
}

export function row(at: number): Item {
  return itemFrom(plainRow(at));
}

export function itemFrom(plain: object): Item {
  const value: Value | undefined = fromPlain(plain);
  if (!value || !('M' in value)) throw new TypeError('a row is an object that DynamoDB can store');
  return value.M;
}

/** Numbers below a bound, the same for the same seed. Source: Tommy Ettinger's mulberry32, public domain. */
function randomOf(seed: number): (bound: number) => number {
  let state = Math.imul(seed + 1, 0x9e3779b1);
  return (bound) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % bound;
  };
}
