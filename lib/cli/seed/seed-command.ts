// `tablegate seed`: writes a seed file into the tables of any DynamoDB, this machine's or an account's.

import { ResourceNotFoundException } from '@aws-sdk/client-dynamodb';
import type { Api } from '../../definition/api.ts';
import { UsageError } from '../../local/usage-error.ts';
import { connect } from '../connect.ts';
import { EXAMPLE_API, loadDefinition, loadSeed } from '../files.ts';
import type { Seed } from './seed.ts';
import { type TableRows, writeRows } from './seed-write.ts';

export type SeedOptions = {
  readonly file: string;
  /** @default the example */
  readonly api?: string | undefined;
  /** @default the account's own, with its credentials and region */
  readonly dynamodb?: string | undefined;
  /** Stands before every table's name. @default nothing */
  readonly prefix?: string | undefined;
  /** `items=MyStack-Items-1A2B`: the physical name of a table. */
  readonly tables: readonly string[];
  readonly json: boolean;
};

/** Validates the whole file, then writes. Throws UsageError for the file and the options, Error for what DynamoDB says. */
export async function seedCommand(options: SeedOptions): Promise<void> {
  const api = await loadDefinition(options.api ?? EXAMPLE_API);
  const seed = loadSeed(options.file, api);
  const targets = rowsByTable(seed, api, options);
  const client = connect(options.dynamodb);
  try {
    await writeRows(client, targets);
  } catch (error) {
    throw explain(error as Error, targets);
  } finally {
    client.destroy();
  }
  print(options, targets, seed);
}

function rowsByTable(seed: Seed, api: Api, { prefix = '', tables }: SeedOptions): readonly TableRows[] {
  const names = ['auth', 'groups', ...api.tables.map((table) => table.name)];
  const given = new Map(tables.map((text) => parseName(text, names)));
  const physical = (name: string) => given.get(name) ?? `${prefix}${name}`;
  const rows = [
    { table: physical('auth'), rows: seed.auth },
    { table: physical('groups'), rows: seed.groups },
    ...[...seed.tables].map(([name, items]) => ({ table: physical(name), rows: items })),
  ];
  return rows.filter((each) => each.rows.length > 0);
}

function parseName(text: string, names: readonly string[]): readonly [string, string] {
  const [name = '', physical = ''] = text.split('=');
  if (names.includes(name) && physical !== '') return [name, physical];
  throw new UsageError(`--table ${text}: must be NAME=PHYSICAL, with NAME one of ${names.join(', ')}`);
}

function explain(error: Error, targets: readonly TableRows[]): Error {
  if (!(error instanceof ResourceNotFoundException)) return new Error(`cannot write: ${error.message || error.name}`);
  const names = targets.map(({ table }) => table).join(', ');
  return new Error(`a table is not there; the seed goes into ${names}: name them with --prefix or --table`);
}

function print({ json }: SeedOptions, targets: readonly TableRows[], { apiKeys, warnings }: Seed): void {
  const written = targets.map(({ table, rows }) => ({ table, rows: rows.length }));
  if (json) {
    console.log(JSON.stringify({ written, api_keys_ignored: apiKeys.length, warnings }));
    return;
  }
  for (const warning of warnings) console.error(`warning: ${warning}`);
  for (const { table, rows } of written) console.log(`${table}: ${rows} rows`);
  if (apiKeys.length > 0) console.log('API keys are made in API Gateway; those of the file are for the local runtime');
}
