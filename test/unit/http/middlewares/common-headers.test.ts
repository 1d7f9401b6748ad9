// Every answer has the common headers, a problem too; CORS only for origins that the definition names.

import { describe, expect, it } from 'vitest';
import { commonHeaders } from '../../../../lib/http/middlewares/common-headers.ts';
import type { Request } from '../../../../lib/http/middlewares/middleware.ts';

const cors = { origins: ['https://page.example'] };

function headersOf(origin: string | undefined, on: 'after' | 'onError', allowed: typeof cors | 'none' = cors) {
  const headers = origin === undefined ? {} : { origin };
  const request: Request = {
    event: { requestContext: { requestId: 'r-1' }, headers },
    context: {},
    response: { statusCode: 200, headers: { ETag: '"a"', 'Cache-Control': 'max-age=60' }, body: '' },
    error: null,
  };
  commonHeaders(allowed === 'none' ? undefined : allowed)[on](request);
  return request.response?.headers ?? expect.fail('no answer');
}

describe.each(['after', 'onError'] as const)('an answer (%s)', (on) => {
  it('keeps its own headers, and is never cached', () => {
    expect(headersOf(undefined, on)).toMatchObject({
      ETag: '"a"',
      'Cache-Control': 'no-store',
      'X-Request-Id': 'r-1',
      'X-Content-Type-Options': 'nosniff',
      'Strict-Transport-Security': expect.stringContaining('max-age='),
    });
  });

  it('is for the pages of the definition alone', () => {
    expect(headersOf('https://page.example', on)).toMatchObject({
      'Access-Control-Allow-Origin': 'https://page.example',
      Vary: 'Origin',
    });
    expect(headersOf('https://other.example', on)).not.toHaveProperty('Access-Control-Allow-Origin');
    expect(headersOf('https://page.example', on, 'none')).not.toHaveProperty('Access-Control-Allow-Origin');
  });
});

it('is nothing where there is no answer', () => {
  const request: Request = { event: {}, context: {}, response: null, error: null };
  commonHeaders(cors).after(request);
  expect(request.response).toBeNull();
});
