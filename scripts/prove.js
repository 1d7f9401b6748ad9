// `npm run prove`: everything that `npm run check` tries a little of, tried much longer, on both engines, and what no
// check has the time for. It ends with the figures of docs/proof.md.

import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { parseArgs } from 'node:util';
import { mutantScores } from './mutant-scores.js';

const ROOT = join(import.meta.dirname, '..');
const FACTOR = 10;

const vitest = (...projects) => ['vitest', 'run', ...projects.flatMap((name) => ['--project', name])];

/** In order, each with what it proves. `needs`: a program without which it cannot be tried. */
const STEPS = [
  { name: 'laws', title: 'laws of the pure folders', command: vitest('laws') },
  { name: 'engine', title: 'conditions and plans on the embedded engine', command: vitest('engine') },
  {
    name: 'handlers',
    title: 'whole requests on the embedded engine: laws, races, faults',
    command: vitest('handlers'),
  },
  {
    name: 'amazon',
    title: "the engine's and the requests' tests on Amazon's DynamoDB Local",
    command: vitest('engine', 'handlers'),
    env: { TABLEGATE_TEST_ENGINE: 'dynamodb-local' },
    needs: 'java',
    factor: 1,
  },
  {
    name: 'dearest',
    title: 'the GET request that costs most processor time for one page of hostile rows: under a second',
    command: ['tsx', 'scripts/dearest-request.ts'],
  },
  { name: 'runtime', title: 'the local runtime, killed and restarted', command: vitest('acceptance') },
  { name: 'scoutr', title: "Scoutr's faults in our code", command: ['node', 'scripts/prove-planted.js', 'scoutr'] },
  {
    name: 'weaknesses',
    title: 'what would weaken operations, http, store, infra and local',
    command: ['node', 'scripts/prove-planted.js', 'weaknesses'],
  },
  {
    name: 'mutants',
    title: 'mutation testing of the pure folders',
    command: ['stryker', 'run', '--force'],
    figures: () => mutantScores(join(ROOT, 'reports/mutants/mutants.json')),
  },
];

const HELP = `Usage: npm run prove -- [--only STEP,STEP…] [--factor N] [--json FILE]

Tries at length what the check tries a little of, and prints how much was tried. Exit codes: 0, 1 (something was
disproved, or could not be tried), 2 (wrong options).

  --only STEP,…   some of the steps
  --factor N      how many times the cases of a check [default: ${FACTOR}]
  --json FILE     the figures, for programs

${STEPS.map(({ name, title }) => `  ${name.padEnd(11)} ${title}`).join('\n')}
`;

process.exitCode = await main();

async function main() {
  const { wrong, help, steps, factor, json } = readArguments();
  if (wrong !== undefined) {
    console.error(`${wrong}\n\n${HELP}`);
    return 2;
  }
  if (help) {
    console.log(HELP);
    return 0;
  }
  const work = mkdtempSync(join(tmpdir(), 'tablegate-prove-'));
  process.once('exit', () => rmSync(work, { recursive: true, force: true }));
  const results = [];
  for (const step of steps) results.push(await prove(step, factor, join(work, `${step.name}.jsonl`)));
  if (json !== undefined) writeFileSync(json, `${JSON.stringify(results, undefined, 2)}\n`);
  return results.every(({ outcome }) => outcome === 'proved') ? 0 : 1;
}

function readArguments() {
  try {
    const options = {
      only: { type: 'string' },
      factor: { type: 'string' },
      json: { type: 'string' },
      help: { type: 'boolean' },
    };
    const { values } = parseArgs({ options });
    const names = values.only?.split(',') ?? STEPS.map(({ name }) => name);
    const unknown = names.find((name) => !STEPS.some((step) => step.name === name));
    if (unknown !== undefined) return { wrong: `there is no step '${unknown}'` };
    const factor = Number(values.factor ?? FACTOR);
    if (!(factor >= 1 && factor <= 10_000))
      return { wrong: `--factor is a number from 1 to 10,000, not '${values.factor}'` };
    const { help, json } = values;
    return { help, json, factor, steps: STEPS.filter(({ name }) => names.includes(name)) };
  } catch (error) {
    return { wrong: error.message };
  }
}

async function prove(
  { name, title, command, env = {}, needs, factor: own, figures: figuresIn = figuresOf },
  factor,
  file,
) {
  if (needs !== undefined && spawnSync(needs, ['-version']).error) {
    console.log(`-       ${name.padEnd(11)} not tried: there is no ${needs} here`);
    return { name, title, outcome: `not tried: no ${needs}`, figures: {} };
  }
  console.log(`        ${name.padEnd(11)} ${title} …`);
  const start = performance.now();
  const code = await run(command, { TABLEGATE_PROVE: String(own ?? factor), TABLEGATE_PROOF_FILE: file, ...env });
  const seconds = Math.round((performance.now() - start) / 1000);
  const figures = figuresIn(file);
  console.log(`${code === 0 ? 'ok    ' : 'FAILED'}  ${name.padEnd(11)} ${seconds} s`);
  for (const [what, counts] of Object.entries(figures)) {
    const text = Object.entries(counts).map(([key, count]) => `${key} ${count.toLocaleString('en')}`);
    console.log(`                  ${what}: ${text.join(', ')}`);
  }
  return { name, title, outcome: code === 0 ? 'proved' : 'failed', seconds, figures };
}

/** The sums of what the proofs wrote, by what was tried. */
function figuresOf(file) {
  const sums = {};
  if (!existsSync(file)) return sums;
  for (const line of readFileSync(file, 'utf8').split('\n').filter(Boolean)) {
    const { what, ...counts } = JSON.parse(line);
    sums[what] ??= {};
    for (const [key, count] of Object.entries(counts)) sums[what][key] = (sums[what][key] ?? 0) + count;
  }
  return sums;
}

function run([program, ...args], env) {
  const PATH = [join(ROOT, 'node_modules/.bin'), process.env.PATH].join(delimiter);
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd: ROOT, env: { ...process.env, PATH, ...env }, stdio: 'inherit' });
    child.once('error', (error) => {
      console.error(error.message);
      resolve(1);
    });
    child.once('close', (code) => resolve(code ?? 1));
  });
}
