// The `Server-Timing` header. Time tells: a scan that passes over a thousand hidden rows takes longer than one that meets
// none. Durations are therefore so coarse that they say no more than the caller's own clock, and a refusal, which is the
// same for a hidden row and a missing one to the byte, has none.
// Source: W3C Server Timing.

import type { Telemetry } from '../operations/request/telemetry.ts';

const SMALLEST_MS = 16;
const FIRST_FAILURE = 400;

/** `records;dur=16, read;dur=16, total;dur=32`; of a refusal no header. */
export function serverTiming(
  status: number,
  { stages, total }: Pick<Telemetry, 'stages' | 'total'>,
): { readonly 'Server-Timing'?: string } {
  if (status >= FIRST_FAILURE) return {};
  const spans = [...stages, ['total', total] as const];
  return { 'Server-Timing': spans.map(([name, duration]) => `${name};dur=${coarse(duration)}`).join(', ') };
}

/** The next power of two, 16 ms at least. */
function coarse(milliseconds: number): number {
  return Math.max(SMALLEST_MS, 2 ** Math.ceil(Math.log2(Math.max(1, milliseconds))));
}
