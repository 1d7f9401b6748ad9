// How long whoever failed waits before it tries again.

import { describe, expect, it } from 'vitest';
import { pauseBefore } from '../../../lib/base/backoff.ts';

const BACKOFF = { first: 10, longest: 300 };

describe('a pause before the next try', () => {
  it.each([
    [0, 10],
    [1, 20],
    [4, 160],
    [5, 300],
    [6, 300],
    [2_000, 300],
  ])('after %i others is bounded by %i milliseconds: the bound doubles up to the longest', (tries, bound) => {
    expect(pauseBefore(BACKOFF, tries, 1)).toBe(bound);
  });

  it('is any part of its bound, none too', () => {
    expect([0, 0.25, 0.5].map((random) => pauseBefore(BACKOFF, 3, random))).toEqual([0, 20, 40]);
  });
});
