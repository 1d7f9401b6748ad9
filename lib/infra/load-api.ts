// Loads the module that defines an API, and says in one line what is wrong with it.

import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Api } from '../definition/api.ts';

/** A mistake of the person at the command line: the message says all, a stack would hide it. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export type LoadedApi = { readonly api: Api; readonly definitionFile: string };

/**
 * The API that the module `file` exports by default.
 * @throws UsageError for a file that is missing, cannot be loaded or defines no API, or for a mistake in the definition.
 */
export async function loadApi(file: string): Promise<LoadedApi> {
  const definitionFile = resolve(file);
  if (!existsSync(definitionFile)) throw new UsageError(`there is no API definition at ${definitionFile}`);
  const api = defaultOf(await importModule(definitionFile));
  if (!isApi(api)) throw new UsageError(`${definitionFile} has no default export made by api()`);
  return { api, definitionFile };
}

async function importModule(file: string): Promise<unknown> {
  try {
    return await import(pathToFileURL(file).href);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    // By name: a definition elsewhere may come with a copy of Tablegate of its own.
    if (error.name === 'DefinitionError') throw new UsageError(error.message, { cause: error });
    throw new UsageError(`${file} cannot be loaded: ${explain(error)}`, { cause: error });
  }
}

/** A loader's message is a heading and then one line with the place; other errors have their place in the stack. */
function explain({ message, stack = '' }: Error): string {
  const [first = '', second] = message.split('\n');
  if (second?.includes('ERROR: ')) return second;
  const frame = stack
    .split('\n')
    .find((line) => /^\s+at .*\.[cm]?[jt]s:\d/.test(line) && !/node:|node_modules/.test(line));
  return frame === undefined ? first : `${first} (${frame.trim()})`;
}

/** The default export; of a module that was loaded as CommonJS it stands one level deeper. */
function defaultOf(module: unknown): unknown {
  const once = propertyOf(module, 'default');
  return propertyOf(once, 'default') ?? once;
}

function propertyOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function isApi(value: unknown): value is Api {
  return ['tables', 'endpoints', 'auth', 'origin'].every((name) => propertyOf(value, name) !== undefined);
}
