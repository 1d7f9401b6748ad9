// Kept results: what the function would give, made once.

import { describe, expect, it } from 'vitest';
import { memoByObject, memoByText } from '../../../lib/base/memo.ts';

describe('a memo by text', () => {
  it('gives what the function gives, made once for each of the last texts', () => {
    const made: string[] = [];
    const memo = memoByText(2, (text) => {
      made.push(text);
      return { text };
    });
    for (const text of ['a', 'b', 'a', 'c', 'a', 'b']) expect(memo(text)).toEqual({ text });
    expect(made).toEqual(['a', 'b', 'c', 'b']);
    expect(memo('b')).toBe(memo('b'));
  });

  it('keeps nothing of what throws', () => {
    let tries = 0;
    const memo = memoByText<object>(2, () => {
      tries += 1;
      throw new RangeError('no');
    });
    for (let i = 0; i < 2; i += 1) expect(() => memo('a')).toThrow(RangeError);
    expect(tries).toBe(2);
  });
});

describe('a memo by object', () => {
  it('knows an object by itself, not by its content', () => {
    let count = 0;
    const memo = memoByObject(({ n }: { n: number }) => {
      count += 1;
      return [n];
    });
    const [one, twin] = [{ n: 1 }, { n: 1 }];
    expect([memo(one), memo(one), memo(twin)]).toEqual([[1], [1], [1]]);
    expect(count).toBe(2);
  });
});
