// The one middleware stack of all handlers: a gateway event in, an answer or a problem out.

import middy from '@middy/core';
import { perform } from '../operations/request/perform.ts';
import { PrincipalLoader } from '../operations/request/principal-loader.ts';
import type { Operate, RequestContext } from '../operations/request/request-context.ts';
import { Telemetry } from '../operations/request/telemetry.ts';
import { checkSize, httpAnswer } from './answer.ts';
import { parseCall } from './call.ts';
import { commonHeaders } from './middlewares/common-headers.ts';
import type { Request } from './middlewares/middleware.ts';
import { observed } from './middlewares/observed.ts';
import { problems } from './middlewares/problems.ts';
import type { HttpAnswer } from './problem.ts';

export type Service = Pick<RequestContext, 'api' | 'endpoint' | 'ports'> & { readonly operate: Operate };

export type Handler = (event: unknown, context: unknown) => Promise<HttpAnswer>;

/** Returns the Lambda handler of one endpoint. It answers every event and never throws to the gateway. */
export function serve({ operate, ...service }: Service): Handler {
  const { api, endpoint, ports } = service;
  const principals = new PrincipalLoader(api);
  const answer = async (event: unknown, { telemetry = new Telemetry(ports.meter) }: Request['context']) => {
    const call = parseCall(event, endpoint, api.auth);
    const measured = { ...service, principals, telemetry, ports: telemetry.measured(ports) };
    const found = httpAnswer(await perform(measured, call, operate));
    checkSize(found, endpoint.operation);
    return call.method === 'HEAD' ? { ...found, body: '' } : found;
  };
  // Middy's types leave the answer's type open; Middleware fixes it.
  const stack = [observed(endpoint, ports), commonHeaders(api.cors), problems()] as middy.MiddlewareObj[];
  return middy({ timeoutEarlyInMillis: 0 }).use(stack).handler(answer) as unknown as Handler;
}
