// Builds what the Lambdas run: one esbuild run for all operations, one folder each, every one with the API's definition
// inside. The same sources give the same bytes wherever they are built, so that an unchanged function is not deployed.

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
  /** Whether the error tracker's client is in them. @default false */
  readonly trackErrors?: boolean;
  /** Where the folders of the bundles are made. */
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

/** How everything in this house is bundled; what is compared with a bundle too (bench/import-time.ts). */
export const BUNDLE_SETTINGS = {
  bundle: true,
  minify: true,
  format: 'cjs',
  platform: 'node',
  // Not the Lambda runtime's: the local runtime runs the same bundles on the oldest Node this package supports.
  target: 'node20',
  // The SDK's CommonJS builds do not shake: 534 KB for 324.
  mainFields: ['module', 'main'],
  outExtension: { '.js': '.cjs' },
  legalComments: 'none',
  metafile: true,
  logLevel: 'silent',
} satisfies BuildOptions;

/** Sources that esbuild cannot make a bundle of: the message is its first complaint, with file and line. */
export class BundleError extends Error {
  override readonly name = 'BundleError';
}

/**
 * The folder of each operation's bundle. `metafile.json` beside them is esbuild's account of what is in them.
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
      // Aliases, not a plugin: a construct is made synchronously, and esbuild's plugins are not.
      // Without a DSN the variable is `undefined` in the bundle: what stands behind it is left out (lib/store/telemetry/tracker.ts).
      define: options.trackErrors ? {} : { 'process.env.SENTRY_DSN': 'undefined' },
      alias: { ...STAND_INS, '#api': definitionFile },
    });
    return JSON.stringify(metafile);
  };
  writeFileSync(join(outputFolder, 'metafile.json'), explained(build));
  return new Map(operations.map((operation) => [operation, join(outputFolder, operation)]));
}

/** esbuild's first complaint as one line; its own message is a page. */
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
