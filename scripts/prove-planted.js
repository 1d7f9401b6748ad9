// `node scripts/prove-planted.js scoutr`: writes each fault of a list into a copy of the code, and runs the tests that must
// notice it. A fault that no test notices, or that has no place in the code any more, fails the run.

import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { FAULTS } from './scoutr-faults.js';
import { WEAKNESSES } from './weaknesses.js';

const ROOT = join(import.meta.dirname, '..');
/** What is no source, or too large to copy. */
const LEFT = ['node_modules', '.git', 'cdk.out', 'coverage', 'dist'];
const LIMIT_MS = 300_000;

/** The lists, each with what its figures are called. */
const LISTS = {
  scoutr: { of: FAULTS, what: "Scoutr's faults as mutants" },
  weaknesses: { of: WEAKNESSES, what: 'weaknesses of the rooms that mutants do not enter' },
};

const HELP = `Usage: node scripts/prove-planted.js LIST [--only N,N…] [--list]

Writes each fault of a list into a copy of the code and expects the tests to fail. Exit codes: 0 (all are caught),
1 (one is not, or has no place in the code any more), 2 (wrong options).

  scoutr       each fault that Scoutr had
  weaknesses   what would weaken operations, http, store, infra and local
  --only N,…   some of the faults, by their numbers
  --list       the faults and their numbers
`;

process.exitCode = main();

function main() {
  const { wrong, help, list, what, faults } = readArguments();
  if (wrong !== undefined) {
    console.error(`${wrong}\n\n${HELP}`);
    return 2;
  }
  if (help || list) {
    console.log(help ? HELP : faults.map(({ number, fault }) => `${number}  ${fault}`).join('\n'));
    return 0;
  }
  const lost = faults.filter(({ file, find }) => readFileSync(join(ROOT, file), 'utf8').split(find).length !== 2);
  for (const { number, fault, file } of lost)
    console.error(
      `LOST    ${number}  ${fault}: its place in ${file} is gone, or is there twice; let the mutant follow the code`,
    );
  return lost.length > 0 ? 1 : prove(faults, what);
}

function readArguments() {
  try {
    const options = { only: { type: 'string' }, list: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } };
    const { values, positionals } = parseArgs({ options, allowPositionals: true });
    const { only, list, help } = values;
    const [name = ''] = positionals;
    if (help) return { help };
    if (positionals.length !== 1 || !Object.hasOwn(LISTS, name))
      return { wrong: `name one list, ${Object.keys(LISTS).join(' or ')}, not '${positionals.join(' ')}'` };
    const { of, what } = LISTS[name];
    const all = of.map((fault, at) => ({ ...fault, number: String(at + 1) }));
    const numbers = only?.split(',') ?? all.map(({ number }) => number);
    const unknown = numbers.find((each) => !all.some(({ number }) => number === each));
    if (unknown !== undefined) return { wrong: `there is no fault '${unknown}'; there are 1 to ${all.length}` };
    return { list, what, faults: all.filter(({ number }) => numbers.includes(number)) };
  } catch (error) {
    return { wrong: error.message };
  }
}

function prove(faults, what) {
  const copy = mkdtempSync(join(tmpdir(), 'tablegate-planted-'));
  process.once('exit', () => rmSync(copy, { recursive: true, force: true }));
  const names = readdirSync(ROOT).filter((name) => !LEFT.includes(name));
  for (const name of names) cpSync(join(ROOT, name), join(copy, name), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  const tests = [...new Set(faults.flatMap((fault) => fault.tests))];
  const sound = run(copy, tests);
  if (sound.failed.length > 0 || sound.passed === 0) {
    console.error(`The tests fail without any fault: ${sound.failed.join('; ') || sound.output}`);
    return 1;
  }
  const caught = faults.filter((fault) => isCaught(copy, fault));
  const file = process.env.TABLEGATE_PROOF_FILE;
  const figures = { cases: faults.length, caught: caught.length };
  if (file !== undefined) appendFileSync(file, `${JSON.stringify({ what, ...figures })}\n`);
  console.log(`${caught.length} of ${faults.length} faults are caught.`);
  return caught.length === faults.length ? 0 : 1;
}

function isCaught(copy, { number, fault, file, find, replace, tests }) {
  const path = join(copy, file);
  const text = readFileSync(path, 'utf8');
  writeFileSync(
    path,
    text.replace(find, () => replace),
  );
  const { failed, output } = run(copy, tests);
  writeFileSync(path, text);
  // A mutant that does not even load proves nothing of the tests.
  console.log(failed.length > 0 ? `caught  ${number}  ${fault}` : `ESCAPED ${number}  ${fault}`);
  console.log(failed.length > 0 ? `           ${failed.length} failed: ${failed[0]}` : output.slice(-2_000));
  return failed.length > 0;
}

/** The names of the tests that failed, and how many passed. */
function run(copy, tests) {
  const report = join(copy, 'report.json');
  rmSync(report, { force: true });
  const projects = [...new Set(tests.map((test) => test.split('/')[1]))].flatMap((name) => ['--project', name]);
  // A machine that is busy with proofs is slow: what takes long has not failed.
  const args = ['run', ...projects, ...tests, '--testTimeout=120000', '--reporter=json', `--outputFile=${report}`];
  const env = { ...process.env, TABLEGATE_PROVE: '1', TABLEGATE_PROOF_FILE: undefined, NO_COLOR: '1' };
  const command = join(ROOT, 'node_modules/.bin/vitest');
  const { stdout, stderr } = spawnSync(command, args, { cwd: copy, env, encoding: 'utf8', timeout: LIMIT_MS });
  return { ...read(report), output: `${stdout}${stderr}` };
}

function read(report) {
  try {
    const { testResults, numPassedTests } = JSON.parse(readFileSync(report, 'utf8'));
    const all = testResults.flatMap(({ assertionResults }) => assertionResults);
    return {
      passed: numPassedTests,
      failed: all.filter(({ status }) => status === 'failed').map((each) => each.fullName),
    };
  } catch {
    return { passed: 0, failed: [] };
  }
}
