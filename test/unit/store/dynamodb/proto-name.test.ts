// The alias under which `__proto__` is read: one search of the answer, whoever wrote it.

import { describe, expect, it } from 'vitest';
import { unusedAlias } from '../../../../lib/store/dynamodb/proto-name.ts';

describe('an alias', () => {
  it('costs one search of an answer in which it does not stand', () => {
    let searches = 0;
    const text = {
      includes: () => {
        searches += 1;
        return false;
      },
    };
    expect(unusedAlias(text, () => '__proto__x')).toBe('__proto__x');
    expect(searches).toBe(1);
  });

  it('is drawn again where it stands in the answer, as a key or in a text', () => {
    const drawn = ['__proto__1', '__proto__2', '__proto__3'];
    const text = '{"__proto__":{"S":"a __proto__2"},"__proto__1":{"N":"1"}}';
    expect(unusedAlias(text, () => drawn.shift() as string)).toBe('__proto__3');
  });
});
