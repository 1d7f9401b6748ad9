// What middlewares of the HTTP stack see of a request. Each is a file, and knows nothing of the others.

import type { Telemetry } from '../../operations/request/telemetry.ts';
import type { HttpAnswer } from '../problem.ts';

/** A gateway event on its way to an answer. `context` begins as Lambda's. */
export type Request = {
  readonly event: unknown;
  context: Readonly<Record<string, unknown>> & { readonly telemetry?: Telemetry };
  response: HttpAnswer | null;
  error: unknown;
};

/** Of several the one registered first runs last on the way out. */
export type Middleware = {
  readonly before?: (request: Request) => void;
  readonly after: (request: Request) => void | Promise<void>;
  readonly onError: (request: Request) => void | Promise<void>;
};
