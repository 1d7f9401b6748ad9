// What a cursor is bound to, and how long it is good for.

import { describe, expect, it } from 'vitest';
import { ApiError } from '../../../lib/base/errors.ts';
import { type CursorContext, parseCursor, printContext, printCursor } from '../../../lib/query/cursor.ts';

const CONTEXT: CursorContext = {
  caller: { id: 'key-1', kind: 'API_KEY' },
  endpoint: 'GET /items',
  table: 'items',
  pathParameters: new Map([['a', 'b']]),
  query: [
    ['x', '1'],
    ['y', '2'],
  ],
  body: undefined,
  plan: 'p',
};
const printed = (change: Partial<CursorContext> = {}) => printContext({ ...CONTEXT, ...change });

describe('the context of a cursor', () => {
  it.each<[string, Partial<CursorContext>]>([
    ['caller', { caller: { id: 'key-2', kind: 'API_KEY' } }],
    ['kind of caller', { caller: { id: 'key-1', kind: 'USERNAME' } }],
    ['endpoint', { endpoint: 'GET /things' }],
    ['table', { table: 'things' }],
    ['path', { pathParameters: new Map([['a', 'c']]) }],
    [
      'value in the query',
      {
        query: [
          ['x', '1'],
          ['y', '3'],
        ],
      },
    ],
    ['parameter less', { query: [['x', '1']] }],
    [
      'parameter of another name',
      {
        query: [
          ['x', '1'],
          ['z', '2'],
        ],
      },
    ],
    ['body', { body: '[1]' }],
    ['plan', { plan: 'q' }],
  ])('differs with another %s', (_, change) => {
    expect(printed(change)).not.toBe(printed());
  });

  it('does not differ with the order of parameters, nor with the cursor itself', () => {
    expect(
      printed({
        query: [
          ['y', '2'],
          ['_cursor', 'c'],
          ['x', '1'],
        ],
      }),
    ).toBe(printed());
  });
});

describe('a cursor', () => {
  const place = { step: 1, after: 3 };
  const code = (text: string | undefined, now: number) => {
    try {
      return parseCursor(text, now);
    } catch (error) {
      if (error instanceof ApiError) return [error.code, ...error.faults];
      throw error;
    }
  };

  it('gives back its place for an hour', () => {
    const text = printCursor(place, 1_000.9);
    expect(parseCursor(text, 4_599)).toEqual(place);
    expect(code(text, 4_600)).toEqual([
      'invalid_cursor',
      { path: '_cursor', message: 'is older than an hour; begin again without it' },
    ]);
  });

  it('that was not given here is none', () => {
    expect(code(undefined, 0)).toEqual([
      'invalid_cursor',
      { path: '_cursor', message: 'is no cursor of this request; send it with the very query that it came with' },
    ]);
  });

  it.each([
    [0, 256],
    [200, 256],
    [256, 512],
    [700, 768],
  ])('of %d characters has a length that does not tell them: %d', (characters, length) => {
    expect(printCursor({ key: 'k'.repeat(characters) }, 1)).toHaveLength(length);
  });
});
