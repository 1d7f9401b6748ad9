// The functions and their alarms in the template, and how much of CloudFormation's 500 resources an API takes.

import { Stack } from 'aws-cdk-lib';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { describe, expect, test } from 'vitest';
import api from '#api';
import { api as defineApi } from '../../lib/definition/api.ts';
import { newApp, newStack, smallApi, synth } from './synth-api.ts';

describe('the example', () => {
  const synthesized = synth({ api });
  const { ofType } = synthesized;

  test('functions are arm64 on the current Node, traced, and log JSON to a group of their own', () => {
    const functions = ofType('AWS::Lambda::Function');
    expect(functions).toHaveLength(api.endpoints.length);
    for (const { Properties } of functions) {
      expect(Properties).toMatchObject({
        Architectures: ['arm64'],
        Runtime: 'nodejs24.x',
        Handler: 'index.handler',
        Timeout: 25,
        MemorySize: 1024,
        TracingConfig: { Mode: 'Active' },
        LoggingConfig: { LogFormat: 'JSON' },
      });
    }
    const groups = functions.map(({ Properties }) => Properties.LoggingConfig.LogGroup.Ref);
    expect(new Set(groups).size).toBe(functions.length);
  });

  test('a function is told its endpoint, the physical names of its tables and the name of its metrics', () => {
    const variables = synthesized.resources[synthesized.functionOf('GET /item/{id}')]?.Properties.Environment.Variables;
    const named = Object.entries(variables).map(([name, value]) => {
      const id = (value as { Ref?: string }).Ref;
      return `${name}: ${id === undefined ? value : `the table ${synthesized.resources[id]?.Metadata?.tablegate?.name}`}`;
    });
    expect(named).toEqual([
      'ENDPOINT: GET /item/{id}',
      'DATA_TABLE: the table items',
      'AUTH_TABLE: the table auth',
      'GROUPS_TABLE: the table groups',
      'AUDIT_TABLE: the table audit',
      'REQUESTS_TABLE: the table requests',
      expect.stringMatching(/^API_NAME: \w+$/),
    ]);
  });

  test('endpoints of one operation share one bundle', () => {
    const keys = new Set(ofType('AWS::Lambda::Function').map(({ Properties }) => Properties.Code.S3Key));
    expect(keys.size).toBe(new Set(api.endpoints.map(({ operation }) => operation)).size);
    expect(keys.size).toBeLessThan(api.endpoints.length);
  });

  test("every log group keeps its lines for a month, API Gateway's own three among them", () => {
    const groups = ofType('AWS::Logs::LogGroup');
    expect(groups).toHaveLength(api.endpoints.length + 3);
    for (const { Properties } of groups) expect(Properties.RetentionInDays).toBe(30);
    expect(JSON.stringify(groups)).toContain('API-Gateway-Execution-Logs_');
  });

  test('every function has alarms for errors, throttles and slowness; the API for its failures at either gateway, denials and lost audit rows', () => {
    const alarms = ofType('AWS::CloudWatch::Alarm').map(({ Properties }) => Properties);
    const metrics = alarms.map(({ MetricName, Statistic, ExtendedStatistic }) =>
      [MetricName, Statistic ?? ExtendedStatistic].join(' '),
    );
    const count = (metric: string): number => metrics.filter((each) => each === metric).length;
    expect(alarms).toHaveLength(api.endpoints.length * 3 + 4);
    for (const metric of ['Errors Sum', 'Throttles Sum', 'Duration p99']) {
      expect(count(metric)).toBe(api.endpoints.length);
    }
    for (const metric of ['5XXError Sum', '5xx Sum', 'denied Sum', 'audit_failures Sum']) expect(count(metric)).toBe(1);
    expect(alarms.filter(({ AlarmActions }) => AlarmActions)).toEqual([]);
    expect(new Set(alarms.map(({ TreatMissingData }) => TreatMissingData))).toEqual(new Set(['notBreaching']));
  });
});

test('a topic is told of every alarm', () => {
  const app = newApp();
  const topic = new Topic(new Stack(app, 'Elsewhere'), 'Topic');
  const { ofType } = synth({ api }, newStack({ api, alarmTopic: topic }, app));
  const untold = ofType('AWS::CloudWatch::Alarm').filter(({ Properties }) => !Properties.AlarmActions);
  expect(untold).toEqual([]);
});

test('thirty endpoints fit into one stack with room to spare', () => {
  const names = ['album', 'book', 'coin', 'disc', 'event'];
  const tables = Object.fromEntries(names.map((name) => [name, { partitionKey: { id: 'string' } } as const]));
  const { resources } = synth({ api: smallApi(tables) });
  expect(Object.keys(resources).length).toBeLessThan(360);
});

test('an API that nobody could call is refused with the line that says so', () => {
  const closed = defineApi({ tables: api.tables, endpoints: api.endpoints, auth: { apiKeys: false } });
  expect(() => newStack({ api: closed })).toThrow(/functions\.test\.ts:\d+: auth\.apiKeys is false/);
});
