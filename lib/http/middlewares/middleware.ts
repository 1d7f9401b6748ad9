// The types that the middlewares of the HTTP stack share. Each middleware is a file and depends on no other.

import type { Telemetry } from '../../operations/request/telemetry.ts';
import type { HttpAnswer } from '../problem.ts';

/** A gateway event on its way to an answer. `context` begins as Lambda's. */
export type Request = {
  readonly event: unknown;
  context: Readonly<Record<string, unknown>> & { readonly telemetry?: Telemetry };
  response: HttpAnswer | null;
  error: unknown;
};

/** A middleware. The one registered first runs first on the way in and last on the way out. */
export type Middleware = {
  readonly before?: (request: Request) => void;
  readonly after: (request: Request) => void | Promise<void>;
  readonly onError: (request: Request) => void | Promise<void>;
};
