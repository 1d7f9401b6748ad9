// Builds the Lambdas' bundles: one esbuild run for all operations, one folder each, each with the API's definition. The
// same sources give the same bytes on every machine, so that an unchanged function is not deployed.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildFailure, type BuildOptions, buildSync } from 'esbuild';
import type { Operation } from '../definition/operations.ts';

export type BundleOptions = {
  readonly operations: Iterable<Operation>;
  /** The module whose default export is the API; the Lambdas import it as `#api`. */
  readonly definitionFile: string;
  /** Folder with one entry file per operation. @default this package's lambdas */
  readonly lambdasFolder?: string | undefined;
  /** True if the bundles contain the error tracker's client. @default false */
  readonly trackErrors?: boolean;
  /** The folder in which each bundle gets its folder. */
  readonly outputFolder: string;
};

const fileHere = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const LAMBDAS = fileHere('../../lambdas');
const STAND_INS = {
  '@aws-sdk/credential-provider-node': fileHere('./environment-credentials.ts'),
  '@aws-sdk/middleware-endpoint-discovery': fileHere('./no-endpoint-discovery.ts'),
  '@smithy/core/event-streams': fileHere('./no-event-streams.ts'),
};

/** The name of each bundle's file. `.cjs`, because a package.json above the folder may call `.js` a module. */
export const BUNDLE_FILE = 'index.cjs';

/** esbuild's settings for every bundle, and for those that bench/import-time.ts compares with them. */
export const BUNDLE_SETTINGS = {
  bundle: true,
  minify: true,
  format: 'cjs',
  platform: 'node',
  // The oldest Node that this package supports, older than Lambda's: the local runtime runs the same bundles.
  target: 'node20',
  // esbuild cannot tree-shake the SDK's CommonJS builds: 534 KB instead of 324.
  mainFields: ['module', 'main'],
  outExtension: { '.js': '.cjs' },
  legalComments: 'none',
  metafile: true,
  logLevel: 'silent',
} satisfies BuildOptions;

/** An error for sources that esbuild cannot bundle; the message is esbuild's first, with file and line. */
export class BundleError extends Error {
  override readonly name = 'BundleError';
}

/**
 * Builds the bundles and returns the folder of each operation's. `metafile.json` next to them is esbuild's account of them.
 * @throws BundleError
 */
export function bundle(options: BundleOptions): ReadonlyMap<Operation, string> {
  const { lambdasFolder = LAMBDAS, outputFolder, definitionFile } = options;
  const operations = [...new Set(options.operations)].sort();
  const entries = operations.map((operation) => [`${operation}/index`, join(lambdasFolder, `${operation}.ts`)]);
  const build = (): string => {
    const { metafile } = buildSync({
      ...BUNDLE_SETTINGS,
      entryPoints: Object.fromEntries(entries),
      outdir: outputFolder,
      // Aliases, not a plugin: a construct is made synchronously, and esbuild's plugins are asynchronous.
      // Without a DSN the variable is `undefined` in the bundle, and esbuild drops lib/store/telemetry/tracker.ts's client.
      define: options.trackErrors ? {} : { 'process.env.SENTRY_DSN': 'undefined' },
      alias: { ...STAND_INS, '#api': definitionFile },
    });
    return JSON.stringify(metafile);
  };
  writeFileSync(join(outputFolder, 'metafile.json'), explained(build));
  return new Map(operations.map((operation) => [operation, join(outputFolder, operation)]));
}

/** Runs a build; throws BundleError with esbuild's first message as one line. */
function explained<T>(build: () => T): T {
  try {
    return build();
  } catch (error) {
    const first = (error as Partial<BuildFailure>).errors?.[0];
    if (!first) throw error;
    const place = first.location ? `${first.location.file}:${first.location.line}: ` : '';
    throw new BundleError(`the Lambdas cannot be bundled: ${place}${first.text}`, { cause: error });
  }
}
