// The CDK app: synthesizes the stack of one API. `npx cdk synth -c api=path/to/api.ts`, or TABLEGATE_API, names the
// definition. What shapes the template is here and in lib/infra, nothing in cdk.json: the local runtime and the tests run
// without the CLI, and get the same template.

import { resolve } from 'node:path';
import { App } from 'aws-cdk-lib';
import { CURRENTLY_RECOMMENDED_FLAGS } from 'aws-cdk-lib/cx-api';
import { EXAMPLE_API, loadDefinition } from '../lib/cli/files.ts';
import { DefinitionError } from '../lib/definition/definition-error.ts';
import { BundleError } from '../lib/infra/bundle.ts';
import { TablegateStack } from '../lib/infra/stack.ts';
import { UsageError } from '../lib/local/usage-error.ts';

try {
  // Left to itself, an App is synthesized when the process ends: after a mistake too, and then without a stack.
  const app = new App({ analyticsReporting: false, autoSynth: false, context: CURRENTLY_RECOMMENDED_FLAGS });
  const context: unknown = app.node.tryGetContext('api');
  const file = typeof context === 'string' ? context : (process.env['TABLEGATE_API'] ?? EXAMPLE_API);
  const sentryDsn = process.env['SENTRY_DSN'];
  const api = await loadDefinition(file, '-c api=FILE');
  new TablegateStack(app, 'Tablegate', { api, definitionFile: resolve(file), ...(sentryDsn && { sentryDsn }) });
  app.synth();
} catch (error) {
  const expected = [UsageError, DefinitionError, BundleError].some((kind) => error instanceof kind);
  if (!(expected && error instanceof Error)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
