// Comments are sentences for a first-time reader (CONTRIBUTING.md, "Style"): a program sees how they begin. Every rule is
// tried on planted violations first.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fragments, pointers, vaguePredicates } from './comment-rules.ts';

const ROOT = join(import.meta.dirname, '../../..');

const sources = ['bin', 'lib', 'lambdas'].flatMap((folder) =>
  (readdirSync(join(ROOT, folder), { recursive: true }) as string[])
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name)),
);

/** `path:line: fault` for every finding of one rule. */
function findings(rule: (text: string) => readonly string[]): string[] {
  return sources.flatMap((path) => rule(readFileSync(join(ROOT, path), 'utf8')).map((finding) => `${path}:${finding}`));
}

test('the walk finds the files', () => {
  expect(sources.length).toBeGreaterThan(100);
  expect(sources).toContain('lib/base/json.ts');
});

describe('a comment', () => {
  test.each([
    ['// What it is.\nf();', ['1: begins with What']],
    ['\n/** Whether a row fits. */\nf();', ['2: begins with Whether']],
    ['/**\n * Where it is.\n */\nf();', ['1: begins with Where']],
    ['f(); // of the last row', ['1: begins with of']],
    ['class A {\n  /** Kept for later. */\n  a = 1;\n}', ['2: begins with Kept']],
    ['type A = {\n  /** Told to the caller. */\n  a: 1;\n};', ['2: begins with Told']],
    ['f({\n  // As before.\n});', ['2: begins with As']],
    ['f(() => {\n  return 1;\n  // Behind the row.\n});', ['3: begins with Behind']],
    ['// Stryker disable next-line StringLiteral: what is there stays.\nf();', ['1: begins with what']],
    ['// Stryker disable next-line StringLiteral: texts stay.\nf();', []],
    ['// The rows,\n// of which some are old.\nf();', []],
    ['// The rows.\n\n// Of which some are old.\nf();', ['3: begins with Of']],
    ['const a = `\n// What it is`;', []],
    ["const a = '// What';", []],
    ['/** Offers rows; `What` is a word. */\nf();', []],
  ])('%j', (text, found) => {
    expect(fragments(text)).toEqual(found);
  });

  test('begins with no fragment', () => {
    expect(findings(fragments)).toEqual([]);
  });
});

describe('the doc comment of an exported function', () => {
  test.each([
    ['/** It reads. */\nexport function f() {}', ['1: begins with It']],
    ['/** But rows. */\nexport const f = () => 1;', ['1: begins with But']],
    ['export class A {\n  /** Those that fit. */\n  get a() {}\n}', ['2: begins with Those']],
    ['export class A {\n  /** Those that fit. */\n  #a() {}\n}', []],
    ['/** It reads. */\nfunction f() {}', []],
    ['/** Itemizes rows. */\nexport function f() {}', []],
  ])('%j', (text, found) => {
    expect(pointers(text)).toEqual(found);
  });

  test('begins with no pointer to something unsaid', () => {
    expect(findings(pointers)).toEqual([]);
  });
});

describe('the doc comment of an exported predicate', () => {
  const vague = (words: string) => [`1: ${JSON.stringify(words)} does not begin with "True if"`];

  test.each([
    ['/** A row fits. */\nexport function f(): boolean {}', vague('A row fits.')],
    ['/** The row. */\nexport const f = (a): a is Row => true;', vague('The row.')],
    ['export class A {\n/** Rows fit. */\nget a(): boolean {}\n}', [`2: "Rows fit." does not begin with "True if"`]],
    ['/** Truer. */\nexport function f(): boolean {}', vague('Truer.')],
    ['/** True if a row fits. */\nexport function f(): boolean {}', []],
    ['/**\n * Returns true if a row fits.\n */\nexport function f(): boolean {}', []],
    ['/** @throws Error */\nexport function f(): boolean {}', []],
    ['export function f(): boolean {}', []],
    ['/** A row. */\nexport function f(): Row {}', []],
    ['/** A row fits. */\nfunction f(): boolean {}', []],
  ])('%j', (text, found) => {
    expect(vaguePredicates(text)).toEqual(found);
  });

  test('says when it is true', () => {
    expect(findings(vaguePredicates)).toEqual([]);
  });
});
