// A request is observed from its event to its answer, whatever becomes of it.

import { describe, expect, it } from 'vitest';
import { ApiError } from '../../../../lib/base/errors.ts';
import { get } from '../../../../lib/definition/endpoint.ts';
import type { Request } from '../../../../lib/http/middlewares/middleware.ts';
import { observed } from '../../../../lib/http/middlewares/observed.ts';
import type { Ports } from '../../../../lib/operations/request/ports.ts';
import { ITEMS } from '../../../support/access.ts';

type Line = { readonly level: string; readonly fields: Readonly<Record<string, unknown>> };

function observing() {
  const lines: Line[] = [];
  const begun: number[] = [];
  let clock = 0;
  const ports: Pick<Ports, 'begin' | 'log' | 'now' | 'meter'> = {
    begin: () => void begun.push(clock),
    log: (level, _, fields) => void lines.push({ level, fields }),
    now: () => 1e15,
    meter: {
      clock: () => clock,
      consumed: () => ({ read: clock / 1e3, write: 0 }),
      trace: () => undefined,
      api: 'test',
      track: undefined,
    },
  };
  const request: Request = {
    event: { requestContext: { requestId: 'r-1' } },
    context: { functionName: 'f' },
    response: null,
    error: null,
  };
  const middleware = observed(get('/item/{id}', ITEMS), ports as Ports);
  const pass = (microseconds: number) => {
    clock += microseconds;
  };
  return { middleware, request, lines, begun, pass };
}

const response = { statusCode: 200, headers: { 'X-Test': 'kept' }, body: '' };

describe('an observed request', () => {
  it('begins its time and its telemetry before anything else looks at the event', () => {
    const { middleware, request, begun } = observing();
    middleware.before?.(request);
    expect(begun).toEqual([0]);
    expect(request.context).toMatchObject({ functionName: 'f' });
    expect(request.context.telemetry).toBeDefined();
  });

  it('ends with one line, and the header that tells its time', async () => {
    const { middleware, request, lines, pass } = observing();
    middleware.before?.(request);
    pass(20_000);
    request.response = response;
    await middleware.after(request);
    expect(request.response.headers).toEqual({ 'X-Test': 'kept', 'Server-Timing': 'total;dur=32' });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({
      level: 'info',
      fields: { request_id: 'r-1', status: 200, code: 'ok', read_units: 20, duration: 20, operation: 'get' },
    });
  });

  it('that is refused has no time in its answer, and its code in the line', async () => {
    const { middleware, request, lines } = observing();
    middleware.before?.(request);
    request.response = { ...response, statusCode: 403 };
    request.error = new ApiError('row_not_permitted');
    await middleware.onError(request);
    expect(request.response.headers).toEqual({ 'X-Test': 'kept' });
    expect(lines[0]?.fields).toMatchObject({ status: 403, code: 'row_not_permitted', denied: 1 });
  });

  it('that meets a defect says so', async () => {
    const { middleware, request, lines } = observing();
    middleware.before?.(request);
    request.response = { ...response, statusCode: 500 };
    request.error = new TypeError('a defect');
    await middleware.onError(request);
    expect(lines[0]).toMatchObject({ level: 'error', fields: { code: 'internal', error: request.error } });
  });
});
