// docs/reference/construct.md as text, from the props' own types and comments. A prop without an example here is an error of
// the compiler; test/infra/construct-page.test.ts synthesizes the page's examples together.

import type { TablegateProps } from '../lib/infra/tablegate.ts';
import { code, markdownTable } from './markdown-table.ts';
import { membersOf } from './source-types.ts';

const FILE = 'lib/infra/tablegate.ts';

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
  stageRateLimit: '200',
  stageBurstLimit: '400',
  rateLimit: '20',
  burstLimit: '40',
  dailyQuota: '10_000',
  accountLogRole: 'false',
  alarmTopic: "new Topic(stack, 'Alarms')",
  sentryDsn: "'https://key@sentry.example.com/1'",
};

/** The whole page. */
export function constructPage(): string {
  const rows = membersOf(FILE, 'TablegateProps').map(({ name, isOptional, comment, default: given }) => [
    code(name),
    comment,
    isOptional ? defaultOf(given) : 'required',
    code(EXAMPLES[name as keyof TablegateProps]),
  ]);
  return `${[OPENING, markdownTable([['prop', 'what it is', 'default', 'example'], ...rows]), CLOSING].join('\n\n')}`;
}

/** A value as code, a sentence as it is. */
function defaultOf(text = ''): string {
  return /^(?:'.*'|[\w.]+)$/.test(text) ? code(text) : text;
}

const OPENING = `# The construct

<!-- Made by \`npm run docs:reference\` from ${FILE} and scripts/construct-page.ts. -->

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
