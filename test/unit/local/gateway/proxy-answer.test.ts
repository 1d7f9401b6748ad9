// A function's answer as API Gateway reads it.

import { describe, expect, it } from 'vitest';
import { parseProxyAnswer } from '../../../../lib/local/gateway/proxy-answer.ts';

const json = ['Content-Type', 'application/json'];

describe('parseProxyAnswer', () => {
  it.each([
    [{}, { status: 200, headers: [json], body: '' }],
    [
      { statusCode: '201', body: 'x' },
      { status: 201, headers: [json], body: 'x' },
    ],
    [
      { statusCode: 200, headers: { 'content-type': 'a/b' } },
      { status: 200, headers: [['content-type', 'a/b']], body: '' },
    ],
    [
      { headers: { a: '1', B: 'x' }, multiValueHeaders: { A: ['2', '3'] } },
      { status: 200, headers: [json, ['B', 'x'], ['A', '2'], ['A', '3']], body: '' },
    ],
    [
      { headers: { 'Content-Length': 5, 'Transfer-Encoding': 'chunked' } },
      { status: 200, headers: [json, ['x-amzn-Remapped-Content-Length', '5']], body: '' },
    ],
    [
      { body: 'YQ==', isBase64Encoded: true },
      { status: 200, headers: [json], body: 'YQ==' },
    ],
  ])('%j', (answer, expected) => expect(parseProxyAnswer(JSON.stringify(answer))).toEqual(expected));

  it.each([
    null,
    'text',
    [],
    { statusCode: 200, extra: 1 },
    { statusCode: 'ok' },
    { statusCode: 42 },
    { statusCode: 700 },
    { body: { a: 1 } },
    { headers: [] },
    { headers: { a: {} } },
    { headers: { 'a b': 'x' } },
    { headers: { a: 'x\r\ny' } },
    { multiValueHeaders: { a: 'x' } },
  ])('%j is malformed', (answer) => expect(parseProxyAnswer(JSON.stringify(answer))).toBeUndefined());
});
