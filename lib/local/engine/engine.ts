// Starts the DynamoDB that the local runtime and the tests talk to: a given endpoint, Dynoxide, or Amazon's DynamoDB Local.
// A started engine is a child process; it never outlives its parent, and no web page finds it or what it holds.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { resolve as resolvePath } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type EngineCredentials, LOCAL_CREDENTIALS } from './engine-credentials.ts';
import { type EngineKind, findLaunch, type Launch } from './engine-launch.ts';
import { type EnginePlace, freePlace, hiddenPlace } from './engine-place.ts';
import { killWithParent } from './kill-with-parent.ts';

export type Engine = {
  readonly endpoint: string;
  readonly kind: 'given' | EngineKind;
  /** Finds the tables of a started engine; those of tests and of engines that are given may be found under others. */
  readonly credentials: EngineCredentials;
  /** True where a web page in a browser of this machine could find the engine and write. */
  readonly isExposed: boolean;
  stop(): Promise<void>;
};

export type EngineOptions = {
  /** URL of a DynamoDB that runs already; nothing is started or stopped. */
  readonly endpoint?: string | undefined;
  /** Folder that keeps the data. @default in memory */
  readonly dataDirectory?: string | undefined;
  /** @default Dynoxide where there is one, else DynamoDB Local */
  readonly kind?: EngineKind | undefined;
  /** Takes no engine that would be exposed, unless `kind` names it. @default false */
  readonly isPrivate?: boolean | undefined;
};

const START_TIMEOUT_MS = 30_000;
const POLL_MS = 10;
const KILL_AFTER_MS = 2_000;
const PORT_TRIES = 5;
const TAIL_CHARACTERS = 8_000;

/** Starts an engine and resolves when it answers. Throws an Error whose message says what to do when there is none. */
export async function startEngine(options: EngineOptions): Promise<Engine> {
  if (options.endpoint) return given(options.endpoint);
  const dataDirectory = options.dataDirectory && resolvePath(options.dataDirectory);
  const prefersDynoxide = !options.isPrivate || (await hiddenPlace()) !== undefined;
  const launch = findLaunch({ kind: options.kind, dataDirectory, prefersDynoxide });
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

function given(endpoint: string): Engine {
  const stop = () => Promise.resolve();
  return { endpoint, kind: 'given', credentials: LOCAL_CREDENTIALS, isExposed: false, stop };
}

/** Makes a folder without its parents: Node's `recursive` never ends if the system refuses one, as below /proc. */
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

async function tryStart(launch: Launch): Promise<{ engine: Engine } | { output: string }> {
  const { kind } = launch;
  // DynamoDB Local listens on every address, wherever it is told to.
  const hidden = kind === 'dynoxide' ? await hiddenPlace() : undefined;
  const place = hidden ?? (await freePlace('127.0.0.1'));
  const credentials = launch.credentials();
  const child = spawn(launch.command, launch.args(place), { stdio: ['ignore', 'pipe', 'pipe'] });
  const output = tailOf(child);
  const release = killWithParent(child);
  if (await answers(child, place)) {
    child.unref();
    const stop = () => stopChild(child).finally(release);
    const endpoint = `http://${place.host}:${place.port}`;
    return { engine: { endpoint, kind, credentials, isExposed: kind === 'dynoxide' && !hidden, stop } };
  }
  await stopChild(child);
  release();
  return { output: output() };
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

/** The last line that is no frame of a Java stack trace. */
function lastLine(output: string): string {
  const lines = output.split('\n').map((line) => line.trim());
  return lines.filter((line) => line !== '' && !/^(at |\.\.\. )/.test(line)).at(-1) ?? 'it gave no answer';
}

async function answers(child: ChildProcess, place: EnginePlace): Promise<boolean> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (running(child) && Date.now() < deadline) {
    if (await connects(place)) return running(child);
    await sleep(POLL_MS);
  }
  return false;
}

function connects({ host, port }: EnginePlace): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, host);
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
