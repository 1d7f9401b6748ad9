// What holds for every number, path, JSON text and value.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { itemBytes } from '../../lib/base/item-size.ts';
import { parseJson, printJson } from '../../lib/base/json.ts';
import { canonicalNumber, compareNumbers } from '../../lib/base/number.ts';
import { parsePath, printPath } from '../../lib/base/path.ts';
import { fromPlain, toPlain } from '../../lib/base/plain.ts';
import { itemOf, type Value } from '../../lib/base/value.ts';
import { equalValues } from '../../lib/condition/evaluate.ts';
import { cases, times } from '../support/proof.ts';

/** A decimal number: `digits × 10^power`, and one of the many texts that spell it. */
const decimal = fc
  .tuple(fc.bigInt(-(10n ** 38n) + 1n, 10n ** 38n - 1n), fc.integer({ min: -60, max: 60 }), fc.nat(3), fc.nat(3))
  .map(([digits, power, zeros, leading]) => {
    const [sign, text] = digits < 0n ? ['-', String(-digits)] : ['', String(digits)];
    return { digits, power, text: `${sign}${'0'.repeat(leading)}${text}${'0'.repeat(zeros)}e${power - zeros}` };
  });

/** The reference: exact integers, both scaled by the same power of ten. */
const scaled = ({ digits, power }: { digits: bigint; power: number }) => digits * 10n ** BigInt(power + 60);

const text = fc.string({ unit: 'binary', maxLength: 8 }).filter((each) => each.isWellFormed());
const name = fc.oneof(text, fc.constantFrom('__proto__', 'constructor', 'a.b', 'a[0]', 'toString'));

const values: fc.Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    text.map((S): Value => ({ S })),
    decimal.map((each): Value => ({ N: canonicalNumber(each.text) ?? '0' })),
    fc.boolean().map((BOOL): Value => ({ BOOL })),
    fc.constant<Value>({ NULL: true }),
    fc.array(tie('value'), { maxLength: 4 }).map((L): Value => ({ L })),
    fc.array(fc.tuple(name, tie('value')), { maxLength: 4 }).map((entries): Value => ({ M: itemOf(entries) })),
  ),
})).value;

describe('numbers', () => {
  it('keep their value, and have one text', () => {
    const law = fc.property(decimal, (number) => {
      const canonical = canonicalNumber(number.text);
      if (canonical === undefined) throw new Error(`${number.text} is refused`);
      expect(canonicalNumber(canonical)).toBe(canonical);
      expect(compareNumbers(canonical, number.text)).toBe(0);
      const [, sign = '', whole = '', fraction = '', power = '0'] =
        /^(-?)(\d+)(?:\.(\d+))?(?:E([+-]?\d+))?$/.exec(canonical) ?? expect.fail(canonical);
      const digits = BigInt(whole + fraction) * (sign ? -1n : 1n);
      const exponent = Number(power) - fraction.length;
      const [left, right] =
        exponent < number.power
          ? [digits, number.digits * 10n ** BigInt(number.power - exponent)]
          : [digits * 10n ** BigInt(exponent - number.power), number.digits];
      expect(left).toBe(right);
    });
    fc.assert(law, cases(2_000));
  });

  it('are in the order of their values, and equal exactly where their texts are', () => {
    const near = fc.tuple(decimal, fc.bigInt(-2n, 2n)).map(([one, by]) => {
      const digits = one.digits + by;
      return [one, { digits, power: one.power, text: `${digits}e${one.power}` }] as const;
    });
    const law = fc.property(fc.oneof(fc.tuple(decimal, decimal), near), ([left, right]) => {
      const [a, b] = [scaled(left), scaled(right)];
      expect(Math.sign(compareNumbers(left.text, right.text))).toBe(a < b ? -1 : a > b ? 1 : 0);
      const texts = [canonicalNumber(left.text), canonicalNumber(right.text)];
      if (texts.every((each) => each !== undefined)) expect(texts[0] === texts[1]).toBe(a === b);
    });
    fc.assert(law, cases(2_000));
  });
});

describe('JSON', () => {
  it('gives back every value', () => {
    const law = fc.property(values, (value) => {
      const parsed = parseJson(printJson(value));
      expect('value' in parsed && equalValues(parsed.value, value)).toBe(true);
    });
    fc.assert(law, cases(1_000));
  });

  it('is taken only where JSON.parse takes it, and then means the same', () => {
    const mutated = fc
      .tuple(
        fc.json({ maxDepth: 4 }),
        fc.nat(),
        fc.constantFrom('', ',', '"', '{', ']', '0', '.', '\\', 'e', ' ', '\t', '\u00a0'),
      )
      .map(([json, at, insert]) => json.slice(0, at % (json.length + 1)) + insert + json.slice(at % (json.length + 1)));
    let refused = 0;
    const law = fc.property(mutated, (json) => {
      const parsed = parseJson(json);
      let expected: unknown;
      try {
        expected = JSON.parse(json);
      } catch {
        refused += 1;
        expect(parsed).toHaveProperty('faults');
        return;
      }
      if ('value' in parsed) expect(JSON.parse(printJson(parsed.value))).toEqual(expected);
    });
    fc.assert(law, cases(3_000));
    expect(refused).toBeGreaterThan(times(300));
  });
});

describe('ordinary JavaScript', () => {
  it('gives back every value', () => {
    const law = fc.property(values, (value) => {
      const back = fromPlain(toPlain(value));
      expect(back && equalValues(back, value)).toBe(true);
    });
    fc.assert(law, cases(1_000));
  });
});

describe('paths', () => {
  it('are what their text spells, and no text spells two', () => {
    const step = fc.oneof(
      fc.string({ minLength: 1, maxLength: 4 }).filter((each) => !/[.[\]\u007f]/.test(each)),
      fc.nat(99),
    );
    const path = fc.array(step, { minLength: 1, maxLength: 6 }).filter(([first]) => typeof first === 'string');
    const law = fc.property(path, (steps) => {
      expect(parsePath(printPath(steps))).toEqual(steps);
    });
    fc.assert(law, cases(1_000));
  });

  it('are printed as they were written, indexes apart from zeros before them', () => {
    const written = fc.string({ unit: fc.constantFrom('a', 'b', '.', '[', ']', '1', '_'), maxLength: 12 });
    const law = fc.property(written, (each) => {
      const path = parsePath(each);
      if (path) expect(printPath(path)).toBe(each);
    });
    fc.assert(law, cases(3_000));
  });
});

describe('the size of an item', () => {
  it('grows with every attribute', () => {
    const law = fc.property(fc.array(fc.tuple(name, values), { maxLength: 4 }), values, (entries, value) => {
      const item = itemOf(entries);
      const more = itemOf([...entries, ['a name no other has', value]]);
      expect(itemBytes(more)).toBeGreaterThan(itemBytes(item));
    });
    fc.assert(law, cases(500));
  });
});
