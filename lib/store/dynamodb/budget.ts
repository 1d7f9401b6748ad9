// How much a request may read, held against the clock and the meter between its calls.

import type { Budget, Meter } from '../../operations/request/ports.ts';
import type { World } from './batch-get.ts';

/** The world, and the meter of the client that reads. */
export type Gauged = World & Pick<Meter, 'consumed'>;

/** Returns true once the time is up, or once more units were consumed than the budget has: no further call is made then. */
export function isSpent({ now, consumed }: Gauged, { until, readUnits }: Budget): boolean {
  return now() > until || consumed().read > readUnits;
}
