// The HTTP API in the template: every route behind the JWT authorizer, the same Lambdas, no token in a log.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, test } from 'vitest';
import api from '#api';
import { type ApiOptions, api as defineApi } from '../../lib/definition/api.ts';
import { newApp, newStack, type Synthesized, smallApi, synth } from './synth-api.ts';

const oidc = { issuer: 'https://issuer.example.com', audience: ['tablegate', 'other'] };
const { tables, endpoints } = api;
const define = (auth: NonNullable<ApiOptions['auth']>, more: Pick<ApiOptions, 'cors'> = {}) =>
  defineApi({ tables, endpoints, auth, ...more });

const outputsOf = ({ template }: Synthesized): string[] => Object.keys(template.toJSON()['Outputs']);
const served = api.endpoints.flatMap(({ method, route }) =>
  (method === 'GET' ? ['GET', 'HEAD'] : [method]).map((each) => ({
    key: `${each} ${route}`,
    endpoint: `${method} ${route}`,
  })),
);

describe('with API keys and OIDC', () => {
  const synthesized = synth({ api: define({ oidc }) });
  const { resources, ofType, functionOf } = synthesized;
  const routes = ofType('AWS::ApiGatewayV2::Route').map(({ Properties }) => Properties);

  test('every endpoint is a route to its own function, HEAD beside each GET', () => {
    const found = routes.map(({ RouteKey, Target }) => {
      const integration = resources[Target['Fn::Join'][1][1].Ref]?.Properties;
      expect(integration).toMatchObject({ IntegrationType: 'AWS_PROXY', PayloadFormatVersion: '2.0' });
      return [RouteKey, integration.IntegrationUri['Fn::GetAtt'][0]];
    });
    expect(found.sort()).toEqual(served.map(({ key, endpoint }) => [key, functionOf(endpoint)]).sort());
    expect(ofType('AWS::ApiGatewayV2::Integration')).toHaveLength(api.endpoints.length);
  });

  test('no route is open: each needs a token of the issuer, for the audience', () => {
    const [[id, authorizer] = [], ...others] = Object.entries(resources).filter(
      ([, { Type }]) => Type === 'AWS::ApiGatewayV2::Authorizer',
    );
    expect(others).toEqual([]);
    expect(authorizer?.Properties).toMatchObject({
      AuthorizerType: 'JWT',
      IdentitySource: ['$request.header.Authorization'],
      JwtConfiguration: { Issuer: oidc.issuer, Audience: oidc.audience },
    });
    expect(routes.length).toBeGreaterThan(10);
    for (const { AuthorizationType, AuthorizerId } of routes) {
      expect([AuthorizationType, AuthorizerId]).toEqual(['JWT', { Ref: id }]);
    }
  });

  test('each function may be invoked for its own route, by this API and the REST API', () => {
    const [httpId] = Object.entries(resources).find(([, { Type }]) => Type === 'AWS::ApiGatewayV2::Api') ?? [];
    const permissions = ofType('AWS::Lambda::Permission').map(({ Properties }) => Properties);
    for (const { method, route } of api.endpoints) {
      const own = permissions.filter(
        ({ FunctionName }) => FunctionName['Fn::GetAtt'][0] === functionOf(`${method} ${route}`),
      );
      expect(own).toHaveLength(2);
      const http = own.filter(({ SourceArn }) => JSON.stringify(SourceArn).includes(`{"Ref":"${httpId}"}`));
      expect(http).toHaveLength(1);
      const path = route.replaceAll(/\{\w+\}/g, '*');
      expect(http[0].SourceArn['Fn::Join'][1].at(-1)).toBe(`/*/*${path}`);
      expect(http[0]).toMatchObject({ Principal: 'apigateway.amazonaws.com', Action: 'lambda:InvokeFunction' });
    }
  });

  test('the stage is throttled, and its logs hold no token, no claim and no path', () => {
    const [stage, ...others] = ofType('AWS::ApiGatewayV2::Stage').map(({ Properties }) => Properties);
    expect(others).toEqual([]);
    expect(stage).toMatchObject({
      StageName: '$default',
      AutoDeploy: true,
      DefaultRouteSettings: { ThrottlingRateLimit: 12, ThrottlingBurstLimit: 150 },
    });
    const logged: string[] = Object.values(JSON.parse(stage.AccessLogSettings.Format));
    expect(logged).toContain('$context.routeKey');
    expect(logged).toContain('$context.authorizer.error');
    expect(logged.filter((each) => /claims|header|\$context\.path|token/.test(each))).toEqual([]);
    const group = resources[stage.AccessLogSettings.DestinationArn['Fn::GetAtt'][0]];
    expect(group?.Properties.RetentionInDays).toBe(30);
  });

  test('it has an alarm for its own failures, and says where it answers', () => {
    const alarms = ofType('AWS::CloudWatch::Alarm').filter(({ Properties }) => Properties.MetricName === '5xx');
    expect(alarms.map(({ Properties }) => Properties.Statistic)).toEqual(['Sum']);
    expect(outputsOf(synthesized)).toEqual(expect.arrayContaining(['ApiUrl', 'UsagePlanId', 'HttpApiUrl']));
  });

  test('without cors no page may call', () => {
    expect(ofType('AWS::ApiGatewayV2::Api')[0]?.Properties).not.toHaveProperty('CorsConfiguration');
  });
});

test('OIDC without API keys: the HTTP API alone', () => {
  const synthesized = synth({ api: define({ apiKeys: false, oidc }) });
  const { resources, ofType } = synthesized;
  expect(Object.values(resources).filter(({ Type }) => Type.startsWith('AWS::ApiGateway::'))).toEqual([]);
  expect(ofType('AWS::ApiGatewayV2::Route')).toHaveLength(served.length);
  expect(outputsOf(synthesized)).toContain('HttpApiUrl');
  expect(outputsOf(synthesized)).not.toContain('ApiUrl');
  expect(outputsOf(synthesized)).not.toContain('UsagePlanId');
});

test('API keys without OIDC: the REST API alone', () => {
  const synthesized = synth({ api: define({}) });
  const types = Object.values(synthesized.resources).map(({ Type }) => Type);
  expect(types.filter((type) => type.startsWith('AWS::ApiGatewayV2::'))).toEqual([]);
  expect(types).toContain('AWS::ApiGateway::RestApi');
  expect(outputsOf(synthesized)).not.toContain('HttpApiUrl');
});

test.each([
  ['neither', { apiKeys: false }, /http-api\.test\.ts:\d+: auth\.apiKeys is false and there is no auth\.oidc/],
  [
    'an issuer over http',
    { oidc: { ...oidc, issuer: 'http://issuer.example.com' } },
    /:\d+: auth\.oidc\.issuer is 'http:/,
  ],
  ['an issuer that is no URL', { oidc: { ...oidc, issuer: 'issuer' } }, /:\d+: auth\.oidc\.issuer is 'issuer'/],
  ['no audience', { oidc: { ...oidc, audience: [] } }, /:\d+: auth\.oidc\.audience must name/],
  ['an empty audience', { oidc: { ...oidc, audience: '' } }, /:\d+: auth\.oidc\.audience must name/],
])('%s is refused with the line that says so', (_, auth, message) => {
  expect(() => newStack({ api: define(auth) })).toThrow(message);
});

test('cors: API Gateway answers preflights for those origins, without credentials', () => {
  const { ofType } = synth({ api: define({ oidc }, { cors: { origins: ['https://app.example.com'] } }) });
  const cors = ofType('AWS::ApiGatewayV2::Api')[0]?.Properties.CorsConfiguration;
  expect(cors).toMatchObject({ AllowOrigins: ['https://app.example.com'], MaxAge: 600 });
  expect(cors).not.toHaveProperty('AllowCredentials');
  expect([...cors.AllowMethods].sort()).toEqual(['DELETE', 'GET', 'HEAD', 'PATCH', 'POST', 'PUT']);
  expect(cors.AllowHeaders).toContain('Authorization');
});

test('limits are settings', () => {
  const { ofType } = synth({ api: define({ oidc }), stageRateLimit: 5, stageBurstLimit: 6 });
  expect(ofType('AWS::ApiGatewayV2::Stage')[0]?.Properties.DefaultRouteSettings).toEqual({
    ThrottlingRateLimit: 5,
    ThrottlingBurstLimit: 6,
  });
});

test('cdk-nag has nothing to say of the HTTP API alone, and sees an open route', () => {
  const checked = (change: (stack: ReturnType<typeof newStack>) => void) => {
    const app = newApp();
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    change(newStack({ api: define({ apiKeys: false, oidc }) }, app));
    return app;
  };
  expect(() => checked(() => {}).synth()).not.toThrow();
  const careless = checked((stack) => {
    const route = stack.tablegate.httpApi?.node.findChild('GET items').node.defaultChild;
    (route as { authorizationType?: string }).authorizationType = 'NONE';
  });
  expect(() => careless.synth()).toThrow('AwsSolutions-APIG4');
  const report = readFileSync(join(careless.outdir, 'validation-report.json'), 'utf8');
  expect(new Set(report.match(/AwsSolutions-[A-Z]+\d+/g))).toEqual(new Set(['AwsSolutions-APIG4']));
});

test('both APIs before thirty endpoints fit into one stack with room to spare', () => {
  const names = ['album', 'book', 'coin', 'disc', 'event'];
  const small = smallApi(Object.fromEntries(names.map((name) => [name, { partitionKey: { id: 'string' } }])));
  const both = defineApi({ tables: small.tables, endpoints: small.endpoints, auth: { oidc } });
  const { resources } = synth({ api: both });
  expect(Object.keys(resources).length).toBeLessThan(440);
});
