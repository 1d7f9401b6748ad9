// `contains` in one pass finds what native searches find, of texts, bytes, lists and sets made to repeat themselves.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { itemOf, type Value } from '../../lib/base/value.ts';
import { any, type Condition, contains, not } from '../../lib/condition/condition.ts';
import { Containing } from '../../lib/condition/containing.ts';
import { equalValues, evaluator } from '../../lib/condition/evaluate.ts';
import { TextSearch } from '../../lib/condition/text-search.ts';
import { cases, times } from '../support/proof.ts';

/** Repetitions of a short text, with a change somewhere: what searches are slow on, and what they get wrong. */
const periodic = (longest: number) =>
  fc
    .tuple(
      fc.string({ unit: fc.constantFrom('a', 'b', 'é', '\u{1f600}'), minLength: 1, maxLength: 4 }),
      fc.nat(longest),
      fc.nat(longest),
      fc.constantFrom('', 'c', 'a', 'b'),
    )
    .map(([period, length, at, change]) => {
      const text = period.repeat(Math.ceil(length / period.length)).slice(0, length);
      return text.slice(0, at) + change + text.slice(at);
    });

const scalar: fc.Arbitrary<Value> = fc.oneof(
  periodic(90).map((S): Value => ({ S })),
  periodic(90).map((text): Value => ({ B: Buffer.from(text) })),
  fc.constantFrom<Value[]>({ N: '1' }, { N: '1.0' }, { N: '12' }, { BOOL: true }, { NULL: true }, { S: '1' }),
);
const texts = fc.array(periodic(3), { minLength: 1, maxLength: 5 });
const value: fc.Arbitrary<Value> = fc.oneof(
  periodic(300).map((S): Value => ({ S })),
  periodic(300).map((text): Value => ({ B: Buffer.from(text) })),
  fc.array(scalar, { maxLength: 6 }).map((L): Value => ({ L })),
  texts.map((SS): Value => ({ SS })),
  texts.map((each): Value => ({ BS: each.map((text) => Buffer.from(text)) })),
  fc.constantFrom<Value[]>({ NS: ['1.00', '3'] }, { N: '1' }, { M: itemOf([['a', { S: 'a' }]]) }, { BOOL: true }),
);

/** By V8's and Node's own searches. */
function isIn(held: Value, wanted: Value): boolean {
  if ('L' in held) return held.L.some((element) => equalValues(element, wanted));
  if ('S' in wanted) return 'S' in held ? held.S.includes(wanted.S) : 'SS' in held && held.SS.includes(wanted.S);
  if ('N' in wanted) return 'NS' in held && held.NS.some((N) => equalValues({ N }, wanted));
  if (!('B' in wanted)) return false;
  if ('B' in held) return Buffer.from(held.B).includes(Buffer.from(wanted.B));
  return 'BS' in held && held.BS.some((B) => equalValues({ B }, wanted));
}

describe('searching for several at once', () => {
  it('finds in texts what a native search of each finds', () => {
    let found = 0;
    const law = fc.property(
      fc.uniqueArray(periodic(40), { maxLength: 12 }),
      fc.array(periodic(400)),
      (needles, all) => {
        const search = new TextSearch(needles);
        for (const text of all) {
          const expected = needles.flatMap((needle, at) => (text.includes(needle) ? [at] : []));
          expect(search.find(text).toSorted((one, other) => one - other)).toEqual(expected);
          found += expected.length;
        }
      },
    );
    fc.assert(law, cases(2_000));
    expect(found).toBeGreaterThan(times(1_000));
  });

  it('finds in values of every type what one condition alone finds', () => {
    const seen = { true: 0, false: 0 };
    const law = fc.property(fc.array(scalar, { maxLength: 12 }), fc.array(value), (wanted, all) => {
      const search = new Containing(wanted);
      for (const held of all) {
        for (const [place, each] of wanted.entries()) {
          const expected = isIn(held, each);
          expect(search.has(held, place)).toBe(expected);
          seen[`${expected}`] += 1;
        }
      }
    });
    fc.assert(law, cases(2_000));
    expect(Math.min(seen.true, seen.false)).toBeGreaterThan(times(500));
  });

  it('gives conditions the same rows, however many they are and wherever they stand', () => {
    const wanted = fc.array(fc.tuple(scalar, fc.constantFrom('a', 'b'), fc.boolean()), { minLength: 1, maxLength: 12 });
    const law = fc.property(wanted, value, value, (parts, a, b) => {
      const of = (name: string) => (name === 'a' ? a : b);
      const leaf = ([each, name, isNot]: (typeof parts)[number]): Condition =>
        isNot ? not(contains([name], each)) : contains([name], each);
      const expected = parts.some(([each, name, isNot]) => isIn(of(name), each) !== isNot);
      expect(
        evaluator(any(parts.map(leaf)))(
          itemOf([
            ['a', a],
            ['b', b],
          ]),
        ),
      ).toBe(expected);
    });
    fc.assert(law, cases(2_000));
  });
});
