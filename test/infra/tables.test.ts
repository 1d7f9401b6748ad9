// The tables in the template: kept, encrypted, recoverable, with the keys and indexes that the run-time code relies on.

import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Table } from 'aws-cdk-lib/aws-dynamodb';
import { Key } from 'aws-cdk-lib/aws-kms';
import { describe, expect, test } from 'vitest';
import api from '#api';
import { newApp, newStack, type Resource, smallApi, synth } from './synth-api.ts';

const keys = (schema: { AttributeName: string; KeyType: string }[]): string =>
  schema.map(({ AttributeName, KeyType }) => `${KeyType} ${AttributeName}`).join(', ');

function shapeOf({ Properties }: Resource) {
  const types = Properties.AttributeDefinitions.map(
    (attribute: { AttributeName: string; AttributeType: string }) =>
      `${attribute.AttributeName} ${attribute.AttributeType}`,
  );
  const indexes = (Properties.GlobalSecondaryIndexes ?? []).map(
    (index: { IndexName: string; KeySchema: never; Projection: { ProjectionType: string } }) =>
      `${index.IndexName}: ${keys(index.KeySchema)}: ${index.Projection.ProjectionType}`,
  );
  return { keys: keys(Properties.KeySchema), types, indexes, ttl: Properties.TimeToLiveSpecification };
}

describe('the example', () => {
  const { ofType, tableNamed, template } = synth({ api });

  test('every table is on demand, encrypted, recoverable, protected and kept', () => {
    const tables = ofType('AWS::DynamoDB::Table');
    expect(tables.map(({ Metadata }) => Metadata?.tablegate)).toEqual([
      { kind: 'data', name: 'items' },
      { kind: 'auth', name: 'auth' },
      { kind: 'groups', name: 'groups' },
      { kind: 'audit', name: 'audit' },
      { kind: 'requests', name: 'requests' },
    ]);
    for (const { Properties, DeletionPolicy, UpdateReplacePolicy } of tables) {
      expect(Properties).toMatchObject({
        BillingMode: 'PAY_PER_REQUEST',
        SSESpecification: { SSEEnabled: true },
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        DeletionProtectionEnabled: true,
      });
      expect(Properties.TableName).toBeUndefined();
      expect([DeletionPolicy, UpdateReplacePolicy]).toEqual(['Retain', 'Retain']);
    }
  });

  test.each([
    [
      'items',
      {
        keys: 'HASH id',
        types: ['id S', 'status S', 'created S', 'product S'],
        indexes: ['by_status: HASH status, RANGE created: ALL', 'by_product: HASH product, RANGE created: ALL'],
        ttl: undefined,
      },
    ],
    ['auth', { keys: 'HASH id', types: ['id S'], indexes: [], ttl: undefined }],
    ['groups', { keys: 'HASH group_id', types: ['group_id S'], indexes: [], ttl: undefined }],
    [
      'audit',
      {
        keys: 'HASH time, RANGE id',
        types: ['time S', 'id S', 'resource_key S', 'user_key S', 'day_shard S'],
        indexes: [
          'by_resource: HASH resource_key, RANGE time: KEYS_ONLY',
          'by_user: HASH user_key, RANGE time: KEYS_ONLY',
          'by_day: HASH day_shard, RANGE time: KEYS_ONLY',
        ],
        ttl: { AttributeName: 'expire_time', Enabled: true },
      },
    ],
    [
      'requests',
      { keys: 'HASH id', types: ['id S'], indexes: [], ttl: { AttributeName: 'expire_time', Enabled: true } },
    ],
  ])('%s has its keys and indexes', (name, shape) => {
    expect(shapeOf(tableNamed(name))).toEqual(shape);
  });

  test('the outputs name every table', () => {
    const outputs = template.toJSON()['Outputs'];
    expect(Object.keys(outputs).sort()).toEqual(
      [
        ...['AuditTable', 'AuthTable', 'Dataitems', 'GroupsTable', 'RequestsTable'],
        ...['ApiUrl', 'HttpApiUrl', 'UsagePlanId'],
      ].sort(),
    );
    expect(outputs.Dataitems.Description).toBe("The data table 'items'");
  });
});

test('a composite key, number keys and a TTL attribute are as defined', () => {
  const order = {
    partitionKey: { customer: 'string' },
    sortKey: { number: 'number' },
    indexes: { by_total: { partitionKey: { total: 'number' } } },
    ttl: 'gone_at',
  } as const;
  const { tableNamed } = synth({ api: smallApi({ order }) });
  expect(shapeOf(tableNamed('order'))).toEqual({
    keys: 'HASH customer, RANGE number',
    types: ['customer S', 'number N', 'total N'],
    indexes: ['by_total: HASH total: ALL'],
    ttl: { AttributeName: 'gone_at', Enabled: true },
  });
});

test('tables whose names differ in signs only have an output each', () => {
  const key = { partitionKey: { id: 'string' } } as const;
  const { template } = synth({ api: smallApi({ 'my-note': key, my_note: key, mynote: key }) });
  const named = Object.entries<{ Description: string }>(template.toJSON()['Outputs'])
    .filter(([name]) => name.startsWith('Data'))
    .map(([, { Description }]) => Description);
  expect(named.sort()).toEqual(["The data table 'my-note'", "The data table 'my_note'", "The data table 'mynote'"]);
});

test('without audit there is no audit table, no name of one in any function, and no output', () => {
  const small = smallApi({ note: { partitionKey: { id: 'string' } } }, { audit: false });
  const { ofType, template } = synth({ api: small });
  expect(ofType('AWS::DynamoDB::Table').map(({ Metadata }) => Metadata?.tablegate?.name)).toEqual([
    'note',
    'auth',
    'groups',
    'requests',
  ]);
  for (const { Properties } of ofType('AWS::Lambda::Function')) {
    const { ENDPOINT, ...others } = Properties.Environment.Variables;
    const expected = ['API_NAME', 'AUTH_TABLE', 'DATA_TABLE', 'GROUPS_TABLE', 'REQUESTS_TABLE'];
    expect(Object.keys(others).sort(), ENDPOINT).toEqual(expected);
  }
  expect(template.toJSON()['Outputs']).not.toHaveProperty('AuditTable');
});

describe('existing tables', () => {
  test('are used in the place of new ones, with the keys they are encrypted with', () => {
    const app = newApp();
    const elsewhere = new Stack(app, 'Elsewhere');
    const bring = (name: string) => Table.fromTableName(elsewhere, name, name);
    const encryptionKey = Key.fromKeyArn(elsewhere, 'Key', 'arn:aws:kms:eu-central-1:111122223333:key/k');
    const tableArn = 'arn:aws:dynamodb:eu-central-1:111122223333:table/stock';
    const items = Table.fromTableAttributes(elsewhere, 'Items', { tableArn, encryptionKey });
    const tables = {
      authTable: bring('a'),
      groupsTable: bring('g'),
      auditTable: bring('l'),
      requestsTable: bring('r'),
      tables: { items },
    };
    const { ofType, resources, functionOf } = synth({ api, ...tables }, newStack({ api, ...tables }, app));
    expect(ofType('AWS::DynamoDB::Table')).toEqual([]);
    expect(resources[functionOf('GET /items')]?.Properties.Environment.Variables).toEqual({
      ENDPOINT: 'GET /items',
      DATA_TABLE: 'stock',
      AUTH_TABLE: 'a',
      GROUPS_TABLE: 'g',
      AUDIT_TABLE: 'l',
      REQUESTS_TABLE: 'r',
      API_NAME: expect.any(String),
    });
    expect(resources[functionOf('GET /types')]?.Properties.Environment.Variables).not.toHaveProperty('REQUESTS_TABLE');
    expect(resources[functionOf('PUT /item/{id}')]?.Properties.Environment.Variables.REQUESTS_TABLE).toBe('r');
    const policies = JSON.stringify(ofType('AWS::IAM::Role'));
    expect(policies).toContain(`${tableArn}/index/by_status`);
    expect(policies).toContain('kms:Decrypt');
  });

  test('of a name that the API does not have are refused', () => {
    const app = newApp();
    const stock = Table.fromTableName(new Stack(app, 'Elsewhere'), 'T', 'stock');
    expect(() => newStack({ api, tables: { stock } }, app)).toThrow("tables has 'stock'; the API's tables are items");
  });

  test('an audit table for an API without audit is refused', () => {
    const app = newApp();
    const auditTable = Table.fromTableName(new Stack(app, 'Elsewhere'), 'T', 'audit');
    const small = smallApi({ note: { partitionKey: { id: 'string' } } }, { audit: false });
    expect(() => newStack({ api: small, auditTable }, app)).toThrow('audit: false');
  });
});

test('tables and logs go with the stack where that is asked for', () => {
  const { ofType } = synth({ api, removalPolicy: RemovalPolicy.DESTROY, deletionProtection: false });
  const kept = [...ofType('AWS::DynamoDB::Table'), ...ofType('AWS::Logs::LogGroup')];
  expect(new Set(kept.map(({ DeletionPolicy }) => DeletionPolicy))).toEqual(new Set(['Delete']));
  expect(ofType('AWS::DynamoDB::Table').map(({ Properties }) => Properties.DeletionProtectionEnabled)).toEqual(
    Array(5).fill(false),
  );
});
