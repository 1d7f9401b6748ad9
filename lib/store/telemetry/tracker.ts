// Creates the error tracker of a deployment: Sentry's if a DSN is configured.

import type { Meter } from '../../operations/request/ports.ts';
import { sentry } from './sentry.ts';

/** `undefined` if no DSN is configured: the bundler then replaces the variable by `undefined`, and drops Sentry's client. */
export function tracker(): Meter['track'] {
  return process.env['SENTRY_DSN'] ? sentry(process.env['SENTRY_DSN']) : undefined;
}
