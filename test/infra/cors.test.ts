// CORS in the template: a preflight for each route where the definition allows origins, and nothing where it does not.

import { describe, expect, test } from 'vitest';
import { api } from '../../lib/definition/api.ts';
import { get, list, update } from '../../lib/definition/endpoint.ts';
import { table } from '../../lib/definition/table.ts';
import { readOriginTemplate } from '../../lib/local/template/origin-template.ts';
import { type Resource, type Synthesized, synth } from './synth-api.ts';

const note = table('note', { partitionKey: { id: 'string' } });
const endpoints = [list('/notes', note), get('/note/{id}', note), update('/note/{id}', note)];
const withOrigins = (...origins: string[]) =>
  synth({ api: api({ tables: [note], endpoints, ...(origins.length > 0 && { cors: { origins } }) }) });

const ALLOW_ORIGIN = 'header.Access-Control-Allow-Origin';

function methods({ ofType }: Synthesized, name: string): Resource['Properties'][] {
  return ofType('AWS::ApiGateway::Method').flatMap(({ Properties }) =>
    Properties.HttpMethod === name ? [Properties] : [],
  );
}

describe('without cors', () => {
  const synthesized = withOrigins();

  test('there is no OPTIONS and no header of it anywhere', () => {
    expect(methods(synthesized, 'OPTIONS')).toEqual([]);
    expect(JSON.stringify(synthesized.resources)).not.toMatch(/Access-Control|OPTIONS/);
  });
});

describe.each([['*'], ['https://app.example.com']])('with the one origin %s', (origin) => {
  const synthesized = withOrigins(origin);

  test('each route answers its preflight by itself, without a key', () => {
    const found = methods(synthesized, 'OPTIONS');
    expect(found).toHaveLength(2);
    for (const { ApiKeyRequired, Integration, MethodResponses } of found) {
      expect([ApiKeyRequired ?? false, Integration.Type]).toEqual([false, 'MOCK']);
      const [response] = Integration.IntegrationResponses;
      expect(response.StatusCode).toBe('204');
      expect(response.ResponseParameters[`method.response.${ALLOW_ORIGIN}`]).toBe(`'${origin}'`);
      const declared = Object.keys(MethodResponses[0].ResponseParameters);
      expect(declared).toEqual(expect.arrayContaining(Object.keys(response.ResponseParameters)));
    }
    const allowed = found.map(
      ({ Integration }) =>
        Integration.IntegrationResponses[0].ResponseParameters['method.response.header.Access-Control-Allow-Methods'],
    );
    expect(allowed.sort()).toEqual(["'GET, HEAD'", "'GET, HEAD, PUT'"]);
  });

  test("API Gateway's own answers name the origin too", () => {
    const answers = synthesized.ofType('AWS::ApiGateway::GatewayResponse');
    expect(answers.length).toBeGreaterThan(10);
    for (const { Properties } of answers)
      expect(Properties.ResponseParameters[`gatewayresponse.${ALLOW_ORIGIN}`]).toBe(`'${origin}'`);
    for (const { Integration } of methods(synthesized, 'ANY')) {
      const { ResponseParameters } = Integration.IntegrationResponses[0];
      expect(ResponseParameters[`method.response.${ALLOW_ORIGIN}`]).toBe(`'${origin}'`);
      expect(ResponseParameters['method.response.header.Allow']).toMatch(/, OPTIONS'$/);
    }
  });
});

describe('with several origins', () => {
  const origins = ['https://app.example.com', 'http://localhost:5173'];
  const synthesized = withOrigins(...origins);

  test('a preflight names the one that asks, by a template that the local runtime reads', () => {
    for (const { Integration, MethodResponses } of methods(synthesized, 'OPTIONS')) {
      const [response] = Integration.IntegrationResponses;
      expect(response.ResponseParameters).not.toHaveProperty([`method.response.${ALLOW_ORIGIN}`]);
      expect(MethodResponses[0].ResponseParameters).toHaveProperty([`method.response.${ALLOW_ORIGIN}`], true);
      expect(response.ResponseParameters['method.response.header.Vary']).toBe("'Origin'");
      expect(readOriginTemplate(response.ResponseTemplates['application/json'])).toEqual(origins);
    }
  });

  test("API Gateway's own answers, which cannot choose, name none", () => {
    const text = JSON.stringify(synthesized.ofType('AWS::ApiGateway::GatewayResponse'));
    expect(text).not.toContain('Access-Control');
  });
});

test.each([
  ['#set($origin = 1)'],
  ['$context.requestId'],
  [''],
  ['#if($origin == "https://a")#set($context.responseOverride.header.Access-Control-Allow-Origin = $origin)#end'],
])('the local runtime takes no other template for that one: %s', (template) => {
  expect(readOriginTemplate(template)).toBeUndefined();
});
