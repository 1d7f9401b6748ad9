// docs/reference/audit.md: what a request brings is as large as its sender made it. A row keeps so much of it, and says what is cut.

import { describe, expect, it } from 'vitest';
import { cutId, cutName, cutParameter, isCut } from '../../../lib/audit/cut.ts';

describe('a text that is kept', () => {
  it.each<[string, (text: string) => string, number]>([
    ['a name', cutName, 256],
    ['a parameter', cutParameter, 1_024],
    ['an id', cutId, 2_048],
  ])('of %s is whole up to its bound, and behind it says how long it was', (_, cut, most) => {
    expect(cut('x'.repeat(most))).toBe('x'.repeat(most));
    expect(cut('x'.repeat(most + 1))).toBe(`${'x'.repeat(most)}… (${(most + 1).toLocaleString('en-US')} characters)`);
    expect(cut('"'.repeat(9_700))).toBe(`${'"'.repeat(most)}… (9,700 characters)`);
  });

  it('is counted in characters where it is a name, in bytes where it is a parameter', () => {
    expect(cutName('😀'.repeat(256))).toBe('😀'.repeat(256));
    expect(cutName('😀'.repeat(257))).toBe(`${'😀'.repeat(256)}… (257 characters)`);
    expect(cutParameter('é'.repeat(512))).toBe('é'.repeat(512));
    expect(cutParameter('é'.repeat(513))).toBe(`${'é'.repeat(512)}… (513 characters)`);
  });

  it('is cut between characters', () => {
    expect(cutParameter(`x${'😀'.repeat(256)}`)).toBe(`x${'😀'.repeat(255)}… (257 characters)`);
    expect(cutParameter(`\ufeff${'x'.repeat(1_024)}`)).toBe(`\ufeff${'x'.repeat(1_021)}… (1,025 characters)`);
  });

  it('is known as cut by its end', () => {
    expect([cutName('x'.repeat(300)), cutParameter('x'.repeat(12_345)), 'x', '… (1 characters) x'].map(isCut)).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});
