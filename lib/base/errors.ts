// The catalogue of errors that a request can end in. A code is stable and machine-readable; its title is a sentence for people.
// The HTTP status of each code is defined in http/problem.ts only.

export const titles = {
  invalid_query: 'The query string is not valid',
  invalid_body: 'The request body is not valid',
  invalid_path: 'The request path is not valid',
  validation_failed: 'The item does not pass validation',
  invalid_cursor: 'The cursor is not valid',
  key_immutable: 'Key attributes cannot be changed',
  invalid_header: 'A request header is not valid',
  invalid_idempotency_key: 'The idempotency key is not valid',
  ambiguous_identity: 'Two credentials were sent',
  unauthenticated: 'The caller is not identified',
  not_authorized: 'The caller is not authorized',
  endpoint_not_permitted: 'The caller may not use this endpoint',
  field_not_permitted: 'The caller may not use this field',
  row_not_permitted: 'The caller may not do this to this item',
  not_found: 'Not found',
  method_not_allowed: 'The method is not allowed here',
  unsupported_media_type: 'The body must be JSON',
  already_exists: 'An item with this key exists',
  conflict: 'Another writer changed the item',
  condition_failed: 'The condition of this endpoint does not hold',
  idempotency_mismatch: 'The idempotency key was used for another request',
  precondition_failed: 'A precondition of the request does not hold',
  too_large: 'The request is too large',
  throttled: 'Too many requests',
  unavailable: 'The service cannot answer now',
  too_costly: 'The request cannot be answered within its limits',
  internal: 'The request met a defect',
} as const;

export type ErrorCode = keyof typeof titles;

/** Codes of requests that failed, whatever they asked for; all others refuse the request itself. */
const FAILURES: readonly ErrorCode[] = ['throttled', 'unavailable', 'too_costly', 'internal'];

/** True for an error that refuses a request for what it asks; false for failures and defects. */
export function isRefusal(error: unknown): error is ApiError {
  return error instanceof ApiError && !FAILURES.includes(error.code);
}

/** One fault of a request: `path` locates it in the caller's words, `message` says how to mend it. */
export type Fault = { readonly path: string; readonly message: string };

/** Most faults in one answer. Together with the lengths of a path and a message it bounds the size of an error answer. */
export const MAX_FAULTS = 100;
const MAX_PATH = 300;
/** Bounds messages: those of schemas and rules may repeat what was sent. */
const MAX_MESSAGE = 2_000;
const SHOWN_CHARACTERS = 60;

function bounded({ path, message }: Fault): Fault {
  return { path: shortened(path, MAX_PATH), message: shortened(message, MAX_MESSAGE) };
}

function shortened(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most).toWellFormed()}…`;
}

/** Quotes a caller's text for a message: in double quotes, cut after 60 characters. */
export function quote(text: string): string {
  return JSON.stringify(text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text);
}

/** An error that the caller is answered. `detail` and `faults` are shown: they must hold nothing the caller may not see. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: ErrorCode;
  readonly detail: string;
  readonly faults: readonly Fault[];
  /** The cause, for the operator's log only: the caller must not learn it. */
  readonly reason: string | undefined;

  constructor(code: ErrorCode, detail: string = titles[code], faults: readonly Fault[] = [], reason?: string) {
    super(`${code}: ${reason ?? detail}`);
    this.code = code;
    this.detail = shortened(detail, MAX_MESSAGE);
    this.faults = faults.slice(0, MAX_FAULTS).map(bounded);
    this.reason = reason;
  }
}
