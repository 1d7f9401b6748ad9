// The three-valued (SQL) meaning of policies, in the two-valued tree: for each predicate one condition that says when it
// is true and one that says when it is false. Where neither holds it is unknown. A missing attribute, or one of another
// type, makes a predicate unknown, and so `status ne "secret"` does not admit a row without a status.

import type { Path } from '../base/path.ts';
import { typeOf, type Value, type ValueType } from '../base/value.ts';
import { type Algebra, all, any, type Condition, FALSE, fold, hasType, not, TRUE } from './condition.ts';
import { containers } from './demand.ts';

/** When a predicate is true and when it is false: never both. */
export type Truth = { readonly whenTrue: Condition; readonly whenFalse: Condition };

export const UNKNOWN: Truth = { whenTrue: FALSE, whenFalse: FALSE };

/** The three-valued meaning of a condition. */
export function strict(condition: Condition): Truth {
  return fold(condition, algebra);
}

export function allOf(parts: readonly Truth[]): Truth {
  return {
    whenTrue: all(parts.map((part) => part.whenTrue)),
    whenFalse: any(parts.map((part) => part.whenFalse)),
  };
}

export function anyOf(parts: readonly Truth[]): Truth {
  return {
    whenTrue: any(parts.map((part) => part.whenTrue)),
    whenFalse: all(parts.map((part) => part.whenFalse)),
  };
}

export function notOf(part: Truth): Truth {
  return { whenTrue: part.whenFalse, whenFalse: part.whenTrue };
}

/** The part where the guard holds; elsewhere unknown. */
export function unknownUnless(guard: Condition, { whenTrue, whenFalse }: Truth): Truth {
  return { whenTrue: all([guard, whenTrue]), whenFalse: all([guard, whenFalse]) };
}

/** What every part says; unknown where two differ, or there is none. */
export function agreed(parts: readonly Truth[]): Truth {
  if (parts.length === 0) return UNKNOWN;
  return { whenTrue: all(parts.map((part) => part.whenTrue)), whenFalse: all(parts.map((part) => part.whenFalse)) };
}

const algebra: Algebra<Truth> = {
  true: () => known(TRUE),
  false: () => known(FALSE),
  all: allOf,
  any: anyOf,
  not: notOf,
  compare: (leaf) => ofTypes(leaf, [typeOf(leaf.value)]),
  in: (leaf) => oneOfTypes(leaf, leaf.values),
  startsWith: (leaf) => ofTypes(leaf, ['S']),
  contains: (leaf) => ofTypes(leaf, containers(leaf.value)),
  exists: known,
  type: known,
};

/** Never unknown. */
function known(condition: Condition): Truth {
  return { whenTrue: condition, whenFalse: not(condition) };
}

/** Known where the attribute has one of the types; outside them the leaf is never true. */
function ofTypes(leaf: Condition & { readonly path: Path }, types: readonly ValueType[]): Truth {
  const typed = any(types.map((type) => hasType(leaf.path, type)));
  return { whenTrue: leaf, whenFalse: all([typed, not(leaf)]) };
}

/** As any of its equalities, so that a list of several types is never false: one of them is unknown. */
function oneOfTypes(leaf: Condition & { readonly path: Path }, values: readonly Value[]): Truth {
  const [type, ...others] = new Set(values.map(typeOf));
  return type && others.length === 0 ? ofTypes(leaf, [type]) : { whenTrue: leaf, whenFalse: FALSE };
}
