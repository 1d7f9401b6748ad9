// The headers of every answer: security, caching, the request id, and CORS where the definition allows origins.

import type { Cors } from '../../definition/cors.ts';
import { corsHeaders } from '../cors-headers.ts';
import { requestIdOf } from '../gateway-event.ts';
import { SECURITY_HEADERS } from '../security-headers.ts';
import type { Middleware, Request } from './middleware.ts';

export function commonHeaders(cors: Cors | undefined): Middleware {
  const add = (request: Request): void => {
    const { response, event } = request;
    if (!response) return;
    const common = { ...SECURITY_HEADERS, 'Cache-Control': 'no-store', 'X-Request-Id': requestIdOf(event) };
    request.response = { ...response, headers: { ...response.headers, ...corsHeaders(cors, event), ...common } };
  };
  return { after: add, onError: add };
}
