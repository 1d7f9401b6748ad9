// The tests by kind, one project each. The machine may have two cores: the engine tests and the acceptance tests, which
// start servers of their own, run after the others and never beside each other.

import { configDefaults, defineConfig } from 'vitest/config';

/** A check generates the same cases each time; `npm run prove` new ones. */
const SEED = process.env['TABLEGATE_SEED'] ?? (process.env['TABLEGATE_PROVE'] === undefined ? '20261125' : '');

const env = {
  TABLEGATE_SEED: SEED,
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'local',
  // The CDK's own validation takes two seconds a synth; `npm run check` runs it once, in its synth step.
  CDK_VALIDATION: 'false',
  CDK_DISABLE_CLI_TELEMETRY: 'true',
};

/** `npm run prove` tries so many times more. */
const FACTOR = Number(process.env['TABLEGATE_PROVE'] ?? 1);

type Options = { readonly timeout: number; readonly group?: number; readonly workers?: number };

function project(name: string, { timeout, group = 0, workers = 2 }: Options) {
  return {
    test: {
      name,
      include: [`test/${name}/**/*.test.ts`],
      exclude: configDefaults.exclude,
      env,
      setupFiles: ['test/support/seed.ts'],
      testTimeout: timeout * FACTOR,
      hookTimeout: Math.max(timeout, 60_000),
      maxWorkers: workers,
      sequence: { groupOrder: group },
    },
  };
}

export default defineConfig({
  test: {
    projects: [
      project('unit', { timeout: 10_000 }),
      project('laws', { timeout: 60_000 }),
      project('handlers', { timeout: 10_000 }),
      project('infra', { timeout: 60_000 }),
      project('engine', { timeout: 60_000, group: 1 }),
      project('acceptance', { timeout: 120_000, group: 2, workers: 1 }),
    ],
    coverage: {
      provider: 'v8',
      include: ['base', 'definition', 'condition', 'access', 'query', 'plan', 'dynamo', 'audit'].map(
        (folder) => `lib/${folder}/**/*.ts`,
      ),
      reporter: ['text-summary', 'html'],
    },
  },
});
