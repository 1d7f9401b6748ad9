// Parses permitted endpoints: a method with a literal path or a regular expression, which is matched against the whole canonical
// path in linear time. Matching never backtracks, so that no path can make it slow.

import { memoByText } from '../base/memo.ts';
import type { Value } from '../base/value.ts';
import { Reader } from './reader.ts';
import type { ParsedRecord } from './record-fault.ts';
import { compileRegex } from './regex/regex.ts';

export type EndpointPattern = {
  readonly method: string;
  readonly endpoint: string;
  readonly matches: (method: string, path: string) => boolean;
};

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];
const SPECIAL = /[\\^$.|?*+()[\]{}]/;
/** Finds inline flags such as `(?i)`; `(?:…)` and named groups are none. */
const INLINE_FLAGS = /\(\?[a-zA-Z-]+[:)]/;
const MAX_PATTERN = 1_000;
const MAX_COMPILED = 1_000;

/** Caches compiled patterns: compiling is expensive, and many records hold the same few. */
const compilePattern = memoByText(MAX_COMPILED, (text) => compileRegex(text));

/**
 * Parses an element of `permitted_endpoints`: `{"method":"GET","endpoint":"/item/[0-9]+"}` → a pattern that matches
 * `GET /item/7`.
 * @param at the path of the element in the record, for faults
 */
export function parseEndpointPattern(value: Value, at: string): ParsedRecord<EndpointPattern> {
  if (!('M' in value))
    return { faults: [{ path: at, message: 'must be an object { "method", "endpoint" }', code: 'not_endpoint' }] };
  const reader = new Reader(value.M, at);
  const method = reader.required('method', 'missing_part', 'is required: a method, several joined by "|", or "*"');
  const endpoint = reader.required('endpoint', 'missing_part', 'is required: a path or a regular expression');
  reader.refuseUnknown(['method', 'endpoint']);
  checkMethod(method, reader);
  const test = parsePattern(endpoint, reader);
  if (reader.faults.length > 0 || !test) return { faults: reader.faults };
  const methods = method.split('|');
  return { value: { method, endpoint, matches: (name, path) => permits(methods, name) && test(path) } };
}

function permits(methods: readonly string[], method: string): boolean {
  return methods.includes('*') || methods.includes(method === 'HEAD' ? 'GET' : method);
}

function checkMethod(method: string, reader: Reader): void {
  if (method === '*' || method === '') return;
  const unknown = method.split('|').find((name) => !METHODS.includes(name));
  if (unknown === undefined) return;
  reader.fault(
    'method',
    'not_method',
    `${JSON.stringify(unknown)} is no method; allowed are ${METHODS.join(', ')}, joined by "|", or "*"`,
  );
}

function parsePattern(endpoint: string, reader: Reader): ((path: string) => boolean) | undefined {
  if (endpoint.length > MAX_PATTERN)
    return reader.fault('endpoint', 'not_pattern', `is longer than ${MAX_PATTERN} characters`);
  if (INLINE_FLAGS.test(endpoint))
    return reader.fault('endpoint', 'not_pattern', 'has inline flags; matching is case-sensitive');
  const equals = (path: string) => path === endpoint;
  const isLiteral = !SPECIAL.test(endpoint);
  // Stryker disable next-line ConditionalExpression: a literal matches the same as a pattern, which only takes more time.
  if (isLiteral) return equals;
  try {
    const pattern = compilePattern(endpoint);
    return (path) => pattern.matches(path);
  } catch (error) {
    return reader.fault('endpoint', 'not_pattern', `is no regular expression of RE2: ${(error as Error).message}`);
  }
}
