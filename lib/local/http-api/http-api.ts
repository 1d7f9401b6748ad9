// Serves the HTTP API of the synthesized template as API Gateway does: routes on the decoded path, the JWT authorizer, its
// own answers (which no template can change), events of version 2.

import type { LocalFunction } from '../function/function.ts';
import type { Answer } from '../gateway/answer.ts';
import { headerOf, parseQuery } from '../gateway/request.ts';
import { createRouter, type Match, type Router } from '../gateway/router.ts';
import type { TokenVerifier } from '../issuer/token-verifier.ts';
import type { HttpApiModel, HttpCors, HttpMethodModel } from '../template/template-http-api.ts';
import { parseHttpApiAnswer } from './http-api-answer.ts';
import { type HttpApiRequest, httpApiEvent } from './http-api-event.ts';
import { httpApiPath } from './http-api-path.ts';

export type HttpApiOptions = {
  readonly model: HttpApiModel;
  readonly verify: TokenVerifier;
  /** By logical id. */
  readonly functions: ReadonlyMap<string, LocalFunction>;
  /** Logs the cause of a 500, which the answer does not contain. */
  readonly log: (line: string) => void;
};

/** A request as it was sent, its body within the limit unless it is `too large`. */
export type SentRequest = Omit<HttpApiRequest, 'query' | 'body'> & { readonly body: Buffer | 'too large' };

export type HttpApi = (request: SentRequest) => Promise<Answer>;

type Headers = Answer['headers'];
type Found = Match<HttpMethodModel>;

export function httpApi(options: HttpApiOptions): HttpApi {
  const routers = createRouters(options.model);
  const { cors } = options.model;
  return async (request) => {
    const answer = await serve(request, routers, options);
    const headers = cors ? [...withoutCors(answer.headers), ...corsHeaders(request, cors)] : answer.headers;
    return { ...answer, headers: [...headers, ['apigw-requestid', request.extendedRequestId]] };
  };
}

/** One for each method: an HTTP API looks for a route of the method, where a REST API finds the path first. */
function createRouters({ routes }: HttpApiModel): ReadonlyMap<string, Router<HttpMethodModel>> {
  const methods = new Set(routes.flatMap(({ methods: each }) => [...each.keys()]));
  const withMethod = (method: string) => routes.filter(({ methods: each }) => each.has(method));
  return new Map([...methods].map((method) => [method, createRouter(withMethod(method))]));
}

async function serve(
  sent: SentRequest,
  routers: ReadonlyMap<string, Router<HttpMethodModel>>,
  options: HttpApiOptions,
): Promise<Answer> {
  if (isPreflight(sent) && options.model.cors) return { status: 204, headers: [], body: '' };
  const { body } = sent;
  if (body === 'too large') return own(413, 'Request Entity Too Large');
  const path = httpApiPath(sent.path);
  const query = parseQuery(sent.queryText);
  if (path === undefined || !query) return own(400, 'Bad Request');
  const match = matchOf(sent.method, path, routers);
  if (!match) return own(404, 'Not Found');
  const token = bearerOf(sent);
  if (token === undefined) return unauthorized('Bearer');
  const verified = await options.verify(token);
  if ('refusal' in verified) {
    return unauthorized(`Bearer scope="" error="invalid_token" error_description="${verified.refusal}"`);
  }
  return await invoke(httpApiEvent({ ...sent, path, query, body }, match, verified.claims), match, options);
}

/** A slash at the end is a segment of its own: nobody has recorded that AWS overlooks it, so it opens nothing here. */
function matchOf(method: string, path: string, routers: ReadonlyMap<string, Router<HttpMethodModel>>) {
  return path.endsWith('/') ? undefined : routers.get(method)?.(method, path);
}

/** The authorizer takes the token alone too, without `Bearer`. Two headers are one text with a comma, which is no token. */
function bearerOf({ headers }: SentRequest): string | undefined {
  const values = headers.filter(([name]) => name.toLowerCase() === 'authorization').map(([, value]) => value);
  const token = values
    .join(',')
    .trim()
    .replace(/^bearer(?: +|$)/i, '');
  return token === '' ? undefined : token;
}

async function invoke(event: object, match: Found, { functions, log }: HttpApiOptions): Promise<Answer> {
  const { functionId, timeoutMs } = match.method;
  const outcome = await functions.get(functionId)?.invoke(JSON.stringify(event), timeoutMs);
  if (outcome?.kind === 'integration-timeout') return own(503, 'Service Unavailable');
  const answer = outcome?.kind === 'answer' ? parseHttpApiAnswer(outcome.text) : undefined;
  if (outcome?.kind === 'answer' && !answer) {
    log(`${match.resource}: malformed Lambda answer: ${outcome.text.slice(0, 200)}`);
  }
  return answer ?? own(500, 'Internal Server Error');
}

function own(status: number, message: string, headers: Headers = []): Answer {
  return { status, headers: [['content-type', 'application/json'], ...headers], body: JSON.stringify({ message }) };
}

function unauthorized(challenge: string): Answer {
  return own(401, 'Unauthorized', [['www-authenticate', challenge]]);
}

function isPreflight({ method, headers }: SentRequest): boolean {
  return method === 'OPTIONS' && headerOf(headers, 'access-control-request-method') !== undefined;
}

function withoutCors(headers: Headers): Headers {
  return headers.filter(([name]) => !name.toLowerCase().startsWith('access-control-'));
}

function corsHeaders(request: SentRequest, cors: HttpCors): Headers {
  const origin = headerOf(request.headers, 'origin');
  if (origin === undefined) return [];
  const allowed = cors.origins.find((each) => each === '*' || each === origin);
  if (allowed === undefined) return [];
  const exposed = cors.exposed.length > 0 ? [['access-control-expose-headers', cors.exposed.join(',')] as const] : [];
  const asked = isPreflight(request)
    ? ([
        ['access-control-allow-methods', cors.methods.join(',')],
        ['access-control-allow-headers', cors.headers.join(',').toLowerCase()],
        ['access-control-max-age', String(cors.maxAge)],
      ] as const)
    : [];
  return [['access-control-allow-origin', allowed], ...exposed, ...asked];
}
