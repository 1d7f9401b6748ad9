// docs/reference/construct.md, tried: the examples of all props, together in one stack, and each of them shows.

import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Table } from 'aws-cdk-lib/aws-dynamodb';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { expect, it } from 'vitest';
import { Tablegate, type TablegateProps } from '../../lib/infra/tablegate.ts';
import { CONCURRENCY, EXAMPLES } from '../../scripts/construct-page.ts';
import { membersOf } from '../../scripts/source-types.ts';
import { EXAMPLE, lambdasFolder, newApp, smallApi } from './synth-api.ts';

/** Places that are there only in the reader's project. */
const HERE = { definitionFile: EXAMPLE, lambdasFolder };

/** What each example leaves in the template. */
const LEAVES: Readonly<Partial<Record<keyof TablegateProps, RegExp>>> = {
  tables: /shop-items/,
  authTable: /shop-auth/,
  groupsTable: /shop-groups/,
  auditTable: /shop-audit/,
  requestsTable: /shop-requests/,
  removalPolicy: /"DeletionPolicy":"Delete"/,
  memorySize: /"MemorySize":2048/,
  logRetention: /"RetentionInDays":180/,
  stageName: /"StageName":"v1"/,
  concurrency: /"ReservedConcurrentExecutions":40\b/,
  stageRateLimit: /"ThrottlingRateLimit":200\b/,
  stageBurstLimit: /"ThrottlingBurstLimit":400\b/,
  rateLimit: /"RateLimit":6\b/,
  burstLimit: /"BurstLimit":40\b/,
  dailyQuota: /"Limit":10000\b/,
  alarmTopic: /"AWS::SNS::Topic"/,
  sentryDsn: /"SENTRY_DSN":"https:\/\/key@sentry\.example\.com\/1"/,
};

function templateOf(names: readonly string[], examples: Readonly<Record<string, string>> = EXAMPLES): string {
  const stack = new Stack(newApp(), 'Shop');
  const api = smallApi({ items: { partitionKey: { id: 'string' } } });
  const scope = { stack, api, Table, RemovalPolicy, RetentionDays, Topic };
  const text = names.map((name) => `${name}: ${examples[name]}`).join(', ');
  const props = new Function(...Object.keys(scope), `return { ${text} }`)(...Object.values(scope)) as TablegateProps;
  new Tablegate(stack, 'Api', { ...props, ...HERE });
  return JSON.stringify(Template.fromStack(stack).toJSON());
}

const names = membersOf('lib/infra/tablegate.ts', 'TablegateProps').map(({ name }) => name);

/** What it takes away from the template, and what shows by the function that runs. */
const OTHERS = ['api', 'definitionFile', 'lambdasFolder', 'deletionProtection', 'accountLogRole'];

it('has an example for every prop, and a trace of each', () => {
  expect(Object.keys(EXAMPLES).toSorted()).toEqual(names.toSorted());
  expect([...Object.keys(LEAVES), ...OTHERS].toSorted()).toEqual(names.toSorted());
});

it('has examples that a stack can be made of, and that leave what they say', () => {
  const template = templateOf(names);
  const plain = templateOf(['api']);
  for (const [name, left] of Object.entries(LEAVES)) {
    expect([name, left.test(template), left.test(plain)]).toEqual([name, true, false]);
  }
});

it('has, of what takes something away, less with the example than without', () => {
  const has = (text: string, ...names: readonly string[]) => templateOf(['api', ...names]).includes(text);
  const account = '"AWS::ApiGateway::Account"';
  const protection = '"DeletionProtectionEnabled":true';
  expect([has(account), has(account, 'accountLogRole')]).toEqual([true, false]);
  expect([has(protection), has(protection, 'deletionProtection')]).toEqual([true, false]);
});

it('has, of concurrency, an example of each part that a stack can be made of', () => {
  const example = `{ ${Object.entries(CONCURRENCY).map(([name, value]) => `${name}: ${value}`)} }`;
  expect(templateOf(['api', 'concurrency'], { ...EXAMPLES, concurrency: example })).toContain(
    '"ThrottlingBurstLimit":80',
  );
});
