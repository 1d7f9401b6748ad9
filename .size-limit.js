// `size-limit`: no Lambda's bundle may pass the limit. A check for each function of the synthesized templates, over everything
// in the folder that is deployed for it. The folder of the assembly is `cdk.out`, or what CDK_ASSEMBLY says.

import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Minified; 450,000 bytes. */
const LIMIT = '450 kB';

const assembly = resolve(process.env.CDK_ASSEMBLY ?? 'cdk.out');
const templates = readdirSync(assembly).filter((name) => name.endsWith('.template.json'));

const checks = templates.flatMap((name) => checksOf(JSON.parse(readFileSync(join(assembly, name), 'utf8'))));
if (checks.length === 0) throw new Error(`no function with a bundle was found in ${assembly}`);

export default checks;

function checksOf({ Resources = {} }) {
  const functions = Object.entries(Resources).filter(([, { Type }]) => Type === 'AWS::Lambda::Function');
  return functions.map(([id, { Properties, Metadata }]) => {
    const asset = Metadata?.['aws:asset:path'];
    if (asset === undefined) throw new Error(`${id}: the template does not say where its bundle is`);
    const path = join(assembly, asset, '**');
    return { name: Properties?.Description ?? id, path, limit: LIMIT, brotli: false };
  });
}
