// A map of bounded size, in the order of use.

import { describe, expect, it } from 'vitest';
import { Recent } from '../../../lib/base/recent.ts';

const filled = (bound: number, keys: readonly string[]) => {
  const recent = new Recent<string>(bound);
  for (const key of keys) recent.set(key, `of ${key}`);
  return recent;
};
const kept = (recent: Recent<string>, keys: readonly string[]) => keys.filter((key) => recent.get(key) !== undefined);

describe('what was used last', () => {
  it('stays, and what was not used for longest makes room', () => {
    const recent = filled(3, ['a', 'b', 'c', 'd']);
    expect(recent.size).toBe(3);
    expect(kept(recent, ['a', 'b', 'c', 'd'])).toEqual(['b', 'c', 'd']);
  });

  it('is what was read or set again too', () => {
    const recent = filled(3, ['a', 'b', 'c']);
    recent.get('a');
    recent.set('b', 'anew');
    recent.set('d', 'of d');
    expect(kept(recent, ['a', 'b', 'c', 'd'])).toEqual(['a', 'b', 'd']);
    expect(recent.get('b')).toBe('anew');
  });

  it('never grows beyond the bound', () => {
    const recent = filled(
      10,
      Array.from({ length: 1_000 }, (_, i) => `k${i % 37}`),
    );
    expect(recent.size).toBe(10);
  });

  it('is gone once it is deleted', () => {
    const recent = filled(2, ['a', 'b']);
    recent.delete('a');
    recent.set('c', 'of c');
    expect(kept(recent, ['a', 'b', 'c'])).toEqual(['b', 'c']);
  });
});
