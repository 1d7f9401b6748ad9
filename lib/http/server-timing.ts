// Prints the `Server-Timing` header. Durations are a side channel: a scan over a thousand hidden rows takes longer than one
// over none. They are therefore rounded so far that they add nothing to the caller's own clock, and refusals have none, so
// that those for a hidden row and a missing one are equal to the byte.
// Source: W3C Server Timing.

import type { Telemetry } from '../operations/request/telemetry.ts';

const SMALLEST_MS = 16;
const FIRST_FAILURE = 400;

/** The header, as `records;dur=16, read;dur=16, total;dur=32`; none for a refusal. */
export function serverTiming(
  status: number,
  { stages, total }: Pick<Telemetry, 'stages' | 'total'>,
): { readonly 'Server-Timing'?: string } {
  if (status >= FIRST_FAILURE) return {};
  const spans = [...stages, ['total', total] as const];
  return { 'Server-Timing': spans.map(([name, duration]) => `${name};dur=${coarse(duration)}`).join(', ') };
}

/** Rounds up to a power of two, to 16 ms at least. */
function coarse(milliseconds: number): number {
  return Math.max(SMALLEST_MS, 2 ** Math.ceil(Math.log2(Math.max(1, milliseconds))));
}
