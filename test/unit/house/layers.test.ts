// The import rules hold over the real tree, and every rule is really read: each must find the violation planted for it.
// A checker that silently reads no TypeScript would pass everything.

import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { cruise, type ICruiseOptions, type ICruiseResult } from 'dependency-cruiser';
import extractDepcruiseOptions from 'dependency-cruiser/config-utl/extract-depcruise-options';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '../../..');
const FOLDERS = ['bin', 'lib', 'lambdas', 'test', 'examples', 'scripts', 'bench'];
const PURE = ['base', 'definition', 'condition', 'access', 'query', 'plan', 'dynamo', 'audit'];
const DEVELOPMENT = ['cdk-nag', 'fast-check', '@types/events-of-lambda'];

/** Files by path; each imports what its list names: a file of the tree, a package, a builtin; `type:` imports a type. */
type Tree = { readonly [path: string]: readonly string[] };

const planted: { readonly [rule: string]: Tree } = {
  'base-sees-nothing': { 'lib/base/a.ts': ['lib/definition/b.ts'] },
  'definition-sees-below': { 'lib/definition/a.ts': ['lib/condition/b.ts'] },
  'condition-sees-below': { 'lib/condition/a.ts': ['type:lib/access/b.ts'] },
  'conditions-are-opaque': { 'lib/plan/a.ts': ['type:lib/condition/node.ts'] },
  'access-sees-below': { 'lib/access/a.ts': ['lib/query/b.ts'] },
  'query-sees-below': { 'lib/query/a.ts': ['type:lib/access/b.ts'] },
  'plan-sees-below': { 'lib/plan/a.ts': ['lib/query/b.ts'] },
  'plan-takes-policies': { 'lib/plan/a.ts': ['lib/access/policy.ts'] },
  'dynamo-sees-below': { 'lib/dynamo/a.ts': ['lib/access/b.ts'] },
  'audit-sees-below': { 'lib/audit/a.ts': ['lib/plan/b.ts'] },
  'operations-sees-below': { 'lib/operations/a.ts': ['lib/store/b.ts'] },
  'store-sees-below': { 'lib/store/a.ts': ['lib/access/b.ts'] },
  'store-sees-ports': { 'lib/store/a.ts': ['type:lib/operations/read/list.ts'] },
  'ports-are-types': { 'lib/store/a.ts': ['lib/operations/request/ports.ts'] },
  'http-sees-below': { 'lib/http/a.ts': ['lib/query/b.ts'] },
  'store-and-http-apart': { 'lib/http/a.ts': ['type:lib/store/b.ts'] },
  'infra-sees-below': { 'lib/infra/a.ts': ['lib/operations/b.ts'] },
  'run-time-never-sees-infra': { 'lib/local/a.ts': ['lib/infra/b.ts'] },
  'local-sees-below': { 'lib/local/a.ts': ['lib/cli/b.ts'] },
  'cli-sees-below': { 'lib/cli/a.ts': ['lib/access/policy.ts'] },
  'lambdas-are-wiring': { 'lambdas/a.ts': ['lib/plan/b.ts'] },
  'examples-see-the-definition': { 'examples/mine/api.ts': ['lib/access/b.ts'] },
  'lib-stands-alone': { 'lib/http/a.ts': ['examples/items/api.ts'] },
  'pure-has-no-effects': { 'lib/plan/a.ts': ['node:crypto'] },
  'zlib-only-in-audit': { 'lib/dynamo/a.ts': ['node:zlib'] },
  'pure-has-no-packages': { 'lib/dynamo/a.ts': ['@aws-sdk/client-dynamodb'] },
  'lossless-json-only-in-base': { 'lib/http/a.ts': ['lossless-json'] },
  'zod-stays-in-definitions': { 'lib/http/a.ts': ['zod'] },
  'aws-sdk-only-in-store': { 'lib/operations/a.ts': ['type:@aws-sdk/client-dynamodb'] },
  'middy-only-in-http': { 'lambdas/a.ts': ['@middy/core'] },
  'cdk-only-in-infra': { 'bin/tool.ts': ['aws-cdk-lib'] },
  'no-development-packages': { 'lib/store/a.ts': ['fast-check'] },
  'no-cycles': { 'lib/base/a.ts': ['lib/base/b.ts'], 'lib/base/b.ts': ['type:lib/base/a.ts'] },
  'no-orphans': { 'lib/base/a.ts': [] },
  'no-unresolvable': { 'lib/base/a.ts': ['./gone.ts'] },
};

/** One of every import that the architecture allows: rules that forbid too much are found too. */
const allowed: Tree = {
  'lib/definition/api.ts': ['lib/base/value.ts'],
  'lib/base/json.ts': ['lossless-json', 'lib/base/value.ts'],
  'lib/condition/condition.ts': ['lib/base/value.ts', 'lib/definition/api.ts'],
  'lib/condition/demand.ts': ['lib/condition/node.ts'],
  'lib/access/records.ts': ['lib/condition/condition.ts', 'lib/definition/api.ts', 'lib/base/value.ts'],
  'lib/query/parse.ts': ['lib/condition/condition.ts', 'lib/definition/api.ts'],
  'lib/plan/plan.ts': ['type:lib/access/policy.ts', 'lib/condition/condition.ts'],
  'lib/dynamo/compile.ts': ['lib/plan/plan.ts', 'lib/condition/condition.ts'],
  'lib/audit/row.ts': ['lib/access/policy.ts', 'node:zlib'],
  'lib/operations/read/list.ts': [
    'lib/operations/request/ports.ts',
    'lib/access/policy.ts',
    'lib/query/parse.ts',
    'lib/audit/row.ts',
  ],
  'lib/store/dynamodb/items.ts': [
    'type:lib/operations/request/ports.ts',
    'lib/dynamo/compile.ts',
    '@aws-sdk/client-dynamodb',
    'node:crypto',
  ],
  'lib/http/gateway.ts': [
    'lib/operations/read/list.ts',
    'lib/definition/api.ts',
    '@middy/core',
    'type:@types/events-of-lambda',
  ],
  'lib/infra/stack.ts': ['lib/definition/api.ts', 'aws-cdk-lib', 'node:path'],
  'lib/local/engine/engine.ts': ['lib/definition/api.ts', '@aws-sdk/client-dynamodb', 'node:fs'],
  'lib/cli/seed/seed.ts': [
    'lib/access/records.ts',
    'lib/local/engine/engine.ts',
    '@aws-sdk/client-dynamodb',
    'node:fs',
  ],
  'lambdas/list.ts': [
    'lib/http/gateway.ts',
    'lib/store/dynamodb/items.ts',
    'lib/operations/read/list.ts',
    'examples/items/api.ts',
  ],
  'examples/items/api.ts': ['lib/definition/api.ts', 'zod'],
  'bin/app.ts': ['lib/infra/stack.ts', 'aws-cdk-lib', 'examples/items/api.ts'],
  'test/unit/list.test.ts': ['lambdas/list.ts', 'fast-check', 'cdk-nag', '@aws-sdk/client-dynamodb', 'zod'],
};

let options: ICruiseOptions;
const directory = realpathSync(mkdtempSync(join(tmpdir(), 'layers-')));

beforeAll(async () => {
  options = await extractDepcruiseOptions(join(ROOT, '.dependency-cruiser.cjs'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

async function cruiseTree(root: string): Promise<ICruiseResult> {
  const present = readdirSync(root).filter((name) => FOLDERS.includes(name));
  const result = await cruise(present, { ...options, baseDir: root });
  return result.output as ICruiseResult;
}

function violations(result: ICruiseResult): string[] {
  return result.summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`);
}

function plant(name: string, tree: Tree): string {
  const root = join(directory, name);
  const dependencies: Record<string, string> = {};
  const devDependencies: Record<string, string> = {};
  for (const [path, imports] of Object.entries(tree)) {
    const lines = imports.map((text, i) => importLine(path, text, i));
    write(join(root, path), [...lines, 'export const x = 1;', 'export type X = 1;'].join('\n'));
    for (const target of imports.map((text) => text.replace('type:', ''))) {
      if (target.endsWith('.ts')) plantModule(root, target, tree);
      else if (!target.startsWith('node:')) {
        (DEVELOPMENT.includes(target) ? devDependencies : dependencies)[target] = '1.0.0';
        write(join(root, 'node_modules', target, 'package.json'), JSON.stringify({ name: target, main: 'index.js' }));
        write(join(root, 'node_modules', target, 'index.js'), 'export const x = 1;');
      }
    }
  }
  write(join(root, 'package.json'), JSON.stringify({ type: 'module', dependencies, devDependencies }));
  return root;
}

function plantModule(root: string, target: string, tree: Tree): void {
  if (!target.startsWith('.') && !(target in tree)) {
    write(join(root, target), 'export const x = 1;\nexport type X = 1;');
  }
}

function importLine(path: string, text: string, index: number): string {
  const target = text.replace('type:', '');
  const local = target.endsWith('.ts') && !target.startsWith('.');
  const place = relative(dirname(path), target);
  const specifier = local ? (place.startsWith('.') ? place : `./${place}`) : target;
  return text.startsWith('type:')
    ? `import type { X as X${index} } from '${specifier}'; export type Y${index} = X${index};`
    : `import { x as x${index} } from '${specifier}'; export const y${index} = x${index};`;
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

describe('the real tree', () => {
  test('keeps every rule', { timeout: 60_000 }, async () => {
    const result = await cruiseTree(ROOT);
    expect(violations(result)).toEqual([]);
    const typescript = result.modules.filter(({ source }) => source.startsWith('lib/') && source.endsWith('.ts'));
    expect(result.summary.totalCruised).toBeGreaterThan(20);
    expect(typescript.length).toBeGreaterThan(10);
    expect(result.summary.totalDependenciesCruised ?? 0).toBeGreaterThan(20);
  });
});

describe('planted violations', () => {
  test('every rule has one', () => {
    const names = options.ruleSet?.forbidden?.map(({ name }) => name);
    expect(Object.keys(planted).sort()).toEqual(names?.sort());
  });

  test('every rule says what to do instead', () => {
    for (const { name, comment, severity } of options.ruleSet?.forbidden ?? []) {
      expect(comment, name).toMatch(/^\S.{15,}: .{15,}\.$/);
      expect(severity, name).toBe('error');
    }
  });

  test.each(Object.entries(planted))('%s', async (rule, tree) => {
    const result = await cruiseTree(plant(rule, tree));
    const found = result.summary.violations.map((violation) => violation.rule.name);
    expect([...new Set(found)], violations(result).join('\n')).toEqual([rule]);
  });

  test.each(PURE)('lib/%s is pure', async (folder) => {
    const tree = { [`lib/${folder}/a.ts`]: ['node:fs'], [`lib/${folder}/b.ts`]: ['zod'] };
    const result = await cruiseTree(plant(`pure-${folder}`, tree));
    const found = result.summary.violations.map((violation) => violation.rule.name);
    expect(found.sort()).toEqual(['pure-has-no-effects', 'pure-has-no-packages']);
  });

  test('nothing that is allowed is forbidden', async () => {
    expect(violations(await cruiseTree(plant('allowed', allowed)))).toEqual([]);
  });
});
