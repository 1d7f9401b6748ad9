// The limit on bundles, on assemblies that keep it, break it, or hold nothing to be measured.

import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';

const SIZE_LIMIT = fileURLToPath(new URL('../../node_modules/size-limit/bin.js', import.meta.url));
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const LIMIT = 450_000;
const folder = mkdtempSync(join(tmpdir(), 'tablegate-sizes-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Files = Readonly<Record<string, number>>;

/** An assembly with a function for each description; the sizes are of the files in its asset's folder, in bytes. */
function assembly(name: string, functions: Readonly<Record<string, Files>>, metadata = true): string {
  const directory = join(folder, name);
  mkdirSync(directory);
  const resources = Object.entries(functions).map(([description, files], at) => {
    const asset = `asset.${at}`;
    mkdirSync(join(directory, asset, 'more'), { recursive: true });
    for (const [file, size] of Object.entries(files)) writeFileSync(join(directory, asset, file), 'x'.repeat(size));
    const Metadata = metadata ? { 'aws:asset:path': asset } : {};
    return [`Function${at}`, { Type: 'AWS::Lambda::Function', Properties: { Description: description }, Metadata }];
  });
  const Resources = { Table: { Type: 'AWS::DynamoDB::Table' }, ...Object.fromEntries(resources) };
  writeFileSync(join(directory, 'Stack.template.json'), JSON.stringify({ Resources }));
  return directory;
}

/** What `size-limit` prints of an assembly, and whether it passes. */
function check(directory: string): Promise<{ passed: boolean; output: string }> {
  const env = { ...process.env, CDK_ASSEMBLY: directory, NO_COLOR: '1' };
  return new Promise((resolve) => {
    execFile(process.execPath, [SIZE_LIMIT, '--json'], { cwd: ROOT, env }, (error, stdout) =>
      resolve({ passed: error === null, output: stdout }),
    );
  });
}

test('a bundle may be as large as the limit', async () => {
  const { passed, output } = await check(assembly('at-limit', { 'GET /a': { 'index.cjs': LIMIT } }));
  expect(JSON.parse(output)).toEqual([{ name: 'GET /a', passed: true, size: LIMIT, sizeLimit: LIMIT }]);
  expect(passed).toBe(true);
});

test('one byte more fails, in any file of the folder, and the function is named', async () => {
  const files = { 'index.cjs': LIMIT - 9, 'more/index.css': 10 };
  const { passed, output } = await check(assembly('over', { 'GET /a': { 'index.cjs': 1 }, 'GET /b': files }));
  expect(JSON.parse(output).map(({ name, passed }: { name: string; passed: boolean }) => [name, passed])).toEqual([
    ['GET /a', true],
    ['GET /b', false],
  ]);
  expect(passed).toBe(false);
});

test('an assembly without a function fails', async () => {
  const { passed, output } = await check(assembly('none', {}));
  expect(output).toContain('no function with a bundle was found');
  expect(passed).toBe(false);
});

test('a function whose bundle is not there fails', async () => {
  expect(await check(assembly('empty', { 'GET /a': {}, 'GET /b': { 'index.cjs': 1 } }))).toMatchObject({
    passed: false,
  });
});

test('a function that names no bundle fails', async () => {
  const { passed, output } = await check(assembly('unnamed', { 'GET /a': { 'index.cjs': 1 } }, false));
  expect(output).toContain('Function0: the template does not say where its bundle is');
  expect(passed).toBe(false);
});

test('an assembly that is not there fails', async () => {
  expect(await check(join(folder, 'nowhere'))).toMatchObject({ passed: false });
});
