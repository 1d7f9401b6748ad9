// What the documents promise is there: every test that the threat model names stands in its file, every link leads somewhere.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../../..');
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const PROOF = /`(test\/[^`]+\.test\.ts)` "([^"]+)"/g;

const pages = (folder: string): string[] =>
  readdirSync(join(ROOT, folder), { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.md'))
    .map(({ name }) => join(folder, name));
const documents = [...pages('.'), ...pages('docs'), ...pages('docs/decisions'), ...pages('docs/guides')];

describe('the threat model', () => {
  const proofs = [...read('docs/threat-model.md').matchAll(PROOF)].map(([, file = '', title = '']) => ({
    file,
    title,
  }));
  const rows = read('docs/threat-model.md')
    .split('\n')
    .filter((line) => line.startsWith('| ') && line.includes('`test/'));

  it('has a proof for every threat', () => {
    expect(rows.length).toBeGreaterThan(20);
    expect(proofs.length).toBeGreaterThanOrEqual(rows.length);
  });

  it.each(proofs)('names a test that is there: $file "$title"', ({ file, title }) => {
    expect(existsSync(join(ROOT, file)), file).toBe(true);
    expect(read(file)).toContain(title);
  });
});

describe('a link', () => {
  it.each(documents)('of %s leads to a file that is there', (document) => {
    const links = [...read(document).matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)].map(([, target = '']) => target);
    for (const target of links.filter((each) => !/^[a-z]+:/.test(each))) {
      expect(existsSync(join(ROOT, dirname(document), target)), target).toBe(true);
    }
  });
});
