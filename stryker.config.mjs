// Mutation testing of the pure folders, folder by folder or all at once:
// `npx stryker run --mutate 'lib/condition/**/*.ts'`, `npx stryker run`. The last scores stand in docs/proof.md.

export default {
  mutate: ['condition', 'access', 'query', 'plan', 'dynamo', 'audit'].map((folder) => `lib/${folder}/**/*.ts`),
  testRunner: 'vitest',
  vitest: { configFile: 'vitest.mutants.config.ts' },
  coverageAnalysis: 'perTest',
  concurrency: 2,
  // A mutant that is slow is not a mutant that is found: endless loops are cut by counting, and time is given generously.
  timeoutMS: 60_000,
  timeoutFactor: 5,
  incremental: true,
  incrementalFile: 'reports/mutants/incremental.json',
  reporters: ['progress-append-only', 'clear-text', 'json', 'html'],
  jsonReporter: { fileName: 'reports/mutants/mutants.json' },
  htmlReporter: { fileName: 'reports/mutants/mutants.html' },
  clearTextReporter: { allowColor: false, reportTests: false, logTests: false },
  ignorePatterns: ['bench', 'cdk.out', 'coverage', 'reports', 'lib/infra'],
  thresholds: { high: 95, low: 90, break: 90 },
};
