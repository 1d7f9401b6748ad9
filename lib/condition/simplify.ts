// Simplifies a condition to an equivalent one of fewer, narrower parts: contradictions become `false`, ranges and lists of one
// attribute are intersected, equalities on one attribute in an `any` become one list. Plans are made from the result; rows are
// checked against the original condition.

import { memoByObject } from '../base/memo.ts';
import { type Algebra, all, any, type Condition, fold, not, oneOf } from './condition.ts';
import { conjuncts } from './conjuncts.ts';
import { intersect, isEquality } from './intersect.ts';
import { type Node, type NodeOf, nodeOf } from './node.ts';
import { valueKey } from './value-key.ts';

/** Returns an equivalent condition: `a = 1 or a = 2` → `a in (1, 2)`; `FALSE` if a contradiction was found. */
export function simplify(condition: Condition): Condition {
  return fold(condition, algebra);
}

function asItIs(leaf: Condition): Condition {
  return leaf;
}

const algebra: Algebra<Condition> = {
  true: () => all([]),
  false: () => any([]),
  // Splits an `all` into its conjuncts: they count as parts that have not been intersected with each other.
  all: (parts) => allOfSimple(parts.flatMap(conjuncts)),
  any: anyOfSimple,
  not,
  compare: asItIs,
  in: asItIs,
  startsWith: asItIs,
  contains: asItIs,
  exists: asItIs,
  type: asItIs,
};

/** Conjuncts about one attribute; `isMixed` if they come from several parts. */
type Demands = { readonly of: Node[]; readonly part: number; isMixed: boolean };

/**
 * Simplifies the conjunction of simplified parts: conjuncts about one attribute are intersected if they come from several
 * parts; those of one part were intersected before.
 */
export function allOfSimple(parts: readonly Condition[]): Condition {
  const whole = nodeOf(all(parts));
  if (whole.kind !== 'all') return whole;
  const byPath = new Map<string, Demands>();
  const others: Condition[] = [];
  let sources = 0;
  for (const [part, condition] of parts.entries()) {
    const count = others.length;
    for (const conjunct of conjuncts(condition).map(nodeOf)) addConjunct(conjunct, part, byPath, others);
    if (others.length > count) sources += 1;
  }
  const merged = [...byPath.values()].map(({ of, isMixed }) => (isMixed ? all(intersect(of)) : all(of)));
  return all([...merged, ...(sources > 1 ? distinct(others) : others)]);
}

function addConjunct(conjunct: Node, part: number, byPath: Map<string, Demands>, others: Condition[]): void {
  const key = soleLeafPath(conjunct);
  const known = key === undefined ? undefined : byPath.get(key);
  if (key === undefined) {
    others.push(conjunct);
  } else if (known) {
    known.of.push(conjunct);
    known.isMixed ||= known.part !== part;
  } else {
    byPath.set(key, { of: [conjunct], part, isMixed: false });
  }
}

/** Returns the path, as a key, of a leaf or of the negation of one; `undefined` for groups. */
function soleLeafPath(part: Node): string | undefined {
  const leaf = part.kind === 'not' ? part.of : part;
  return 'path' in leaf ? pathKey(leaf.path) : undefined;
}

function pathKey(path: readonly (string | number)[]): string {
  // Stryker disable next-line ConditionalExpression: a faster way to the key of a path of one name.
  return path.length === 1 ? `"${path[0]}"` : JSON.stringify(path);
}

/** Simplifies the disjunction of simplified parts: lists of values of one attribute become one list. */
export function anyOfSimple(parts: readonly Condition[]): Condition {
  const whole = nodeOf(any(parts));
  if (whole.kind !== 'any') return whole;
  const lists = new Map<string, NodeOf<'compare' | 'in'>[]>();
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

/** Removes repeated parts. */
function distinct(parts: readonly Condition[]): readonly Condition[] {
  return [...new Map(parts.map((part) => [keyOf(part).text, part])).values()];
}

/** Returns a text that differs for different conditions. */
const keyOf = memoByObject((condition: Condition) => ({ text: JSON.stringify(condition) }));

/** Applies the absorption law: `x or (x and y)` → `x`. */
function absorb(parts: readonly Condition[]): readonly Condition[] {
  const keys = new Set(parts.map((part) => keyOf(part).text));
  return parts.filter(
    (part) => nodeOf(part).kind !== 'all' || !conjuncts(part).some((conjunct) => keys.has(keyOf(conjunct).text)),
  );
}
