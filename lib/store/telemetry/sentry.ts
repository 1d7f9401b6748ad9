// Reports a defect to Sentry: one envelope over HTTP, without any data of a request or a table.
// Source: Sentry's developer documentation, "Envelopes" and "Event payloads".

import { randomUUID } from 'node:crypto';
import { basename } from 'node:path';
import { describeError, type ErrorDescription } from '../../base/describe-error.ts';
import type { Defect, Meter } from '../../operations/request/ports.ts';

const TIME_LIMIT_MS = 1_000;
const FRAME = /^(?:async )?(?:(.*) \()?(.*?):(\d+):(\d+)\)?$/;

/**
 * Creates the tracker of a DSN, `https://KEY@HOST/PROJECT`. It never rejects and never takes longer than a second: the answer
 * waits for it, as a Lambda is frozen once it has answered.
 */
export function sentry(dsn: string): NonNullable<Meter['track']> {
  const { username: key, origin, pathname } = URL.canParse(dsn) ? new URL(dsn) : new URL('https://invalid');
  const at = pathname.lastIndexOf('/');
  const url = `${origin}${pathname.slice(0, at)}/api/${pathname.slice(at + 1)}/envelope/`;
  const auth = `Sentry sentry_version=7, sentry_client=tablegate/1, sentry_key=${key}`;
  return async (defect) => {
    if (key === '') return;
    try {
      const headers = { 'Content-Type': 'application/x-sentry-envelope', 'X-Sentry-Auth': auth };
      const signal = AbortSignal.timeout(TIME_LIMIT_MS);
      const response = await fetch(url, { method: 'POST', headers, body: envelope(defect), signal, redirect: 'error' });
      await response.body?.cancel();
    } catch {
      // Ignore the failure: the log has the defect, and the answer must not depend on the tracker.
    }
  };
}

function envelope(defect: Defect): string {
  const event = eventOf(defect);
  const lines = [{ event_id: event.event_id, sent_at: new Date().toISOString() }, { type: 'event' }, event];
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}

function eventOf({ requestId, operation, method, route, error, breadcrumbs }: Defect) {
  return {
    event_id: randomUUID().replaceAll('-', ''),
    timestamp: Date.now() / 1_000,
    platform: 'node',
    level: 'error',
    transaction: `${method} ${route}`,
    tags: { request_id: requestId, operation },
    breadcrumbs: {
      values: breadcrumbs.map(({ stage, milliseconds }) => ({
        category: 'stage',
        message: stage,
        data: { ms: milliseconds },
      })),
    },
    exception: { values: exceptions(describeError(error)) },
  };
}

/** Returns an error and its causes, the innermost first, as Sentry expects. */
function exceptions({ name, frames, cause }: ErrorDescription): readonly object[] {
  const own = { type: name, stacktrace: { frames: frames.map(frameOf).reverse() } };
  return [...(cause ? exceptions(cause) : []), own];
}

function frameOf(text: string): object {
  const [, name, file = '', line, column] = FRAME.exec(text) ?? [];
  return {
    function: name ?? '?',
    filename: basename(file),
    ...(line !== undefined && { lineno: Number(line), colno: Number(column) }),
  };
}
