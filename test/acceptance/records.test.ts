// `tablegate records check` as an operator meets it who comes with tables of his own: JSON files, tables, --fix.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Item } from '../../lib/base/value.ts';
import type { Finding } from '../../lib/cli/records/records-check.ts';
import { typeChanges, writeType } from '../../lib/cli/records/records-fix.ts';
import { BROKEN_RECORDS, type BrokenRecord, SOUND_RECORDS } from '../corpus/broken-records.ts';
import { run } from '../support/command.ts';
import { useEngine } from '../support/engine.ts';
import { item } from '../support/values.ts';

type Plain = Readonly<Record<string, unknown>>;
type Report = { records: { auth: number; groups: number }; findings: Finding[]; fixed: Record<string, string>[] };

const folder = mkdtempSync(join(tmpdir(), 'tablegate-records-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

const check = (...args: string[]) => run('records', 'check', ...args);
const records = (table: 'auth' | 'groups', from: readonly BrokenRecord[]): Plain[] => [
  ...SOUND_RECORDS[table],
  ...from.filter((broken) => broken.table === table).map(({ record }) => record),
];

function expectNamed(findings: readonly Finding[], from: readonly BrokenRecord[]): void {
  for (const { name, table, kind, path, problem, fix } of from) {
    const found = findings.filter(
      (finding) =>
        finding.table === table && finding.kind === kind && finding.path === path && problem.test(finding.problem),
    );
    expect(
      found.some((finding) => fix.test(finding.fix)),
      name,
    ).toBe(true);
  }
}

describe('in files', () => {
  const files = () => [
    '--auth',
    file('auth.json', records('auth', BROKEN_RECORDS)),
    '--groups',
    file('groups.json', records('groups', BROKEN_RECORDS)),
  ];

  it('every broken record is named with its path and its fix', async () => {
    const { code, stdout } = await check(...files(), '--json');
    expect(code).toBe(1);
    const report = JSON.parse(stdout) as Report;
    expectNamed(report.findings, BROKEN_RECORDS);
    const sound = [...SOUND_RECORDS.auth.map(({ id }) => id), 'sound-group'];
    expect(report.findings.filter(({ record, path }) => sound.includes(record) && path !== 'id')).toEqual([]);
  });

  it('people are told the same in words', async () => {
    const { code, stdout } = await check(...files());
    expect(code).toBe(1);
    expect(stdout).toMatch(/^auth record jane is refused\n {2}type: is missing.*\n {4}fix: write type USERNAME/m);
    expect(stdout).toMatch(/\d+ auth records and \d+ groups: \d+ findings in \d+ of them\n$/);
  });

  it('sound records end with 0', async () => {
    const { code, stdout } = await check('--auth', file('sound.json', SOUND_RECORDS));
    expect([code, stdout]).toEqual([0, '4 auth records and 1 groups: 0 findings in 0 of them\n']);
  });

  it('the output of aws dynamodb scan is read too', async () => {
    const Items = [{ id: { S: 'a' }, type: { S: 'USERNAME' }, expires_at: { N: '1e3' }, groups: { SS: ['g'] } }];
    const groups = file('scan-groups.json', { Items: [{ group_id: { S: 'g' }, disabled: { BOOL: true } }], Count: 1 });
    const { stdout } = await check('--auth', file('scan.json', { Items }), '--groups', groups, '--json');
    expect((JSON.parse(stdout) as Report).findings.map(({ record, path }) => [record, path])).toEqual([
      ['g', 'disabled'],
    ]);
  });

  it('what a terminal would obey is shown, not sent', async () => {
    const { stdout } = await check('--auth', file('odd.json', [{ id: 'a\u001b[2J', 'b\u001b[31m': 1 }]));
    expect(stdout).not.toContain('\u001b');
    expect(stdout).toContain('a\\u001b[2J');
  });
});

describe('in tables', () => {
  const engine = useEngine();
  const stored = BROKEN_RECORDS.filter(({ onlyJson }) => !onlyJson);
  let tables: string[] = [];
  let authTable = '';

  const put = async (TableName: string, rows: readonly Plain[]) => {
    const documents = DynamoDBDocumentClient.from(engine.client);
    for (const Item of rows) await documents.send(new PutCommand({ TableName, Item }));
  };
  const rows = async (): Promise<Map<string, Item>> => {
    const { Items = [] } = await engine.client.send(new ScanCommand({ TableName: authTable, ConsistentRead: true }));
    return new Map((Items as unknown as Item[]).map((row) => [(row['id'] as { S: string }).S, row]));
  };

  beforeAll(async () => {
    const keyed = (AttributeName: string) => ({
      AttributeDefinitions: [{ AttributeName, AttributeType: 'S' as const }],
      KeySchema: [{ AttributeName, KeyType: 'HASH' as const }],
    });
    authTable = await engine.createTable('auth', keyed('id'));
    const groupsTable = await engine.createTable('groups', keyed('group_id'));
    await put(authTable, records('auth', stored));
    await put(groupsTable, records('groups', stored));
    tables = ['--auth-table', authTable, '--groups-table', groupsTable, '--dynamodb', engine.endpoint, '--json'];
  });

  it('every broken record is named with its path and its fix', async () => {
    const { code, stdout } = await check(...tables);
    expect(code).toBe(1);
    expectNamed((JSON.parse(stdout) as Report).findings, stored);
  });

  it('--fix alone shows the types and writes nothing', async () => {
    const before = await rows();
    const { code, stdout } = await check(...tables, '--fix', '--type', 'USERNAME');
    expect(code).toBe(1);
    const { fixed } = JSON.parse(stdout) as Report;
    expect(fixed).toEqual(
      expect.arrayContaining([
        { id: 'untyped-key', type: 'API_KEY', result: 'planned' },
        { id: 'jane', type: 'USERNAME', result: 'planned' },
      ]),
    );
    expect(await rows()).toEqual(before);
  });

  it('--fix --yes writes the types and nothing else', async () => {
    const before = await rows();
    const { stdout } = await check(...tables, '--fix', '--yes', '--type', 'USERNAME');
    const { fixed, findings } = JSON.parse(stdout) as Report;
    expect(fixed.map(({ id }) => id).sort()).toEqual(['jane', 'joe', 'untyped-key']);
    expect(fixed.every(({ result }) => result === 'written')).toBe(true);
    expect(findings.filter(({ path, problem }) => path === 'type' && /missing/.test(problem))).toEqual([]);
    const after = await rows();
    for (const [id, row] of before) {
      const added = fixed.find((change) => change['id'] === id);
      expect(after.get(id)).toEqual(added ? { ...row, type: { S: added['type'] } } : row);
    }
  });

  it.each<readonly [string, Plain]>([
    ['changed', { name: 'Other' }],
    ['given a type', { type: 'OIDC_GROUP' }],
    ['given what tells its kind', { username: 'racer-name' }],
  ])('a record that is %s between the look and the write is left alone', async (_, change) => {
    const seen = { id: 'racer', name: 'Racer' };
    const [planned] = typeChanges([item(seen)], 'USERNAME');
    if (!planned) throw new Error('nothing was planned');
    await put(authTable, [{ ...seen, ...change }]);
    expect(await writeType(engine.client, authTable, planned)).toBe(false);
    expect((await rows()).get('racer')).toEqual(item({ ...seen, ...change }));
  });

  it('a record that is gone is not made anew', async () => {
    const [planned] = typeChanges([item({ id: 'gone' })], 'USERNAME');
    if (!planned) throw new Error('nothing was planned');
    expect(await writeType(engine.client, authTable, planned)).toBe(false);
    expect((await rows()).has('gone')).toBe(false);
  });

  it('a table that is not there is wrong usage', async () => {
    const args = ['--auth-table', 'no-such', '--groups-table', 'no-such', '--dynamodb', engine.endpoint];
    expect(await check(...args)).toMatchObject({
      code: 2,
      stdout: '',
      stderr: "tablegate: there is no table 'no-such'\n",
    });
  });
});

describe('wrong usage', () => {
  it.each([
    ['nothing to check', [], /--auth-table and --groups-table, or files/],
    ['one table', ['--auth-table', 'a'], /both tables/],
    ['files and tables', ['--auth', 'a', '--auth-table', 'b', '--groups-table', 'c'], /or files/],
    ['--fix on files', ['--auth', 'a.json', '--fix'], /--fix writes into a table/],
    ['--yes without --fix', ['--auth', 'a.json', '--yes'], /go with --fix/],
    ['a missing file', ['--auth', 'no.json'], /there is no file at no\.json/],
    ['an unknown type', ['--auth', 'a.json', '--type', 'KEY'], /USERNAME, OIDC_GROUP/],
  ])('%s: one line, exit code 2', async (_, args, line) => {
    const { code, stdout, stderr } = await check(...args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(line);
  });

  it('a file that is no JSON', async () => {
    const { code, stderr } = await check('--auth', file('broken.json', '{'));
    expect(code).toBe(2);
    expect(stderr).toMatch(/cannot be read:\n {2}the file is not valid JSON/);
  });
});
