// Faults that `npm run prove` writes into the code, which takes minutes, have a place in the code as it is.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

type Fault = {
  readonly fault: string;
  readonly file: string;
  readonly find: string;
  readonly replace: string;
  readonly tests: readonly string[];
};

const ROOT = join(import.meta.dirname, '../../..');
const { FAULTS } = (await import(join(ROOT, 'scripts/scoutr-faults.js'))) as { readonly FAULTS: readonly Fault[] };
const { WEAKNESSES } = (await import(join(ROOT, 'scripts/weaknesses.js'))) as {
  readonly WEAKNESSES: readonly Fault[];
};

describe('a fault that is planted', () => {
  it.each([...FAULTS, ...WEAKNESSES].map((each) => [each.fault, each] as const))(
    'has one place: %s',
    (_, { file, find, replace, tests }) => {
      expect(readFileSync(join(ROOT, file), 'utf8').split(find)).toHaveLength(2);
      expect(replace).not.toBe(find);
      for (const test of tests) expect(existsSync(join(ROOT, test)), test).toBe(true);
    },
  );

  it('is one of a kind: twelve of Scoutr, some of them in two places, and ours', () => {
    expect(FAULTS.length).toBeGreaterThanOrEqual(12);
    const all = [...FAULTS, ...WEAKNESSES].map(({ fault }) => fault);
    expect(new Set(all).size).toBe(all.length);
  });
});
