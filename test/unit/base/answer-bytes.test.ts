// What leaves a function is JSON with the answer's JSON in it as a text: every quote and backslash counts twice.

import { describe, expect, it } from 'vitest';
import { leavingBytes } from '../../../lib/base/answer-bytes.ts';

describe('the bytes of a text as it leaves', () => {
  it.each([
    ['a', 1],
    ['"', 2],
    ['\\', 2],
    ['\n', 2],
    ['\u0001', 6],
    ['é', 2],
    ['\u2028', 3],
    ['😀', 4],
    ['\ud800', 6],
    ['', 0],
  ])('count what stands for %j in JSON', (text, bytes) => {
    expect(leavingBytes(text)).toBe(bytes);
  });
});
