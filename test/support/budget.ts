// Budgets of reads that are tested by themselves, without a request.

import type { Budget } from '../../lib/operations/request/ports.ts';
import { world } from '../../lib/store/world.ts';

/** A meter that stands still. */
export const unmetered = { consumed: () => ({ read: 0, write: 0 }) };

/** The real world, unmetered. */
export const unmeteredWorld = { ...world, ...unmetered };

/** The budget of a read that ends at a time, in microseconds, whatever it consumes. */
export const untilTime = (until: number): Budget => ({ until, readUnits: Number.POSITIVE_INFINITY });

export const UNBOUNDED = untilTime(Number.POSITIVE_INFINITY);
