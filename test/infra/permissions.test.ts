// Exactly what each function may do: an action more anywhere fails here.

import { describe, expect, test } from 'vitest';
import api from '#api';
import { api as define } from '../../lib/definition/api.ts';
import { get } from '../../lib/definition/endpoint.ts';
import { table } from '../../lib/definition/table.ts';
import { listOf, permissionsOf, statementsOf } from './grants.ts';
import { smallApi, synth } from './synth-api.ts';

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
  'dynamodb:BatchGetItem items',
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

const FOR_THE_KEY = '"ForAllValues:StringEquals":{"dynamodb:LeadingKeys":["seal-key"]}';
/** Reads and makes the row that holds the key, and no request. */
const SEAL = [
  `dynamodb:GetItem requests if {${FOR_THE_KEY}}`,
  `dynamodb:PutItem requests${IN_TRANSACTION.replace(/\}$/, '')},${FOR_THE_KEY}}`,
];
const REPEAT = ['dynamodb:GetItem requests', `dynamodb:PutItem requests${IN_TRANSACTION}`];

/** Keys from an index, rows by their keys: no scan, and no query of the table. */
const AUDIT = [
  'dynamodb:BatchGetItem audit',
  'dynamodb:Query audit/index/by_day',
  'dynamodb:Query audit/index/by_resource',
  'dynamodb:Query audit/index/by_user',
];
const AUDIT_OF_ITEM = ['dynamodb:BatchGetItem audit', 'dynamodb:Query audit/index/by_resource'];

describe('the example', () => {
  const synthesized = synth({ api });

  test.each([
    ['GET /items', [...LIST, ...SEAL]],
    ['GET /items/{search_key}/{search_value}', [...LIST, ...SEAL]],
    ['GET /statuses', LIST],
    ['GET /types', LIST],
    ['POST /search/{search_key}', [...LIST, ...SEAL]],
    ['GET /audit', [...AUDIT, ...SEAL]],
    ['GET /audit/{id}', [...AUDIT_OF_ITEM, ...SEAL]],
    ['GET /history/{id}', [...AUDIT_OF_ITEM, ...SEAL]],
    ['GET /user', []],
    ['POST /user/has-permission', []],
    ['GET /item/{id}', ['dynamodb:GetItem items', ...SEAL]],
    ['POST /item', ['dynamodb:GetItem items', `dynamodb:PutItem items${IN_TRANSACTION}`, ...REPEAT]],
    ['PUT /item/{id}', [...CHANGE, ...REPEAT]],
    ['PATCH /item/{id}', [...CHANGE, ...REPEAT]],
    ['DELETE /item/{id}', ['dynamodb:GetItem items', `dynamodb:DeleteItem items${IN_TRANSACTION}`, ...REPEAT]],
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
    // Those of the HTTP API are in http-api.test.ts.
    const ofRestApi = sources.filter((source) => !source.includes(' /*/*/'));
    expect(ofRestApi.sort()).toEqual(
      [
        '/prod/*/items',
        '/prod/*/items/*/*',
        '/prod/*/statuses',
        '/prod/*/types',
        '/prod/*/search/*',
        '/prod/*/audit',
        '/prod/*/audit/*',
        '/prod/*/history/*',
        '/prod/*/user',
        '/prod/*/user/has-permission',
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
  const own = ['BatchGetItem', 'GetItem', 'Query', 'Scan'].map((action) => `dynamodb:${action} note`);
  expect(permissionsOf('GET /notes', synthesized)).toEqual([...common, ...own, ...SEAL].sort());
});

test('a get by a part of the key may look for its item, and one by the whole key may not', () => {
  const orders = table('orders', { partitionKey: { customer: 'string' }, sortKey: { number: 'number' } });
  const endpoints = [get('/order/{customer}', orders), get('/order/{customer}/{number}', orders)];
  const synthesized = synth({ api: define({ tables: [orders], endpoints }) });
  const onOrders = (endpoint: string) =>
    permissionsOf(endpoint, synthesized).filter((each) => each.includes(' orders'));
  expect(onOrders('GET /order/{customer}')).toEqual(
    ['BatchGetItem', 'GetItem', 'Query', 'Scan'].map((action) => `dynamodb:${action} orders`),
  );
  expect(onOrders('GET /order/{customer}/{number}')).toEqual(['dynamodb:GetItem orders']);
});
