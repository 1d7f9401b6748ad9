// Intersects conditions on one attribute: `n > 1 and n >= 3` → `n >= 3`; `n > 3 and n < 1` → `false`.

import type { Path } from '../base/path.ts';
import { type Item, itemOf, typeOf, type Value, type ValueType } from '../base/value.ts';
import { FALSE, oneOf } from './condition.ts';
import { evaluator } from './evaluate.ts';
import { type Node, type NodeOf, nodeOf } from './node.ts';
import { afterPrefix } from './text-range.ts';
import { compareValues, valueKey } from './value-key.ts';

type Bound = NodeOf<'compare'>;
type List = { readonly path: Path; readonly values: readonly Value[] };

/** Returns an equivalent, shorter conjunction. @param own leaves about one path, and negations of such leaves */
export function intersect(own: readonly Node[]): readonly Node[] {
  const listed = shortestList(own);
  if (listed) return listedValues(listed, own);
  const type = commonType(own);
  if (type === 'contradiction') return [nodeOf(FALSE)];
  const rest = withoutImplied(own, type);
  return rest === 'contradiction' ? [nodeOf(FALSE)] : narrowed(rest);
}

/** True for a comparison by `=`. */
export function isEquality(part: Node): part is Bound {
  // Stryker disable next-line ConditionalExpression: no other kind has a comparator.
  return part.kind === 'compare' && part.comparator === '=';
}

function shortestList(own: readonly Node[]): List | undefined {
  let shortest: List | undefined;
  for (const part of own) {
    const list = part.kind === 'in' ? part : isEquality(part) ? { path: part.path, values: [part.value] } : undefined;
    if (list && (!shortest || list.values.length < shortest.values.length)) shortest = list;
  }
  return shortest;
}

/** Keeps the values of a list that meet the other conditions too, each tried in an item with that value alone. */
function listedValues({ path, values }: List, own: readonly Node[]): readonly Node[] {
  // An item cannot have an element at an index without those before it.
  if (path.some((step) => typeof step === 'number')) return own;
  const tests = own.map(evaluator);
  const distinct = [...new Map(values.map((value) => [valueKey(value), value])).values()];
  const meeting = distinct.filter((value) => tests.every((test) => test(itemWith(path, value))));
  return [nodeOf(oneOf(path, meeting))];
}

function itemWith([name, ...below]: readonly (string | number)[], value: Value): Item {
  const inner = below.length === 0 ? value : { M: itemWith(below, value) };
  return itemOf([[String(name), inner]]);
}

/** Returns the one type that the conditions demand; `undefined` if none demands a type. */
function commonType(own: readonly Node[]): ValueType | 'contradiction' | undefined {
  let common: ValueType | undefined;
  for (const part of own) {
    const type = typeDemanded(part);
    if (type && common && type !== common) return 'contradiction';
    common = type ?? common;
  }
  return common;
}

function typeDemanded(part: Node): ValueType | undefined {
  if (part.kind === 'compare') return typeOf(part.value);
  if (part.kind === 'startsWith') return 'S';
  // Stryker disable next-line ConditionalExpression: no other kind has a type.
  return part.kind === 'type' ? part.type : undefined;
}

/** Leaves out conditions that another one implies. */
function withoutImplied(own: readonly Node[], type: ValueType | undefined): readonly Node[] | 'contradiction' {
  const isThere = own.some((part) => part.kind !== 'not' && part.kind !== 'exists');
  const isNarrower = own.some(({ kind }) => kind === 'compare' || kind === 'startsWith');
  const needed = new Map<string, Node>();
  for (const part of own) {
    // Stryker disable next-line ConditionalExpression: a leaf has no `of`.
    const denied = part.kind === 'not' ? part.of : undefined;
    if (denied?.kind === 'exists' && own.some(({ kind }) => kind !== 'not')) return 'contradiction';
    if (denied?.kind === 'type' && denied.type === type) return 'contradiction';
    const isImplied =
      (part.kind === 'exists' && isThere) ||
      (part.kind === 'type' && isNarrower) ||
      (denied?.kind === 'type' && type !== undefined);
    if (!isImplied) needed.set(JSON.stringify(part), part);
  }
  return [...needed.values()];
}

/** Reduces bounds and prefixes to one lower and one upper bound and the longest prefix; FALSE if no value meets them. */
function narrowed(own: readonly Node[]): readonly Node[] {
  // Stryker disable next-line ConditionalExpression,MethodExpression: no other kind has a comparator.
  const bounds = own.filter((part) => part.kind === 'compare');
  const prefixes = own.filter((part) => part.kind === 'startsWith');
  const low = tightest(
    bounds.filter(({ comparator }) => comparator === '>' || comparator === '>='),
    1,
  );
  const high = tightest(
    bounds.filter(({ comparator }) => comparator === '<' || comparator === '<='),
    -1,
  );
  const [prefix] = prefixes.toSorted((one, other) => other.prefix.length - one.prefix.length);
  // Stryker disable next-line OptionalChaining: a list of prefixes that is not empty has a longest.
  const isApart = prefixes.some((each) => !prefix?.prefix.startsWith(each.prefix));
  if (
    isApart ||
    low === 'none' ||
    high === 'none' ||
    isEmpty(low, high) ||
    (prefix && misses(prefix.prefix, low, high))
  )
    return [nodeOf(FALSE)];
  const others = own.filter(({ kind }) => kind !== 'compare' && kind !== 'startsWith');
  return [...[low, high, prefix].filter((part) => part !== undefined), ...others];
}

/** Returns the strictest bound. @param side 1 for lower bounds, -1 for upper ones */
function tightest(bounds: readonly Bound[], side: 1 | -1): Bound | 'none' | undefined {
  let best: Bound | undefined;
  for (const bound of bounds) {
    // A value without an order bounds nothing: no value lies on its side.
    if (compareValues(bound.value, bound.value) === undefined) return 'none';
    // Stryker disable next-line ArithmeticOperator: times 1 or -1 is the same as divided by it.
    const order = best === undefined ? side : (compareValues(bound.value, best.value) ?? 0) * side;
    const isStricter = order === 0 && !bound.comparator.endsWith('=');
    if (best === undefined || order > 0 || isStricter) best = bound;
  }
  return best;
}

function isEmpty(low: Bound | undefined, high: Bound | undefined): boolean {
  if (!low || !high) return false;
  const order = compareValues(low.value, high.value) ?? 0;
  return order > 0 || (order === 0 && (low.comparator === '>' || high.comparator === '<'));
}

/** True if no text with the prefix lies between the bounds. */
function misses(prefix: string, low: Bound | undefined, high: Bound | undefined): boolean {
  const end = afterPrefix(prefix);
  const isAbove = low !== undefined && end !== undefined && (compareValues(low.value, { S: end }) ?? 0) >= 0;
  return isAbove || (high !== undefined && isBelow(high, { S: prefix }));
}

function isBelow({ value, comparator }: Bound, first: Value): boolean {
  const order = compareValues(value, first) ?? 0;
  return order < 0 || (order === 0 && comparator === '<');
}
