// Every way a request can fail, as one typed catalogue. A code is stable and machine-readable; its title is a sentence
// for people. Which HTTP status a code has is decided in http/problem.ts, nowhere else.

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

/** Codes of requests that could not be decided or done, whatever they ask for. */
const FAILURES: readonly ErrorCode[] = ['throttled', 'unavailable', 'too_costly', 'internal'];

/** True for an error that refuses what a request asks for; false for failures and defects. */
export function isRefusal(error: unknown): error is ApiError {
  return error instanceof ApiError && !FAILURES.includes(error.code);
}

/** One thing that is wrong: where (`path` in the caller's words) and what to do about it. */
export type Fault = { readonly path: string; readonly message: string };

/** More faults than this are not told, nor more of a path or a message: an answer has its bounds, whatever is wrong. */
export const MAX_FAULTS = 100;
const MAX_PATH = 300;
/** Schemas and rules write messages of their own, and may repeat in them what was sent. */
const MAX_MESSAGE = 2_000;
const SHOWN_CHARACTERS = 60;

function bounded({ path, message }: Fault): Fault {
  return { path: shortened(path, MAX_PATH), message: shortened(message, MAX_MESSAGE) };
}

function shortened(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most).toWellFormed()}…`;
}

/** A text of the caller's as a message repeats it: in double quotes, its first 60 characters at most. */
export function quote(text: string): string {
  return JSON.stringify(text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text);
}

/** A request that is refused. `detail` and `faults` are shown to the caller: they hold nothing the caller may not see. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: ErrorCode;
  readonly detail: string;
  readonly faults: readonly Fault[];
  /** For the operator's log only: what the caller must not learn. */
  readonly reason: string | undefined;

  constructor(code: ErrorCode, detail: string = titles[code], faults: readonly Fault[] = [], reason?: string) {
    super(`${code}: ${reason ?? detail}`);
    this.code = code;
    this.detail = shortened(detail, MAX_MESSAGE);
    this.faults = faults.slice(0, MAX_FAULTS).map(bounded);
    this.reason = reason;
  }
}
