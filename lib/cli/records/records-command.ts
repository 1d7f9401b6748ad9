// `tablegate records check`: reports the faults of existing auth records and groups, and adds missing types.

import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { UsageError } from '../../local/usage-error.ts';
import { connect } from '../connect.ts';
import { EXAMPLE_API, loadDefinition } from '../files.ts';
import { checkStored, type Finding, type StoredRecords } from './records-check.ts';
import { type TypeChange, typeChanges, writeType } from './records-fix.ts';
import { readRecords, scanRecords } from './records-source.ts';

export type RecordsOptions = {
  /** @default the example */
  readonly api?: string | undefined;
  readonly auth?: string | undefined;
  readonly groups?: string | undefined;
  readonly authTable?: string | undefined;
  readonly groupsTable?: string | undefined;
  /** @default the account's */
  readonly dynamodb?: string | undefined;
  /** True to report also how Scoutr understood records differently. */
  readonly differences: boolean;
  readonly fix: boolean;
  /** The type of records that nothing tells the kind of. @default they are left as they are */
  readonly type?: 'USERNAME' | 'OIDC_GROUP' | undefined;
  readonly yes: boolean;
  readonly json: boolean;
};

type Fixed = {
  readonly id: string;
  readonly type: string;
  readonly result: 'planned' | 'written' | 'changed meanwhile';
};

/** Returns true if there are no findings. Throws UsageError for the options and files, Error for what DynamoDB says. */
export async function recordsCommand(options: RecordsOptions): Promise<boolean> {
  checkOptions(options);
  const api = await loadDefinition(options.api ?? EXAMPLE_API);
  const { authTable, groupsTable } = options;
  const tables = { ...(authTable && { auth: authTable }), ...(groupsTable && { groups: groupsTable }) };
  const client = authTable || groupsTable ? connect(options.dynamodb) : undefined;
  try {
    const load = async () => (client ? await scanRecords(client, tables) : readRecords(filesOf(options)));
    let stored = await load();
    const fixed = client && authTable && options.fix ? await fix(client, authTable, stored, options) : [];
    if (fixed.some(({ result }) => result !== 'planned')) stored = await load();
    const findings = checkStored(stored, api, options.differences);
    if (options.json) console.log(JSON.stringify({ records: countOf(stored), findings, fixed }, null, 2));
    else print(stored, findings, fixed);
    return findings.length === 0 && fixed.every(({ result }) => result === 'written');
  } finally {
    client?.destroy();
  }
}

function filesOf({ auth, groups }: RecordsOptions) {
  return { ...(auth !== undefined && { auth }), ...(groups !== undefined && { groups }) };
}

function checkOptions({ auth, groups, authTable, groupsTable, fix, type, yes }: RecordsOptions): void {
  const hasFile = auth !== undefined || groups !== undefined;
  const hasTable = authTable !== undefined || groupsTable !== undefined;
  if (hasFile === hasTable)
    throw new UsageError('name tables with --auth-table and --groups-table, or files with --auth and --groups');
  if (hasTable && (authTable === undefined || groupsTable === undefined))
    throw new UsageError('name both tables: records are checked against their groups');
  if (fix && authTable === undefined) throw new UsageError('--fix writes into a table: name it with --auth-table');
  if (!fix && (yes || type !== undefined)) throw new UsageError('--yes and --type go with --fix');
}

/** Adds the missing types; without --yes it only prints what it would do. */
async function fix(
  client: DynamoDBClient,
  table: string,
  { auth }: StoredRecords,
  { type, yes }: RecordsOptions,
): Promise<readonly Fixed[]> {
  const write = async (change: TypeChange): Promise<Fixed['result']> => {
    if (!yes) return 'planned';
    return (await writeType(client, table, change)) ? 'written' : 'changed meanwhile';
  };
  const fixed: Fixed[] = [];
  for (const change of typeChanges(auth, type))
    fixed.push({ id: change.id, type: change.type, result: await write(change) });
  return fixed;
}

function countOf({ auth, groups }: StoredRecords) {
  return { auth: auth.length, groups: groups.length };
}

const HEADINGS = { refused: 'is refused', differs: 'meant something else to Scoutr', doubt: 'is doubtful' } as const;

function print(stored: StoredRecords, findings: readonly Finding[], fixed: readonly Fixed[]): void {
  let heading = '';
  for (const { table, record, kind, path, problem, fix: advice } of findings) {
    const next = `${table === 'auth' ? 'auth record' : 'group'} ${shown(record)} ${HEADINGS[kind]}`;
    if (next !== heading) console.log(next);
    heading = next;
    console.log(`  ${path === '' ? '' : `${shown(path)}: `}${shown(problem)}\n    fix: ${shown(advice)}`);
  }
  for (const { id, type, result } of fixed) console.log(`${shown(id)}: type ${type}, ${result}`);
  if (fixed.some(({ result }) => result === 'planned'))
    console.log('nothing was written; add --yes to write the types');
  const { auth, groups } = countOf(stored);
  const faulty = new Set(findings.map(({ table, record }) => `${table} ${record}`)).size;
  console.log(`${auth} auth records and ${groups} groups: ${findings.length} findings in ${faulty} of them`);
}

/** Escapes stored text, which may contain control sequences of a terminal. */
function shown(text: string): string {
  return text.replaceAll(
    /[\p{Cc}\p{Cf}]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
