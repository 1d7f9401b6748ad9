// A table of Markdown from rows of cells, its columns as wide as their longest cell.

/** @param rows the headings, then the rows; a `|` in a cell is escaped */
export function markdownTable(rows: readonly (readonly string[])[]): string {
  const [headings = [], ...others] = rows.map((row) => row.map((cell) => cell.replaceAll('|', '\\|')));
  const widths = headings.map((heading, at) =>
    Math.max(heading.length, ...others.map((row) => (row[at] ?? '').length)),
  );
  const line = (row: readonly string[]) => `| ${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`;
  return [headings, widths.map((width) => '-'.repeat(width)), ...others].map(line).join('\n');
}

export const code = (text: string): string => `\`${text}\``;
