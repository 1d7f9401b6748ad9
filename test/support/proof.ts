// How much is tried: a little in every check, much where somebody wants proof (`npm run prove`), and how much it was.

import { appendFileSync } from 'node:fs';
import { basename } from 'node:path';
import { expect } from 'vitest';

/** Where each proof's figures are written, one JSON object a line; unset: nowhere. */
const FILE = process.env['TABLEGATE_PROOF_FILE'];

/** So many cases in a check; as many times more, or fewer, as TABLEGATE_PROVE says. */
export function runs(count: number): number {
  return Math.ceil(count * factor());
}

/** How often a check must meet a case at least, for its law to say something; fewer tries than a check's promise nothing. */
export function times(count: number): number {
  return factor() < 1 ? -1 : count;
}

/** The same for fast-check, counted by test file. Which cases they are says TABLEGATE_SEED (seed.ts). */
export function cases(count: number): { readonly numRuns: number } {
  const { testPath = '' } = expect.getState();
  proved(`laws of ${basename(testPath, '.test.ts')}`, { cases: runs(count) });
  return { numRuns: runs(count) };
}

/** Adds to the figures of a proof: what was tried, and how often. */
export function proved(what: string, figures: Readonly<Record<string, number>>): void {
  if (FILE !== undefined) appendFileSync(FILE, `${JSON.stringify({ what, ...figures })}\n`);
}

function factor(): number {
  const value = Number(process.env['TABLEGATE_PROVE'] ?? 1);
  if (!Number.isFinite(value) || value <= 0) throw new Error('TABLEGATE_PROVE is a number above 0');
  return value;
}
