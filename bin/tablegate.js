#!/usr/bin/env node
// Starts the `tablegate` command: TypeScript is loaded by tsx, so that nothing has to be built first. Plain JavaScript
// that any Node can parse, so that one that is too old is told so.

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`tablegate needs Node 20.19 or newer; this is ${process.versions.node}`);
  process.exitCode = 2;
} else {
  // All of tsx, as `--import tsx`: a definition in a folder whose package.json does not say "module" is CommonJS to it.
  await import('tsx');
  await import('./tablegate.ts');
}
