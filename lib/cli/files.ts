// Reads what the user names on the command line: a definition module, a seed file. One clear line for what is wrong.

import { existsSync, readFileSync, statSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Api } from '../definition/api.ts';
import { UsageError } from '../local/usage-error.ts';
import { parseSeed, type Seed } from './seed/seed.ts';

export const EXAMPLE_API = fileURLToPath(new URL('../../examples/items/api.ts', import.meta.url));
export const EXAMPLE_SEED = fileURLToPath(new URL('../../examples/items/seed.json', import.meta.url));

/**
 * The API that a module exports by default.
 * @param option that names another module, as the command that asks for it has it
 * @throws UsageError for a file that is missing, cannot be loaded or defines no API; for a mistake in the definition it
 *   begins with its line
 */
export async function loadDefinition(file: string, option = '--api FILE'): Promise<Api> {
  checkFile(file, 'definition', option);
  const module = await importDefinition(file);
  // A module that was loaded as CommonJS has its default export one level deeper.
  const api = [module, property(module, 'default')].map((each) => property(each, 'default')).findLast(isApi);
  if (!api) throw new UsageError(`the definition ${shown(file)} has no default export made by api()`);
  return api;
}

function property(of: unknown, name: string): unknown {
  return typeof of === 'object' && of !== null ? Reflect.get(of, name) : undefined;
}

function isApi(value: unknown): value is Api {
  return ['tables', 'endpoints', 'auth', 'origin'].every((name) => property(value, name) !== undefined);
}

async function importDefinition(file: string): Promise<unknown> {
  try {
    return await import(pathToFileURL(resolve(file)).href);
  } catch (error) {
    const { name, message } = error as Error;
    // By name: a definition elsewhere may come with a copy of Tablegate of its own.
    if (name === 'DefinitionError') throw new UsageError(relativeTo(message));
    throw new UsageError(`the definition ${shown(file)} cannot be loaded: ${relativeTo(explain(error as Error))}`);
  }
}

/** A compiler's message is a heading, then a line with its place; of another error the stack tells the place. */
function explain({ message, stack = '' }: Error): string {
  const [first = '', second] = message.split('\n');
  if (second?.includes('ERROR: ')) return second;
  const frames = stack.split('\n').filter((line) => !/node:|node_modules/.test(line));
  const place = frames.map((line) => /^\s+at .*?((?:\/|[A-Z]:)[^\s()]+:\d+):\d+\)?$/.exec(line)?.[1]).find(Boolean);
  return place === undefined ? first : `${place}: ${first}`;
}

/** A seed file, valid for this API. Every fault has a line of its own. */
export function loadSeed(file: string, api: Api): Seed {
  checkFile(file, 'seed', '--seed FILE');
  const result = parseSeed(readFileSync(file, 'utf8'), api);
  if ('seed' in result) return result.seed;
  const { length } = result.faults;
  throw new UsageError(
    `the seed ${shown(file)} has ${length === 1 ? 'a fault' : `${length} faults`}; nothing was written:`,
    ...result.faults.map(({ path, message }) => `  ${path === '' ? 'the file' : `${path}:`} ${message}`),
  );
}

function checkFile(file: string, what: string, option: string): void {
  if (existsSync(file) && statSync(file).isFile()) return;
  throw new UsageError(`there is no ${what} at ${shown(file)}; give another with ${option}`);
}

/** The path as somebody in this folder would write it. */
function shown(file: string): string {
  const path = relative(process.cwd(), resolve(file));
  return path.startsWith('..') ? resolve(file) : path;
}

/** A message with the paths of this folder made relative. */
export function relativeTo(message: string): string {
  return message.replaceAll(`${process.cwd()}/`, '');
}
