// Pauses between tries with full jitter: any time up to a bound that doubles with each try, so that those who failed at the
// same moment do not come back at the same moment.
// Source: "Exponential Backoff and Jitter", AWS Architecture Blog, 2015.

/** Bounds in milliseconds: of the first pause, and of any. */
export type Backoff = { readonly first: number; readonly longest: number };

/**
 * Milliseconds to pause before the next try.
 * @param random from 0 up to 1 @param tries how many pauses came before this one
 */
export function pauseBefore({ first, longest }: Backoff, tries: number, random: number): number {
  return random * Math.min(longest, first * 2 ** tries);
}
