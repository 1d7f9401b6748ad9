// `tablegate dev`: the whole API on this machine. Synthesizes the app, starts DynamoDB, creates and seeds the tables,
// and serves the template, until it is told to stop.

import { resolve } from 'node:path';
import { type Engine, startEngine } from '../../local/engine/engine.ts';
import type { EngineKind } from '../../local/engine/engine-launch.ts';
import { createTables, localClient } from '../../local/engine/tables.ts';
import { type LocalFunction, localFunction } from '../../local/function/function.ts';
import { type Gateway, startGateway } from '../../local/gateway/gateway.ts';
import { issuerOf, type SignIn, type SignInOptions, signInOf } from '../../local/issuer/sign-in.ts';
import { synthesize } from '../../local/template/synth.ts';
import { type CloudModel, readTemplate } from '../../local/template/template.ts';
import { UsageError } from '../../local/usage-error.ts';
import { EXAMPLE_API, EXAMPLE_SEED, loadDefinition, loadSeed, relativeTo } from '../files.ts';
import { EMPTY_SEED, type Seed } from '../seed/seed.ts';
import { writeRows } from '../seed/seed-write.ts';
import { report } from './dev-report.ts';

export type DevOptions = SignInOptions & {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** @default the example */
  readonly api?: string | undefined;
  /** @default the example's, for the example; none for another definition */
  readonly seed?: string | undefined;
  /** Folder that keeps the data. @default in memory */
  readonly data?: string | undefined;
  /** URL of a DynamoDB that runs already. @default an engine is started */
  readonly dynamodb?: string | undefined;
  readonly engine?: EngineKind | undefined;
  /** Prints what functions write to stdout too. */
  readonly verbose: boolean;
};

type Cleanup = () => Promise<void>;

/** The processes and servers that were started; stops them in reverse order, also if starting failed. */
class Started {
  readonly #cleanups: Cleanup[] = [];

  add(cleanup: Cleanup): void {
    this.#cleanups.unshift(cleanup);
  }

  async stop(): Promise<void> {
    for (const cleanup of this.#cleanups.splice(0)) await cleanup().catch((error: Error) => warn(error.message));
  }
}

/** Runs until `signal` is aborted. Throws UsageError, with nothing left running, for what the user must mend. */
export async function dev(options: DevOptions, signal: AbortSignal): Promise<void> {
  const started = new Started();
  try {
    await start(options, signal, started);
    await aborted(signal);
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    await started.stop();
  }
}

async function start(options: DevOptions, signal: AbortSignal, started: Started): Promise<void> {
  checkEndpoint(options);
  await checkPort(options);
  const definition = resolve(options.api ?? EXAMPLE_API);
  const api = await loadDefinition(definition);
  const seedFile = options.seed ?? (definition === EXAMPLE_API ? EXAMPLE_SEED : undefined);
  const seed = seedFile === undefined ? EMPTY_SEED : loadSeed(seedFile, api);
  const signIn = await signInOf(api, options);
  for (const warning of seed.warnings) warn(`warning: ${warning}`);
  const [model, engine] = await settled(synth(definition, signal, started), dynamodb(options, started));
  signal.throwIfAborted();
  await fill(model, engine, seed);
  signal.throwIfAborted();
  const gateway = await serve(options, { model, engine, seed, signIn }, started);
  const { host } = options;
  const issuer = issuerOf({ model, signIn, host }, gateway.port);
  report({ host, port: gateway.port, model, engine, seed, api, issuer });
}

/** Returns both results, or throws the first error once both have settled, so that what either started can be stopped. */
async function settled<A, B>(first: Promise<A>, second: Promise<B>): Promise<[A, B]> {
  await Promise.allSettled([first, second]);
  return [await first, await second];
}

async function synth(definition: string, signal: AbortSignal, started: Started): Promise<CloudModel> {
  const assembly = await synthesize(definition, signal);
  started.add(assembly.remove);
  return readTemplate(assembly.directory);
}

async function dynamodb({ dynamodb: url, data, engine: kind }: DevOptions, started: Started): Promise<Engine> {
  try {
    const engine = await startEngine({ endpoint: url || undefined, dataDirectory: data, kind, isPrivate: true });
    started.add(() => engine.stop());
    if (engine.isExposed) warn(`warning: any web page that is open on this machine could write to ${engine.endpoint}`);
    return engine;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function checkEndpoint({ dynamodb }: DevOptions): void {
  if (!dynamodb || URL.canParse(dynamodb)) return;
  throw new UsageError(`--dynamodb ${dynamodb} is no URL; for example http://127.0.0.1:8000`);
}

/** Writes the seed's rows into tables that were created now; those of an earlier run belong to the user. */
async function fill(model: CloudModel, { endpoint, credentials }: Engine, seed: Seed): Promise<void> {
  const client = localClient(endpoint, credentials);
  try {
    const created = await createTables(client, model.tables);
    const rows = model.tables.map((table) => ({ table: table.name, rows: seedRows(table, seed) }));
    const wanted = rows.filter((each) => each.rows.length > 0);
    const kept = wanted.filter(({ table }) => !created.has(table)).map(({ table }) => table);
    if (kept.length > 0) warn(`kept as they are, not seeded again: ${kept.join(', ')}`);
    await writeRows(
      client,
      wanted.filter(({ table }) => created.has(table)),
    );
  } finally {
    client.destroy();
  }
}

function seedRows({ kind, logicalName }: CloudModel['tables'][number], seed: Seed) {
  if (kind === 'auth') return seed.auth;
  if (kind === 'groups') return seed.groups;
  return kind === 'data' ? (seed.tables.get(logicalName) ?? []) : [];
}

type Served = {
  readonly model: CloudModel;
  readonly engine: Engine;
  readonly seed: Seed;
  readonly signIn: SignIn | undefined;
};

async function serve(
  { host, port, verbose }: DevOptions,
  { model, engine, seed, signIn }: Served,
  started: Started,
): Promise<Gateway> {
  const functions = new Map<string, LocalFunction>();
  const { endpoint, credentials } = engine;
  for (const [id, each] of model.functions) {
    const name = endpointOf(id, model);
    const log = (line: string) => warn(`[${name}] ${relativeTo(line)}`);
    const print = (line: string, stream: 'stdout' | 'stderr') => {
      if (verbose || stream === 'stderr') log(line);
    };
    functions.set(id, localFunction({ model: each, endpoint, credentials, print, log }));
  }
  started.add(async () => {
    await Promise.all([...functions.values()].map((each) => each.stop()));
  });
  const listening = startGateway({ model, signIn, apiKeys: seed.apiKeys, functions, host, port, log: warn });
  const gateway = await listening.catch((error: Error) => Promise.reject(portError(error, port, host)));
  started.add(() => gateway.stop());
  return gateway;
}

/** The endpoint of a function, as `GET /items`, for logs: its logical id is a hash. */
function endpointOf(functionId: string, model: CloudModel): string {
  for (const { resource, methods } of model.routes) {
    for (const [method, { integration }] of methods) {
      if (integration.kind === 'lambda' && integration.functionId === functionId) return `${method} ${resource}`;
    }
  }
  for (const { resource, methods } of model.httpApi?.routes ?? []) {
    for (const [method, each] of methods) if (each.functionId === functionId) return `${method} ${resource}`;
  }
  return functionId;
}

/** Checks that the port is free before the seconds that synthesis takes; `serve` reports if it is taken later. */
async function checkPort({ host, port }: DevOptions): Promise<void> {
  const model = { routes: [], gatewayResponses: new Map(), stage: '' };
  const probe = startGateway({ model, apiKeys: [], functions: new Map(), host, port, log: warn });
  await (await probe.catch((error: Error) => Promise.reject(portError(error, port, host)))).stop();
}

function portError(error: Error, port: number, host: string): UsageError {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') return new UsageError(`port ${port} is in use; give another with --port`);
  if (code === 'EACCES') return new UsageError(`port ${port} needs more rights; give one above 1023 with --port`);
  return new UsageError(`cannot listen on ${host} port ${port}: ${error.message}; check --host and --port`);
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

function warn(line: string): void {
  console.error(line);
}
