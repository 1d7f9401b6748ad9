// The access key id under which DynamoDB Local keeps the tables: nobody can guess it, and the next run finds it again.

import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { keptCredentials } from '../../../../lib/local/engine/engine-credentials.ts';

const folders: string[] = [];
const folder = () => folders[folders.push(mkdtempSync(join(tmpdir(), 'tablegate-credentials-'))) - 1] ?? '';
afterAll(() => {
  for (const each of folders) rmSync(each, { recursive: true });
});

it('is new for each engine in memory, and long', () => {
  const [one, other] = [keptCredentials(undefined), keptCredentials(undefined)];
  expect(one.accessKeyId).toMatch(/^[0-9a-f]{40}$/);
  expect(one.accessKeyId).not.toBe(other.accessKeyId);
});

it('is kept with the data, for its owner alone', () => {
  const data = folder();
  const first = keptCredentials(data);
  expect(keptCredentials(data)).toEqual(first);
  expect(keptCredentials(folder())).not.toEqual(first);
  expect(statSync(join(data, 'dynamodb-local.key')).mode & 0o777).toBe(0o600);
});

it('is not taken from a database, which strangers can make under ids of theirs', () => {
  const data = folder();
  const theirs = 'a'.repeat(40);
  writeFileSync(join(data, `${theirs}_us-east-1.db`), '');
  expect(keptCredentials(data).accessKeyId).not.toBe(theirs);
});

it('takes over the database of earlier versions, with its journal', () => {
  const data = folder();
  for (const end of ['', '-journal']) writeFileSync(join(data, `shared-local-instance.db${end}`), `data${end}`);
  const { accessKeyId } = keptCredentials(data);
  expect(readdirSync(data).sort()).toEqual(
    [`${accessKeyId}_us-east-1.db`, `${accessKeyId}_us-east-1.db-journal`, 'dynamodb-local.key'].sort(),
  );
  expect(readFileSync(join(data, `${accessKeyId}_us-east-1.db`), 'utf8')).toBe('data');
});

it('says what to do where the file holds something else', () => {
  const data = folder();
  writeFileSync(join(data, 'dynamodb-local.key'), '../x');
  expect(() => keptCredentials(data)).toThrow(/dynamodb-local\.key holds no access key id; put/);
});
