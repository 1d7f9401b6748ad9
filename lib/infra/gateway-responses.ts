// Makes API Gateway's own answers: the same problem+json as the Lambdas' errors (RFC 9457).

import { GatewayResponse, type IRestApi, ResponseType } from 'aws-cdk-lib/aws-apigateway';
import type { Construct } from 'constructs';
import { type ErrorCode, titles } from '../base/errors.ts';

type Answer = {
  readonly status: number;
  readonly code: ErrorCode;
  readonly detail?: string;
  /** Seconds. */
  readonly retryAfter?: number;
};

const UNAUTHENTICATED = { status: 401, code: 'unauthenticated', detail: 'Send a valid API key as x-api-key' } as const;
const FORBIDDEN = { status: 403, code: 'not_authorized' } as const;
const UNKNOWN_ROUTE = { status: 404, code: 'not_found', detail: 'There is no such route' } as const;
const DEFECT = { status: 500, code: 'internal' } as const;
/** The answer for a Lambda that crashed, timed out or returned a malformed answer. */
const CRASHED = { status: 502, code: 'internal' } as const;
const UNAVAILABLE = { status: 504, code: 'unavailable', retryAfter: 1 } as const;

/**
 * The answers by type. All types are listed, because a body contains its status and the defaults stand for several.
 * INTEGRATION_FAILURE is a Lambda that could not be invoked; one that crashed is DEFAULT_5XX.
 */
const ANSWERS: ReadonlyArray<readonly [ResponseType, Answer]> = [
  [ResponseType.INVALID_API_KEY, UNAUTHENTICATED],
  [ResponseType.UNAUTHORIZED, UNAUTHENTICATED],
  [ResponseType.EXPIRED_TOKEN, UNAUTHENTICATED],
  [ResponseType.INVALID_SIGNATURE, UNAUTHENTICATED],
  [ResponseType.ACCESS_DENIED, FORBIDDEN],
  [ResponseType.WAF_FILTERED, FORBIDDEN],
  // API Gateway's name for a path or method that no resource has: no method here asks for AWS's own authorization.
  [ResponseType.MISSING_AUTHENTICATION_TOKEN, UNKNOWN_ROUTE],
  [ResponseType.RESOURCE_NOT_FOUND, UNKNOWN_ROUTE],
  [ResponseType.THROTTLED, { status: 429, code: 'throttled', retryAfter: 1 }],
  [
    ResponseType.QUOTA_EXCEEDED,
    { status: 429, code: 'throttled', detail: 'The quota of this API key is used up', retryAfter: 3600 },
  ],
  [ResponseType.REQUEST_TOO_LARGE, { status: 413, code: 'too_large' }],
  [ResponseType.UNSUPPORTED_MEDIA_TYPE, { status: 415, code: 'unsupported_media_type' }],
  [ResponseType.BAD_REQUEST_PARAMETERS, { status: 400, code: 'invalid_query' }],
  [ResponseType.BAD_REQUEST_BODY, { status: 400, code: 'invalid_body' }],
  [ResponseType.DEFAULT_4XX, { status: 400, code: 'invalid_path', detail: 'The request is not valid' }],
  [ResponseType.INTEGRATION_TIMEOUT, UNAVAILABLE],
  [ResponseType.INTEGRATION_FAILURE, UNAVAILABLE],
  [ResponseType.API_CONFIGURATION_ERROR, DEFECT],
  [ResponseType.AUTHORIZER_CONFIGURATION_ERROR, DEFECT],
  [ResponseType.AUTHORIZER_FAILURE, DEFECT],
  [ResponseType.DEFAULT_5XX, CRASHED],
];

/**
 * Headers of every answer that no Lambda gives, as API Gateway's mapping expressions: a literal is quoted. They are the
 * Lambdas' own (lib/http/security-headers.ts) but for the content security policy, which has quotes in it.
 */
export const problemHeaders: Readonly<Record<string, string>> = {
  'Content-Type': "'application/problem+json; charset=utf-8'",
  'Cache-Control': "'no-store'",
  'Referrer-Policy': "'no-referrer'",
  'Strict-Transport-Security': "'max-age=31536000; includeSubDomains'",
  'X-Content-Type-Options': "'nosniff'",
  'X-Frame-Options': "'DENY'",
  'X-Request-Id': 'context.requestId',
};

/**
 * The body as a mapping template. API Gateway does not escape variables, so the only one is the request id, which it makes
 * itself: no input of the caller can break out of the JSON.
 */
export function problemTemplate({ status, code, detail = titles[code] }: Answer): string {
  return JSON.stringify({
    type: 'about:blank',
    title: titles[code],
    status,
    detail,
    code,
    request_id: '$context.requestId',
  });
}

/**
 * Adds the answers to an API. The resources are children of `scope`, named by their types.
 * @param more further headers, as mapping expressions
 */
export function addGatewayResponses(
  scope: Construct,
  restApi: IRestApi,
  more: Readonly<Record<string, string>> = {},
): void {
  for (const [type, answer] of ANSWERS) {
    const retry = answer.retryAfter === undefined ? {} : { 'Retry-After': `'${answer.retryAfter}'` };
    new GatewayResponse(scope, type.responseType, {
      restApi,
      type,
      statusCode: String(answer.status),
      responseHeaders: { ...problemHeaders, ...more, ...retry },
      templates: { 'application/json': problemTemplate(answer) },
    });
  }
}
