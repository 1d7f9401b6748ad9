// The CDK app as a program: a definition that cannot be used is one line on the error output and exit code 2.

import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { loadDefinition } from '../../lib/cli/files.ts';
import { UsageError } from '../../lib/local/usage-error.ts';

const folder = mkdtempSync(join(tmpdir(), 'tablegate-app-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

function write(name: string, lines: readonly string[]): string {
  const file = join(folder, name);
  writeFileSync(file, [...lines, ''].join('\n'));
  return file;
}

function define(name: string, lines: readonly string[]): string {
  const imports = ['api', 'endpoint', 'table'].map(
    (module) => `import * as ${module} from '${here(`../../lib/definition/${module}.ts`)}';`,
  );
  return write(name, [...imports, ...lines]);
}

/** Into the folder of the definition's name with `.out` added. */
function synthesize(definition: string): Promise<{ code: unknown; errors: string }> {
  const env = { ...process.env, TABLEGATE_API: definition, CDK_OUTDIR: `${definition}.out` };
  const args = ['--import', loader, here('../../bin/app.ts')];
  return new Promise((resolve) => {
    execFile(process.execPath, args, { env }, (error, _, errors) => resolve({ code: error?.code ?? 0, errors }));
  });
}

test('a mistake in a definition is told with its file and line', async () => {
  const file = define('mistake.ts', [
    "const notes = table.table('notes', { partitionKey: { id: 'string' } });",
    'export default api.api({',
    '  tables: [notes],',
    "  endpoints: [endpoint.list('/notes', notes),",
    "    endpoint.get('/notes/{number}', notes)],",
    '});',
  ]);
  const { code, errors } = await synthesize(file);
  expect(errors).toBe(`${file}:8: GET /notes/{number}: the parameter {number} is not a key of table 'notes' (id)\n`);
  expect(code).toBe(2);
});

test('a definition outside of any package is synthesized with the real Lambdas', async () => {
  const file = define('notes.ts', [
    "const notes = table.table('notes', { partitionKey: { id: 'string' } });",
    "export default api.api({ tables: [notes], endpoints: [endpoint.list('/notes', notes)] });",
  ]);
  expect(await synthesize(file)).toEqual({ code: 0, errors: '' });
  const { Resources } = JSON.parse(readFileSync(join(`${file}.out`, 'Tablegate.template.json'), 'utf8'));
  expect(JSON.stringify(Resources)).toContain('"ENDPOINT":"GET /notes"');
});

describe('a definition that cannot be loaded is refused in one line', () => {
  const refusal = async (file: string): Promise<string> => {
    const error = await loadDefinition(file, '-c api=FILE').catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(UsageError);
    const { message } = error as UsageError;
    expect(message).not.toContain('\n');
    return message;
  };

  test('no such file', async () => {
    const file = join(folder, 'nowhere.ts');
    expect(await refusal(file)).toBe(`there is no definition at ${file}; give another with -c api=FILE`);
  });

  test('no API in it', async () => {
    const file = write('other.mjs', ['export default { tables: [] };']);
    expect(await refusal(file)).toBe(`the definition ${file} has no default export made by api()`);
    const nothing = write('nothing.mjs', ['export const api = {};']);
    expect(await refusal(nothing)).toBe(`the definition ${nothing} has no default export made by api()`);
  });

  test('an import of what is not there', async () => {
    const file = write('missing.mjs', ["import './nowhere.mjs';"]);
    expect(await refusal(file)).toMatch(/missing\.mjs cannot be loaded: .*nowhere\.mjs/);
  });

  test('code that throws, with its line', async () => {
    const file = write('throws.mjs', ['const nothing = undefined;', 'export default nothing.table;']);
    expect(await refusal(file)).toMatch(/throws\.mjs cannot be loaded: .*throws\.mjs:2: Cannot read /);
  });
});
