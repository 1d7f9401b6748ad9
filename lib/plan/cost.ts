// Estimated read units. They only choose between plans that give the same rows.
// Source: the Developer Guide's page on read capacity: half a unit for each 4 KB begun, read eventually; a whole one for
// each 4 KB of an item read consistently.

import type { KeyRange } from './key-range.ts';
import { onlyValue } from './key-range.ts';
import type { Source } from './source.ts';

const UNIT_BYTES = 4_096;

/** A small item, read consistently. */
export const ROW_UNITS = 1;

/** The part of a partition that is left where its sort key is one value, has both bounds, or one. */
const ONE_VALUE = 0.01;
const TWO_BOUNDS = 0.1;
const ONE_BOUND = 0.3;
/** The part of the rows read from an index that conditions on its attributes leave to be fetched back. */
const FETCHED = 0.5;

/** The cheapest; of several that cost the same the first. */
export function least<Way extends { readonly cost: number }>(ways: readonly Way[]): Way | undefined {
  const [first, ...others] = ways;
  return first && others.reduce((best, each) => (each.cost < best.cost ? each : best), first);
}

/** Rows that one query reads. */
export function queryRows(source: Source, range: KeyRange): number {
  return Math.max(1, source.partitionRows * partLeft(range));
}

function partLeft(range: KeyRange): number {
  if (onlyValue(range)) return ONE_VALUE;
  if (range.low && range.high) return TWO_BOUNDS;
  return range.low || range.high ? ONE_BOUND : 1;
}

/** Rows read in one stretch: their bytes are added up before they are rounded. */
export function rangeUnits(rows: number, rowBytes: number): number {
  return Math.ceil((rows * rowBytes) / UNIT_BYTES) * 0.5;
}

/** Items read one by one, consistently: each is rounded by itself. */
export function keysUnits(count: number, itemBytes: number): number {
  return count * Math.ceil(itemBytes / UNIT_BYTES);
}

/** What it costs to read the rows of an index once more. @param isFiltered conditions on the index itself leave some out */
export function fetchUnits(rows: number, itemBytes: number, isFiltered: boolean): number {
  return keysUnits(Math.ceil(rows * (isFiltered ? FETCHED : 1)), itemBytes);
}
