// Prints refusals as RFC 9457 problem+json, and maps each error code to its status.

import { ApiError, type ErrorCode, titles } from '../base/errors.ts';

const STATUS: Readonly<Record<ErrorCode, number>> = {
  invalid_query: 400,
  invalid_body: 400,
  invalid_path: 400,
  validation_failed: 400,
  invalid_cursor: 400,
  key_immutable: 400,
  invalid_header: 400,
  invalid_idempotency_key: 400,
  ambiguous_identity: 400,
  unauthenticated: 401,
  not_authorized: 403,
  endpoint_not_permitted: 403,
  field_not_permitted: 403,
  row_not_permitted: 403,
  not_found: 404,
  method_not_allowed: 405,
  already_exists: 409,
  conflict: 409,
  condition_failed: 409,
  idempotency_mismatch: 409,
  precondition_failed: 412,
  too_large: 413,
  unsupported_media_type: 415,
  throttled: 429,
  internal: 500,
  unavailable: 503,
  too_costly: 503,
};

/** Seconds after which it makes sense to try again. */
const RETRY_AFTER: Readonly<Partial<Record<ErrorCode, string>>> = {
  throttled: '1',
  unavailable: '2',
  too_costly: '30',
};

export type HttpAnswer = {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

/** The answer for a refusal. Anything that is no ApiError is a defect, answered as `internal` without detail. */
export function problem(error: unknown, requestId: string): HttpAnswer {
  const { code, detail, faults } = error instanceof ApiError ? error : new ApiError('internal');
  const status = STATUS[code];
  const errors = faults.length > 0 ? { errors: faults } : {};
  const retryAfter = RETRY_AFTER[code];
  return {
    statusCode: status,
    headers: {
      'Content-Type': 'application/problem+json; charset=utf-8',
      ...(retryAfter && { 'Retry-After': retryAfter }),
    },
    body: JSON.stringify({
      type: 'about:blank',
      title: titles[code],
      status,
      detail,
      code,
      request_id: requestId,
      ...errors,
    }),
  };
}
