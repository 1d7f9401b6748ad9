// How Stryker's last run went, folder by folder: the figures of the table in docs/proof.md.

import { existsSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** What became of a mutant, in our words; one that did not load says nothing, and is left out. */
const OUTCOMES = { Killed: 'killed', Timeout: 'killed', Ignored: 'explained', Survived: 'left', NoCoverage: 'left' };

/**
 * @param file Stryker's JSON report
 * @returns by folder of lib: how many mutants there were, how many were killed, explained where they stand, and left
 */
export function mutantScores(file) {
  const folders = {};
  if (!existsSync(file)) return folders;
  for (const [name, { mutants }] of Object.entries(JSON.parse(readFileSync(file, 'utf8')).files)) {
    const [, folder] = dirname(name).split('/');
    folders[folder] ??= { mutants: 0, killed: 0, explained: 0, left: 0 };
    for (const outcome of mutants.flatMap(({ status }) => OUTCOMES[status] ?? [])) {
      folders[folder].mutants += 1;
      folders[folder][outcome] += 1;
    }
  }
  return folders;
}
