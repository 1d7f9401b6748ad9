// Expresses the three-valued (SQL) logic of policies in two-valued conditions: one for "is true" and one for "is false". If
// neither holds, the predicate is unknown. A missing attribute, or one of another type, makes a predicate unknown, so that
// `status ne "secret"` does not admit a row without a status.

import type { Path } from '../base/path.ts';
import { typeOf, type Value, type ValueType } from '../base/value.ts';
import { type Algebra, all, any, type Condition, FALSE, fold, hasType, not, TRUE } from './condition.ts';
import { containers } from './demand.ts';

/** Two conditions, for a predicate to be true and to be false. No item satisfies both. */
export type Truth = { readonly whenTrue: Condition; readonly whenFalse: Condition };

export const UNKNOWN: Truth = { whenTrue: FALSE, whenFalse: FALSE };

/** Returns the truth of a condition: `a = 1` is true if `a = 1`, and false if `a` is another number. */
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

/** Returns a truth that is unknown unless the guard holds. */
export function unknownUnless(guard: Condition, { whenTrue, whenFalse }: Truth): Truth {
  return { whenTrue: all([guard, whenTrue]), whenFalse: all([guard, whenFalse]) };
}

/** Returns the truth that all parts agree on; unknown if two differ, or there are none. */
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

/** Makes a truth that is never unknown. */
function known(condition: Condition): Truth {
  return { whenTrue: condition, whenFalse: not(condition) };
}

/** Makes the truth of a leaf that is known only if the attribute has one of the types. */
function ofTypes(leaf: Condition & { readonly path: Path }, types: readonly ValueType[]): Truth {
  const typed = any(types.map((type) => hasType(leaf.path, type)));
  return { whenTrue: leaf, whenFalse: all([typed, not(leaf)]) };
}

/** Makes the truth of `in` as that of its equalities joined by `or`: with values of several types it is never false. */
function oneOfTypes(leaf: Condition & { readonly path: Path }, values: readonly Value[]): Truth {
  const [type, ...others] = new Set(values.map(typeOf));
  return type && others.length === 0 ? ofTypes(leaf, [type]) : { whenTrue: leaf, whenFalse: FALSE };
}
