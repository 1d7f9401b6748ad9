// The event and the answer of an HTTP API (payload version 2.0). Paths are as captured on AWS (hotsock/voker).

import { describe, expect, it } from 'vitest';
import { parseQuery } from '../../../../lib/local/gateway/request.ts';
import { parseHttpApiAnswer } from '../../../../lib/local/http-api/http-api-answer.ts';
import { httpApiEvent } from '../../../../lib/local/http-api/http-api-event.ts';
import { httpApiPath } from '../../../../lib/local/http-api/http-api-path.ts';

describe('httpApiPath', () => {
  it.each([
    ['/capture/plain', '/capture/plain'],
    ['/capture/space%20value', '/capture/space value'],
    ['/capture/question%3Fvalue', '/capture/question'],
    ['/capture/percent%25done', undefined],
    ['/capture/hash%23value', '/capture/hash#value'],
    ['/capture/slash%2Fvalue', '/capture/slash/value'],
    ['/capture/unicode-%CE%BB-%E4%B8%96%E7%95%8C', '/capture/unicode-λ-世界'],
    ['/capture/literal%252Fvalue', '/capture/literal/value'],
    ['/capture/literal%253Fvalue', '/capture/literal?value'],
    ['/capture/literal%2525value', '/capture/literal%value'],
    ['/capture/a+b', '/capture/a+b'],
    ['/capture/%FF', undefined],
    ['/capture/%', undefined],
  ])('%s is %s', (sent, path) => expect(httpApiPath(sent)).toBe(path));
});

type Options = {
  readonly query?: string;
  readonly headers?: readonly (readonly [string, string])[];
  readonly body?: Buffer;
  readonly claims?: object;
};

function eventOf({ query = '', headers = [], body = Buffer.alloc(0), claims = {} }: Options = {}) {
  const request = {
    method: 'GET',
    path: '/item/a b',
    queryText: query,
    query: parseQuery(query) ?? [],
    headers,
    body,
    sourceIp: '127.0.0.1',
    protocol: 'HTTP/1.1',
    requestId: 'r',
    extendedRequestId: 'e',
    time: new Date('2026-07-10T19:19:05.766Z'),
  };
  const match = { resource: '/item/{id}', method: {}, pathParameters: new Map([['id', 'a b']]) };
  return httpApiEvent(request, match, claims as Record<string, unknown>) as Record<string, unknown>;
}

describe('httpApiEvent', () => {
  it('has the path decoded, the query as sent, and the context of AWS', () => {
    const headers = [
      ['Host', 'localhost:3000'],
      ['User-Agent', 'curl'],
    ] as const;
    expect(eventOf({ query: 'a=1&a=2&b=x%2By+z', headers })).toMatchObject({
      version: '2.0',
      routeKey: 'GET /item/{id}',
      rawPath: '/item/a b',
      rawQueryString: 'a=1&a=2&b=x%2By+z',
      queryStringParameters: { a: '1,2', b: 'x+y z' },
      pathParameters: { id: 'a b' },
      isBase64Encoded: false,
      requestContext: {
        domainName: 'localhost',
        http: { method: 'GET', path: '/item/a b', protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'curl' },
        requestId: 'e',
        routeKey: 'GET /item/{id}',
        stage: '$default',
        time: '10/Jul/2026:19:19:05 +0000',
        timeEpoch: 1_783_711_145_766,
      },
    });
  });

  it('leaves out what is not there', () => {
    const event = eventOf();
    expect(event['rawQueryString']).toBe('');
    for (const name of ['queryStringParameters', 'cookies', 'body']) expect(event).not.toHaveProperty(name);
  });

  it('names headers in lower case, joins what is repeated by commas, and takes cookies out', () => {
    const event = eventOf({
      headers: [
        ['X-One', 'first'],
        ['x-one', 'second'],
        ['Cookie', 'session=abc; theme=dark'],
        ['__proto__', 'p'],
        ['Connection', 'close'],
      ],
    });
    expect(event['headers']).toMatchObject({
      'x-one': 'first,second',
      ['__proto__']: 'p',
      'x-forwarded-proto': 'http',
    });
    expect(event['headers']).not.toHaveProperty('cookie');
    expect(event['headers']).not.toHaveProperty('connection');
    expect(event['cookies']).toEqual(['session=abc', 'theme=dark']);
  });

  it('flattens claims to text', () => {
    const claims = {
      sub: 'jane',
      exp: 1_783_711_145,
      groups: ['a', 'b'],
      one: ['[a b]'],
      none: [],
      email_verified: true,
      nothing: null,
      deep: { b: [1], a: 'x' },
    };
    expect(eventOf({ claims })['requestContext']).toMatchObject({
      authorizer: {
        jwt: {
          claims: {
            sub: 'jane',
            exp: '1783711145',
            groups: '[a b]',
            one: '[[a b]]',
            none: '[]',
            email_verified: 'true',
            nothing: '<nil>',
            deep: 'map[a:x b:[1]]',
          },
          scopes: null,
        },
      },
    });
  });

  it.each([
    ['application/json; charset=utf-8', true],
    ['application/merge-patch+json', true],
    ['text/plain', true],
    ['application/octet-stream', false],
    ['', false],
  ])('delivers a body of %s as text: %s', (type, isText) => {
    const event = eventOf({ headers: [['Content-Type', type]], body: Buffer.from('{"é":1}') });
    expect(event['isBase64Encoded']).toBe(!isText);
    expect(event['body']).toBe(isText ? '{"é":1}' : Buffer.from('{"é":1}').toString('base64'));
  });
});

describe('parseHttpApiAnswer', () => {
  const json = ['content-type', 'application/json'];
  const text = ['content-type', 'text/plain; charset=utf-8'];
  it.each([
    [
      { statusCode: 201, body: 'x' },
      { status: 201, headers: [text], body: 'x' },
    ],
    [{ statusCode: '204' }, { status: 204, headers: [text], body: '' }],
    [
      { statusCode: 200, headers: { 'Content-Type': 'a/b', n: 5 } },
      {
        status: 200,
        headers: [
          ['Content-Type', 'a/b'],
          ['n', '5'],
        ],
        body: '',
      },
    ],
    [
      { statusCode: 200, cookies: ['a=1', 'b=2'] },
      { status: 200, headers: [text, ['set-cookie', 'a=1'], ['set-cookie', 'b=2']], body: '' },
    ],
    [
      { statusCode: 200, body: 'w6k=', isBase64Encoded: true },
      { status: 200, headers: [text], body: Buffer.from('é') },
    ],
    [
      { statusCode: 200, headers: { 'Content-Length': '9', Connection: 'close' } },
      { status: 200, headers: [text], body: '' },
    ],
    [{ message: 'Hello' }, { status: 200, headers: [json], body: '{"message":"Hello"}' }],
    ['Hello', { status: 200, headers: [json], body: 'Hello' }],
    [[1], { status: 200, headers: [json], body: '[1]' }],
  ])('%j', (answer, expected) => expect(parseHttpApiAnswer(JSON.stringify(answer))).toEqual(expected));

  it.each([
    { statusCode: 'ok' },
    { statusCode: 42 },
    { statusCode: 700 },
    { statusCode: 200, body: { a: 1 } },
    { statusCode: 200, headers: [] },
    { statusCode: 200, headers: { a: 'x\r\ny' } },
    { statusCode: 200, cookies: 'a=1' },
    { statusCode: 200, cookies: ['a=1\r\nx: y'] },
  ])('%j cannot be sent', (answer) => expect(parseHttpApiAnswer(JSON.stringify(answer))).toBeUndefined());
});
