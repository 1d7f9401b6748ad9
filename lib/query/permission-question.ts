// The body of a has-permission request → a method and a canonical path, as a request of that path would have it.

import { ApiError, type Fault } from '../base/errors.ts';
import { attribute, type Item } from '../base/value.ts';
import { canonicalPath } from '../definition/route.ts';
import { parseBody } from './body.ts';

export type PermissionQuestion = { readonly method: string; readonly path: string };

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];
const KEYS = ['method', 'path'];
/** The longest line of a request that API Gateway takes. */
const MAX_PATH_BYTES = 10_240;

/** @throws ApiError `too_large`, or `invalid_body` with a fault for each attribute that is wrong */
export function parsePermissionQuestion(text: string | undefined): PermissionQuestion {
  const body = parseBody(text);
  const faults: Fault[] = Object.keys(body)
    .filter((name) => !KEYS.includes(name))
    .map((name) => ({ path: name, message: `is no attribute of this request; it has ${KEYS.join(' and ')}` }));
  const method = textOf(body, 'method');
  if (method === undefined || !METHODS.includes(method))
    faults.push({ path: 'method', message: `must be one of ${METHODS.join(', ')}` });
  const asked = textOf(body, 'path') ?? '';
  const path = Buffer.byteLength(asked) > MAX_PATH_BYTES ? { fault: 'is too long' } : canonicalPath(asked);
  if (typeof path !== 'string') faults.push({ path: 'path', message: path.fault });
  if (method !== undefined && typeof path === 'string' && faults.length === 0) return { method, path };
  throw new ApiError('invalid_body', undefined, faults);
}

function textOf(body: Item, name: string): string | undefined {
  const value = attribute(body, name);
  return value && 'S' in value ? value.S : undefined;
}
