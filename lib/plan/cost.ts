// Estimates read units, by which one of several plans that give the same rows is chosen.
// Source: the Developer Guide's page on read capacity: an eventually consistent read takes half a unit for each 4 KB begun, a
// consistent one a whole unit.

import type { KeyRange } from './key-range.ts';
import { onlyValue } from './key-range.ts';
import type { Source } from './source.ts';

const UNIT_BYTES = 4_096;

/** The units of a consistent read of a small item. */
export const ROW_UNITS = 1;

/** The estimated share of a partition with one value of the sort key, between two bounds, or beyond one. */
const ONE_VALUE = 0.01;
const TWO_BOUNDS = 0.1;
const ONE_BOUND = 0.3;
/** The estimated share of an index's rows that are fetched back after a filter on its attributes. */
const FETCHED = 0.5;

/** Returns the cheapest way, of equal ones the first; `undefined` if there is none. */
export function least<Way extends { readonly cost: number }>(ways: readonly Way[]): Way | undefined {
  const [first, ...others] = ways;
  return first && others.reduce((best, each) => (each.cost < best.cost ? each : best), first);
}

/** Returns the estimated rows that one query reads. */
export function queryRows(source: Source, range: KeyRange): number {
  return Math.max(1, source.partitionRows * partLeft(range));
}

function partLeft(range: KeyRange): number {
  if (onlyValue(range)) return ONE_VALUE;
  if (range.low && range.high) return TWO_BOUNDS;
  return range.low || range.high ? ONE_BOUND : 1;
}

/** Returns the units of a query or scan, whose bytes are added up before they are rounded. */
export function rangeUnits(rows: number, rowBytes: number): number {
  return Math.ceil((rows * rowBytes) / UNIT_BYTES) * 0.5;
}

/** Returns the units of a consistent get or batch, which rounds the bytes of each item. */
export function keysUnits(count: number, itemBytes: number): number {
  return count * Math.ceil(itemBytes / UNIT_BYTES);
}

/** Returns the units of fetching an index's rows back. @param isFiltered true if a filter on its attributes drops some */
export function fetchUnits(rows: number, itemBytes: number, isFiltered: boolean): number {
  return keysUnits(Math.ceil(rows * (isFiltered ? FETCHED : 1)), itemBytes);
}
