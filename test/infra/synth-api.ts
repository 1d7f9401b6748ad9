// Synthesizes an API in this process, with Lambdas that only name the operation: a template does not depend on them.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { CURRENTLY_RECOMMENDED_FLAGS } from 'aws-cdk-lib/cx-api';
import { afterAll } from 'vitest';
import { api } from '../../lib/definition/api.ts';
import { create, get, list, patch, remove, update } from '../../lib/definition/endpoint.ts';
import { OPERATIONS } from '../../lib/definition/operations.ts';
import { type TableOptions, table } from '../../lib/definition/table.ts';
import { TablegateStack, type TablegateStackProps } from '../../lib/infra/stack.ts';

export const EXAMPLE = fileURLToPath(new URL('../../examples/items/api.ts', import.meta.url));

const folder = mkdtempSync(join(tmpdir(), 'tablegate-infra-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

// The built-in check of the template takes seconds; `npx cdk synth` runs it.
process.env['CDK_VALIDATION'] = 'false';

export const lambdasFolder = join(folder, 'lambdas');
mkdirSync(lambdasFolder);
for (const operation of Object.keys(OPERATIONS)) {
  writeFileSync(join(lambdasFolder, `${operation}.ts`), `export const handler = async () => '${operation}';\n`);
}

export function newApp(): App {
  return new App({ outdir: mkdtempSync(join(folder, 'out-')), context: CURRENTLY_RECOMMENDED_FLAGS });
}

export function newStack(props: TablegateStackProps, app: App = newApp()): TablegateStack {
  return new TablegateStack(app, 'Tablegate', { definitionFile: EXAMPLE, lambdasFolder, ...props });
}

export type Resource = {
  readonly Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: a template is JSON of any shape, and these are assertions on it
  readonly Properties: any;
  readonly Metadata?: { readonly tablegate?: { readonly kind: string; readonly name: string } };
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
  readonly DependsOn?: readonly string[];
};

export type Synthesized = {
  readonly template: Template;
  readonly stack: TablegateStack;
  readonly resources: Readonly<Record<string, Resource>>;
  ofType(type: string): readonly Resource[];
  /** The table of a kind, or the data table of that name. */
  tableNamed(name: string): Resource;
  /** The logical id of a function by its endpoint. */
  functionOf(endpoint: string): string;
};

export function synth(props: TablegateStackProps, stack: TablegateStack = newStack(props)): Synthesized {
  const template = Template.fromStack(stack);
  const resources: Readonly<Record<string, Resource>> = template.toJSON()['Resources'];
  const find = (what: string, matches: (resource: Resource) => boolean): [string, Resource] => {
    const found = Object.entries(resources).find(([, resource]) => matches(resource));
    if (!found) throw new Error(`the template has no ${what}`);
    return found;
  };
  const endpointOf = (resource: Resource): unknown => resource.Properties.Environment?.Variables.ENDPOINT;
  return {
    template,
    stack,
    resources,
    ofType: (type) => Object.values(resources).filter((resource) => resource.Type === type),
    tableNamed: (name) => find(`table ${name}`, ({ Metadata }) => Metadata?.tablegate?.name === name)[1],
    functionOf: (endpoint) => find(`function of ${endpoint}`, (resource) => endpointOf(resource) === endpoint)[0],
  };
}

/** A small API with all six operations on each table of the options. */
export function smallApi(tables: Record<string, TableOptions>, options: { audit?: false } = {}) {
  const all = Object.entries(tables).map(([name, definition]) => table(name, definition));
  const endpoints = all.flatMap((each) => {
    const keys = [each.partitionKey.name, ...(each.sortKey ? [each.sortKey.name] : [])];
    const one = `/${each.name}/${keys.map((key) => `{${key}}`).join('/')}`;
    return [
      list(`/${each.name}s`, each),
      get(one, each),
      create(`/${each.name}s`, each),
      update(one, each),
      patch(one, each),
      remove(one, each),
    ];
  });
  return api({ tables: all, endpoints, ...options });
}
