// The nodes that conditions are made of: eleven kinds, closed. Only files of this folder import this one. Outside it a
// `Condition` is opaque and is read through `fold` or the questions of demand.ts, which answer for every kind: a new kind
// fails to compile until each of them does.

import type { Path } from '../base/path.ts';
import type { Value, ValueType } from '../base/value.ts';

export type Comparator = '=' | '<' | '<=' | '>' | '>=';

declare const made: unique symbol;
/** A condition, without its kind and its parts. */
export type Opaque = { readonly [made]: true };

export type Node = Opaque &
  (
    | { readonly kind: 'true' }
    | { readonly kind: 'false' }
    | { readonly kind: 'all'; readonly of: readonly Node[] }
    | { readonly kind: 'any'; readonly of: readonly Node[] }
    | { readonly kind: 'not'; readonly of: Node }
    | { readonly kind: 'compare'; readonly path: Path; readonly comparator: Comparator; readonly value: Value }
    | { readonly kind: 'in'; readonly path: Path; readonly values: readonly Value[] }
    | { readonly kind: 'startsWith'; readonly path: Path; readonly prefix: string }
    | { readonly kind: 'contains'; readonly path: Path; readonly value: Value }
    | { readonly kind: 'exists'; readonly path: Path }
    | { readonly kind: 'type'; readonly path: Path; readonly type: ValueType }
  );

export type NodeOf<K extends Node['kind']> = Extract<Node, { kind: K }>;
export type LeafKind = Exclude<Node['kind'], 'true' | 'false' | 'all' | 'any' | 'not'>;
export type Leaf = NodeOf<LeafKind>;

type Shape = { [K in Node['kind']]: Omit<NodeOf<K>, keyof Opaque> }[Node['kind']];

/** A frozen node. Only the constructors of condition.ts call it. */
export function makeNode(shape: Shape): Node {
  return Object.freeze(shape) as unknown as Node;
}

/** The node that a condition is. */
export function nodeOf(condition: Opaque): Node {
  return condition as Node;
}
