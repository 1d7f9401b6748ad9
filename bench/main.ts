// `npm run bench`: starts a DynamoDB, loads the tables, measures row by row, prints the figures. 0 measured, 1 something
// could not be, 2 wrong options.

import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { type Engine, startEngine } from '../lib/local/engine/engine.ts';
import { localClient } from '../lib/local/engine/tables.ts';
import { Apart } from './apart.ts';
import { type Row, sizesFor } from './catalogue.ts';
import type { Measured } from './figures.ts';
import { measureColdStarts } from './measures/imports.ts';
import { HELP, type Options, parseOptions, WrongOption } from './options.ts';
import { jsonReport, printReport, type Report } from './report.ts';
import { loadTables, type Progress, type Tables } from './tables.ts';

const FAILED = 1;
const USAGE = 2;

process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';
// An end by a signal is one too: what was started is stopped, what was made is removed.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(FAILED));
process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  try {
    const options = parseOptions(args);
    if (options.help) {
      process.stdout.write(HELP);
      return 0;
    }
    return await bench(options);
  } catch (error) {
    console.error(`bench: ${(error as Error).message}`);
    return error instanceof WrongOption ? USAGE : FAILED;
  }
}

async function bench(options: Options): Promise<number> {
  const engine = await startEngine({});
  const apart = new Apart();
  try {
    const tables = await load(engine, options);
    const task = { endpoint: engine.endpoint, tables, runs: options.runs };
    const { measured, failed } = await measureAll(options.rows, (part) =>
      // Cold starts are measured in processes that hold nothing else at all.
      part === 'imports' ? measureColdStarts(options.runs) : apart.measure({ part, task }),
    );
    const report = reportOf(engine, options, measured);
    process.stdout.write(printReport(report));
    if (options.json !== undefined) writeFileSync(options.json, jsonReport(report));
    return failed.length > 0 ? FAILED : 0;
  } finally {
    apart.remove();
    await engine.stop();
  }
}

function load({ endpoint }: Engine, { rows, sizes }: Options): Promise<Tables> {
  const audit = rows.some(({ needs }) => needs === 'audit');
  return loadTables(localClient(endpoint), { sizes: sizesFor(rows, sizes), audit }, progress('rows loaded'));
}

type All = { readonly measured: readonly Measured[]; readonly failed: readonly string[] };

/** What cannot be measured is told, and does not keep the others from it. */
async function measureAll(rows: readonly Row[], measure: (part: string) => Promise<Measured>): Promise<All> {
  const measured: Measured[] = [];
  const failed: string[] = [];
  const parts = rows.flatMap((row) => row.parts ?? [row.name]);
  const show = progress('measurements');
  for (const [at, part] of parts.entries()) {
    show(at, parts.length);
    try {
      measured.push(await measure(part));
    } catch (error) {
      failed.push(part);
      console.error(`bench: ${part} could not be measured: ${(error as Error).message}`);
    }
  }
  show(parts.length, parts.length);
  return { measured, failed };
}

function reportOf(engine: Engine, { sizes, runs }: Options, measured: readonly Measured[]): Report {
  return {
    date: new Date().toISOString(),
    node: process.versions.node,
    platform: `${process.platform} ${process.arch}`,
    cores: availableParallelism(),
    engine: engine.kind,
    sizes,
    runs,
    figures: measured.flatMap(({ figures }) => figures),
    estimates: measured.flatMap(({ estimates = [] }) => estimates),
  };
}

/** On a terminal only: what is piped is the table. */
function progress(what: string): Progress {
  if (!process.stderr.isTTY) return () => {};
  return (done, total) => {
    process.stderr.write(`\r${done} of ${total} ${what}${done === total ? '\n' : ''}`);
  };
}
