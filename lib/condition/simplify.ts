// A condition in fewer and narrower parts that every item answers alike: contradictions are found, ranges and lists of
// one attribute intersected, branches of an `any` that ask for values of one attribute made one list. Plans are made
// from the result; rows are held to the condition as it was given.

import { memoByObject } from '../base/memo.ts';
import { type Algebra, all, any, type Condition, fold, not, oneOf } from './condition.ts';
import { conjuncts } from './conjuncts.ts';
import { intersect, isEquality } from './intersect.ts';
import { valueKey } from './value-key.ts';

/** An equivalent condition; `FALSE` where a contradiction was found. A policy's is asked for again with each request. */
export const simplify: (condition: Condition) => Condition = memoByObject((condition) => fold(condition, algebra));

function asItIs(leaf: Condition): Condition {
  return leaf;
}

const algebra: Algebra<Condition> = {
  true: () => all([]),
  false: () => any([]),
  all: allOfSimple,
  any: anyOfSimple,
  not,
  compare: asItIs,
  in: asItIs,
  startsWith: asItIs,
  contains: asItIs,
  exists: asItIs,
  type: asItIs,
};

/**
 * `all` of simplified parts, simplified: the conjuncts about one attribute alone become one statement about it, the others
 * stay.
 */
export function allOfSimple(parts: readonly Condition[]): Condition {
  const whole = all(parts);
  if (whole.kind !== 'all') return whole;
  const byPath = new Map<string, Condition[]>();
  const others: Condition[] = [];
  for (const part of whole.of) {
    const key = soleLeafPath(part);
    if (key === undefined) others.push(part);
    else push(byPath, key, part);
  }
  // Stryker disable next-line ConditionalExpression: one demand has nothing to be intersected with; this saves trying.
  const merged = [...byPath.values()].map((own) => (own.length === 1 ? (own[0] as Condition) : all(intersect(own))));
  return all([...merged, ...distinct(others)]);
}

/** The path of a leaf or of the denial of one, as a key; undefined for groups. */
function soleLeafPath(part: Condition): string | undefined {
  const leaf = part.kind === 'not' ? part.of : part;
  return 'path' in leaf ? pathKey(leaf.path) : undefined;
}

function pathKey(path: readonly (string | number)[]): string {
  // Stryker disable next-line ConditionalExpression: the key of a path of one name, made faster.
  return path.length === 1 ? `"${path[0]}"` : JSON.stringify(path);
}

function anyOfSimple(parts: readonly Condition[]): Condition {
  const whole = any(parts);
  if (whole.kind !== 'any') return whole;
  const lists = new Map<string, Extract<Condition, { kind: 'compare' | 'in' }>[]>();
  const others: Condition[] = [];
  for (const part of whole.of) {
    if (part.kind !== 'in' && !isEquality(part)) others.push(part);
    else push(lists, pathKey(part.path), part);
  }
  const united = [...lists.values()].map((leaves) => {
    const [first] = leaves as [(typeof leaves)[number]];
    const values = leaves.flatMap((leaf) => (leaf.kind === 'in' ? leaf.values : [leaf.value]));
    return oneOf(first.path, [...new Map(values.map((value) => [valueKey(value), value])).values()]);
  });
  return any(absorb(distinct([...united, ...others])));
}

function push<T>(lists: Map<string, T[]>, key: string, part: T): void {
  const known = lists.get(key);
  if (known) known.push(part);
  else lists.set(key, [part]);
}

/** Each part once. */
function distinct(parts: readonly Condition[]): readonly Condition[] {
  return [...new Map(parts.map((part) => [keyOf(part).text, part])).values()];
}

/** A text that tells the condition from others. */
const keyOf = memoByObject((condition: Condition) => ({ text: JSON.stringify(condition) }));

/** `x or (x and y)` is `x`. */
function absorb(parts: readonly Condition[]): readonly Condition[] {
  const keys = new Set(parts.map((part) => keyOf(part).text));
  return parts.filter(
    (part) => part.kind !== 'all' || !conjuncts(part).some((conjunct) => keys.has(keyOf(conjunct).text)),
  );
}
