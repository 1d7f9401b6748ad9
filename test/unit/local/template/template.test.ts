// The synthesized template as a plain model.

import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readTemplate } from '../../../../lib/local/template/template.ts';
import { writeCdkOutput } from '../../../support/cdk-output.ts';

const code = 'exports.handler = async () => ({})';

describe('readTemplate', () => {
  it('reads routes, methods and the function behind each', () => {
    const model = readTemplate(writeCdkOutput({ 'GET /items': { code }, 'PUT /item/{id}': { code } }));
    const found = model.routes.map(({ resource, methods }) => [resource, [...methods.keys()]]);
    expect(found).toEqual([
      ['/items', ['GET', 'ANY']],
      ['/item/{id}', ['PUT', 'ANY']],
    ]);
    const put = model.routes[1]?.methods.get('PUT');
    expect(put).toEqual({
      apiKeyRequired: true,
      integration: { kind: 'lambda', functionId: 'Function1', timeoutMs: 29_000 },
    });
    expect(model.stage).toBe('test');
  });

  it('resolves references, joins and ARNs in the environment of a function', () => {
    const environment = {
      TABLE: { Ref: 'Items1A2B' },
      AUTH: { 'Fn::Join': ['/', ['x', { Ref: 'Auth3C4D' }, { Ref: 'AWS::Region' }]] },
      ARN: { 'Fn::GetAtt': ['Items1A2B', 'Arn'] },
    };
    const model = readTemplate(writeCdkOutput({ 'GET /items': { code, environment, timeout: 7, memory: 256 } }));
    const read = model.functions.get('Function0');
    expect(read?.environment).toEqual({
      TABLE: 'items',
      AUTH: 'x/auth/us-east-1',
      ARN: 'arn:aws:dynamodb:us-east-1:000000000000:table/items',
    });
    expect([read?.timeoutSeconds, read?.memoryMb, basename(read?.directory ?? '')]).toEqual([7, 256, 'asset.0']);
  });

  it('reads tables of both kinds as what creates them', () => {
    const [items, auth] = readTemplate(writeCdkOutput({ 'GET /items': { code } })).tables;
    expect(items).toMatchObject({ kind: 'data', logicalName: 'items', name: 'items', ttl: 'expires' });
    expect(items?.create).toEqual({
      TableName: 'items',
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
    });
    expect(auth).toMatchObject({ kind: 'auth', name: 'auth' });
    expect(auth).not.toHaveProperty('ttl');
  });

  it('names the variable it cannot resolve', () => {
    const environment = { SECRET: { 'Fn::ImportValue': 'x' } };
    const directory = writeCdkOutput({ 'GET /items': { code, environment } });
    expect(() => readTemplate(directory)).toThrow(
      'the variable SECRET of function Function0 is {"Fn::ImportValue":"x"}, which the local runtime cannot resolve',
    );
  });

  it('refuses a mapping template that it cannot evaluate', () => {
    const template = { 'application/json': '{"m":"$util.escapeJavaScript($context.error.message)"}' };
    const Odd = {
      Type: 'AWS::ApiGateway::GatewayResponse',
      Properties: { ResponseType: 'THROTTLED', ResponseTemplates: template },
    };
    expect(() => readTemplate(writeCdkOutput({ 'GET /items': { code } }, { Odd }))).toThrow('more than $context');
  });
});
