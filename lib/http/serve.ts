// The one middleware stack of all handlers: a gateway event in, an answer or a problem out.

import middy from '@middy/core';
import type { Cors } from '../definition/cors.ts';
import { Observation } from '../operations/request/observation.ts';
import { perform } from '../operations/request/perform.ts';
import { PrincipalLoader } from '../operations/request/principal-loader.ts';
import type { Operate, Visit } from '../operations/request/session.ts';
import { checkSize, httpAnswer } from './answer.ts';
import { parseCall } from './call.ts';
import { corsHeaders } from './cors-headers.ts';
import { requestIdOf } from './gateway-event.ts';
import { type HttpAnswer, problem } from './problem.ts';
import { report } from './request-log.ts';
import { SECURITY_HEADERS } from './security-headers.ts';
import { serverTiming } from './server-timing.ts';

export type Service = Pick<Visit, 'api' | 'endpoint' | 'ports'> & { readonly operate: Operate };

export type Handler = (event: unknown, context: unknown) => Promise<HttpAnswer>;

/** An event on its way, with what is observed of it. */
type Arrival = { readonly event: unknown; readonly observation: Observation; error?: unknown };

/** The Lambda handler of one endpoint. It answers every event: nothing is thrown to the gateway. */
export function serve(service: Service): Handler {
  const { endpoint, operate } = service;
  const principals = new PrincipalLoader(service.api);
  const handler = middy({ timeoutEarlyInMillis: 0 })
    .use(commonHeaders(service.api.cors))
    .use(problems())
    .handler(async (arrival: unknown) => {
      const { event, observation } = arrival as Arrival;
      const call = parseCall(event, endpoint, service.api.auth);
      const answer = httpAnswer(await perform({ ...service, principals, ports: observation.ports }, call, operate));
      checkSize(answer, endpoint.operation);
      return call.method === 'HEAD' ? { ...answer, body: '' } : answer;
    }) as unknown as (arrival: Arrival, context: unknown) => Promise<HttpAnswer>;
  return async (event, context) => {
    service.ports.begin();
    const arrival: Arrival = { event, observation: new Observation(service.ports) };
    const answer = await handler(arrival, context);
    const { observation, error } = arrival;
    await report(endpoint, observation, { requestId: requestIdOf(event), status: answer.statusCode, error });
    return { ...answer, headers: { ...answer.headers, ...serverTiming(answer.statusCode, observation) } };
  };
}

type Request = { event: Arrival; response: HttpAnswer | null; error: unknown };

/** The headers of every answer. Outermost, so that it runs last. */
function commonHeaders(cors: Cors | undefined) {
  const add = (request: Request): void => {
    const { response, event } = request;
    if (!response) return;
    const common = { ...SECURITY_HEADERS, 'Cache-Control': 'no-store', 'X-Request-Id': requestIdOf(event.event) };
    request.response = { ...response, headers: { ...response.headers, ...corsHeaders(cors, event.event), ...common } };
  };
  return { after: add as never, onError: add as never };
}

/** Every failure becomes a problem; what the caller must not learn goes to the log. */
function problems() {
  const onError = (request: Request): void => {
    const { error, event } = request;
    event.error = error;
    request.response = problem(error, requestIdOf(event.event));
  };
  return { onError: onError as never };
}
