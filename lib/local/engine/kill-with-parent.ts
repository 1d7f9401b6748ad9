// A child process that never outlives this one, however this one ends.

import { type ChildProcess, spawn } from 'node:child_process';

const FATAL_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Kills the child when this process ends, also by a signal that nobody else here handles. Returns what undoes that. */
export function killWithParent(child: ChildProcess): () => void {
  const kill = () => void child.kill('SIGKILL');
  const onSignal = (signal: NodeJS.Signals) => {
    if (process.listenerCount(signal) > 0) return;
    kill();
    process.kill(process.pid, signal);
  };
  process.once('exit', kill);
  for (const signal of FATAL_SIGNALS) process.once(signal, onSignal);
  watch(child);
  return () => {
    process.off('exit', kill);
    for (const signal of FATAL_SIGNALS) process.off(signal, onSignal);
  };
}

/**
 * This process cannot act when it is killed (SIGKILL). So a shell waits for the end of a pipe that it holds, and kills the
 * child then. It is gone before the child's id can be another's. Where there is no shell, nobody watches.
 */
function watch(child: ChildProcess): void {
  if (child.pid === undefined) return;
  const script = 'read -r _; kill -9 "$0" 2>/dev/null';
  // In a group of its own: what is sent to ours, such as Ctrl-C, must not end it first.
  const watcher = spawn('sh', ['-c', script, String(child.pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  watcher.on('error', () => {});
  watcher.stdin.on('error', () => {});
  watcher.unref();
  (watcher.stdin as unknown as { unref(): void }).unref();
  child.once('exit', () => void watcher.kill('SIGKILL'));
}
