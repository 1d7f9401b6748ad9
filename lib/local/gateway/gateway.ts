// An HTTP server that behaves as API Gateway does with the synthesized template. The REST API's part is here: routes, API
// keys, limits, its own answers, and the events and answers of Lambda proxy integrations. Requests with a bearer token alone
// go to the HTTP API (http-api.ts), as if both had one domain.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { LocalFunction } from '../function/function.ts';
import { type HttpApi, httpApi } from '../http-api/http-api.ts';
import { answerIssuer } from '../issuer/issuer-answers.ts';
import { issuerOf, type SignIn, verifierOf } from '../issuer/sign-in.ts';
import type { CloudModel } from '../template/template.ts';
import { type Answer, mockAnswer, type RefusalType, refuse, type Variables } from './answer.ts';
import { type ApiKey, restEvent } from './event.ts';
import { hostOf, isOwnHost } from './own-host.ts';
import { parseProxyAnswer } from './proxy-answer.ts';
import { type GatewayRequest, headBytes, headerOf, parseQuery, readHead } from './request.ts';
import { createRouter, type Match, type Router } from './router.ts';

export type GatewayOptions = {
  readonly model: Pick<CloudModel, 'routes' | 'gatewayResponses' | 'stage' | 'httpApi'>;
  /** The issuer whose tokens the HTTP API accepts. @default the template's */
  readonly signIn?: SignIn | undefined;
  readonly apiKeys: readonly ApiKey[];
  /** By logical id. */
  readonly functions: ReadonlyMap<string, LocalFunction>;
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Logs the cause of a 502 or 504, which the answer does not contain. */
  readonly log: (line: string) => void;
};

export type Gateway = { readonly port: number; stop(): Promise<void> };

type Sent = ReturnType<typeof readHead>;

const MAX_BODY_BYTES = 10 * 1024 * 1024;
const MAX_HEAD_BYTES = 10_240;
/** Node's limit, above the one checked here, so that this gateway answers and not Node. */
const PARSER_HEAD_BYTES = 64 * 1024;
const DRAIN_MS = 500;

/** Starts listening. Rejects with Node's error where the port cannot be had. */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  let handle: Handler = () => Promise.resolve();
  const server = createServer({ maxHeaderSize: PARSER_HEAD_BYTES }, (message, response) => {
    handle(message, response).catch((error: Error) => {
      options.log(`${message.method} ${message.url}: ${error.stack}`);
      response.destroy();
    });
  });
  server.on('clientError', ({ code }: NodeJS.ErrnoException, socket) => {
    const status = code === 'HPE_HEADER_OVERFLOW' ? '431 Request Header Fields Too Large' : '400 Bad Request';
    if (socket.writable) socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\n\r\n`);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(options.port, options.host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  handle = createHandler(options, port);
  return { port, stop: () => stopServer(server) };
}

async function stopServer(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  const timer = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
  await closed;
  clearTimeout(timer);
}

type Handler = (message: IncomingMessage, response: ServerResponse) => Promise<void>;

function createHandler(options: GatewayOptions, port: number): Handler {
  const rest = restApi(options);
  const http = tokenApi(options, port);
  const issuer = issuerOf(options, port);
  return async (message, response) => {
    const head = readHead(message);
    if (!isOwnHost(head.headers, options.host)) return send(message, response, restIds(head), foreignHost(head));
    if (headBytes(message) > MAX_HEAD_BYTES) return send(message, response, restIds(head), HEAD_TOO_LARGE);
    const body = await readBody(message);
    if (body === 'aborted') return;
    const development = options.signIn?.development;
    const own =
      development && issuer !== undefined && body !== 'too large'
        ? await answerIssuer({ ...head, body }, development, issuer)
        : undefined;
    if (own) return send(message, response, [], own);
    if (http && isForHttpApi(head, options.model)) {
      return send(message, response, [], await http({ ...head, body }));
    }
    send(message, response, restIds(head), await rest(head, body));
  };
}

/** Returns true if a request goes to the HTTP API: it has a token and no API key, or there is no REST API. */
function isForHttpApi({ headers }: Sent, { routes }: GatewayOptions['model']): boolean {
  const hasToken = /^bearer\b/i.test(headerOf(headers, 'authorization') ?? '');
  return routes.length === 0 || (hasToken && headerOf(headers, 'x-api-key') === undefined);
}

function tokenApi(options: GatewayOptions, port: number): HttpApi | undefined {
  const { model, functions, log } = options;
  const verify = verifierOf(options, port);
  return model.httpApi && verify && httpApi({ model: model.httpApi, verify, functions, log });
}

function restApi(options: GatewayOptions): (sent: Sent, body: Buffer | 'too large') => Promise<Answer> {
  const router = createRouter(options.model.routes);
  const keys = new Map(options.apiKeys.map((key) => [key.value, key]));
  return async ({ queryText, ...head }, body) => {
    const variables = contextVariables(head, options.model.stage);
    const query = parseQuery(queryText);
    let answer: Answer | RefusalType;
    if (body === 'too large') answer = 'REQUEST_TOO_LARGE';
    else if (!query) answer = 'BAD_REQUEST';
    else answer = await serve({ ...head, query, body }, router, keys, options, variables);
    return typeof answer === 'string' ? refuse(answer, options.model.gatewayResponses, variables) : answer;
  };
}

function restIds({ requestId, extendedRequestId }: Sent): Answer['headers'] {
  return [
    ['x-amzn-RequestId', requestId],
    ['x-amz-apigw-id', extendedRequestId],
  ];
}

/** The refusal of a foreign Host. AWS has no such answer: no foreign name can lead to an API there. */
function foreignHost({ headers }: Sent): Answer {
  const host = JSON.stringify(hostOf(headers) ?? '');
  const message = `Host ${host} is not this API: call it at 127.0.0.1 or localhost, or start it with --host to serve others`;
  return { status: 403, headers: [['Content-Type', 'application/json']], body: JSON.stringify({ message }) };
}

/** The answer for a head over the limit. AWS refuses it before it knows the API: no gateway response can change it. */
const HEAD_TOO_LARGE: Answer = {
  status: 431,
  headers: [['Content-Type', 'application/json']],
  body: '{"message":"HTTP header is larger than 10240 bytes."}',
};

function contextVariables(head: Omit<GatewayRequest, 'body' | 'query'>, stage: string): Variables {
  return {
    requestId: head.requestId,
    extendedRequestId: head.extendedRequestId,
    httpMethod: head.method,
    path: `/${stage}${head.path}`,
    stage,
    'identity.sourceIp': head.sourceIp,
  };
}

/** Reads a body. After the limit it discards what comes: a client that is cut off while it sends sees no answer. */
function readBody(message: IncomingMessage): Promise<Buffer | 'too large' | 'aborted'> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    message.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= MAX_BODY_BYTES) chunks.push(chunk);
      else chunks.length = 0;
    });
    message.once('end', () => resolve(size > MAX_BODY_BYTES ? 'too large' : Buffer.concat(chunks)));
    message.once('error', () => resolve('aborted')).once('close', () => resolve('aborted'));
  });
}

async function serve(
  request: GatewayRequest,
  router: Router,
  keys: ReadonlyMap<string, ApiKey>,
  options: GatewayOptions,
  variables: Variables,
): Promise<Answer | RefusalType> {
  const match = router(request.method, request.path);
  if (!match) return 'MISSING_AUTHENTICATION_TOKEN';
  const key = match.method.apiKeyRequired ? keys.get(headerOf(request.headers, 'x-api-key') ?? '') : undefined;
  if (match.method.apiKeyRequired && !key) return 'INVALID_API_KEY';
  const { integration } = match.method;
  const names = { ...variables, resourcePath: match.resource, ...(key && { 'identity.apiKeyId': key.id }) };
  if (integration.kind === 'mock') return mockAnswer(integration, request.headers, names);
  return await invoke(request, match, key, integration, options);
}

async function invoke(
  request: GatewayRequest,
  match: Match,
  key: ApiKey | undefined,
  { functionId, timeoutMs }: { readonly functionId: string; readonly timeoutMs: number },
  { functions, model, log }: GatewayOptions,
): Promise<Answer | RefusalType> {
  const payload = JSON.stringify(restEvent(request, match, model.stage, key));
  const outcome = await functions.get(functionId)?.invoke(payload, timeoutMs);
  if (outcome?.kind === 'integration-timeout') return 'INTEGRATION_TIMEOUT';
  const answer = outcome?.kind === 'answer' ? parseProxyAnswer(outcome.text) : undefined;
  if (outcome?.kind === 'answer' && !answer) {
    log(`${request.method} ${match.resource}: malformed Lambda proxy answer: ${outcome.text.slice(0, 200)}`);
  }
  // A function's own timeout, a crash and an answer that is none are one thing to API Gateway: 502.
  return answer ?? 'INTEGRATION_ERROR';
}

function send(
  message: IncomingMessage,
  response: ServerResponse,
  ids: Answer['headers'],
  { status, headers, body }: Answer,
): void {
  if (response.destroyed) return;
  // A client that is still sending gets its answer, and the connection ends when it has sent all.
  if (!message.complete) response.setHeader('Connection', 'close');
  message.resume();
  response.statusCode = status;
  for (const [name, value] of headers) response.appendHeader(name, value);
  for (const [name, value] of ids) response.setHeader(name, value);
  if (status === 204 || status === 304) {
    response.removeHeader('Content-Type');
    response.end();
    return;
  }
  response.setHeader('Content-Length', Buffer.byteLength(body));
  response.end(body);
}
