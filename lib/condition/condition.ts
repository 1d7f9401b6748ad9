// The one predicate tree, used for policies and for queries alike: eleven kinds, closed; made only by the constructors
// below, which fold `true` and `false`; read only through `fold`.
//
// Meaning is DynamoDB's: a comparison with a missing attribute, or one of another type, is false, and `not` makes it
// true. The three-valued meaning of policies is built from these kinds in strict.ts, so that there is one meaning here.

import type { Path } from '../base/path.ts';
import type { Value, ValueType } from '../base/value.ts';

export type Comparator = '=' | '<' | '<=' | '>' | '>=';

declare const made: unique symbol;
type Made = { readonly [made]: true };

export type Condition = Made &
  (
    | { readonly kind: 'true' }
    | { readonly kind: 'false' }
    | { readonly kind: 'all'; readonly of: readonly Condition[] }
    | { readonly kind: 'any'; readonly of: readonly Condition[] }
    | { readonly kind: 'not'; readonly of: Condition }
    | { readonly kind: 'compare'; readonly path: Path; readonly comparator: Comparator; readonly value: Value }
    | { readonly kind: 'in'; readonly path: Path; readonly values: readonly Value[] }
    | { readonly kind: 'startsWith'; readonly path: Path; readonly prefix: string }
    | { readonly kind: 'contains'; readonly path: Path; readonly value: Value }
    | { readonly kind: 'exists'; readonly path: Path }
    | { readonly kind: 'type'; readonly path: Path; readonly type: ValueType }
  );

type Shape = { [K in Condition['kind']]: Omit<Extract<Condition, { kind: K }>, typeof made> }[Condition['kind']];

function make(shape: Shape): Condition {
  return Object.freeze(shape) as unknown as Condition;
}

export const TRUE: Condition = make({ kind: 'true' });
export const FALSE: Condition = make({ kind: 'false' });

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
  const of: Condition[] = [];
  let [only, count]: [Condition, number] = [neutral, 0];
  for (const part of parts) {
    if (part.kind === decisive.kind) return decisive;
    if (part.kind === neutral.kind) continue;
    if (part.kind === kind) of.push(...part.of);
    else of.push(part);
    only = part;
    count += 1;
  }
  return count < 2 ? only : make({ kind, of: Object.freeze(of) });
}

/** True when the part is false. A double negation is the part. */
export function not(part: Condition): Condition {
  if (part.kind === 'true') return FALSE;
  if (part.kind === 'false') return TRUE;
  return part.kind === 'not' ? part.of : make({ kind: 'not', of: part });
}

/** Compares an attribute with a value of its own type; `=` compares any type, the others S, N and B only. */
export function compare(path: Path, comparator: Comparator, value: Value): Condition {
  return make({ kind: 'compare', path, comparator, value });
}

/** Equal to one of the values. No values: false. */
export function oneOf(path: Path, values: readonly Value[]): Condition {
  if (values.length === 0) return FALSE;
  if (values.length === 1) return compare(path, '=', values[0] as Value);
  return make({ kind: 'in', path, values: Object.freeze([...values]) });
}

/** A string that begins with the prefix. */
export function startsWith(path: Path, prefix: string): Condition {
  return make({ kind: 'startsWith', path, prefix });
}

/** A string that has the text inside, a set that has the member, or a list that has the element. */
export function contains(path: Path, value: Value): Condition {
  return make({ kind: 'contains', path, value });
}

export function exists(path: Path): Condition {
  return make({ kind: 'exists', path });
}

export function hasType(path: Path, type: ValueType): Condition {
  return make({ kind: 'type', path, type });
}

type Node<K extends Condition['kind']> = Extract<Condition, { kind: K }>;
type Leaf = Exclude<Condition['kind'], 'true' | 'false' | 'all' | 'any' | 'not'>;

/** What a reader of conditions does for each kind: a new kind breaks every reader at compile time. */
export type Algebra<T> = {
  readonly true: () => T;
  readonly false: () => T;
  readonly all: (parts: readonly T[]) => T;
  readonly any: (parts: readonly T[]) => T;
  readonly not: (part: T) => T;
} & { readonly [K in Leaf]: (leaf: Node<K>) => T };

/** The only recursion over conditions. */
export function fold<T>(condition: Condition, algebra: Algebra<T>): T {
  switch (condition.kind) {
    case 'true':
      return algebra.true();
    case 'false':
      return algebra.false();
    case 'all':
      return algebra.all(condition.of.map((part) => fold(part, algebra)));
    case 'any':
      return algebra.any(condition.of.map((part) => fold(part, algebra)));
    case 'not':
      return algebra.not(fold(condition.of, algebra));
    case 'compare':
      return algebra.compare(condition);
    case 'in':
      return algebra.in(condition);
    case 'startsWith':
      return algebra.startsWith(condition);
    case 'contains':
      return algebra.contains(condition);
    case 'exists':
      return algebra.exists(condition);
    case 'type':
      return algebra.type(condition);
  }
}
