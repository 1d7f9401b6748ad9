// Computes pauses between retries with full jitter: a random time up to a bound that doubles with each retry, so that clients
// that failed together do not retry together.
// Source: "Exponential Backoff and Jitter", AWS Architecture Blog, 2015.

/** Bounds in milliseconds: `first` of the first pause, `longest` of every pause. */
export type Backoff = { readonly first: number; readonly longest: number };

/**
 * Returns the milliseconds to pause before the next try.
 * @param random a number from 0 up to 1 @param tries the number of pauses before this one
 */
export function pauseBefore({ first, longest }: Backoff, tries: number, random: number): number {
  return random * Math.min(longest, first * 2 ** tries);
}
