// Items in tests, written as ordinary JavaScript: `item({ id: 'a', n: 1 })`. Exact numbers are written as bigint.

import { fromPlain } from '../../lib/base/plain.ts';
import type { Item, Value } from '../../lib/base/value.ts';

export function value(plain: unknown): Value {
  const made = fromPlain(plain);
  if (!made) throw new Error(`a test has no value in ${String(plain)}`);
  return made;
}

export function item(plain: Readonly<Record<string, unknown>>): Item {
  const made = value(plain);
  if (!('M' in made)) throw new Error('an item is written as an object');
  return made.M;
}
