// What of an error operators may keep: names and places, never its words.

import { describe, expect, it } from 'vitest';
import { describeError } from '../../../lib/base/describe-error.ts';

const CANARY = 'canary-4711';

function withStack(error: Error, stack: string): Error {
  error.stack = stack;
  return error;
}

describe('an error', () => {
  it('keeps its name and where it was thrown', () => {
    const { name, frames } = describeError(new TypeError('x'));
    expect(name).toBe('TypeError');
    expect(frames[0]).toMatch(/describe-error\.test\.ts:\d+:\d+/);
  });

  it('keeps what AWS and Node call it', () => {
    const error = Object.assign(new Error('x'), { code: 'ECONNRESET', $metadata: { requestId: 'ABC-1' } });
    expect(describeError(error)).toMatchObject({ name: 'Error', code: 'ECONNRESET', aws_request_id: 'ABC-1' });
  });

  it('keeps its cause, to a depth', () => {
    const error = new Error('x', { cause: new RangeError('y') });
    expect(describeError(error).cause).toMatchObject({ name: 'RangeError' });
    const circular = new Error('x');
    circular.cause = circular;
    expect(JSON.stringify(describeError(circular)).length).toBeLessThan(50_000);
  });

  it.each([
    ['in its message', new Error(`value ${CANARY}`)],
    ['in a message of several lines', new Error(`a\n    at ${CANARY} (${CANARY}:1:1)\n    at ${CANARY}:1:1`)],
    ['in a stack whose message was changed', withStack(new Error('other'), `Error: ${CANARY}\n    at ${CANARY}\n`)],
    ['in its name', Object.assign(new Error('x'), { name: `bad ${CANARY}` })],
    ['in its code', Object.assign(new Error('x'), { code: `bad ${CANARY}` })],
    ["in its cause's message", new Error('x', { cause: new Error(CANARY) })],
    ['in a cause that is no error', new Error('x', { cause: CANARY })],
    ['in other members', Object.assign(new Error('x'), { item: { secret: CANARY } })],
    ['as the whole of it', CANARY],
  ])('shows no value that stands %s', (_, error) => {
    expect(JSON.stringify(describeError(error))).not.toContain(CANARY);
  });
});
