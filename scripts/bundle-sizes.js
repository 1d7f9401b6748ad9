// Fails if a synthesized Lambda's bundle is over its limit: `node scripts/bundle-sizes.js CDK_OUT`. Sizes in KB of 1,024
// bytes, as esbuild prints them, of everything in the function's asset folder.

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

const LIMIT_KB = 450;
/** Functions with a limit of their own, by logical id, with the reason. */
const LIMITS_KB = {};

const [directory] = process.argv.slice(2);
if (directory === undefined) {
  console.error('Usage: node scripts/bundle-sizes.js CDK_OUT');
  process.exit(2);
}

const templates = readdirSync(directory).filter((name) => name.endsWith('.template.json'));
const bundles = templates.flatMap((name) => functionsOf(JSON.parse(readFileSync(join(directory, name), 'utf8'))));
for (const { id, kb, limit } of bundles) {
  console.log(`${kb > limit ? 'OVER' : 'ok  '}  ${kb.toFixed(1).padStart(7)} of ${limit} KB  ${id}`);
}
if (bundles.length === 0) console.log(`no function with a bundle was found in ${directory}`);
process.exitCode = bundles.length === 0 || bundles.some(({ kb, limit }) => kb > limit) ? 1 : 0;

function functionsOf({ Resources = {} }) {
  return Object.entries(Resources).flatMap(([id, { Type, Metadata }]) => {
    const asset = Type === 'AWS::Lambda::Function' ? Metadata?.['aws:asset:path'] : undefined;
    return asset === undefined
      ? []
      : [{ id, kb: sizeOf(join(directory, asset)) / 1024, limit: LIMITS_KB[id] ?? LIMIT_KB }];
  });
}

function sizeOf(path) {
  if (!statSync(path).isDirectory()) return statSync(path).size;
  return readdirSync(path, { recursive: true })
    .map((name) => statSync(join(path, name)))
    .reduce((total, entry) => total + (entry.isFile() ? entry.size : 0), 0);
}
