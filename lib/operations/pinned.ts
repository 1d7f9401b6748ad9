// Repeats a pinned write until nobody else writes in between: each try reads and decides anew.

import { ApiError } from '../base/errors.ts';
import type { Ports } from './ports.ts';

const BUDGET_MICROSECONDS = 5_000_000;
const FIRST_PAUSE = 10;
const LONGEST_PAUSE = 400;

/**
 * The result of the first try that does not say `again`. Pauses have full jitter.
 * Source: "Exponential Backoff and Jitter", AWS Architecture Blog, 2015.
 * @throws ApiError `conflict` after five seconds of lost tries
 */
export async function pinned<T>(ports: Ports, attempt: () => Promise<T | 'again'>): Promise<T> {
  const deadline = ports.now() + BUDGET_MICROSECONDS;
  for (let tries = 0; ; tries += 1) {
    const result = await attempt();
    if (result !== 'again') return result;
    const pause = ports.random() * Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** tries);
    if (ports.now() + pause * 1e3 >= deadline)
      throw new ApiError('conflict', 'other writers kept changing the item; try again');
    await ports.sleep(pause);
  }
}
