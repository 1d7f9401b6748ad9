// Results that are kept, so that they are not made twice. Only for functions whose result depends on their argument alone,
// and for arguments that never change: then what is kept is what the function would give, and nobody can tell.

import { Recent } from './recent.ts';

/** The function, with the results for the texts that were asked for last. @param bound how many are kept */
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

/** The function, with each result for as long as its argument is in use. */
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
