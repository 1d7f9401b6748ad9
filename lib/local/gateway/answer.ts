// Makes the gateway's answers: a function's proxy answer checked as AWS checks it, and its own answers from templates.

import { originHeader } from '../template/origin-template.ts';
import type { GatewayResponse, Integration, ResponseTemplate } from '../template/template-routes.ts';
import { headerOf } from './request.ts';

export type Answer = {
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string | Buffer;
};

type Headers = readonly (readonly [string, string])[];

/** The variables of templates: `requestId` for `$context.requestId`. */
export type Variables = Readonly<Record<string, string>>;

type Refusal = { readonly status: number; readonly message: string; readonly error: string };

const REFUSALS = {
  MISSING_AUTHENTICATION_TOKEN: [403, 'Missing Authentication Token', 'MissingAuthenticationTokenException'],
  INVALID_API_KEY: [403, 'Forbidden', 'ForbiddenException'],
  REQUEST_TOO_LARGE: [413, 'Request Too Long', 'RequestTooLargeException'],
  UNSUPPORTED_MEDIA_TYPE: [415, 'Unsupported Media Type', 'BadRequestException'],
  INTEGRATION_TIMEOUT: [504, 'Endpoint request timed out', 'InternalServerErrorException'],
  API_CONFIGURATION_ERROR: [500, 'Internal server error', 'InternalServerErrorException'],
  BAD_REQUEST: [400, 'Bad Request', 'BadRequestException'],
  INTEGRATION_ERROR: [502, 'Internal server error', 'InternalServerErrorException'],
} as const;

export type RefusalType = keyof typeof REFUSALS;

/**
 * The gateway's own answer of a type: the API's response for it, else its DEFAULT_4XX or DEFAULT_5XX, else AWS's own.
 * BAD_REQUEST and INTEGRATION_ERROR have no type of their own on AWS: the defaults answer for them.
 */
export function refuse(
  type: RefusalType,
  responses: ReadonlyMap<string, GatewayResponse>,
  variables: Variables,
): Answer {
  const [status, message, error] = REFUSALS[type];
  const response = responses.get(type) ?? responses.get(status < 500 ? 'DEFAULT_4XX' : 'DEFAULT_5XX');
  const names = {
    ...variables,
    'error.message': message,
    'error.messageString': JSON.stringify(message),
    'error.responseType': type,
  };
  return fill(response ?? AWS_RESPONSE, { status, message, error }, names);
}

const AWS_RESPONSE: ResponseTemplate = {
  status: undefined,
  headers: new Map(),
  bodies: new Map([['application/json', '{"message":$context.error.messageString}']]),
};

function fill(response: ResponseTemplate, refusal: Refusal, variables: Variables): Answer {
  const answer = render(response, response.status ?? refusal.status, variables);
  return { ...answer, headers: [...answer.headers, ['x-amzn-ErrorType', refusal.error]] };
}

function render(response: ResponseTemplate, status: number, variables: Variables): Answer {
  const [type = 'application/json', body = ''] = [...response.bodies][0] ?? [];
  const mapped = [...response.headers].map(([name, source]) => [name, mapping(source, variables)] as const);
  const typed = mapped.some(([name]) => name.toLowerCase() === 'content-type');
  return {
    status,
    headers: typed ? mapped : [['Content-Type', type], ...mapped],
    body: body.replace(/\$\{?context\.([\w.]*\w)\}?/g, (_, name: string) => variables[name] ?? ''),
  };
}

/** Evaluates a mapping expression: `'text'` is a literal, `context.requestId` a variable. */
function mapping(source: string, variables: Variables): string {
  if (source.startsWith("'")) return source.slice(1, -1);
  return variables[source.replace(/^context\./, '')] ?? '';
}

/**
 * A MOCK integration: its request template names the status, and the response for that status is the answer. As on AWS
 * a body of another content type has no request template, and so no status: that is a mistake of the API, a 500.
 */
export function mockAnswer(
  mock: Integration & { kind: 'mock' },
  headers: Headers,
  variables: Variables,
): Answer | RefusalType {
  const type = (headerOf(headers, 'content-type') ?? 'application/json').split(';')[0]?.trim().toLowerCase() ?? '';
  const template = mock.requests.get(type);
  if (template === undefined && mock.passthrough !== 'WHEN_NO_MATCH') return 'UNSUPPORTED_MEDIA_TYPE';
  const status = /"?statusCode"?\s*:\s*(\d{3})/.exec(template ?? '')?.[1];
  if (status === undefined) return 'API_CONFIGURATION_ERROR';
  const matching = mock.responses.find(({ pattern }) => pattern && new RegExp(`^(?:${pattern})$`).test(status));
  const response = matching ?? mock.responses.find(({ pattern }) => !pattern);
  if (!response) return 'API_CONFIGURATION_ERROR';
  const answer = render(response, response.status ?? Number(status), variables);
  const allowed = originHeader(response.origins ?? [], headerOf(headers, 'origin'));
  return { ...answer, headers: [...answer.headers, ...allowed] };
}
