// The REST API in the template: which method needs a key, what API Gateway answers by itself, logs and limits.

import { describe, expect, test } from 'vitest';
import api from '#api';
import { titles } from '../../lib/base/errors.ts';
import { type Resource, type Synthesized, synth } from './synth-api.ts';

function routeOf({ resources }: Synthesized, reference: { Ref?: string }): string {
  const resource = resources[reference.Ref ?? ''];
  if (resource?.Type !== 'AWS::ApiGateway::Resource') return '';
  return `${routeOf({ resources } as Synthesized, resource.Properties.ParentId)}/${resource.Properties.PathPart}`;
}

describe('the example', () => {
  const synthesized = synth({ api });
  const { ofType, functionOf, template, stack } = synthesized;
  const methods = ofType('AWS::ApiGateway::Method').map(({ Properties }) => ({
    name: `${Properties.HttpMethod} ${routeOf(synthesized, Properties.ResourceId)}`,
    properties: Properties,
  }));
  const methodNamed = (wanted: string): Resource['Properties'] =>
    methods.find(({ name }) => name === wanted)?.properties;

  test('every endpoint method needs a key and goes to its function; HEAD goes where GET goes', () => {
    const expected = api.endpoints.flatMap(({ method, route }) => {
      const lambda = functionOf(`${method} ${route}`);
      const served = method === 'GET' ? ['GET', 'HEAD'] : [method];
      return served.map((each) => [`${each} ${route}`, true, 'AWS_PROXY', lambda]);
    });
    const found = methods
      .filter(({ properties }) => properties.Integration.Type !== 'MOCK')
      .map(({ name, properties }) => {
        const lambda = properties.Integration.Uri['Fn::Join'][1].find((part: object) => 'Fn::GetAtt' in Object(part));
        return [name, properties.ApiKeyRequired, properties.Integration.Type, lambda['Fn::GetAtt'][0]];
      });
    expect(found.sort()).toEqual(expected.sort());
  });

  test('without a key there is only ANY of each route, a MOCK', () => {
    const open = methods.filter(({ properties }) => properties.ApiKeyRequired !== true);
    expect(open.map(({ name, properties }) => `${name} ${properties.Integration.Type}`).sort()).toEqual([
      'ANY /audit MOCK',
      'ANY /audit/{id} MOCK',
      'ANY /history/{id} MOCK',
      'ANY /item MOCK',
      'ANY /item/{id} MOCK',
      'ANY /items MOCK',
      'ANY /items/{search_key}/{search_value} MOCK',
      'ANY /search/{search_key} MOCK',
      'ANY /statuses MOCK',
      'ANY /types MOCK',
      'ANY /user MOCK',
      'ANY /user/has-permission MOCK',
    ]);
  });

  test.each([
    ['/item', 'POST'],
    ['/item/{id}', 'GET, HEAD, PUT, PATCH, DELETE'],
    ['/items', 'GET, HEAD'],
    ['/search/{search_key}', 'POST'],
  ])('another method on %s is 405 and Allow says %s', (route, allow) => {
    const { Integration, MethodResponses } = methodNamed(`ANY ${route}`);
    const [response] = Integration.IntegrationResponses;
    expect(response.StatusCode).toBe('405');
    expect(response.SelectionPattern).toBeUndefined();
    expect(response.ResponseParameters).toEqual({
      'method.response.header.Allow': `'${allow}'`,
      'method.response.header.Cache-Control': "'no-store'",
      'method.response.header.Content-Type': "'application/problem+json; charset=utf-8'",
      'method.response.header.Referrer-Policy': "'no-referrer'",
      'method.response.header.Strict-Transport-Security': "'max-age=31536000; includeSubDomains'",
      'method.response.header.X-Frame-Options': "'DENY'",
      'method.response.header.X-Content-Type-Options': "'nosniff'",
      'method.response.header.X-Request-Id': 'context.requestId',
    });
    expect(JSON.parse(response.ResponseTemplates['application/json'])).toEqual({
      type: 'about:blank',
      title: titles.method_not_allowed,
      status: 405,
      detail: titles.method_not_allowed,
      code: 'method_not_allowed',
      request_id: '$context.requestId',
    });
    // API Gateway drops a header that the method does not declare.
    expect(Object.keys(MethodResponses[0].ResponseParameters)).toEqual(Object.keys(response.ResponseParameters));
    expect(MethodResponses[0].StatusCode).toBe('405');
  });

  test('a mock is told its status for every kind of body that clients send', () => {
    const { RequestTemplates, PassthroughBehavior } = methodNamed('ANY /item').Integration;
    expect(PassthroughBehavior).toBe('NEVER');
    expect(Object.keys(RequestTemplates)).toEqual(
      expect.arrayContaining(['application/json', 'application/merge-patch+json', 'text/plain']),
    );
    for (const template of Object.values(RequestTemplates)) expect(template).toBe('{"statusCode":405}');
  });

  test.each([
    ['INVALID_API_KEY', 401, 'unauthenticated', undefined],
    ['UNAUTHORIZED', 401, 'unauthenticated', undefined],
    ['EXPIRED_TOKEN', 401, 'unauthenticated', undefined],
    ['INVALID_SIGNATURE', 401, 'unauthenticated', undefined],
    ['ACCESS_DENIED', 403, 'not_authorized', undefined],
    ['WAF_FILTERED', 403, 'not_authorized', undefined],
    ['MISSING_AUTHENTICATION_TOKEN', 404, 'not_found', undefined],
    ['RESOURCE_NOT_FOUND', 404, 'not_found', undefined],
    ['THROTTLED', 429, 'throttled', "'1'"],
    ['QUOTA_EXCEEDED', 429, 'throttled', "'3600'"],
    ['REQUEST_TOO_LARGE', 413, 'too_large', undefined],
    ['UNSUPPORTED_MEDIA_TYPE', 415, 'unsupported_media_type', undefined],
    ['BAD_REQUEST_PARAMETERS', 400, 'invalid_query', undefined],
    ['BAD_REQUEST_BODY', 400, 'invalid_body', undefined],
    ['DEFAULT_4XX', 400, 'invalid_path', undefined],
    ['INTEGRATION_TIMEOUT', 504, 'unavailable', "'1'"],
    ['INTEGRATION_FAILURE', 504, 'unavailable', "'1'"],
    ['API_CONFIGURATION_ERROR', 500, 'internal', undefined],
    ['AUTHORIZER_CONFIGURATION_ERROR', 500, 'internal', undefined],
    ['AUTHORIZER_FAILURE', 500, 'internal', undefined],
    ['DEFAULT_5XX', 502, 'internal', undefined],
  ] as const)('%s is answered %i %s as a problem', (type, status, code, retryAfter) => {
    const answers = ofType('AWS::ApiGateway::GatewayResponse').filter(
      ({ Properties }) => Properties.ResponseType === type,
    );
    expect(answers).toHaveLength(1);
    const { StatusCode, ResponseParameters, ResponseTemplates } = answers[0]?.Properties ?? {};
    expect(StatusCode).toBe(String(status));
    const body = JSON.parse(ResponseTemplates['application/json']);
    expect(body).toMatchObject({ type: 'about:blank', title: titles[code], status, code });
    expect(Object.keys(body)).toEqual(['type', 'title', 'status', 'detail', 'code', 'request_id']);
    expect(ResponseParameters).toEqual({
      'gatewayresponse.header.Content-Type': "'application/problem+json; charset=utf-8'",
      'gatewayresponse.header.Referrer-Policy': "'no-referrer'",
      'gatewayresponse.header.Strict-Transport-Security': "'max-age=31536000; includeSubDomains'",
      'gatewayresponse.header.X-Frame-Options': "'DENY'",
      'gatewayresponse.header.Cache-Control': "'no-store'",
      'gatewayresponse.header.X-Content-Type-Options': "'nosniff'",
      'gatewayresponse.header.X-Request-Id': 'context.requestId',
      ...(retryAfter && { 'gatewayresponse.header.Retry-After': retryAfter }),
    });
  });

  test('templates fill in nothing but the request id, which API Gateway makes', () => {
    const text = JSON.stringify([...ofType('AWS::ApiGateway::GatewayResponse'), methodNamed('ANY /item')]);
    expect(new Set(text.match(/\$[\w.$]+/g))).toEqual(new Set(['$context.requestId']));
  });

  test('the stage is logged, traced and throttled, and its logs hold no key and no path', () => {
    const [stage] = ofType('AWS::ApiGateway::Stage');
    expect(stage?.Properties).toMatchObject({ StageName: 'prod', TracingEnabled: true });
    expect(stage?.Properties.MethodSettings).toEqual([
      {
        HttpMethod: '*',
        ResourcePath: '/*',
        LoggingLevel: 'ERROR',
        DataTraceEnabled: false,
        ThrottlingRateLimit: 12,
        ThrottlingBurstLimit: 150,
      },
    ]);
    const logged: string[] = Object.values(JSON.parse(stage?.Properties.AccessLogSetting.Format));
    expect(logged).toContain('$context.identity.apiKeyId');
    expect(logged).not.toContain('$context.identity.apiKey');
    expect(logged).not.toContain('$context.path');
  });

  test('the usage plan limits each key, and no key stands in the template', () => {
    const [plan] = ofType('AWS::ApiGateway::UsagePlan');
    expect(plan?.Properties).toMatchObject({
      Throttle: { RateLimit: 6, BurstLimit: 75 },
      Quota: { Limit: 100_000, Period: 'DAY' },
    });
    expect(ofType('AWS::ApiGateway::ApiKey')).toEqual([]);
  });

  test('it is regional and says where it answers', () => {
    expect(ofType('AWS::ApiGateway::RestApi')[0]?.Properties.EndpointConfiguration).toEqual({ Types: ['REGIONAL'] });
    const url = stack.resolve(template.toJSON()['Outputs'].ApiUrl.Value);
    expect(JSON.stringify(url)).toContain('.execute-api.');
  });
});

test('limits, stage and the role of the account are settings', () => {
  const settings = { stageName: 'v1', stageRateLimit: 5, stageBurstLimit: 6, rateLimit: 1, burstLimit: 2 };
  const { ofType } = synth({ api, ...settings, dailyQuota: 3, accountLogRole: false });
  expect(ofType('AWS::ApiGateway::Stage')[0]?.Properties).toMatchObject({
    StageName: 'v1',
    MethodSettings: [{ ThrottlingRateLimit: 5, ThrottlingBurstLimit: 6 }],
  });
  expect(ofType('AWS::ApiGateway::UsagePlan')[0]?.Properties).toMatchObject({
    Throttle: { RateLimit: 1, BurstLimit: 2 },
    Quota: { Limit: 3 },
  });
  expect(ofType('AWS::ApiGateway::Account')).toEqual([]);
});
