// The event of a REST API: what AWS delivers for a request. Cases that are odd are as recorded on AWS by LocalStack's
// snapshot tests (test_lambda_aws_proxy_integration) and reported for a slash in a parameter (aws-sam-cli #3524).

import { describe, expect, it } from 'vitest';
import { restEvent } from '../../../../lib/local/gateway/event.ts';
import { type GatewayRequest, parseQuery } from '../../../../lib/local/gateway/request.ts';
import { createRouter, type Match } from '../../../../lib/local/gateway/router.ts';
import type { MethodModel, RouteModel } from '../../../../lib/local/template/template-routes.ts';

const method: MethodModel = {
  apiKeyRequired: true,
  integration: { kind: 'lambda', functionId: 'F', timeoutMs: 1 },
};
const route = (resource: string, name = 'GET'): RouteModel => ({ resource, methods: new Map([[name, method]]) });
const router = createRouter([
  route('/items'),
  route('/items/special'),
  route('/items/{key}/{value}'),
  route('/item/{id}'),
  route('/any', 'ANY'),
  route('/files/{path+}'),
]);

function eventOf(path: string, query: string, headers: GatewayRequest['headers'] = [], body = '') {
  const request: GatewayRequest = {
    method: 'GET',
    path,
    query: parseQuery(query) ?? [],
    headers,
    body: Buffer.from(body),
    sourceIp: '127.0.0.1',
    protocol: 'HTTP/1.1',
    requestId: 'r',
    extendedRequestId: 'e',
    time: new Date('2026-07-10T12:28:36.000Z'),
  };
  const event = restEvent(request, router('GET', path) as Match, 'prod', { id: 'key-1', value: 'secret' });
  return event as Record<string, never>;
}

describe('createRouter', () => {
  it.each([
    ['/items', '/items', {}],
    ['/items/', '/items', {}],
    ['/items/special', '/items/special', {}],
    ['/items/special/x', '/items/{key}/{value}', { key: 'special', value: 'x' }],
    ['/item/a%2Fb', '/item/{id}', { id: 'a%2Fb' }],
    ['/files/a/b/c', '/files/{path+}', { path: 'a/b/c' }],
  ])('%s is %s', (path, resource, parameters) => {
    const match = router('GET', path);
    expect(match?.resource).toBe(resource);
    expect(Object.fromEntries(match?.pathParameters ?? [])).toEqual(parameters);
  });

  it.each(['/', '/item', '/item/', '/item//', '/ITEMS', '/%69tems', '/items/a', '/items/a/b/c', '/items//b', '/files'])(
    '%s is no route',
    (path) => expect(router('GET', path)).toBeUndefined(),
  );

  it('takes ANY for a method that is not there', () => {
    expect(router('DELETE', '/any')?.resource).toBe('/any');
    expect(router('DELETE', '/items')).toBeUndefined();
  });
});

describe('parseQuery', () => {
  it.each([
    [
      'a=1&a=2',
      [
        ['a', '1'],
        ['a', '2'],
      ],
    ],
    [
      't=18:05+00:00&e=x%2By&w=a%20b',
      [
        ['t', '18:05 00:00'],
        ['e', 'x+y'],
        ['w', 'a b'],
      ],
    ],
    [
      'a&b=&=c&&d=e=f',
      [
        ['a', ''],
        ['b', ''],
        ['', 'c'],
        ['d', 'e=f'],
      ],
    ],
    ['%C3%A9=%E2%82%AC', [['é', '€']]],
    ['x=%FF', [['x', '\uFFFD']]],
    ['', []],
  ])('%s', (text, pairs) => expect(parseQuery(text)).toEqual(pairs));

  it.each(['a=%', 'a=%G1', '%2=x'])('%s is malformed', (text) => expect(parseQuery(text)).toBeUndefined());
});

describe('restEvent', () => {
  it('leaves path and path parameters as they were sent', () => {
    const event = eventOf('/item/test%2Balias@x.com', '');
    expect(event['path']).toBe('/item/test%2Balias@x.com');
    expect(event['pathParameters']).toEqual({ id: 'test%2Balias@x.com' });
    expect(event['resource']).toBe('/item/{id}');
  });

  it('has the last value of what is repeated, and every value in the multi-value maps', () => {
    const headers = [
      ['X-One', 'a'],
      ['x-one', 'b'],
      ['tEsT', 'c'],
    ] as const;
    const event = eventOf('/items', 'price=10&price=30&__proto__=p', headers);
    expect(event['queryStringParameters']).toEqual({ price: '30', ['__proto__']: 'p' });
    expect(event['multiValueQueryStringParameters']).toEqual({ price: ['10', '30'], ['__proto__']: ['p'] });
    expect(event['headers']).toMatchObject({ 'X-One': 'b', tEsT: 'c' });
    expect(event['multiValueHeaders']).toMatchObject({ 'X-One': ['a', 'b'] });
  });

  it('is null where there is nothing', () => {
    expect(eventOf('/items', '')).toMatchObject({
      queryStringParameters: null,
      multiValueQueryStringParameters: null,
      pathParameters: null,
      stageVariables: null,
      body: null,
      isBase64Encoded: false,
    });
  });

  it('has the request context of AWS, with the key that was accepted', () => {
    const headers = [
      ['Host', 'localhost:3000'],
      ['User-Agent', 'curl'],
      ['Connection', 'close'],
    ] as const;
    const event = eventOf('/items', '', headers, '{}');
    expect(event['body']).toBe('{}');
    expect(event['headers']).not.toHaveProperty('Connection');
    expect(event['requestContext']).toMatchObject({
      requestId: 'r',
      extendedRequestId: 'e',
      resourcePath: '/items',
      path: '/items',
      stage: 'prod',
      requestTime: '10/Jul/2026:12:28:36 +0000',
      requestTimeEpoch: 1_783_686_516_000,
      identity: { apiKey: 'secret', apiKeyId: 'key-1', sourceIp: '127.0.0.1', userAgent: 'curl' },
    });
  });
});
