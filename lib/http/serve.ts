// The one middleware stack of all handlers: a gateway event in, an answer or a problem out.

import middy from '@middy/core';
import httpSecurityHeaders from '@middy/http-security-headers';
import { ApiError } from '../base/errors.ts';
import { perform } from '../operations/perform.ts';
import type { Ports } from '../operations/ports.ts';
import type { Operate, Visit } from '../operations/session.ts';
import { httpAnswer } from './answer.ts';
import { parseCall } from './call.ts';
import { requestIdOf } from './gateway-event.ts';
import { type HttpAnswer, problem } from './problem.ts';

export type Service = Pick<Visit, 'api' | 'endpoint' | 'ports'> & { readonly operate: Operate };

export type Handler = (event: unknown, context: unknown) => Promise<HttpAnswer>;

/** The Lambda handler of one endpoint. It answers every event: nothing is thrown to the gateway. */
export function serve(service: Service): Handler {
  const { endpoint, ports, operate } = service;
  const handler = middy({ timeoutEarlyInMillis: 0 })
    .use(commonHeaders())
    .use(httpSecurityHeaders())
    .use(problems(ports))
    .handler(async (event: unknown) => {
      const call = parseCall(event, endpoint, service.api.auth);
      const answer = httpAnswer(await perform(service, call, operate));
      return call.method === 'HEAD' ? { ...answer, body: '' } : answer;
    });
  return handler as unknown as Handler;
}

type Request = { event: unknown; response: HttpAnswer | null; error: unknown };

/** The headers of every answer. Outermost, so that it runs last. */
function commonHeaders() {
  const add = (request: Request): void => {
    const { response, event } = request;
    if (!response) return;
    const headers = { ...response.headers, 'Cache-Control': 'no-store', 'X-Request-Id': requestIdOf(event) };
    // The security headers come with empty places for those that are to be removed.
    const present = Object.entries(headers).filter(([, value]) => Boolean(value));
    request.response = { ...response, headers: Object.fromEntries(present) };
  };
  return { after: add as never, onError: add as never };
}

/** Every failure becomes a problem; what the caller must not learn goes to the log. */
function problems({ log }: Ports) {
  const onError = (request: Request): void => {
    const { error, event } = request;
    const requestId = requestIdOf(event);
    if (!(error instanceof ApiError)) log('error', 'a request met a defect', { request_id: requestId, error });
    else if (error.reason !== undefined) {
      log('warn', error.reason, { request_id: requestId, code: error.code });
    }
    request.response = problem(error, requestId);
  };
  return { onError: onError as never };
}
