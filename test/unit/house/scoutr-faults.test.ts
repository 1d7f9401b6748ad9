// Scoutr's faults as mutants have a place in the code as it is: `npm run prove` writes them in, and takes minutes.

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

describe('a fault that Scoutr had', () => {
  it.each(FAULTS.map((each) => [each.fault, each] as const))(
    'has one place: %s',
    (_, { file, find, replace, tests }) => {
      expect(readFileSync(join(ROOT, file), 'utf8').split(find)).toHaveLength(2);
      expect(replace).not.toBe(find);
      for (const test of tests) expect(existsSync(join(ROOT, test)), test).toBe(true);
    },
  );

  it('is one of twelve, some of them in two places', () => {
    expect(FAULTS.length).toBeGreaterThanOrEqual(12);
    expect(new Set(FAULTS.map(({ fault }) => fault)).size).toBe(FAULTS.length);
  });
});
