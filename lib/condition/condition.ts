// The predicate tree for policies and queries, of eleven kinds of nodes. It is made only by the constructors below, which fold
// `true` and `false`, and read only through `fold`.
//
// Semantics are DynamoDB's: a comparison with a missing attribute, or with one of another type, is false, and its `not` is
// true. The three-valued semantics of policies is built from these kinds in strict.ts.

import type { Path } from '../base/path.ts';
import type { Value, ValueType } from '../base/value.ts';
import { type LeafKind, makeNode, type Node, type NodeOf, nodeOf, type Opaque } from './node.ts';

/** A predicate on one item. Only files of this folder see its kind and parts. */
export type Condition = Opaque;

export type Comparator = NodeOf<'compare'>['comparator'];

export const TRUE: Condition = makeNode({ kind: 'true' });
export const FALSE: Condition = makeNode({ kind: 'false' });

/** Makes the conjunction of parts. `all([])` is true; a false part makes the whole false; nested `all`s are flattened. */
export function all(parts: readonly Condition[]): Condition {
  return join('all', parts, TRUE, FALSE);
}

/** Makes the disjunction of parts. `any([])` is false; a true part makes the whole true; nested `any`s are flattened. */
export function any(parts: readonly Condition[]): Condition {
  return join('any', parts, FALSE, TRUE);
}

/**
 * Joins parts. Returns a single part as the same object: caches key on identity.
 * @param neutral the part that is left out @param decisive the part that is the result if it occurs
 */
function join(kind: 'all' | 'any', parts: readonly Condition[], neutral: Condition, decisive: Condition): Condition {
  const of: Node[] = [];
  let [only, count]: [Condition, number] = [neutral, 0];
  for (const part of parts.map(nodeOf)) {
    if (part === decisive) return decisive;
    if (part === neutral) continue;
    if (part.kind === kind) of.push(...part.of);
    else of.push(part);
    only = part;
    count += 1;
  }
  return count < 2 ? only : makeNode({ kind, of: Object.freeze(of) });
}

/** Negates a condition; the negation of a negation is the part inside. */
export function not(part: Condition): Condition {
  const node = nodeOf(part);
  if (node === TRUE) return FALSE;
  if (node === FALSE) return TRUE;
  return node.kind === 'not' ? node.of : makeNode({ kind: 'not', of: node });
}

/** Makes a comparison of an attribute with a value of the same type: of any type by `=`, of S, N or B by the others. */
export function compare(path: Path, comparator: Comparator, value: Value): Condition {
  return makeNode({ kind: 'compare', path, comparator, value });
}

/** Makes a condition that the attribute equals one of the values; of no values it is false. */
export function oneOf(path: Path, values: readonly Value[]): Condition {
  if (values.length === 0) return FALSE;
  if (values.length === 1) return compare(path, '=', values[0] as Value);
  return makeNode({ kind: 'in', path, values: Object.freeze([...values]) });
}

/** Makes a condition that the attribute is text that begins with the prefix. */
export function startsWith(path: Path, prefix: string): Condition {
  return makeNode({ kind: 'startsWith', path, prefix });
}

/** Makes a condition that the attribute has the value: text or binary as a part, a set as a member, a list as an element. */
export function contains(path: Path, value: Value): Condition {
  return makeNode({ kind: 'contains', path, value });
}

/** Makes a condition that the item has the attribute, whatever its value. */
export function exists(path: Path): Condition {
  return makeNode({ kind: 'exists', path });
}

/** Makes a condition that the attribute has a DynamoDB type. */
export function hasType(path: Path, type: ValueType): Condition {
  return makeNode({ kind: 'type', path, type });
}

/** The function of a reader of conditions for each kind. A reader that lacks a kind does not compile. */
export type Algebra<T> = {
  readonly true: () => T;
  readonly false: () => T;
  readonly all: (parts: readonly T[]) => T;
  readonly any: (parts: readonly T[]) => T;
  readonly not: (part: T) => T;
} & { readonly [K in LeafKind]: (leaf: NodeOf<K>) => T };

/** Computes a result bottom-up, by the algebra's function for each node's kind; the only recursion over conditions. */
export function fold<T>(condition: Condition, algebra: Algebra<T>): T {
  const node = nodeOf(condition);
  switch (node.kind) {
    case 'true':
      return algebra.true();
    case 'false':
      return algebra.false();
    case 'all':
      return algebra.all(node.of.map((part) => fold(part, algebra)));
    case 'any':
      return algebra.any(node.of.map((part) => fold(part, algebra)));
    case 'not':
      return algebra.not(fold(node.of, algebra));
    case 'compare':
      return algebra.compare(node);
    case 'in':
      return algebra.in(node);
    case 'startsWith':
      return algebra.startsWith(node);
    case 'contains':
      return algebra.contains(node);
    case 'exists':
      return algebra.exists(node);
    case 'type':
      return algebra.type(node);
  }
}
