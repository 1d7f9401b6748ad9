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
  return fold(condition, shared.size === 0 ? algebra : { ...algebra, contains: (leaf) => searched(leaf, shared) });
}

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

function searched(leaf: Contains, shared: Shared): Test<Item> {
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

const algebra: Algebra<Test<Item>> = {
  true: () => () => true,
  false: () => () => false,
  all: (parts) => untilOne(parts, false),
  any: (parts) => untilOne(parts, true),
  not: (part) => (item) => !part(item),
  compare: ({ path, comparator, value }) => at(path, comparator === '=' ? equals(value) : ordered(comparator, value)),
  // The lists of policies are long, and the same in every request.
  in: memoByObject(({ path, values }) => at(path, isOneOf(values))),
  startsWith: ({ path, prefix }) => at(path, (value) => 'S' in value && value.S.startsWith(prefix)),
  contains: ({ path, value }) => at(path, has(value)),
  exists: ({ path }) => at(path, () => true),
  type: ({ path, type }) => at(path, (value) => typeOf(value) === type),
};

/** Evaluates parts until one gives `deciding`, which is then the result. A loop, not `some`: it runs on every row. */
function untilOne(parts: readonly Test<Item>[], deciding: boolean): Test<Item> {
  return (item) => {
    for (const part of parts) if (part(item) === deciding) return deciding;
    return !deciding;
  };
}

/** Makes a test that is true if the item has the attribute and its value passes. */
function at(path: Path, test: Test<Value>): Test<Item> {
  const read: (item: Item) => Value | undefined =
    // Stryker disable next-line ConditionalExpression: the branch for long paths gives the same result more slowly.
    path.length === 1 ? (item) => attribute(item, path[0]) : (item) => valueAt(item, path);
  return (item) => {
    const value = read(item);
    return value !== undefined && test(value);
  };
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

const accepts: Readonly<Record<Exclude<Comparator, '='>, Test<number>>> = {
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
};

function ordered(comparator: Exclude<Comparator, '='>, bound: Value): Test<Value> {
  const accept = accepts[comparator];
  if ('N' in bound) {
    const order = numberOrder(bound.N);
    return (value) => 'N' in value && accept(order(value.N));
  }
  // Values without an order give NaN, for which every comparison is false.
  return (value) => accept(compareValues(value, bound) ?? Number.NaN);
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
