// `npm run check`: everything CI runs, step by step. A step prints its output only if it fails; all steps run; the last
// line counts the tests, `N passed, N failed`. Plain JavaScript, so that it runs before anything is compiled.

import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { parseArgs } from 'node:util';

const ROOT = join(import.meta.dirname, '..');
const PROCESSES = 2;
const WORK = mkdtempSync(join(tmpdir(), 'tablegate-check-'));
const REPORT = join(WORK, 'tests.json');
const ASSEMBLY = join(WORK, 'cdk.out');
const SOURCES = ['bin', 'lib', 'lambdas', 'test', 'examples', 'scripts', 'bench'];

const present = SOURCES.filter((folder) => existsSync(join(ROOT, folder)));
const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${REPORT}`];

/** Steps in order. Cheap ones run two at a time; the others use both cores themselves, or need the step before. */
const STEPS = [
  { name: 'lint', title: 'format and lint', command: ['biome', 'ci', '--colors=off', '.'], cheap: true },
  { name: 'types', title: 'types', command: ['tsc', '--noEmit'], cheap: true },
  {
    name: 'layers',
    title: 'import rules',
    command: ['depcruise', '--config', '.dependency-cruiser.cjs', ...present],
    cheap: true,
  },
  { name: 'dead', title: 'dead code', command: ['knip', '--no-progress'], cheap: true },
  { name: 'tests', title: 'tests', command: ['npm', 'test', '--', ...reporters] },
  { name: 'synth', title: 'CDK app', command: ['cdk', 'synth', '--quiet', '--no-notices', '--output', ASSEMBLY] },
  { name: 'sizes', title: 'bundle sizes', command: ['size-limit'], needs: 'synth' },
];

const HELP = `Usage: npm run check -- [--only STEP,STEP…]

Runs everything CI runs and ends with exit code 1 if a step fails, 2 if it was called wrongly.

${STEPS.map(({ name, title }) => `  ${name.padEnd(8)} ${title}`).join('\n')}
`;

const children = new Set();
const signals = { SIGINT: 130, SIGTERM: 143 };

process.exitCode = await main();

async function main() {
  process.once('exit', () => rmSync(WORK, { recursive: true, force: true }));
  for (const [signal, code] of Object.entries(signals)) process.once(signal, () => stop(signal, code));
  const { steps, help, wrong } = readArguments();
  if (wrong !== undefined) {
    console.error(`${wrong}\n\n${HELP}`);
    return 2;
  }
  if (help) {
    console.log(HELP);
    return 0;
  }
  const failed = await runAll(steps);
  if (failed.length > 0) console.log(`\nFailed: ${failed.join(', ')}`);
  else console.log('\nEvery step passed.');
  if (steps.some(({ name }) => name === 'tests')) console.log(countTests(failed.includes('tests')));
  return failed.length > 0 ? 1 : 0;
}

function readArguments() {
  try {
    const options = { only: { type: 'string' }, help: { type: 'boolean', short: 'h' } };
    const { values } = parseArgs({ options });
    const names = values.only?.split(',') ?? STEPS.map(({ name }) => name);
    const unknown = names.find((name) => !STEPS.some((step) => step.name === name));
    if (unknown !== undefined) return { wrong: `there is no step '${unknown}'` };
    const wanted = new Set(names);
    for (const { name, needs } of STEPS) if (needs !== undefined && wanted.has(name)) wanted.add(needs);
    return { steps: STEPS.filter(({ name }) => wanted.has(name)), help: values.help };
  } catch (error) {
    return { wrong: error.message };
  }
}

/** The names of the steps that failed. */
async function runAll(steps) {
  const failed = [];
  const run = async (step) => {
    const passed = failed.includes(step.needs) ? skip(step) : await runStep(step);
    if (!passed) failed.push(step.name);
  };
  const cheap = steps.filter((step) => step.cheap);
  const lane = async () => {
    for (let step = cheap.shift(); step; step = cheap.shift()) await run(step);
  };
  await Promise.all(Array.from({ length: PROCESSES }, lane));
  for (const step of steps) if (!step.cheap) await run(step);
  return failed;
}

function skip({ name, title, needs }) {
  console.log(`FAILED  ${name.padEnd(8)} ${'-'.padStart(7)}    ${title}: not run, ${needs} failed`);
  return false;
}

async function runStep({ name, title, command }) {
  const start = performance.now();
  const { passed, output } = await run(command);
  const seconds = ((performance.now() - start) / 1000).toFixed(1).padStart(7);
  console.log(`${passed ? 'ok    ' : 'FAILED'}  ${name.padEnd(8)} ${seconds} s  ${title}`);
  if (!passed) console.log(`\n$ ${command.join(' ')}\n${output.trimEnd()}\n`);
  return passed;
}

function run([program, ...args]) {
  const PATH = [join(ROOT, 'node_modules/.bin'), process.env.PATH].join(delimiter);
  const color = process.stdout.isTTY ? {} : { NO_COLOR: '1', FORCE_COLOR: undefined };
  const env = { ...process.env, PATH, CDK_DISABLE_CLI_TELEMETRY: 'true', CDK_ASSEMBLY: ASSEMBLY, ...color };
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const settle = (passed) => {
      children.delete(child);
      resolve({ passed, output });
    };
    children.add(child);
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        output += text;
      });
    }
    child.once('error', (error) => {
      output += error.message;
      settle(false);
    });
    child.once('close', (code) => settle(code === 0));
  });
}

/** Counts from the report. A file that did not load, or a run that broke off, counts as a failed test. */
function countTests(stepFailed) {
  if (!existsSync(REPORT)) return '0 passed, 1 failed';
  const report = JSON.parse(readFileSync(REPORT, 'utf8'));
  const broken = report.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && !assertionResults.some((each) => each.status === 'failed'),
  );
  const failed = report.numFailedTests + broken.length;
  return `${report.numPassedTests} passed, ${failed === 0 && stepFailed ? 1 : failed} failed`;
}

function stop(signal, code) {
  for (const child of children) child.kill(signal);
  process.exit(code);
}
