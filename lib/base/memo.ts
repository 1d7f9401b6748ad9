// Memoizes functions. Sound only if the result depends on the argument alone and neither is ever changed: a cached result is
// then the one that the function would return.

import { Recent } from './recent.ts';

/** Returns the function with a cache of its most recently used results. @param bound the most results that are cached */
export function memoByText<V extends object>(bound: number, make: (text: string) => V): (text: string) => V {
  const cache = new Recent<V>(bound);
  return (text) => {
    const cached = cache.get(text);
    if (cached) return cached;
    const made = make(text);
    cache.set(text, made);
    return made;
  };
}

/** Returns the function with a cache that holds each result as long as its argument is referenced elsewhere. */
export function memoByObject<K extends object, V extends object>(make: (key: K) => V): (key: K) => V {
  const cache = new WeakMap<K, V>();
  return (key) => {
    const cached = cache.get(key);
    if (cached) return cached;
    const made = make(key);
    cache.set(key, made);
    return made;
  };
}
