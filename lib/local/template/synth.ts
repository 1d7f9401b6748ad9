// Synthesizes the CDK app in a process of its own, as `cdk synth` would, into a folder that is deleted afterwards.

import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { UsageError } from '../usage-error.ts';

export type CloudAssembly = {
  /** The folder that CDK calls cdk.out. */
  readonly directory: string;
  remove(): Promise<void>;
};

const PACKAGE = fileURLToPath(new URL('../../../', import.meta.url));
const require = createRequire(import.meta.url);

/** Synthesizes the definition in `definition` (an absolute path). Throws UsageError with what the app says is wrong. */
export async function synthesize(definition: string, signal: AbortSignal): Promise<CloudAssembly> {
  const directory = await mkdtemp(join(tmpdir(), 'tablegate-'));
  const remove = () => rm(directory, { recursive: true, force: true });
  try {
    const { code, errors } = await runApp(definition, directory, signal);
    signal.throwIfAborted();
    if (code !== 0)
      throw new UsageError(code === 2 && errors ? errors : `the app cannot be synthesized: ${cause(errors)}`);
    return { directory, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

function runApp(definition: string, directory: string, signal: AbortSignal): Promise<{ code: number; errors: string }> {
  const loader = pathToFileURL(require.resolve('tsx')).href;
  const child = spawn(process.execPath, ['--import', loader, join(PACKAGE, 'bin', 'app.ts')], {
    cwd: PACKAGE,
    env: {
      ...process.env,
      CDK_OUTDIR: directory,
      TABLEGATE_API: definition,
      // The template is served here, not deployed: the checks that CI runs would only delay the start.
      CDK_VALIDATION: 'false',
      CDK_CONTEXT_JSON: JSON.stringify({ 'aws:cdk:enable-asset-metadata': true }),
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    },
    stdio: ['ignore', 'ignore', 'pipe'],
    signal,
    killSignal: 'SIGKILL',
  });
  let errors = '';
  child.stderr.on('data', (chunk) => {
    errors += String(chunk);
  });
  child.once('error', (error) => {
    errors ||= error.message;
  });
  // Wait for its end: an aborted process might still write into the folder that is deleted.
  return new Promise((resolve) => {
    child.once('close', (code) => resolve({ code: code ?? 1, errors: errors.trim() }));
  });
}

/** The app says in one line what its user must mend (exit code 2); anything else ends in a stack with its message. */
function cause(errors: string): string {
  const lines = errors.split('\n');
  const message = lines.find((line) => /^\w*Error: /.test(line)) ?? lines.findLast((line) => line.trim() !== '');
  return `${message?.replace(/^Error: /, '') ?? 'it says nothing'}; for all of it run: npx cdk synth`;
}
