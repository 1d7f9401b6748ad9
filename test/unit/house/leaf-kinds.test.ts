// A new kind of leaf compiles nowhere until every reader of conditions answers for it.

import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '../../..');
const NODE = join(ROOT, 'lib/condition/node.ts');
const LAST_KIND = "| { readonly kind: 'type'; readonly path: Path; readonly type: ValueType }";
const PLANTED = "| { readonly kind: 'near'; readonly path: Path; readonly value: Value }";

/** Files of lib that do not compile, with `node.ts` as given. */
function broken(nodeText: string): string[] {
  const config = ts.readConfigFile(join(ROOT, 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, ROOT);
  const host = ts.createCompilerHost(options);
  const read = host.readFile.bind(host);
  host.readFile = (path) => (join(path) === NODE ? nodeText : read(path));
  // All readers are reached from here.
  const roots = ['lib/dynamo/transaction.ts', 'lib/dynamo/read-input.ts', 'lib/condition/print.ts'];
  const program = ts.createProgram(
    roots.map((path) => join(ROOT, path)),
    { ...options, types: ['node'] },
    host,
  );
  const errors = program.getSemanticDiagnostics().flatMap(({ file }) => (file ? [relative(ROOT, file.fileName)] : []));
  return [...new Set(errors)].sort();
}

test('the readers compile as they are', { timeout: 60_000 }, () => {
  expect(broken(readFileSync(NODE, 'utf8'))).toEqual([]);
});

test('a kind that no reader knows breaks each of them', { timeout: 60_000 }, () => {
  const text = readFileSync(NODE, 'utf8');
  expect(text).toContain(LAST_KIND);
  expect(broken(text.replace(LAST_KIND, `${LAST_KIND}\n    ${PLANTED}`))).toEqual([
    'lib/condition/condition.ts',
    'lib/condition/demand.ts',
    'lib/condition/evaluate.ts',
    'lib/condition/paths.ts',
    'lib/condition/print.ts',
    'lib/condition/simplify.ts',
    'lib/condition/strict.ts',
    'lib/dynamo/expression-part.ts',
    'lib/dynamo/expression.ts',
  ]);
});
