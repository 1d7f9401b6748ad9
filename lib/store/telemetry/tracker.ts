// The error tracker of this deployment: Sentry where a DSN is configured, else none.

import type { Meter } from '../../operations/request/ports.ts';
import { sentry } from './sentry.ts';

/** Where no DSN is configured the bundler writes `undefined` for the variable, and Sentry's client is left out with it. */
export function tracker(): Meter['track'] {
  return process.env['SENTRY_DSN'] ? sentry(process.env['SENTRY_DSN']) : undefined;
}
