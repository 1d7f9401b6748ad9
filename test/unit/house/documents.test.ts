// What the documents promise is there: every test that the threat model names stands in its file, every link leads somewhere.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../../..');
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const PROOF = /`(test\/[^`]+\.test\.ts)` "([^"]+)"/g;

const pages = (folder: string): string[] =>
  readdirSync(join(ROOT, folder), { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.md'))
    .map(({ name }) => join(folder, name));
const decisions = pages('docs/decisions').filter((page) => !page.endsWith('README.md'));
const documents = ['.', 'docs', 'docs/decisions', 'docs/guides', 'docs/reference'].flatMap(pages);

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

/** A title as file names and GitHub's anchors write it. */
const kebab = (title: string) =>
  title
    .toLowerCase()
    .replaceAll(/[^a-z0-9 _-]/g, '')
    .replaceAll(' ', '-');
const anchors = (page: string) => [...read(page).matchAll(/^#+ (.*)$/gm)].map(([, title = '']) => kebab(title));

describe('a link', () => {
  it.each(documents)('of %s leads to a file, and a heading, that is there', (document) => {
    const links = [...read(document).matchAll(/\]\(([^)#\s]*)(?:#([^)\s]*))?\)/g)];
    for (const [link, target = '', anchor] of links.filter(([, target = '']) => !/^[a-z]+:/.test(target))) {
      const file = target === '' ? document : join(dirname(document), target);
      expect(existsSync(join(ROOT, file)), link).toBe(true);
      if (anchor !== undefined) expect(anchors(file), link).toContain(anchor);
    }
  });
});

describe('a file', () => {
  const FILE = /`((?:bin|bench|docs|examples|lambdas|lib|scripts|test)\/[\w./-]+\.[a-z]+|[a-z]+\/[\w/-]+\.ts)`/g;
  const named = documents.flatMap((page) =>
    [...read(page).matchAll(FILE)].map(([, file = '']) => [file, page] as const),
  );

  it('that a page names is there, under lib where no folder is said', () => {
    expect(named.length).toBeGreaterThan(80);
    const missing = named.filter(([file]) => ![file, `lib/${file}`].some((path) => existsSync(join(ROOT, path))));
    expect(missing).toEqual([]);
  });
});

describe('CONTRIBUTING.md', () => {
  const folders = (folder: string) =>
    readdirSync(join(ROOT, folder), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => `${folder}/${name}`);
  const rooms = [...folders('lib'), ...['lib/access', 'lib/operations', 'lib/store', 'lib/local'].flatMap(folders)];

  it('says what goes into each folder of lib, and into each room', () => {
    expect(rooms).toContain('lib/store/crypto');
    const text = read('CONTRIBUTING.md');
    expect(rooms.filter((room) => !text.includes(`\`${room}\``))).toEqual([]);
  });
});

describe('a citation in a test', () => {
  const tests = readdirSync(join(ROOT, 'test'), { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  );
  const citations = tests.flatMap((file) =>
    [...read(join('test', file)).matchAll(/(?<![\w/-])([\w/-]+\.md)(?:, "([^"\n]+)")?(?: and "([^"\n]+)")?/g)]
      .filter(([, page = '']) => /^docs\/|^(?:access|audit|http|limits|platform|query)\.md$/.test(page))
      .map(([, page = '', ...headings]) => ({ file, page, headings: headings.filter((each) => each !== undefined) })),
  );

  it('is of a page, and of a heading, that is there', () => {
    expect(citations.length).toBeGreaterThan(40);
    for (const { file, page, headings } of citations) {
      expect(existsSync(join(ROOT, page)), `${file} cites ${page}`).toBe(true);
      for (const heading of headings) expect(anchors(page), `${file} cites ${page}`).toContain(kebab(heading));
    }
  });
});

describe('the README', () => {
  const text = read('README.md');

  it('has at most 900 words', () => {
    expect(text.split(/\s+/).length).toBeLessThanOrEqual(900);
  });

  it('begins with the two commands of a newcomer and calls that follow them', () => {
    const first = text.split('\n').slice(0, 30).join('\n');
    for (const line of ['npm ci && npm start', 'npm ci && npm test', 'curl "$api/items']) expect(first).toContain(line);
  });

  it.each([...pages('docs/guides'), ...pages('docs/reference')])('leads to %s', (page) => {
    expect(text).toContain(`](${page})`);
  });
});

describe('a decision', () => {
  const index = read('docs/decisions/README.md');

  it.each(decisions)('%s is named by its title, listed, and ends in what would change it', (page) => {
    const [first = '', ...rest] = read(page).trimEnd().split('\n');
    const title = first.replace(/^# /, '');
    expect(`${kebab(title)}.md`).toBe(basename(page));
    expect(index).toContain(`[${title}](${basename(page)})`);
    const end = rest.findLastIndex((line) => line.startsWith('What would change it:'));
    expect(rest.slice(end).filter((line) => /^#/.test(line))).toEqual([]);
    expect(end).toBeGreaterThan(rest.length - 10);
  });
});
