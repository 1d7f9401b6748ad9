// Runs the `tablegate` command as a user does: a process of its own, its output, its exit code.

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';

const PACKAGE = fileURLToPath(new URL('../../', import.meta.url));
const READY = /Tablegate ready on (http:\/\/\S+)/;

export type Finished = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

export type Dev = {
  /** Where it answers. */
  readonly url: string;
  readonly process: ChildProcess;
  /** All it printed so far. */
  readonly output: () => string;
  /** Sends a signal and waits for the end. */
  stop(signal?: NodeJS.Signals): Promise<Finished & { readonly tookMs: number }>;
};

/** What a failed test left: asked to stop, so that it stops its own children. */
const running = new Map<ChildProcess, Promise<Finished>>();
afterAll(async () => {
  for (const child of running.keys()) child.kill('SIGTERM');
  await Promise.all(running.values());
});

function launch(args: readonly string[]): { child: ChildProcess; end: Promise<Finished>; output: () => string } {
  const env = { ...process.env };
  delete env['DYNAMODB_ENDPOINT'];
  const child = spawn(process.execPath, ['bin/tablegate.js', ...args], { cwd: PACKAGE, env });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => {
    stdout += String(chunk);
  });
  child.stderr.on('data', (chunk) => {
    stderr += String(chunk);
  });
  const end = new Promise<Finished>((resolve) => {
    child.once('close', (code) => {
      running.delete(child);
      resolve({ code, stdout, stderr });
    });
  });
  running.set(child, end);
  return { child, end, output: () => stdout + stderr };
}

/** Runs a command to its end. */
export function run(...args: string[]): Promise<Finished> {
  return launch(args).end;
}

/** Starts `tablegate dev` on a free port and waits for its ready line. */
export async function startDev(...args: string[]): Promise<Dev> {
  const { child, end, output } = launch(['dev', '--port', '0', ...args]);
  let ended = false;
  void end.then(() => {
    ended = true;
  });
  while (!READY.test(output()) || !output().includes('Try:')) {
    if (ended) throw new Error(`tablegate dev ended: ${output()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const stop = async (signal: NodeJS.Signals = 'SIGTERM') => {
    const begin = Date.now();
    child.kill(signal);
    return { ...(await end), tookMs: Date.now() - begin };
  };
  return { url: READY.exec(output())?.[1] ?? '', process: child, output, stop };
}

/** The process ids below a process, at any depth. */
export function descendants(pid: number): readonly number[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n');
  const pairs = lines.map((line) => line.trim().split(/\s+/).map(Number));
  const below = (parent: number): number[] =>
    pairs.flatMap(([child = 0, ppid]) => (ppid === parent ? [child, ...below(child)] : []));
  return below(pid);
}

/** The program that a process runs, and its arguments. */
export function commandOf(pid: number): string {
  try {
    return execFileSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' }).trim();
  } catch {
    return '';
  }
}

/** False for one that has ended and that its parent has not asked about yet. */
export function isRunning(pid: number): boolean {
  try {
    return !execFileSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).startsWith('Z');
  } catch {
    return false;
  }
}
