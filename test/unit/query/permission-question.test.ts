// docs/reference/http.md, "Endpoints", has-permission: the body names a method and a path, and is refused wherever it
// says anything else.

import { describe, expect, it } from 'vitest';
import { ApiError } from '../../../lib/base/errors.ts';
import { parsePermissionQuestion } from '../../../lib/query/permission-question.ts';

function refusal(body: unknown) {
  try {
    parsePermissionQuestion(JSON.stringify(body));
  } catch (error) {
    if (error instanceof ApiError)
      return [error.code, ...error.faults.map(({ path, message }) => `${path} ${message}`)];
    throw error;
  }
  return [];
}

const METHOD = 'method must be one of GET, HEAD, POST, PUT, PATCH, DELETE';

describe('a permission question', () => {
  it.each(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'])('is about %s and a canonical path', (method) => {
    const question = parsePermissionQuestion(JSON.stringify({ method, path: '/items/a' }));
    expect(question).toEqual({ method, path: '/items/a' });
  });

  it.each<[string, unknown, string[]]>([
    [
      'another attribute',
      { method: 'GET', path: '/a', x: 1 },
      ['x is no attribute of this request; it has method and path'],
    ],
    ['an unknown method', { method: 'get', path: '/a' }, [METHOD]],
    ['a method that is no text', { method: 1, path: '/a' }, [METHOD]],
    ['no method', { path: '/a' }, [METHOD]],
    [
      'no method and another attribute',
      { path: '/a', x: 1 },
      ['x is no attribute of this request; it has method and path', METHOD],
    ],
    [
      'a path with a query string and another attribute',
      { method: 'GET', path: '/a?b=1', x: 1 },
      ['x is no attribute of this request; it has method and path', 'path must be a path alone, without "?" and "#"'],
    ],
    ['neither method nor path', {}, [METHOD, 'path must be a path that begins with "/"']],
    ['a path beyond 10 KB', { method: 'GET', path: `/${'a'.repeat(10_240)}` }, ['path is longer than 10 KB']],
  ])('is refused for %s', (_, body, faults) => {
    expect(refusal(body)).toEqual(['invalid_body', ...faults]);
  });

  it.each([{ method: 'GET' }, { method: 'GET', path: 1 }, { method: 'GET', path: '' }, { method: 'GET', path: 'a' }])(
    'is refused without a path: %j',
    (body) => {
      expect(refusal(body)).toEqual(['invalid_body', 'path must be a path that begins with "/"']);
    },
  );

  it('may be 10 KB long, in bytes', () => {
    expect(refusal({ method: 'GET', path: `/${'a'.repeat(10_239)}` })).toEqual([]);
    expect(refusal({ method: 'GET', path: `/${'é'.repeat(5_120)}` })).toEqual([
      'invalid_body',
      'path is longer than 10 KB',
    ]);
  });
});
