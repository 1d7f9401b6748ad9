// Parses the body of a has-permission request to a method and a canonical path, as a request of that path would have it.

import { ApiError } from '../base/errors.ts';
import { textOf } from '../base/value.ts';
import { canonicalPath } from '../definition/route.ts';
import { parseBody } from './body.ts';

export type PermissionQuestion = { readonly method: string; readonly path: string };

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];
const KEYS = ['method', 'path'];
/** The longest request line that API Gateway accepts. */
const MAX_PATH_BYTES = 10_240;

/**
 * Parses the question. `{"method":"GET","path":"/item/a"}` → `{ method: 'GET', path: '/item/a' }`.
 * @throws ApiError `too_large`, or `invalid_body` with a fault for each attribute that is wrong
 */
export function parsePermissionQuestion(text: string | undefined): PermissionQuestion {
  const body = parseBody(text);
  const unknown = Object.keys(body).filter((name) => !KEYS.includes(name));
  const asked = textOf(body, 'method');
  const method = METHODS.find((name) => name === asked);
  const path = readPath(textOf(body, 'path'));
  if (unknown.length === 0 && method !== undefined && typeof path === 'string') return { method, path };
  throw new ApiError('invalid_body', undefined, [
    ...unknown.map((name) => ({
      path: name,
      message: `is no attribute of this request; it has ${KEYS.join(' and ')}`,
    })),
    ...(method === undefined ? [{ path: 'method', message: `must be one of ${METHODS.join(', ')}` }] : []),
    ...(typeof path === 'string' ? [] : [{ path: 'path', message: path.fault }]),
  ]);
}

// Stryker disable next-line StringLiteral: a text that begins with no slash gets the same fault as an empty one.
function readPath(text = ''): ReturnType<typeof canonicalPath> {
  return Buffer.byteLength(text) > MAX_PATH_BYTES ? { fault: 'is longer than 10 KB' } : canonicalPath(text);
}
