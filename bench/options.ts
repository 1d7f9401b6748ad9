// The options of `npm run bench`.

import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ROWS, type Row } from './catalogue.ts';

export type Options = {
  readonly rows: readonly Row[];
  /** Smallest first. */
  readonly sizes: readonly number[];
  readonly runs: number;
  readonly json: string | undefined;
  readonly help: boolean;
};

/** What was asked for that there is not. */
export class WrongOption extends Error {}

const SIZES = '1000,10000,100000';
const RUNS = '200';
const FEWEST_ROWS = 100;

export const HELP = `Usage: npm run bench -- [options]

Measures Tablegate on a DynamoDB that it starts, against what docs/performance.md says, and asserts nothing about time.

  --rows N,N,…      sizes of the tables that are loaded (default: ${SIZES})
  --runs N          turns of what is measured in turns (default: ${RUNS})
  --only NAME,…     only these rows
  --json FILE       write the figures as JSON too
  --help            this

Rows:
${ROWS.map(({ name, title }) => `  ${name.padEnd(16)}  ${title}`).join('\n')}

Exit code 0: measured, whatever the figures; 1: something could not be measured; 2: wrong options.
`;

/** @throws WrongOption */
export function parseOptions(args: readonly string[]): Options {
  const { rows, runs, only, json, help } = parse(args);
  return {
    rows: only === undefined ? ROWS : only.split(',').map(rowOf),
    sizes: [...new Set(rows.split(',').map((text) => integer('--rows', text, FEWEST_ROWS)))].sort((a, b) => a - b),
    runs: integer('--runs', runs, 1),
    json: json === undefined ? undefined : fileIn(json),
    help,
  };
}

function parse(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        rows: { type: 'string', default: SIZES },
        runs: { type: 'string', default: RUNS },
        only: { type: 'string' },
        json: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    return values;
  } catch (error) {
    throw new WrongOption((error as Error).message);
  }
}

function integer(option: string, text: string, least: number): number {
  const number = Number(text);
  if (/^\d{1,9}$/.test(text) && number >= least) return number;
  throw new WrongOption(`${option} takes whole numbers from ${least}, not '${text}'`);
}

function rowOf(name: string): Row {
  const row = ROWS.find((each) => each.name === name);
  if (row) return row;
  throw new WrongOption(`there is no row '${name}'; the rows are ${ROWS.map((each) => each.name).join(', ')}`);
}

/** Told before minutes are spent. */
function fileIn(path: string): string {
  const folder = dirname(resolve(path));
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return path;
  throw new WrongOption(`--json ${path}: there is no folder ${folder}`);
}
