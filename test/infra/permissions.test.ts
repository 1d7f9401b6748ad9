// Exactly what each function may do: an action more anywhere fails here.

import { describe, expect, test } from 'vitest';
import api from '#api';
import { type Resource, type Synthesized, smallApi, synth } from './synth-api.ts';

type Statement = {
  readonly Sid: string;
  readonly Action: string | string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
  readonly Effect: string;
};

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);

/** `items`, `items/index/by_status`, `own logs` or what CloudFormation was given. */
function nameOf(resource: unknown, role: string, { resources }: Synthesized): string {
  const parts = (resource as { 'Fn::Join'?: [string, unknown[]] })['Fn::Join']?.[1] ?? [resource];
  const texts = parts.map((part) => {
    const id = (part as { 'Fn::GetAtt'?: [string, string] })['Fn::GetAtt']?.[0];
    if (id === undefined) return typeof part === 'string' ? part : JSON.stringify(part);
    const name = resources[id]?.Metadata?.tablegate?.name;
    return name ?? (id.replace(/Logs.*$/, '') === role.replace(/Role.*$/, '') ? 'own logs' : id);
  });
  return texts.join('');
}

function statementsOf(role: Resource): Statement[] {
  expect(role.Properties.ManagedPolicyArns).toBeUndefined();
  return role.Properties.Policies.flatMap(
    (policy: { PolicyDocument: { Statement: Statement[] } }) => policy.PolicyDocument.Statement,
  );
}

function permissionsOf(endpoint: string, synthesized: Synthesized): string[] {
  const { resources, functionOf } = synthesized;
  const [role] = resources[functionOf(endpoint)]?.Properties.Role['Fn::GetAtt'] ?? [];
  return statementsOf(resources[role] as Resource)
    .flatMap(({ Action, Resource, Condition, Effect }) =>
      listOf(Action).flatMap((action) =>
        listOf(Resource).map((resource) => {
          expect(Effect).toBe('Allow');
          const condition = Condition === undefined ? '' : ` if ${JSON.stringify(Condition)}`;
          return `${action} ${nameOf(resource, role, synthesized)}${condition}`;
        }),
      ),
    )
    .sort();
}

const EVERY_FUNCTION = [
  'dynamodb:BatchGetItem auth',
  'dynamodb:BatchGetItem groups',
  'dynamodb:PutItem audit',
  'logs:CreateLogStream own logs',
  'logs:PutLogEvents own logs',
  'xray:PutTelemetryRecords *',
  'xray:PutTraceSegments *',
];
const IN_TRANSACTION = ' if {"StringEquals":{"dynamodb:EnclosingOperation":"TransactWriteItems"}}';
const LIST = [
  'dynamodb:GetItem items',
  'dynamodb:Query items',
  'dynamodb:Query items/index/by_product',
  'dynamodb:Query items/index/by_status',
  'dynamodb:Scan items',
  'dynamodb:Scan items/index/by_product',
  'dynamodb:Scan items/index/by_status',
];
const CHANGE = [
  'dynamodb:GetItem items',
  `dynamodb:PutItem items${IN_TRANSACTION}`,
  `dynamodb:UpdateItem items${IN_TRANSACTION}`,
];

describe('the example', () => {
  const synthesized = synth({ api });

  test.each([
    ['GET /items', LIST],
    ['GET /items/{search_key}/{search_value}', LIST],
    ['GET /item/{id}', ['dynamodb:GetItem items']],
    ['POST /item', ['dynamodb:GetItem items', `dynamodb:PutItem items${IN_TRANSACTION}`]],
    ['PUT /item/{id}', CHANGE],
    ['PATCH /item/{id}', CHANGE],
    ['DELETE /item/{id}', ['dynamodb:GetItem items', `dynamodb:DeleteItem items${IN_TRANSACTION}`]],
  ])('%s may do this and nothing else', (endpoint, own) => {
    expect(permissionsOf(endpoint, synthesized)).toEqual([...EVERY_FUNCTION, ...own].sort());
  });

  test('every endpoint has one function with a role of its own, and policies stand in roles only', () => {
    const functions = synthesized.ofType('AWS::Lambda::Function');
    const roles = functions.map(({ Properties }) => Properties.Role['Fn::GetAtt'][0]);
    expect(functions.map(({ Properties }) => Properties.Environment.Variables.ENDPOINT).sort()).toEqual(
      api.endpoints.map(({ method, route }) => `${method} ${route}`).sort(),
    );
    expect(new Set(roles).size).toBe(functions.length);
    expect(synthesized.ofType('AWS::IAM::Policy')).toEqual([]);
    expect(synthesized.ofType('AWS::IAM::ManagedPolicy')).toEqual([]);
  });

  test('no action has a wildcard, and no resource but where AWS knows no other', () => {
    const explained = { Trace: 'X-Ray has no resources' };
    const roles = synthesized.ofType('AWS::IAM::Role').filter(({ Properties }) => Properties.Policies);
    const statements = roles.flatMap(statementsOf);
    expect(statements.length).toBeGreaterThan(30);
    expect(statements.flatMap(({ Action }) => listOf(Action)).filter((action) => String(action).includes('*'))).toEqual(
      [],
    );
    const wild = statements.filter(({ Resource }) => JSON.stringify(Resource).includes('*'));
    expect([...new Set(wild.map(({ Sid }) => Sid))]).toEqual(Object.keys(explained));
  });

  test('API Gateway may invoke each function for its route and stage only', () => {
    const sources = synthesized
      .ofType('AWS::Lambda::Permission')
      .map(({ Properties }) => `${Properties.Principal} ${Properties.SourceArn['Fn::Join'][1].at(-1)}`);
    expect(sources.sort()).toEqual(
      [
        '/prod/*/items',
        '/prod/*/items/*/*',
        ...['/prod/*/item/*', '/prod/*/item/*', '/prod/*/item/*', '/prod/*/item/*'],
        '/prod/*/item',
      ]
        .map((path) => `apigateway.amazonaws.com ${path}`)
        .sort(),
    );
  });
});

test('a table without indexes gives no statement for them, and audit: false none for an audit table', () => {
  const synthesized = synth({ api: smallApi({ note: { partitionKey: { id: 'string' } } }, { audit: false }) });
  const common = EVERY_FUNCTION.filter((permission) => !permission.endsWith(' audit'));
  const own = ['GetItem', 'Query', 'Scan'].map((action) => `dynamodb:${action} note`);
  expect(permissionsOf('GET /notes', synthesized)).toEqual([...common, ...own].sort());
});
