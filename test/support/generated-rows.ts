// Generated rows and conditions about them: hostile values under hostile names, and conditions that ask for values which are
// there, or nearly there. What is nearly a value is where readers disagree.

import fc from 'fast-check';
import type { Path } from '../../lib/base/path.ts';
import { type Item, itemOf, type Value, type ValueType } from '../../lib/base/value.ts';
import {
  all,
  any,
  type Comparator,
  type Condition,
  compare,
  contains,
  exists,
  hasType,
  not,
  oneOf,
  startsWith,
} from '../../lib/condition/condition.ts';
import { hostileNames, hostileValues } from '../corpus/hostile-items.ts';
import { isEqual } from './reference.ts';

/** Rows, and conditions to ask of them. Rows have no key yet. */
export type Batch = { readonly rows: readonly Item[]; readonly conditions: readonly Condition[] };

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 6 }),
  fc.string({ unit: fc.constantFrom('a', 'b', '5', '.', '\u{1f600}', '\uff5e', '\u0301'), maxLength: 4 }),
);

/** The numbers that DynamoDB holds: 38 digits, from 1E-130 to 9.99E+125, spelt in every way that it takes. */
const number: fc.Arbitrary<string> = fc
  .record({
    minus: fc.boolean(),
    digits: fc.oneof(
      fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 1, maxLength: 38 }),
      fc.constantFrom('0', '5', '50', '1', '9'.repeat(38), `1${'0'.repeat(37)}`, `${'9'.repeat(37)}8`),
    ),
    power: fc.oneof(fc.integer({ min: -130, max: 88 }), fc.integer({ min: -3, max: 3 })),
  })
  .map(({ minus, digits, power }) => `${minus ? '-' : ''}${digits}${power === 0 ? '' : `E${power}`}`);

const binary = fc.uint8Array({ maxLength: 4 });
const distinct = (one: Value, other: Value) => isEqual(one, other);
const members = <T>(of: fc.Arbitrary<T>, wrap: (member: T) => Value) =>
  fc.uniqueArray(of, { minLength: 1, maxLength: 4, comparator: (a, b) => distinct(wrap(a), wrap(b)) });

const scalar: fc.Arbitrary<Value> = fc.oneof(
  text.map((S) => ({ S })),
  number.map((N) => ({ N })),
  binary.map((B) => ({ B })),
  fc.boolean().map((BOOL) => ({ BOOL })),
  fc.constant<Value>({ NULL: true }),
);

function valuesOver(names: readonly string[]): fc.Arbitrary<Value> {
  const set: fc.Arbitrary<Value> = fc.oneof(
    members(text, (S) => ({ S })).map((SS) => ({ SS })),
    members(number, (N) => ({ N })).map((NS) => ({ NS })),
    members(binary, (B) => ({ B })).map((BS) => ({ BS })),
  );
  const name = fc.constantFrom(...names);
  return fc.letrec<{ value: Value }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      { arbitrary: scalar, weight: 4 },
      { arbitrary: set, weight: 2 },
      { arbitrary: fc.constantFrom(...hostileValues), weight: 2 },
      { arbitrary: fc.array(tie('value'), { maxLength: 3 }).map((L) => ({ L })), weight: 1 },
      { arbitrary: fc.array(fc.tuple(name, tie('value')), { maxLength: 3 }).map(mapOf), weight: 2 },
    ),
  })).value;
}

function mapOf(entries: readonly (readonly [string, Value])[]): Value {
  return { M: itemOf(entries) };
}

/** What is like a value and not the same, or the same and not written alike. */
function near(value: Value, name: string): readonly Value[] {
  const wrapped: Value[] = [{ L: [value] }, { L: [value, { S: 'x' }] }, mapOf([[name, value]])];
  if (depthOf(value) > 20) return [];
  if ('S' in value)
    return [...wrapped, { S: `${value.S}a` }, { S: value.S.slice(0, -1).toWellFormed() }, { SS: [value.S] }];
  if ('N' in value) return [...wrapped, { S: value.N }, { NS: [value.N] }, { N: respelt(value.N) }];
  if ('B' in value)
    return [...wrapped, { B: value.B.slice(1) }, { B: Uint8Array.of(...value.B, 128) }, { BS: [value.B] }];
  if ('SS' in value) return [...wrapped, { SS: value.SS.toReversed() }, { L: value.SS.map((S) => ({ S })) }];
  if ('NS' in value)
    return [...wrapped, { NS: value.NS.map(respelt).toReversed() }, { L: value.NS.map((N) => ({ N })) }];
  if ('BS' in value) return [...wrapped, { BS: value.BS.toReversed() }];
  if ('L' in value) return [...wrapped, { L: value.L.toReversed() }, ...value.L.slice(0, 2)];
  if ('M' in value)
    return [...wrapped, mapOf(Object.entries(value.M).toReversed()), ...Object.values(value.M).slice(0, 2)];
  return wrapped;
}

/** The same number in other digits, where there is room for them. */
function respelt(text: string): string {
  const [, sign = '', digits = '', power = '0'] = /^(-?)(\d+)(?:E(-?\d+))?$/.exec(text) ?? [];
  return digits === '' || digits.length > 37 ? text : `${sign}${digits}.0E${power}`;
}

function depthOf(value: Value): number {
  const below = 'L' in value ? value.L : 'M' in value ? Object.values(value.M) : [];
  return 1 + Math.max(0, ...below.map(depthOf));
}

const types: readonly ValueType[] = ['S', 'N', 'B', 'BOOL', 'NULL', 'L', 'M', 'SS', 'NS', 'BS'];
const comparators: readonly Comparator[] = ['=', '=', '<', '<=', '>', '>='];

function leavesOver(names: readonly string[], values: readonly Value[]): fc.Arbitrary<Condition> {
  const name = fc.constantFrom(...names);
  const step = fc.oneof(name, fc.nat(2));
  const path: fc.Arbitrary<Path> = fc.oneof(
    { arbitrary: name.map((first): Path => [first]), weight: 4 },
    { arbitrary: fc.tuple(name, step).map((steps): Path => steps), weight: 2 },
    {
      arbitrary: fc.tuple(name, fc.array(step, { maxLength: 4 })).map(([first, more]): Path => [first, ...more]),
      weight: 1,
    },
  );
  const value = fc.constantFrom(...values);
  const prefixes = values.flatMap((each) => ('S' in each ? [each.S, each.S.slice(0, 1).toWellFormed()] : []));
  return fc.oneof(
    { arbitrary: fc.tuple(path, fc.constantFrom(...comparators), value).map((of) => compare(...of)), weight: 4 },
    { arbitrary: fc.tuple(path, fc.array(value, { maxLength: 8 })).map((of) => oneOf(...of)), weight: 2 },
    { arbitrary: fc.tuple(path, fc.constantFrom('', ...prefixes)).map((of) => startsWith(...of)), weight: 1 },
    { arbitrary: fc.tuple(path, value).map((of) => contains(...of)), weight: 3 },
    { arbitrary: path.map(exists), weight: 1 },
    { arbitrary: fc.tuple(path, fc.constantFrom(...types)).map((of) => hasType(...of)), weight: 1 },
  );
}

/** Conditions of every kind; a few are wider than an expression or an `IN` of DynamoDB can be. */
function conditionsOver(names: readonly string[], values: readonly Value[]): fc.Arbitrary<Condition> {
  const leaf = leavesOver(names, values);
  const { tree } = fc.letrec<{ tree: Condition }>((tie) => {
    const parts = fc.array(tie('tree'), { minLength: 1, maxLength: 3 });
    return {
      tree: fc.oneof(
        { maxDepth: 3, withCrossShrink: true },
        { arbitrary: leaf, weight: 3 },
        { arbitrary: parts.map(all), weight: 1 },
        { arbitrary: parts.map(any), weight: 2 },
        { arbitrary: tie('tree').map(not), weight: 2 },
      ),
    };
  });
  const many = fc.array(leaf, { minLength: 160, maxLength: 170 });
  const long = fc.tuple(fc.constantFrom(...names), fc.constantFrom(...values));
  return fc.oneof(
    { arbitrary: tree, weight: 40 },
    { arbitrary: many.map(any), weight: 1 },
    { arbitrary: many.map((parts) => all(parts.map(not))), weight: 1 },
    { arbitrary: long.map(([name, value]) => oneOf([name], [...numbersTo(130), value])), weight: 1 },
  );
}

function numbersTo(count: number): readonly Value[] {
  return Array.from({ length: count }, (_, n) => ({ N: String(n) }));
}

const generatedName = fc.string({ unit: 'binary', minLength: 1, maxLength: 5 });
const namePools = fc.uniqueArray(fc.oneof(fc.constantFrom(...hostileNames), generatedName), {
  minLength: 2,
  maxLength: 4,
});

/** So many rows, and so many conditions about them. @param reserved names that no row has and no condition mentions */
export function batches(size: { readonly rows: number; readonly conditions: number }, reserved: readonly string[]) {
  const exactly = (count: number) => ({ minLength: count, maxLength: count });
  return namePools
    .filter((names) => !names.some((name) => reserved.includes(name)))
    .chain((names) => fc.tuple(fc.constant(names), poolsOver(names)))
    .chain(([names, values]): fc.Arbitrary<Batch> => {
      const entry = fc.tuple(fc.constantFrom(...names), fc.constantFrom(...values));
      const row = fc.array(entry, { maxLength: 2 * names.length }).map(itemOf);
      return fc.record({
        rows: fc.array(row, exactly(size.rows)),
        conditions: fc.array(conditionsOver(names, values), exactly(size.conditions)),
      });
    });
}

/** Few values, that rows and conditions meet: some of them are nearly others. */
function poolsOver(names: readonly string[]): fc.Arbitrary<readonly Value[]> {
  return fc.array(valuesOver(names), { minLength: 2, maxLength: 4 }).chain((drawn) => {
    const nearly = drawn.flatMap((value) => near(value, names[0] ?? ''));
    return fc
      .shuffledSubarray(nearly, { maxLength: Math.min(6, nearly.length) })
      .map((chosen) => [...drawn, ...chosen]);
  });
}
