// Turns every failure into a problem answer (RFC 9457). The error itself goes to the log only.

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
