// README, guides, reference and the other pages of docs, tried: each command block runs against the local runtime, and
// prints what the page says. The rules of a block are in test/support/command-blocks.ts.

import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Dev, run, startDev } from '../support/command.ts';
import { type CommandBlock, commandBlocks, pattern, type Step } from '../support/command-blocks.ts';
import { read, rowsUnder } from '../support/pages.ts';

const ROOT = join(import.meta.dirname, '../..');
const pages = (folder: string) =>
  readdirSync(join(ROOT, folder)).flatMap((name) => (name.endsWith('.md') ? [join(folder, name)] : []));
const DOCUMENTS = ['README.md', ...['docs', 'docs/guides', 'docs/reference'].flatMap(pages)];
const blocksOf = (page: string) => commandBlocks(page, read(page));
const documents = DOCUMENTS.map((page) => [page, blocksOf(page)] as const);
const tried = documents.filter(([, blocks]) => blocks.some(({ reason }) => reason === undefined));

const MARK = '--- behind a command ---';
/** A refusal that the page does not show: the gateway's, or a problem. */
const REFUSAL = /^\{"type":"about:blank"|^\{"message":/;

type Printed = { readonly output: string; readonly code: number };

/** The steps of one page in one shell, so that what a block sets is there in the next. */
async function inShell(steps: readonly Step[], url: string): Promise<readonly Printed[]> {
  const here = (command: string) => command.replaceAll('http://127.0.0.1:3000', url);
  const script = [
    'curl() { command curl -sS "$@"; }',
    // As npx does it, without its second of start.
    `npx() { shift; if [ "$1" = token ]; then set -- "$@" --url ${url}; fi; node bin/tablegate.js "$@"; }`,
    ...steps.map(({ command }) => `${here(command)}\nprintf '\\n%s%s\\n' '${MARK}' "$?"`),
  ].join('\n');
  const child = spawn('bash', ['-c', script], { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'], timeout: 60_000 });
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  expect(stderr).toBe('');
  const parts = stdout.split(MARK);
  return parts.slice(1).map((part, at) => ({
    code: Number.parseInt(part, 10),
    output: (parts[at] ?? '').replace(at === 0 ? '' : /^\d+\n/, '').replace(/\n$/, ''),
  }));
}

let api: Dev;
beforeAll(async () => {
  api = await startDev('--verbose');
});

describe('the command blocks', () => {
  it.each(tried)('of %s print what it says', async (page, blocks) => {
    const steps = blocks.flatMap((block) => block.steps);
    const printed = await inShell(steps, api.url);
    expect(printed).toHaveLength(steps.length);
    for (const [at, { line, shown }] of steps.entries()) {
      const { output, code } = printed[at] as Printed;
      const place = `${page}:${line}`;
      if (shown !== undefined) expect(output.replaceAll('\r', ''), place).toMatch(pattern(shown));
      else
        expect([code, output.replace(REFUSAL, 'refused: ')], place).toEqual([0, expect.not.stringMatching(/^refused/)]);
    }
  });

  it('are many, and most of what they print is compared', () => {
    const steps = tried.flatMap(([, blocks]) => blocks.flatMap((block) => block.steps));
    const calls = steps.filter(({ command }) => /^(curl|npx)/.test(command));
    expect(calls.length).toBeGreaterThan(40);
    expect(calls.filter(({ shown }) => shown === undefined).length).toBeLessThan(calls.length / 5);
  });
});

describe('the guides', () => {
  const optionsOf = (text: string) =>
    new Set([...text.matchAll(/(?<![\w-])--[a-z][a-z-]+/g)].map(([option]) => option));

  it('name every option of the runtime, and no option that no command has', async () => {
    const commands = [['dev'], ['seed'], ['token'], ['records', 'check']];
    const helps = await Promise.all(commands.map((command) => run(...command, '--help')));
    const [ofDev, ...others] = helps.map(({ stdout }) => optionsOf(stdout));
    const named = optionsOf(rowsUnder('docs/guides/running.md', 'Running it here').flat().join(' '));
    expect([...named, '--help'].toSorted()).toEqual([...(ofDev as Set<string>)].toSorted());
    const known = new Set([ofDev, ...others].flatMap((options) => [...(options as Set<string>)]));
    // Those of curl and of AWS's command stand in blocks.
    const prose = ['README.md', ...pages('docs/guides')].map((page) => read(page).replaceAll(/^```[\s\S]*?^```/gm, ''));
    for (const option of optionsOf(prose.join('\n'))) expect(known).toContain(option);
  });

  it('show the log line of a request as it is', () => {
    const sample = /```json\n([\s\S]*?)```/.exec(read('docs/guides/watching.md'))?.[1] ?? '';
    const line = /^\[GET \/items\] (\{.*"code":"ok".*\})$/m.exec(api.output())?.[1] ?? '';
    const { _aws, ...shown } = JSON.parse(line);
    expect(_aws).toBeTypeOf('object');
    expect(Object.keys(JSON.parse(sample))).toEqual(Object.keys(shown));
  });
});

describe('a block', () => {
  const blocks = (...lines: readonly string[]): readonly CommandBlock[] =>
    commandBlocks('page.md', ['```sh', ...lines, '```'].join('\n'));

  it('that no test can run is marked with the reason', () => {
    expect(() => blocks('npm ci')).toThrow('page.md:2: no test runs "npm ci"; mark the block');
    expect(() => commandBlocks('page.md', '```sh later\nnpm ci\n```')).toThrow('"later" is no mark');
    expect(commandBlocks('page.md', '```sh no-run: needs a network\nnpm ci\n```')).toEqual([
      { line: 1, reason: 'needs a network', steps: [] },
    ]);
  });

  it('has outputs directly below commands: one that stands apart is compared with nothing, and refused', () => {
    expect(() => blocks('curl a', '', '# [1]')).toThrow('page.md:4: a comment without a command');
    expect(blocks('# One.', 'curl a \\', '  b', '# [1]', '', '# Two.', 'curl c')).toMatchObject([
      {
        steps: [
          { command: 'curl a \\\n  b', shown: '[1]', line: 3 },
          { command: 'curl c', shown: undefined },
        ],
      },
    ]);
  });

  it('is compared whole, but for …', () => {
    expect('[1]').toMatch(pattern('[1]'));
    expect('[1,2]').not.toMatch(pattern('[1'));
    expect('[1,2]').toMatch(pattern('[1,…'));
    expect('HTTP/1.1 200 OK\nLink: <a>\n\n[]').toMatch(pattern('HTTP/1.1 200 OK … Link: <a> … []'));
    expect('HTTP/1.1 200 OK\nX-Total-Count: 5').not.toMatch(pattern('HTTP/1.1 200 OK … X-Total-Count: 4'));
  });
});
