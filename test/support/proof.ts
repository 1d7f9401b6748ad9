// How much is tried: a little in every check, much where somebody wants proof (`npm run prove`), and how much it was.

import { appendFileSync } from 'node:fs';

/** Where each proof's figures are written, one JSON object a line; unset: nowhere. */
const FILE = process.env['TABLEGATE_PROOF_FILE'];

/** So many cases in a check; as many times more as TABLEGATE_PROVE says where more is wanted. */
export function runs(count: number): number {
  const factor = Number(process.env['TABLEGATE_PROVE'] ?? 1);
  if (!Number.isFinite(factor) || factor < 1) throw new Error('TABLEGATE_PROVE is a number from 1');
  return Math.ceil(count * factor);
}

/** Adds to the figures of a proof: what was tried, and how often. */
export function proved(what: string, figures: Readonly<Record<string, number>>): void {
  if (FILE !== undefined) appendFileSync(FILE, `${JSON.stringify({ what, ...figures })}\n`);
}
