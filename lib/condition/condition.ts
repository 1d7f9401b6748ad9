// The one predicate tree, used for policies and for queries alike: eleven kinds, closed; made only by the constructors
// below, which fold `true` and `false`; read only through `fold`.
//
// Meaning is DynamoDB's: a comparison with a missing attribute, or one of another type, is false, and `not` makes it
// true. The three-valued meaning of policies is built from these kinds in strict.ts, so that there is one meaning here.

import type { Path } from '../base/path.ts';
import type { Value, ValueType } from '../base/value.ts';
import { type LeafKind, makeNode, type Node, type NodeOf, nodeOf, type Opaque } from './node.ts';

/** A predicate on one item. Its kind and parts are known to this folder only. */
export type Condition = Opaque;

export type Comparator = NodeOf<'compare'>['comparator'];

export const TRUE: Condition = makeNode({ kind: 'true' });
export const FALSE: Condition = makeNode({ kind: 'false' });

/** True when every one is. `all([])` is true; a false part makes the whole false; nested `all`s are one. */
export function all(parts: readonly Condition[]): Condition {
  return join('all', parts, TRUE, FALSE);
}

/** True when one is. `any([])` is false; a true part makes the whole true; nested `any`s are one. */
export function any(parts: readonly Condition[]): Condition {
  return join('any', parts, FALSE, TRUE);
}

/**
 * What is joined with nothing stays the very object that it is: what is kept of it is found again.
 * @param neutral what changes nothing @param decisive what decides the whole
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

/** True when the part is false. A double negation is the part. */
export function not(part: Condition): Condition {
  const node = nodeOf(part);
  if (node === TRUE) return FALSE;
  if (node === FALSE) return TRUE;
  return node.kind === 'not' ? node.of : makeNode({ kind: 'not', of: node });
}

/** Compares an attribute with a value of its own type; `=` compares any type, the others S, N and B only. */
export function compare(path: Path, comparator: Comparator, value: Value): Condition {
  return makeNode({ kind: 'compare', path, comparator, value });
}

/** Equal to one of the values. No values: false. */
export function oneOf(path: Path, values: readonly Value[]): Condition {
  if (values.length === 0) return FALSE;
  if (values.length === 1) return compare(path, '=', values[0] as Value);
  return makeNode({ kind: 'in', path, values: Object.freeze([...values]) });
}

/** A string that begins with the prefix. */
export function startsWith(path: Path, prefix: string): Condition {
  return makeNode({ kind: 'startsWith', path, prefix });
}

/** A string that has the text inside, a set that has the member, or a list that has the element. */
export function contains(path: Path, value: Value): Condition {
  return makeNode({ kind: 'contains', path, value });
}

/** An attribute that is there, whatever its value. */
export function exists(path: Path): Condition {
  return makeNode({ kind: 'exists', path });
}

/** An attribute of that DynamoDB type. */
export function hasType(path: Path, type: ValueType): Condition {
  return makeNode({ kind: 'type', path, type });
}

/** What a reader of conditions does for each kind: a new kind breaks every reader at compile time. */
export type Algebra<T> = {
  readonly true: () => T;
  readonly false: () => T;
  readonly all: (parts: readonly T[]) => T;
  readonly any: (parts: readonly T[]) => T;
  readonly not: (part: T) => T;
} & { readonly [K in LeafKind]: (leaf: NodeOf<K>) => T };

/** The only recursion over conditions. */
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
