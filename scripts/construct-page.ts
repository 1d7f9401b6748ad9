// docs/reference/construct.md as text, from the props' own types and comments. A prop without an example here is an error of
// the compiler; test/infra/construct-page.test.ts synthesizes the page's examples together.

import type { ConcurrencyProps } from '../lib/infra/capacity.ts';
import type { TablegateProps } from '../lib/infra/tablegate.ts';
import { code, markdownTable } from './markdown-table.ts';
import { type Member, membersOf } from './source-types.ts';

const FILE = 'lib/infra/tablegate.ts';
const CAPACITY = 'lib/infra/capacity.ts';

/** The value of each prop in the page's example. */
export const EXAMPLES: Readonly<Record<keyof TablegateProps, string>> = {
  api: 'api',
  definitionFile: "'my/api.ts'",
  lambdasFolder: "'my/lambdas'",
  tables: "{ items: Table.fromTableName(stack, 'Items', 'shop-items') }",
  authTable: "Table.fromTableName(stack, 'Auth', 'shop-auth')",
  groupsTable: "Table.fromTableName(stack, 'Groups', 'shop-groups')",
  auditTable: "Table.fromTableName(stack, 'Audit', 'shop-audit')",
  requestsTable: "Table.fromTableName(stack, 'Requests', 'shop-requests')",
  removalPolicy: 'RemovalPolicy.DESTROY',
  deletionProtection: 'false',
  memorySize: '2048',
  logRetention: 'RetentionDays.SIX_MONTHS',
  stageName: "'v1'",
  concurrency: '{ perFunction: 40 }',
  stageRateLimit: '200',
  stageBurstLimit: '400',
  rateLimit: '6',
  burstLimit: '40',
  dailyQuota: '10_000',
  accountLogRole: 'false',
  alarmTopic: "new Topic(stack, 'Alarms')",
  sentryDsn: "'https://key@sentry.example.com/1'",
};

/** The value of each part of `concurrency`. */
export const CONCURRENCY: Readonly<Record<keyof ConcurrencyProps, string>> = { total: '2_000', perFunction: '40' };

/** The whole page. */
export function constructPage(): string {
  const props = propRows(membersOf(FILE, 'TablegateProps'), EXAMPLES);
  const concurrency = propRows(membersOf(CAPACITY, 'ConcurrencyProps'), CONCURRENCY);
  return [OPENING, table(props), '## concurrency', table(concurrency), CLOSING].join('\n\n');
}

type Rows = readonly (readonly string[])[];

function propRows(members: readonly Member[], examples: Readonly<Record<string, string>>): Rows {
  return members.map(({ name, isOptional, comment, default: given }) => [
    code(name),
    comment.replaceAll('docs/guides/sizing.md', '[how to size an API](../guides/sizing.md)'),
    isOptional ? defaultOf(given) : 'required',
    code(examples[name] ?? ''),
  ]);
}

function table(rows: Rows): string {
  return markdownTable([['prop', 'what it is', 'default', 'example'], ...rows]);
}

/** A value as code, a sentence as it is. */
function defaultOf(text = ''): string {
  return /^(?:'.*'|[\w.]+)$/.test(text) ? code(text) : text;
}

const OPENING = `# The construct

<!-- Made by \`npm run docs:reference\` from ${FILE}, ${CAPACITY} and scripts/construct-page.ts. -->

\`\`\`ts
import { Tablegate } from './lib/infra/tablegate.ts';
import api from './my/api.ts';

new Tablegate(stack, 'Api', { api });
\`\`\`

makes tables, one Lambda per endpoint, the REST API (for API keys) and the HTTP API (for people who sign in) in front of
them, alarms and a dashboard. The stack of \`npx cdk deploy\` is this construct with outputs.`;

const ENVIRONMENT = [
  ['what', 'example'],
  ['`-c api=FILE`, or `TABLEGATE_API`', 'the definition: `npx cdk deploy -c api=my/api.ts`'],
  ['`SENTRY_DSN`', 'as the prop `sentryDsn`'],
];

const CLOSING = `## What it has

\`tables\`, \`functions\`, \`restApi\` (where the definition has \`auth.apiKeys\`) and \`httpApi\` (where it has \`auth.oidc\`):
the CDK's own constructs are inside, for whoever needs to go on from there.

## Environment of \`npx cdk deploy\`

${markdownTable(ENVIRONMENT)}
`;
