// Rules of the house that import rules cannot see: pure folders read no clock and touch nothing, handlers are wiring,
// files and functions are short. Every rule is tried on a planted violation first.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Source } from './source-rules.ts';

const ROOT = join(import.meta.dirname, '../../..');
const PURE = ['base', 'definition', 'condition', 'access', 'query', 'plan', 'dynamo', 'audit'];
const FILE_LINES = 250;
const FUNCTION_LINES = 40;
const HANDLER_LINES = 15;

const files = ['bin', 'lib', 'lambdas'].flatMap((folder) => walk(folder));
const everything = [...files, ...['test', 'scripts', 'examples', 'bench'].flatMap((folder) => walk(folder))];

function walk(folder: string): string[] {
  const names = readdirSync(ROOT).includes(folder)
    ? (readdirSync(join(ROOT, folder), { recursive: true }) as string[])
    : [];
  return names.filter((name) => /\.[cm]?[jt]s$/.test(name)).map((name) => `${folder}/${name.replaceAll('\\', '/')}`);
}

function source(path: string): Source {
  return new Source(path, readFileSync(join(ROOT, path), 'utf8'));
}

/** `path:line: what` for every finding. */
function findings(paths: readonly string[], look: (source: Source) => readonly string[]): string[] {
  return paths.flatMap((path) => look(source(path)).map((finding) => `${path}:${finding}`));
}

/** Where biome.json allows default exports: rule and exception stand in one place. */
function mayDefaultExport(path: string): boolean {
  const biome = JSON.parse(readFileSync(join(ROOT, 'biome.json'), 'utf8'));
  const patterns: string[] = biome.overrides
    .filter((override: { linter?: { rules?: { style?: { noDefaultExport?: string } } } }) => {
      return override.linter?.rules?.style?.noDefaultExport === 'off';
    })
    .flatMap((override: { includes: string[] }) => override.includes);
  return patterns.some((pattern) =>
    pattern.endsWith('/**') ? path.startsWith(pattern.slice(0, -2)) : path === pattern,
  );
}

test('the walk finds the files', () => {
  expect(files.length).toBeGreaterThan(10);
  expect(files).toContain('lib/base/json.ts');
  expect(files).toContain('lib/condition/condition.ts');
  expect(everything).toContain('test/unit/house/purity.test.ts');
});

describe('pure folders', () => {
  test('touch nothing outside', () => {
    const pure = files.filter((path) => PURE.some((folder) => path.startsWith(`lib/${folder}/`)));
    expect(pure.length).toBeGreaterThan(5);
    expect(findings(pure, (each) => each.effects())).toEqual([]);
  });

  test.each([
    ['const a = Date.now();', ['1: Date.now']],
    ['const a = new Date();', ['1: new Date()']],
    ['const a = new Date;', ['1: new Date()']],
    ['const a = Date();', ['1: new Date()']],
    ['const a = Math.random;', ['1: Math.random']],
    ["\nconst a = process.env['A'];", ['2: process']],
    ['const { env } = process;', ['1: process']],
    ['console.log(1);', ['1: console']],
    ['await fetch(a);', ['1: fetch']],
    ['setTimeout(f, 1);', ['1: setTimeout']],
    ['const a = { fetch };', ['1: fetch']],
    ['const a = new Date(0).toISOString();', []],
    ['// Date.now() and process.exit()\nconst a = "fetch(";', []],
    ['ports.fetch(a); const b = { process: 1 }; type C = { console: string };', []],
  ])('%s', (text, found) => {
    expect(new Source('a.ts', text).effects()).toEqual(found);
  });
});

describe('handlers', () => {
  const handlers = files.filter((path) => path.startsWith('lambdas/'));

  test('decide nothing', () => {
    expect(findings(handlers, (each) => each.decisions())).toEqual([]);
    expect(findings(handlers, (each) => each.longFunctions(HANDLER_LINES))).toEqual([]);
  });

  test.each([
    ['if (a) b();', ['1: if']],
    ['const a = b ? c : d;', ['1: ?:']],
    ['switch (a) {}', ['1: switch']],
    ['try { a(); } finally {}', ['1: try']],
    ['const a = { status: 404 };', ['1: 404']],
    ['const a = 99;', []],
  ])('%s', (text, found) => {
    expect(new Source('a.ts', text).decisions()).toEqual(found);
  });
});

describe('caps', () => {
  test(`no file has more than ${FILE_LINES} lines`, () => {
    const lines = (each: Source) => (each.lines > FILE_LINES ? [` ${each.lines} lines`] : []);
    expect(findings(files, lines)).toEqual([]);
    expect(new Source('a.ts', 'a;\n'.repeat(FILE_LINES + 1)).lines).toBe(FILE_LINES + 1);
  });

  test(`no function has more than ${FUNCTION_LINES} lines`, () => {
    expect(findings(files, (each) => each.longFunctions(FUNCTION_LINES))).toEqual([]);
  });

  test.each([
    ['function f() {\n\n\n}', ['1: f has 4 lines']],
    ['const f = () => {\n\n\n};', ['1: a function has 4 lines']],
    ['class A {\n  m() {\n\n\n}\n}', ['2: m has 4 lines']],
    ['/**\n *\n *\n */\nfunction f() {}', []],
    ['type F = {\n f(\n  a: 1,\n  b: 2\n ): void;\n};', []],
  ])('%j', (text, found) => {
    expect(new Source('a.ts', text).longFunctions(3)).toEqual(found);
  });
});

describe('files', () => {
  test('of lib begin with a comment that says their job', () => {
    const header = (each: Source) => (each.hasHeader ? [] : [' begins without a comment']);
    const lib = files.filter((path) => path.startsWith('lib/'));
    expect(findings(lib, header)).toEqual([]);
    expect(new Source('a.ts', "import a from 'a';").hasHeader).toBe(false);
  });

  test('export by name, but where biome.json allows a default', () => {
    const named = everything.filter((path) => !mayDefaultExport(path));
    expect(named.length).toBeLessThan(everything.length);
    expect(findings(named, (each) => each.defaultExports())).toEqual([]);
  });

  test.each([
    ['export default 1;', 1],
    ['export default function f() {}', 1],
    ['export { a as default };', 1],
    ['export const a = 1;', 0],
  ])('%s', (text, count) => {
    expect(new Source('a.ts', text).defaultExports()).toHaveLength(count);
  });
});
