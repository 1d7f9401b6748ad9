// Implements the ports that are not DynamoDB's: a clock, ids, a digest, a log.

import { createHash } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { v7 } from 'uuid';
import { describeError } from '../base/describe-error.ts';
import type { Ports } from '../operations/request/ports.ts';

export type World = Pick<Ports, 'now' | 'sleep' | 'random' | 'newId' | 'digest' | 'log'>;

export const world: World = {
  // Take milliseconds from the wall clock, and only the last three digits from the monotonic clock, which drifts while a Lambda
  // is frozen. They only spread rows of one millisecond.
  now: () => Date.now() * 1_000 + Number((process.hrtime.bigint() / 1_000n) % 1_000n),
  sleep: (milliseconds) => setTimeout(milliseconds),
  random: Math.random,
  newId: () => v7(),
  digest: (text) => createHash('sha256').update(text).digest('hex'),
  log: (level, message, fields) => {
    process.stdout.write(`${logLine(level, message, fields)}\n`);
  },
};

/** Prints one line of the log: JSON, as CloudWatch reads it. */
export function logLine(...[level, message, fields]: Parameters<Ports['log']>): string {
  return JSON.stringify({ level, message, ...fields }, errorAsText);
}

/** Replaces an error by its description. See docs/decisions/a-request-leaves-one-line-a-defect-none-of-its-words.md. */
function errorAsText(_: string, value: unknown): unknown {
  return value instanceof Error ? describeError(value) : value;
}
