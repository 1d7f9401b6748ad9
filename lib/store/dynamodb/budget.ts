// Checks a request's budget against the clock and the meter, between its calls.

import type { Budget, Meter } from '../../operations/request/ports.ts';
import type { World } from './batch-get.ts';

/** The world, with the meter of the client that reads. */
export type Gauged = World & Pick<Meter, 'consumed'>;

/** True if the time is up, or more read units are consumed than the budget has: then no further call is made. */
export function isSpent({ now, consumed }: Gauged, { until, readUnits }: Budget): boolean {
  return now() > until || consumed().read > readUnits;
}
