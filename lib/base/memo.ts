// Memoizes functions. Sound only if the result depends on the argument alone and neither is ever changed: a cached result is
// then the one that the function would return.

import { Recent } from './recent.ts';

/** Returns the function with a cache of its most recently used results. @param bound the most results that are cached */
export function memoByText<V extends object>(bound: number, make: (text: string) => V): (text: string) => V {
  const kept = new Recent<V>(bound);
  return (text) => {
    const known = kept.get(text);
    if (known) return known;
    const made = make(text);
    kept.set(text, made);
    return made;
  };
}

/** Returns the function with a cache that holds each result as long as its argument is referenced elsewhere. */
export function memoByObject<K extends object, V extends object>(make: (key: K) => V): (key: K) => V {
  const kept = new WeakMap<K, V>();
  return (key) => {
    const known = kept.get(key);
    if (known) return known;
    const made = make(key);
    kept.set(key, made);
    return made;
  };
}
