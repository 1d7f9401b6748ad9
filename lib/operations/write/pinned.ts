// Retries a pinned write until no other writer interferes: each try reads and decides anew.

import { pauseBefore } from '../../base/backoff.ts';
import { ApiError } from '../../base/errors.ts';
import type { Ports, Written } from '../request/ports.ts';

const BUDGET_MICROSECONDS = 5_000_000;
const PAUSES = { first: 10, longest: 400 };

/** The result of a try that wrote nothing and may be retried; `throttled` if DynamoDB had no capacity for it. */
export type Again = 'again' | 'throttled';

export function againOf(written: Exclude<Written, 'written' | 'repeated'>): Again {
  return written === 'throttled' ? 'throttled' : 'again';
}

/**
 * Returns the result of the first try that is neither `again` nor `throttled`.
 * @throws ApiError after five seconds of lost tries: `throttled` if the last was throttled, else `conflict`
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
