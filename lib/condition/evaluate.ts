// Compiles a condition to a function of an item that accepts the same rows as the compiled FilterExpression. The function runs
// on every row of a page, so all work that depends on the condition alone is done once, beforehand.

import { memoByObject } from '../base/memo.ts';
import { numberOrder } from '../base/number.ts';
import type { Path } from '../base/path.ts';
import { attribute, type Item, typeOf, type Value } from '../base/value.ts';
import { type Algebra, type Comparator, type Condition, fold } from './condition.ts';
import { Containing } from './containing.ts';
import type { NodeOf } from './node.ts';
import { containsLeaves } from './paths.ts';
import { binaryKey, compareValues, numberKey, valueKey } from './value-key.ts';

type Test<T> = (subject: T) => boolean;
type Contains = NodeOf<'contains'>;

/**
 * Compiles a condition to a predicate: `n > 3` → a function that is true of `{ n: { N: '4' } }`. Build it once for many items.
 * Time per item is linear in the sizes of condition and item together, not in their product.
 */
export function evaluator(condition: Condition): (item: Item) => boolean {
  const shared = sharedSearches(containsLeaves(condition));
  const { test } = fold(
    condition,
    shared.size === 0 ? algebra : { ...algebra, contains: (leaf) => searched(leaf, shared) },
  );
  return test;
}

/** A part of a condition as a test of an item. `own` if all of it is about one path: then the value there is read once for it. */
type Part = { readonly test: Test<Item>; readonly own?: OfPath };
type OfPath = { readonly path: Path; readonly key: string; readonly ofValue: Test<Value | undefined> };

/** The most `contains` on one attribute that use native search, each up to 7 ns a character (Node 20). */
const FEW_SEARCHES = 4;
/** The longest text for native search, which may compare all of it at each position: 9,000 characters take 1,500 ns each. */
const SHORT_NEEDLE = 64;

type Shared = ReadonlyMap<Contains, { readonly search: Containing; readonly place: number }>;

/** Returns the `contains` whose path has many of them, or a long one, each with its place in the joint search of the path. */
function sharedSearches(leaves: readonly Contains[]): Shared {
  const byPath = new Map<string, Contains[]>();
  for (const leaf of leaves) {
    const path = JSON.stringify(leaf.path);
    const known = byPath.get(path);
    if (known) known.push(leaf);
    else byPath.set(path, [leaf]);
  }
  const shared = new Map<Contains, { readonly search: Containing; readonly place: number }>();
  for (const own of byPath.values()) {
    if (own.length <= FEW_SEARCHES && !own.some(({ value }) => isLong(value))) continue;
    const search = new Containing(own.map(({ value }) => value));
    for (const [place, leaf] of own.entries()) shared.set(leaf, { search, place });
  }
  return shared;
}

function isLong(value: Value): boolean {
  return 'S' in value ? value.S.length > SHORT_NEEDLE : 'B' in value && value.B.length > SHORT_NEEDLE;
}

function searched(leaf: Contains, shared: Shared): Part {
  const own = shared.get(leaf);
  return own ? at(leaf.path, (value) => own.search.has(value, own.place)) : algebra.contains(leaf);
}

/** Returns the value at a path; `undefined` if the item has none. A name steps into a map, an index into a list. */
export function valueAt(item: Item, path: Path): Value | undefined {
  let value = attribute(item, path[0]);
  for (let i = 1; i < path.length && value !== undefined; i += 1) value = stepInto(value, path[i] as string | number);
  return value;
}

function stepInto(value: Value, step: string | number): Value | undefined {
  if (typeof step === 'number') return 'L' in value ? value.L[step] : undefined;
  return 'M' in value ? attribute(value.M, step) : undefined;
}

/** True if two values are equal for DynamoDB: of one type, 1.0 as 1, sets and maps in any order. */
export function equalValues(left: Value, right: Value): boolean {
  return valueKey(left) === valueKey(right);
}

const algebra: Algebra<Part> = {
  true: () => ({ test: () => true }),
  false: () => ({ test: () => false }),
  all: (parts) => group(parts, false),
  any: (parts) => group(parts, true),
  not: ({ test, own }) => (own ? ofPath({ ...own, ofValue: contrary(own.ofValue) }) : { test: contrary(test) }),
  compare: ({ path, comparator, value }) => at(path, comparator === '=' ? equals(value) : ordered(comparator, value)),
  // The lists of policies are long, and the same in every request.
  in: memoByObject(({ path, values }) => at(path, isOneOf(values))),
  startsWith: ({ path, prefix }) => at(path, (value) => 'S' in value && value.S.startsWith(prefix)),
  contains: ({ path, value }) => at(path, has(value)),
  exists: ({ path }) => at(path, () => true),
  type: ({ path, type }) => at(path, (value) => typeOf(value) === type),
};

function contrary<T>(test: Test<T>): Test<T> {
  return (subject) => !test(subject);
}

/** Joins parts, those about one path into one part: the order in which parts are evaluated does not matter. */
function group(parts: readonly Part[], deciding: boolean): Part {
  const byPath = new Map<string, OfPath[]>();
  for (const { own } of parts) {
    const known = own && byPath.get(own.key);
    if (known) known.push(own);
    else if (own) byPath.set(own.key, [own]);
  }
  const united = [...byPath.values()].map((all) => {
    const [first] = all as [OfPath];
    const tests = all.map(({ ofValue }) => ofValue);
    return tests.length === 1 ? ofPath(first) : ofPath({ ...first, ofValue: untilOne(tests, deciding) });
  });
  const others = parts.filter(({ own }) => !own);
  const [only] = united;
  if (only && united.length === 1 && others.length === 0) return only;
  const all = [...united, ...others].map(({ test }) => test);
  return { test: untilOne(all, deciding) };
}

/** Evaluates tests until one gives `deciding`, which is then the result. A loop, not `some`: it runs on every row. */
function untilOne<T>(tests: readonly Test<T>[], deciding: boolean): Test<T> {
  return (subject) => {
    for (const test of tests) if (test(subject) === deciding) return deciding;
    return !deciding;
  };
}

/** Makes a test that is true if the item has the attribute and its value passes. */
function at(path: Path, test: Test<Value>): Part {
  const ofValue = (value: Value | undefined) => value !== undefined && test(value);
  return ofPath({ path, key: JSON.stringify(path), ofValue });
}

function ofPath(own: OfPath): Part {
  const { path, ofValue } = own;
  // Stryker disable next-line ConditionalExpression: the branch for long paths gives the same result more slowly.
  if (path.length > 1) return { own, test: (item) => ofValue(valueAt(item, path)) };
  const [name] = path;
  return { own, test: (item) => ofValue(attribute(item, name)) };
}

function equals(wanted: Value): Test<Value> {
  // Stryker disable next-line ConditionalExpression,StringLiteral: the branch for all types gives the same result more slowly.
  if ('S' in wanted) return (value) => isText(value, wanted.S);
  if ('N' in wanted) {
    const order = numberOrder(wanted.N);
    return (value) => 'N' in value && order(value.N) === 0;
  }
  const type = typeOf(wanted);
  const key = valueKey(wanted);
  return (value) => type in value && valueKey(value) === key;
}

function isText(value: Value, text: string): boolean {
  return 'S' in value && value.S === text;
}

/** Makes a test for a list of values. A value of a type that is not in the list gets no key: it may be large. */
function isOneOf(wanted: readonly Value[]): Test<Value> {
  const texts = new Set(wanted.flatMap((value) => ('S' in value ? [value.S] : [])));
  const numbers = new Set(wanted.flatMap((value) => ('N' in value ? [numberKey(value.N)] : [])));
  const others = wanted.filter((value) => !('S' in value || 'N' in value));
  const types = new Set(others.map(typeOf));
  const keys = new Set(others.map(valueKey));
  return (value) => {
    if ('S' in value) return texts.has(value.S);
    if ('N' in value) return numbers.size > 0 && numbers.has(numberKey(value.N));
    return types.has(typeOf(value)) && keys.has(valueKey(value));
  };
}

/** Makes the test of an order. Values without an order give NaN, for which every comparison is false. */
function ordered(comparator: Exclude<Comparator, '='>, bound: Value): Test<Value> {
  const side = comparator.startsWith('<') ? -1 : 1;
  const isIncluded = comparator.endsWith('=');
  const accepts = (order: number) => order * side > 0 || (isIncluded && order === 0);
  if ('N' in bound) {
    const order = numberOrder(bound.N);
    return (value) => 'N' in value && accepts(order(value.N));
  }
  return (value) => accepts(compareValues(value, bound) ?? Number.NaN);
}

/** Makes the test of `contains`: a part of text or binary, a member of a set or an element of a list equals the value. */
function has(wanted: Value): Test<Value> {
  const inList = hasElement(wanted);
  const inOther = hasPartOrMember(wanted);
  return (value) => ('L' in value ? inList(value.L) : inOther(value));
}

function hasElement(wanted: Value): Test<readonly Value[]> {
  const same = equals(wanted);
  return (list) => list.some(same);
}

function hasPartOrMember(wanted: Value): Test<Value> {
  if ('S' in wanted) {
    const text = wanted.S;
    return (value) => ('S' in value ? value.S.includes(text) : 'SS' in value && value.SS.includes(text));
  }
  if ('N' in wanted) {
    const key = numberKey(wanted.N);
    return (value) => 'NS' in value && value.NS.some((member) => numberKey(member) === key);
  }
  if (!('B' in wanted)) return () => false;
  const bytes = Buffer.from(wanted.B);
  const key = binaryKey(bytes);
  return (value) => {
    if ('B' in value) return Buffer.from(value.B).includes(bytes);
    return 'BS' in value && value.BS.some((member) => binaryKey(member) === key);
  };
}
