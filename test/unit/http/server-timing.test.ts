// The Server-Timing header says no more than the caller's own clock.

import { describe, expect, it } from 'vitest';
import { serverTiming } from '../../../lib/http/server-timing.ts';

const stages = (...entries: readonly (readonly ['records' | 'read' | 'write' | 'audit', number])[]) => new Map(entries);

describe('Server-Timing', () => {
  it('has the stages of an answer, in powers of two', () => {
    const timing = serverTiming(200, { stages: stages(['records', 3.2], ['read', 40], ['audit', 16]), total: 61 });
    expect(timing['Server-Timing']).toBe('records;dur=16, read;dur=64, audit;dur=16, total;dur=64');
  });

  it.each([
    [0, 16],
    [-1, 16],
    [16, 16],
    [16.1, 32],
    [1_000, 1_024],
    [20_000, 32_768],
  ])('tells %d ms as %d', (total, told) => {
    expect(serverTiming(200, { stages: stages(), total })['Server-Timing']).toBe(`total;dur=${told}`);
  });

  it.each([400, 403, 404, 409, 503])('is not there for a %i, which must be the same to the byte', (status) => {
    expect(serverTiming(status, { stages: stages(['records', 2], ['read', 900]), total: 909 })).toEqual({});
  });
});
