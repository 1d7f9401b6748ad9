// The tables of a document, as tests read them.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A row of a table: its cells, as they are written. */
export type Row = readonly string[];

const ROOT = join(import.meta.dirname, '../..');

/** The text of a document of the repository. */
export function read(page: string): string {
  return readFileSync(join(ROOT, page), 'utf8');
}

/**
 * The rows, without their headings, of all tables that stand directly under a heading of the page.
 * @throws Error where there is no such heading, or no table under it
 */
export function rowsUnder(page: string, heading: string): readonly Row[] {
  const lines = read(page).split('\n');
  const start = lines.findIndex((line) => /^#+ /.test(line) && line.replace(/^#+ /, '') === heading);
  if (start < 0) throw new Error(`${page} has no heading "${heading}"`);
  const length = lines.slice(start + 1).findIndex((line) => /^#+ /.test(line));
  const section = lines.slice(start + 1, length < 0 ? undefined : start + 1 + length);
  const rows = section.filter(
    (line, at) => isRow(line) && isRow(section[at - 1] ?? '') && isRow(section[at - 2] ?? ''),
  );
  if (rows.length === 0) throw new Error(`${page} has no table under "${heading}"`);
  return rows.map(cells);
}

function isRow(line: string): boolean {
  return line.startsWith('| ');
}

function cells(line: string): Row {
  return line
    .split(/(?<!\\)\|/)
    .slice(1, -1)
    .map((cell) => cell.trim().replaceAll('\\|', '|'));
}

/** The text of a cell that is one piece of code. */
export function codeOf(cell: string | undefined): string {
  const text = /^`([^`]+)`$/.exec(cell ?? '')?.[1];
  if (text === undefined) throw new Error(`"${cell}" is not one piece of code`);
  return text;
}
