// `npm run bench` as its users run it: it measures and reports. What it measures is asserted nowhere: tests time nothing.

import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';

const PACKAGE = fileURLToPath(new URL('../../', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'tablegate-bench-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function bench(...args: readonly string[]) {
  const child = spawn('npm', ['run', '--silent', 'bench', '--', ...args], { cwd: PACKAGE });
  const code = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await code, stdout, stderr };
}

/** The numbers in a report, each by its path. */
function numbersIn(value: unknown, path = ''): readonly (readonly [string, unknown])[] {
  if (typeof value === 'number' || value === null) return [[path, value]];
  if (typeof value !== 'object') return [];
  return Object.entries(value as object).flatMap(([name, inner]) => numbersIn(inner, `${path}.${name}`));
}

it('prints the figures of the rows that are asked for, and writes every one as a number', async () => {
  const file = join(folder, 'figures.json');
  const asked = ['get', 'list-by-index', 'create'];
  const options = ['--rows', '200', '--runs', '3', '--only', asked.join(','), '--json', file];
  const { code, stdout, stderr } = await bench(...options);
  expect(stderr).toBe('');
  expect(code).toBe(0);
  const report = JSON.parse(readFileSync(file, 'utf8'));
  expect([...new Set(report.figures.map(({ row }: { row: string }) => row))]).toEqual(asked);
  for (const { what } of report.figures) expect(stdout).toContain(what);
  const numbers = numbersIn(report.figures);
  expect(numbers.length).toBeGreaterThan(30);
  // JSON has no NaN and no Infinity: it says null.
  expect(numbers.filter(([, number]) => !Number.isFinite(number))).toEqual([]);
});

it.each([
  [['--rows', 'many'], "--rows takes whole numbers from 100, not 'many'"],
  [['--runs', '0'], "--runs takes whole numbers from 1, not '0'"],
  [['--only', 'get,put'], "there is no row 'put'; the rows are get, "],
  [['--json', 'no/such/folder/a.json'], 'there is no folder'],
  [['--fast'], "Unknown option '--fast'"],
])('%j is wrong usage', async (args, message) => {
  const { code, stdout, stderr } = await bench(...args);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toContain(message);
});

it('tells how it is used', async () => {
  const { code, stdout } = await bench('--help');
  expect(code).toBe(0);
  expect(stdout).toContain('list-by-index');
});
