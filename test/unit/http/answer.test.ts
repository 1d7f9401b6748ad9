// docs/reference/limits.md: Lambda takes 6 MB of an answer as it leaves. What is larger is refused in words, and never a 502.

import { describe, expect, it } from 'vitest';
import { MAX_ANSWER_BYTES, MAX_LEAVING_BYTES } from '../../../lib/base/answer-bytes.ts';
import { ApiError } from '../../../lib/base/errors.ts';
import { checkSize } from '../../../lib/http/answer.ts';
import { type HttpAnswer, problem } from '../../../lib/http/problem.ts';

const answer = (body: string): HttpAnswer => ({ statusCode: 200, headers: {}, body });
const quotes = (count: number) => answer('"'.repeat(count));

describe('an answer', () => {
  it.each([
    ['letters', answer('x'.repeat(MAX_LEAVING_BYTES))],
    ['quotes', quotes(MAX_LEAVING_BYTES / 2)],
    ['control characters', answer('\u0001'.repeat(Math.floor(MAX_LEAVING_BYTES / 6)))],
  ])('that fits as it leaves goes: %s, and one more does not', (_, most) => {
    expect(() => checkSize(most, 'list')).not.toThrow();
    expect(() => checkSize(answer(`${most.body}\u0001`), 'list')).toThrow(ApiError);
    const headers = { Link: '"'.repeat(8_192), Location: '"'.repeat(7_000) };
    expect(Buffer.byteLength(JSON.stringify({ ...most, headers }))).toBeLessThanOrEqual(MAX_ANSWER_BYTES);
  });

  it.each([
    ['list', '_fields'],
    ['search', '_limit'],
    ['audit', '_limit'],
    ['history', '_limit'],
    ['unique', 'narrow'],
    ['get', '_fields'],
    ['update', 'the item was written'],
    ['patch', 'the item was written'],
    ['user', 'has-permission'],
    ['create', 'is the most'],
  ] as const)('of %s that does not fit is 503 too_costly, and says what would: %s', (operation, fix) => {
    const refused = () => checkSize(quotes(4_000_000), operation);
    expect(refused).toThrow(ApiError);
    try {
      refused();
    } catch (error) {
      const { statusCode, body } = problem(error, 'r');
      expect(statusCode).toBe(503);
      expect(JSON.parse(body)).toMatchObject({ code: 'too_costly', detail: expect.stringContaining(fix) });
      expect(body).toContain('the answer has 8,000,000 bytes, and 6,258,788 is the most');
    }
  });
});

describe('a refusal', () => {
  it('fits, however many and long its faults are', () => {
    const text = '\u0001'.repeat(100_000);
    const faults = Array.from({ length: 1_000 }, () => ({ path: text, message: text }));
    const body = problem(new ApiError('validation_failed', text, faults), 'r').body;
    expect(JSON.parse(body).errors).toHaveLength(100);
    expect(JSON.parse(body).errors[0].message).toBe(`${'\u0001'.repeat(2_000)}…`);
    expect(JSON.parse(body).detail).toBe(`${'\u0001'.repeat(2_000)}…`);
    expect(() => checkSize(answer(body), 'create')).not.toThrow();
  });
});
