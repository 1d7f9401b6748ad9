// Every failure becomes a problem (RFC 9457). What the caller must not learn of it stays in `error`, for the log.

import { requestIdOf } from '../gateway-event.ts';
import { problem } from '../problem.ts';
import type { Middleware } from './middleware.ts';

export function problems(): Middleware {
  return {
    after: () => {},
    onError: (request) => {
      request.response = problem(request.error, requestIdOf(request.event));
    },
  };
}
