// A small cdk.out as CDK writes it, with functions of our own: the local runtime is tested before and apart from the app.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

export type FixtureFunction = {
  /** CommonJS that sets `exports.handler`. */
  readonly code: string;
  readonly timeout?: number;
  readonly memory?: number;
  readonly environment?: Readonly<Record<string, unknown>>;
};

type Resources = Record<string, object>;

const written: string[] = [];
afterAll(() => {
  for (const directory of written) rmSync(directory, { recursive: true, force: true });
});

const ROOT = { 'Fn::GetAtt': ['Rest', 'RootResourceId'] };
const PROBLEM = '{"code":"$context.error.responseType","request_id":"$context.requestId"}';

/** Writes a cloud assembly with one function per route (`GET /item/{id}`) into a new folder, and gives the folder. */
export function writeCdkOutput(routes: Readonly<Record<string, FixtureFunction>>, more: Resources = {}): string {
  const directory = mkdtempSync(join(tmpdir(), 'tablegate-fixture-'));
  written.push(directory);
  const resources: Resources = { Rest: { Type: 'AWS::ApiGateway::RestApi' }, ...gatewayResources(), ...tables() };
  const files: Record<string, object> = {};
  Object.entries(routes).forEach(([route, fixture], at) => {
    const [method = '', path = ''] = route.split(' ');
    const folder = `asset.${at}`;
    mkdirSync(join(directory, folder));
    writeFileSync(join(directory, folder, 'index.js'), fixture.code);
    files[`hash${at}`] = { source: { path: folder, packaging: 'zip' } };
    resources[`Function${at}`] = lambda(at, fixture);
    addRoute(resources, path, method, `Function${at}`);
  });
  const artifacts = {
    Stack: { type: 'aws:cloudformation:stack', properties: { templateFile: 'Stack.template.json' } },
  };
  writeFileSync(join(directory, 'manifest.json'), JSON.stringify({ artifacts }));
  writeFileSync(join(directory, 'Stack.assets.json'), JSON.stringify({ files }));
  writeFileSync(join(directory, 'Stack.template.json'), JSON.stringify({ Resources: { ...resources, ...more } }));
  return directory;
}

function lambda(at: number, { timeout = 3, memory = 128, environment = {} }: FixtureFunction): object {
  return {
    Type: 'AWS::Lambda::Function',
    Properties: {
      Code: { S3Bucket: { 'Fn::Sub': 'cdk-assets' }, S3Key: `hash${at}.zip` },
      Handler: 'index.handler',
      Runtime: 'nodejs22.x',
      Timeout: timeout,
      MemorySize: memory,
      Environment: { Variables: environment },
    },
  };
}

function addRoute(resources: Resources, path: string, method: string, functionId: string): void {
  let parent: object = ROOT;
  let id = 'Path';
  for (const part of path.split('/').slice(1)) {
    id += part.replace(/\W/g, '');
    resources[id] = { Type: 'AWS::ApiGateway::Resource', Properties: { ParentId: parent, PathPart: part } };
    parent = { Ref: id };
  }
  const uri = [
    'arn:',
    { Ref: 'AWS::Partition' },
    ':lambda:path/',
    { 'Fn::GetAtt': [functionId, 'Arn'] },
    '/invocations',
  ];
  const shared = { ResourceId: parent, RestApiId: { Ref: 'Rest' } };
  resources[`${id}${method}`] = {
    Type: 'AWS::ApiGateway::Method',
    Properties: {
      ...shared,
      HttpMethod: method,
      ApiKeyRequired: true,
      Integration: { Type: 'AWS_PROXY', Uri: { 'Fn::Join': ['', uri] } },
    },
  };
  resources[`${id}ANY`] = {
    Type: 'AWS::ApiGateway::Method',
    Properties: { ...shared, HttpMethod: 'ANY', ...mock(method) },
  };
}

function mock(allowed: string): object {
  return {
    Integration: {
      Type: 'MOCK',
      PassthroughBehavior: 'NEVER',
      RequestTemplates: { 'application/json': '{"statusCode":405}' },
      IntegrationResponses: [
        {
          StatusCode: '405',
          ResponseParameters: {
            'method.response.header.Allow': `'${allowed}'`,
            'method.response.header.X-Request-Id': 'context.requestId',
          },
          ResponseTemplates: { 'application/json': '{"status":405,"request_id":"$context.requestId"}' },
        },
      ],
    },
  };
}

function gatewayResources(): Resources {
  const response = (type: string, status: string | undefined) => ({
    Type: 'AWS::ApiGateway::GatewayResponse',
    Properties: {
      ResponseType: type,
      ...(status && { StatusCode: status }),
      ResponseParameters: { 'gatewayresponse.header.Content-Type': "'application/problem+json'" },
      ResponseTemplates: { 'application/json': PROBLEM },
    },
  });
  return {
    Missing: response('MISSING_AUTHENTICATION_TOKEN', '404'),
    Key: response('INVALID_API_KEY', '401'),
    Default5: response('DEFAULT_5XX', undefined),
    Stage: { Type: 'AWS::ApiGateway::Stage', Properties: { StageName: 'test' } },
  };
}

function tables(): Resources {
  const table = (kind: string, name: string, key: string) => ({
    Metadata: { tablegate: { kind, name } },
    Properties: {
      AttributeDefinitions: [{ AttributeName: key, AttributeType: 'S' }],
      KeySchema: [{ AttributeName: key, KeyType: 'HASH' }],
    },
  });
  const items = table('data', 'items', 'id');
  return {
    Items1A2B: {
      ...items,
      Type: 'AWS::DynamoDB::Table',
      Properties: { ...items.Properties, TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true } },
    },
    Auth3C4D: { ...table('auth', 'auth', 'id'), Type: 'AWS::DynamoDB::GlobalTable' },
  };
}
