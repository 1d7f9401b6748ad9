// The nodes of conditions, of eleven kinds. Only files of this folder import this one: elsewhere a `Condition` is opaque and is
// read through `fold` or demand.ts. Both handle every kind, so that code that lacks a new kind does not compile.

import type { Path } from '../base/path.ts';
import type { Value, ValueType } from '../base/value.ts';

export type Comparator = '=' | '<' | '<=' | '>' | '>=';

declare const made: unique symbol;
/** A condition whose kind and parts are not visible. */
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

/** Makes a frozen node. Only the constructors of condition.ts call it. */
export function makeNode(shape: Shape): Node {
  return Object.freeze(shape) as unknown as Node;
}

/** Returns a condition as the node that it is. */
export function nodeOf(condition: Opaque): Node {
  return condition as Node;
}
