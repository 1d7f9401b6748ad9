// What a row costs: its length, whatever stands in it and however many conditions ask about it.

import { describe, expect, it } from 'vitest';
import { itemOf, type Value } from '../../../lib/base/value.ts';
import { any, compare, contains, oneOf } from '../../../lib/condition/condition.ts';
import { evaluator } from '../../../lib/condition/evaluate.ts';
import { TextSearch } from '../../../lib/condition/text-search.ts';

const a = (value: Value) => itemOf([['a', value]]);
const many = (count: number) => Array.from({ length: count }, (_, at) => at);

/** A list that counts how often one of its elements is read. */
function counted<T>(elements: T[]): { readonly list: readonly T[]; readonly reads: () => number } {
  let reads = 0;
  const list = new Proxy(elements, {
    get: (target, name) => {
      if (typeof name === 'string' && /^\d+$/.test(name)) reads += 1;
      return Reflect.get(target, name) as unknown;
    },
  });
  return { list, reads: () => reads };
}

describe('a search of texts', () => {
  it.each([
    ['one of a hundred characters', [`b${'a'.repeat(99)}`]],
    ['one of nine thousand', [`${'a'.repeat(8_999)}b`]],
    ['five hundred', many(500).map((at) => `${'a'.repeat(at)}b`)],
  ])('reads each character once: for %s', (_, needles) => {
    let reads = 0;
    const text = {
      length: 100_000,
      charCodeAt: () => {
        reads += 1;
        return 97;
      },
    };
    expect(new TextSearch(needles).find(text)).toEqual([]);
    expect(reads).toBe(text.length);
  });

  // A native search compares thousands of characters at each place: longer than a test may take.
  it.each<[string, (text: string) => Value]>([
    ['text', (S) => ({ S })],
    ['bytes', (text) => ({ B: Buffer.from(text) })],
  ])(
    'is done in the time of a test where %s of nine thousand characters are looked for in what repeats itself',
    (_, made) => {
      const half = 'a'.repeat(4_500);
      const isFound = evaluator(contains(['a'], made(`${half}b${half}`)));
      const row = a(made('a'.repeat(400_000)));
      for (let rows = 0; rows < 40; rows += 1) expect(isFound(a({ ...row['a'] } as Value))).toBe(false);
      expect(isFound(a(made(`${'a'.repeat(9_000)}b${'a'.repeat(9_000)}`)))).toBe(true);
    },
  );
});

describe('a list', () => {
  it('is read once by however many conditions that look for an element', () => {
    const { list, reads } = counted(many(1_000).map((at): Value => ({ N: String(at) })));
    const wanted = many(500).map((at) => contains(['a'], { N: String(at + 5_000) }));
    expect(evaluator(any(wanted))(a({ L: list }))).toBe(false);
    expect(reads()).toBeLessThanOrEqual(list.length);
  });

  it('is not read where only scalars are looked for', () => {
    const { list, reads } = counted<Value>([{ S: 'x' }]);
    const S = (text: string): Value => ({ S: text });
    expect(evaluator(any([oneOf(['a'], [S('x'), S('y')]), compare(['a'], '=', { N: '1' })]))(a({ L: list }))).toBe(
      false,
    );
    expect(reads()).toBe(0);
  });
});
