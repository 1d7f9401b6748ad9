// Measures each row in a process of its own, on a bundle made as the Lambdas' are: no loader of TypeScript in its memory
// and no trace of one in its code, and nothing that another row has warmed up or left.

import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { BUNDLE_SETTINGS } from '../lib/infra/bundle.ts';
import type { Measured } from './figures.ts';
import type { Question, Reply } from './measured.ts';

const ENVIRONMENT = {
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'local',
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
};

export class Apart {
  readonly #folder = mkdtempSync(join(tmpdir(), 'tablegate-bench-'));
  readonly #file = join(this.#folder, 'measured.cjs');

  constructor() {
    process.once('exit', () => this.remove());
    buildSync({
      ...BUNDLE_SETTINGS,
      entryPoints: [fileURLToPath(new URL('./measured.ts', import.meta.url))],
      outfile: this.#file,
      // Names stay, for profiles; they cost nothing once the code is compiled.
      minify: false,
    });
  }

  /** @throws Error with what the process said */
  async measure(question: Question): Promise<Measured> {
    const child = fork(this.#file, {
      execArgv: ['--expose-gc', ...profiling()],
      env: { ...process.env, ...ENVIRONMENT },
      // The log of the handlers is written, and read by nobody.
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    child.send(question);
    const reply = await replyOf(child);
    if ('error' in reply) throw new Error(reply.error);
    return reply.measured;
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** `--cpu-prof` and what belongs to it, where this process was started with it. */
function profiling(): readonly string[] {
  return process.execArgv.filter((arg) => arg.startsWith('--cpu-prof'));
}

function replyOf(child: ChildProcess): Promise<Reply> {
  return new Promise((resolve, reject) => {
    child.once('message', (reply: Reply) => resolve(reply));
    child.once('error', reject);
    child.once('exit', (code, signal) => reject(new Error(`the measuring process ended with ${signal ?? code}`)));
  });
}
