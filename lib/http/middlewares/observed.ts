// Observes a request from its event to its answer: one log line, which is its metrics too, and the `Server-Timing` header.
// Registered first, so that it begins before all others and ends after them.

import type { Endpoint } from '../../definition/endpoint.ts';
import type { Ports } from '../../operations/request/ports.ts';
import { Telemetry } from '../../operations/request/telemetry.ts';
import { requestIdOf } from '../gateway-event.ts';
import { report } from '../request-log.ts';
import { serverTiming } from '../server-timing.ts';
import type { Middleware, Request } from './middleware.ts';

export function observed(endpoint: Endpoint, ports: Ports): Middleware {
  const end = async (request: Request): Promise<void> => {
    const { response, event, error, context } = request;
    const { telemetry } = context;
    if (!response || !telemetry) return;
    // Middy sets `error` to `null` if nothing was thrown.
    const outcome = { requestId: requestIdOf(event), status: response.statusCode, error: error ?? undefined };
    await report(endpoint, { telemetry, ports }, outcome);
    const headers = { ...response.headers, ...serverTiming(response.statusCode, telemetry) };
    request.response = { ...response, headers };
  };
  return {
    before: (request) => {
      ports.begin();
      request.context = { ...request.context, telemetry: new Telemetry(ports.meter) };
    },
    after: end,
    onError: end,
  };
}
