// Measures what a cold start costs before a Lambda's first request: how long a new process takes to import each handler's
// bundle, against a bundle that only makes a DynamoDB client, and how large both are.

import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { buildSync } from 'esbuild';
import api from '#api';
import { BUNDLE_FILE, BUNDLE_SETTINGS, bundle } from '../lib/infra/bundle.ts';
import { median } from './turns.ts';

export type ImportTime = {
  /** The operation. */
  readonly name: string;
  /** Milliseconds of one import, of the handler and of the client alone: medians of processes that took turns. */
  readonly medianMs: number;
  readonly bareMs: number;
  /** The handler's by the client's, turn by turn: the median. */
  readonly ratio: number;
  /** Sizes of the two bundles, in units of 1,000 bytes. */
  readonly kb: number;
  readonly bareKb: number;
};

type Subject = { readonly name: string; readonly file: string; readonly environment: NodeJS.ProcessEnv };

const RUNS = 20;
const HERE = fileURLToPath(new URL('.', import.meta.url));
const BARE = `import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
export const client = new DynamoDBClient({});`;

/** All that a Lambda has: what it imports reads nothing else. */
const ENVIRONMENT = {
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'local',
  DATA_TABLE: 'data',
  AUTH_TABLE: 'auth',
  GROUPS_TABLE: 'groups',
  AUDIT_TABLE: 'audit',
  REQUESTS_TABLE: 'requests',
};
const TIMED = `const start = process.hrtime.bigint();
require(process.argv[1]);
process.stdout.write(String(process.hrtime.bigint() - start));`;

const run = promisify(execFile);

/** @param options `runs`: turns for each handler @default 20 */
export async function measureImports(options: { runs?: number } = {}): Promise<readonly ImportTime[]> {
  const folder = mkdtempSync(join(tmpdir(), 'tablegate-imports-'));
  try {
    const bare = bareClient(folder);
    const times: ImportTime[] = [];
    for (const handler of handlersIn(folder)) times.push(await inTurns(handler, bare, options.runs ?? RUNS));
    return times;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** As npm gives it: our settings and none of our stand-ins, see docs/decisions/bundles-hold-only-what-a-request-needs.md. */
function bareClient(folder: string): Subject {
  const file = join(folder, 'bare', BUNDLE_FILE);
  buildSync({ ...BUNDLE_SETTINGS, stdin: { contents: BARE, resolveDir: HERE }, outfile: file });
  return { name: 'bare', file, environment: ENVIRONMENT };
}

function handlersIn(folder: string): readonly Subject[] {
  const { endpoints, origin } = api;
  const operations = endpoints.map(({ operation }) => operation);
  const folders = bundle({ operations, definitionFile: origin.file ?? '', outputFolder: folder });
  return [...folders].map(([operation, directory]) => {
    const endpoint = endpoints.find((each) => each.operation === operation);
    const environment = { ...ENVIRONMENT, ENDPOINT: `${endpoint?.method} ${endpoint?.route}` };
    return { name: operation, file: join(directory, BUNDLE_FILE), environment };
  });
}

/** One process at a time, A B A B …, so that whatever else the machine does meets both alike. */
async function inTurns(handler: Subject, bare: Subject, runs: number): Promise<ImportTime> {
  const turns: { readonly own: number; readonly bare: number }[] = [];
  while (turns.length < runs) turns.push({ own: await importTime(handler), bare: await importTime(bare) });
  return {
    name: handler.name,
    medianMs: median(turns.map((turn) => turn.own)),
    bareMs: median(turns.map((turn) => turn.bare)),
    ratio: median(turns.map((turn) => turn.own / turn.bare)),
    kb: kilobytes(handler),
    bareKb: kilobytes(bare),
  };
}

/** Of a new process that has nothing in its environment but what a Lambda has; in milliseconds. */
async function importTime({ file, environment }: Subject): Promise<number> {
  const { stdout } = await run(process.execPath, ['-e', TIMED, file], { env: environment });
  return Number(stdout) / 1e6;
}

function kilobytes({ file }: Subject): number {
  return statSync(file).size / 1_000;
}
