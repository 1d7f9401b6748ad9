// A condition in fewer and narrower parts that every item answers alike: contradictions are found, ranges and lists of
// one attribute intersected, branches of an `any` that ask for values of one attribute made one list. Plans are made
// from the result; rows are held to the condition as it was given.

import { memoByObject } from '../base/memo.ts';
import { type Algebra, all, any, type Condition, fold, not, oneOf } from './condition.ts';
import { conjuncts } from './conjuncts.ts';
import { intersect, isEquality } from './intersect.ts';
import { type Node, type NodeOf, nodeOf } from './node.ts';
import { valueKey } from './value-key.ts';

/** An equivalent condition; `FALSE` if a contradiction was found. */
export function simplify(condition: Condition): Condition {
  return fold(condition, algebra);
}

function asItIs(leaf: Condition): Condition {
  return leaf;
}

const algebra: Algebra<Condition> = {
  true: () => all([]),
  false: () => any([]),
  // Leaves and denials of one `all` are parts of their own: they meet here for the first time.
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

/** Conjuncts about one attribute. */
type Demands = { readonly of: Node[]; readonly part: number; isMixed: boolean };

/**
 * `all` of simplified parts, simplified: the conjuncts about one attribute alone become one statement about it, the others
 * stay. What one part says by itself is simple already: only where several meet is there something to intersect.
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

/** The path of a leaf or of the denial of one, as a key; undefined for groups. */
function soleLeafPath(part: Node): string | undefined {
  const leaf = part.kind === 'not' ? part.of : part;
  return 'path' in leaf ? pathKey(leaf.path) : undefined;
}

function pathKey(path: readonly (string | number)[]): string {
  // Stryker disable next-line ConditionalExpression: the key of a path of one name, made faster.
  return path.length === 1 ? `"${path[0]}"` : JSON.stringify(path);
}

/** `any` of simplified parts, simplified: the lists of values of one attribute become one list. */
export function anyOfSimple(parts: readonly Condition[]): Condition {
  const whole = nodeOf(any(parts));
  if (whole.kind !== 'any') return whole;
  const lists = new Map<string, NodeOf<'compare' | 'in'>[]>();
  const others: Condition[] = [];
  for (const part of whole.of) {
    if (part.kind !== 'in' && !isEquality(part)) others.push(part);
    else lists.set(pathKey(part.path), [...(lists.get(pathKey(part.path)) ?? []), part]);
  }
  const united = [...lists.values()].map((leaves) => {
    const [first] = leaves as [(typeof leaves)[number]];
    const values = leaves.flatMap((leaf) => (leaf.kind === 'in' ? leaf.values : [leaf.value]));
    return oneOf(first.path, [...new Map(values.map((value) => [valueKey(value), value])).values()]);
  });
  return any(absorb(distinct([...united, ...others])));
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
    (part) => nodeOf(part).kind !== 'all' || !conjuncts(part).some((conjunct) => keys.has(keyOf(conjunct).text)),
  );
}
