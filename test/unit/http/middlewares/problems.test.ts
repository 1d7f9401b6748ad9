// Whatever is thrown becomes a problem, and a defect tells nothing.

import { describe, expect, it } from 'vitest';
import { ApiError } from '../../../../lib/base/errors.ts';
import type { Request } from '../../../../lib/http/middlewares/middleware.ts';
import { problems } from '../../../../lib/http/middlewares/problems.ts';

function problemOf(error: unknown) {
  const request: Request = {
    event: { requestContext: { requestId: 'r-1' } },
    context: {},
    response: null,
    error,
  };
  problems().onError(request);
  const { statusCode, headers, body } = request.response ?? expect.fail('no answer');
  return { statusCode, headers, body: JSON.parse(body) };
}

describe('a failure', () => {
  it('of the catalogue is told with its faults', () => {
    const faults = [{ path: 'a', message: 'is wrong' }];
    expect(problemOf(new ApiError('invalid_body', 'no', faults, 'a secret reason'))).toEqual({
      statusCode: 400,
      headers: { 'Content-Type': 'application/problem+json; charset=utf-8' },
      body: {
        type: 'about:blank',
        title: 'The request body is not valid',
        status: 400,
        detail: 'no',
        code: 'invalid_body',
        request_id: 'r-1',
        errors: faults,
      },
    });
  });

  it.each([new TypeError('secret'), 'secret', null, undefined, { secret: 1 }])(
    'of any other kind tells nothing: %s',
    (error) => {
      const { statusCode, body } = problemOf(error);
      expect(statusCode).toBe(500);
      expect(JSON.stringify(body)).not.toContain('secret');
      expect(body).toMatchObject({ code: 'internal', request_id: 'r-1' });
    },
  );

  it.each([
    ['throttled', 429, '1'],
    ['unavailable', 503, '2'],
    ['too_costly', 503, '30'],
  ] as const)('that passes says when to try again: %s', (code, status, seconds) => {
    const { statusCode, headers } = problemOf(new ApiError(code));
    expect([statusCode, headers['Retry-After']]).toEqual([status, seconds]);
  });
});
