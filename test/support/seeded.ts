// Choices that a seed repeats.

export type Seeded = {
  /** From 0 up to 1. */
  random(): number;
  /** A whole number from 0 up to `count`. */
  below(count: number): number;
  pick<T>(choices: readonly T[]): T;
};

/** Where a test begins to count: the same in every check, another where much is tried. A failure names the seed that it met. */
export const FIRST_SEED = Number(process.env['TABLEGATE_SEED'] || Date.now() % 1_000_000);

/** Source: mulberry32, Tommy Ettinger, 2017; public domain. */
export function seeded(seed: number): Seeded {
  let state = seed | 0;
  const random = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (count: number) => Math.floor(random() * count);
  return { random, below, pick: (choices) => choices[below(choices.length)] as (typeof choices)[number] };
}
