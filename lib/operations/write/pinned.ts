// Repeats a pinned write until nobody else writes in between: each try reads and decides anew.

import { pauseBefore } from '../../base/backoff.ts';
import { ApiError } from '../../base/errors.ts';
import type { Ports, Written } from '../request/ports.ts';

const BUDGET_MICROSECONDS = 5_000_000;
const PAUSES = { first: 10, longest: 400 };

/** What a try says that wrote nothing and may be made anew; `throttled` where DynamoDB had no capacity for it. */
export type Again = 'again' | 'throttled';

export function againOf(written: Exclude<Written, 'written' | 'repeated'>): Again {
  return written === 'throttled' ? 'throttled' : 'again';
}

/**
 * The result of the first try that does not say `again` or `throttled`.
 * @throws ApiError after five seconds of lost tries: `conflict`, or `throttled` where the last one was
 */
export async function pinned<T>(ports: Ports, attempt: () => Promise<T | Again>): Promise<T> {
  const deadline = ports.now() + BUDGET_MICROSECONDS;
  for (let tries = 0; ; tries += 1) {
    const result = await attempt();
    if (result !== 'again' && result !== 'throttled') return result;
    const pause = pauseBefore(PAUSES, tries, ports.random());
    if (ports.now() + pause * 1e3 >= deadline) throw givenUp(result === 'throttled');
    await ports.sleep(pause);
  }
}

function givenUp(isThrottled: boolean): ApiError {
  if (isThrottled) return new ApiError('throttled');
  return new ApiError('conflict', 'other writers kept changing the item; try again');
}
