// The whole template at once: nothing in it is open to the world but the two APIs, and of these no method without a credential.

import { describe, expect, test } from 'vitest';
import api from '#api';
import { synth } from './synth-api.ts';

const { resources, ofType } = synth({ api });

/** Every type of resource that there is; another one must be looked at before it is added. */
const KNOWN = [
  'AWS::ApiGateway::Account',
  'AWS::ApiGateway::Deployment',
  'AWS::ApiGateway::GatewayResponse',
  'AWS::ApiGateway::Method',
  'AWS::ApiGateway::Resource',
  'AWS::ApiGateway::RestApi',
  'AWS::ApiGateway::Stage',
  'AWS::ApiGateway::UsagePlan',
  'AWS::ApiGatewayV2::Api',
  'AWS::ApiGatewayV2::Authorizer',
  'AWS::ApiGatewayV2::Integration',
  'AWS::ApiGatewayV2::Route',
  'AWS::ApiGatewayV2::Stage',
  'AWS::CloudWatch::Alarm',
  'AWS::CloudWatch::Dashboard',
  'AWS::DynamoDB::Table',
  'AWS::IAM::Role',
  'AWS::Lambda::Function',
  'AWS::Lambda::Permission',
  'AWS::Logs::LogGroup',
];

describe('the template of the example', () => {
  test('has no kind of resource that is not known here', () => {
    const types = new Set(Object.values(resources).map(({ Type }) => Type));
    expect([...types].sort()).toEqual(KNOWN);
  });

  test('trusts nobody but two services of AWS, by name', () => {
    const services = ['lambda', 'apigateway'].map((name) => `${name}.amazonaws.com`);
    const principals = new Set<string>();
    const look = (value: unknown, name = ''): void => {
      if (name === 'Principal') principals.add(JSON.stringify(value));
      if (typeof value === 'object' && value !== null) for (const [key, each] of Object.entries(value)) look(each, key);
    };
    look(resources);
    const allowed = services.flatMap((service) => [JSON.stringify(service), JSON.stringify({ Service: service })]);
    expect(principals.size).toBeGreaterThan(1);
    expect([...principals].filter((principal) => !allowed.includes(principal))).toEqual([]);
  });

  test('answers nobody without a credential, but with what an API Gateway mock says by itself', () => {
    const open = ofType('AWS::ApiGateway::Method').filter(({ Properties }) => Properties.ApiKeyRequired !== true);
    expect(open.length).toBeGreaterThan(0);
    expect(open.filter(({ Properties }) => Properties.Integration.Type !== 'MOCK')).toEqual([]);
    const routes = ofType('AWS::ApiGatewayV2::Route');
    expect(routes.length).toBeGreaterThan(0);
    expect(routes.filter(({ Properties }) => Properties.AuthorizationType !== 'JWT')).toEqual([]);
  });

  test('encrypts and keeps every table, limits both APIs, and keeps every log for a time', () => {
    for (const { Properties, DeletionPolicy } of ofType('AWS::DynamoDB::Table')) {
      expect([Properties.SSESpecification?.SSEEnabled, DeletionPolicy]).toEqual([true, 'Retain']);
      expect(Properties.ResourcePolicy).toBeUndefined();
    }
    const [{ Properties: stage } = { Properties: {} }] = ofType('AWS::ApiGateway::Stage');
    expect(stage.MethodSettings[0]).toMatchObject({ ThrottlingRateLimit: expect.any(Number) });
    const [{ Properties: plan } = { Properties: {} }] = ofType('AWS::ApiGateway::UsagePlan');
    expect([plan.Throttle.RateLimit > 0, plan.Quota.Limit > 0]).toEqual([true, true]);
    const [{ Properties: http } = { Properties: {} }] = ofType('AWS::ApiGatewayV2::Stage');
    expect(http.DefaultRouteSettings.ThrottlingRateLimit).toBeGreaterThan(0);
    const logs = ofType('AWS::Logs::LogGroup');
    expect(logs.length).toBeGreaterThan(ofType('AWS::Lambda::Function').length);
    expect(logs.filter(({ Properties }) => !(Properties.RetentionInDays > 0))).toEqual([]);
  });
});
