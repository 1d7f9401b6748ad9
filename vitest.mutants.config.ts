// The tests that mutants are tried against (`npx stryker run`): the unit tests and the laws of the pure folders, and no
// projects, which Stryker's runner knows poorly. Laws try few cases, the same ones each time, so that a score is a figure.

import { basename, dirname } from 'node:path';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type Reporter, type TestSpecification, type Vitest } from 'vitest/node';

const FOLDERS = ['condition', 'access', 'query', 'plan', 'dynamo', 'audit'];
/** Those of these folders; the others are of base, or of whole operations. */
const LAWS = ['access', 'audit', 'plan', 'regex', 'simplify'];

/** The tests of the mutated file's own folder first, the laws last: one failure ends a run. */
class NearestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const [mutated] = this.ctx.config.related ?? [];
    const near = mutated === undefined ? '' : basename(dirname(mutated));
    const rank = ({ moduleId }: TestSpecification) => {
      if (moduleId.includes('/test/laws/')) return 2;
      return moduleId.includes(`/test/unit/${near}/`) ? 0 : 1;
    };
    const sorted = await super.sort(files);
    return sorted.toSorted((a, b) => rank(a) - rank(b));
  }
}

/** A file that does not even load fails a test of its own: Stryker's runner, which counts tests, would see no failure. */
class LoadFailures implements Reporter {
  #vitest: Vitest | undefined;
  onInit(vitest: Vitest): void {
    this.#vitest = vitest;
  }
  onTestRunEnd(): void {
    for (const file of this.#vitest?.state.getFiles() ?? []) {
      if (file.result?.state !== 'fail' || file.tasks.length > 0) continue;
      const { result } = file;
      const test = { type: 'test', id: `${file.id}_load`, name: 'loads', fullName: 'loads', mode: 'run' } as const;
      const task = { ...test, fullTestName: 'loads', file, suite: file, timeout: 0, annotations: [], artifacts: [] };
      file.tasks.push({ ...task, meta: {}, context: Object.create(null), result });
    }
  }
}

export default defineConfig({
  test: {
    isolate: false,
    setupFiles: ['test/support/seed.ts'],
    reporters: [new LoadFailures()],
    include: [
      ...FOLDERS.map((folder) => `test/unit/${folder}/**/*.test.ts`),
      ...LAWS.map((law) => `test/laws/${law}.test.ts`),
    ],
    env: { TABLEGATE_PROVE: '0.03', TABLEGATE_SEED: '1' },
    testTimeout: 60_000,
    sequence: { sequencer: NearestFirst },
  },
});
