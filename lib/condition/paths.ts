// Lists the attribute paths that a condition names, to check them against hidden paths and to choose indexes that hold them.

import { memoByObject } from '../base/memo.ts';
import type { Path } from '../base/path.ts';
import { type Algebra, type Condition, fold } from './condition.ts';
import type { NodeOf } from './node.ts';

/** Returns the paths that a condition names, each once, in the order of their first occurrence. */
export function pathsOf(condition: Condition): readonly Path[] {
  const named = fold(condition, algebra);
  // Stryker disable next-line ConditionalExpression: a single path needs no deduplication; this only saves time.
  if (named.length < 2) return named;
  return [...new Map(named.map((path) => [JSON.stringify(path), path])).values()];
}

/** Returns the top-level names of a condition, cached: conditions of policies are reused by later requests. */
const topNames = memoByObject((condition: Condition) => [...new Set(pathsOf(condition).map(([name]) => name))]);

/** True if all top-level attributes that a condition names pass. */
export function namesOnly(condition: Condition, passes: (name: string) => boolean): boolean {
  return topNames(condition).every(passes);
}

type Contains = NodeOf<'contains'>;

/** Returns every `contains` in the condition. */
export function containsLeaves(condition: Condition): readonly Contains[] {
  const found: Contains[] = [];
  const nothing = () => undefined;
  const collecting: Algebra<unknown> = {
    true: nothing,
    false: nothing,
    all: nothing,
    any: nothing,
    not: nothing,
    compare: nothing,
    in: nothing,
    startsWith: nothing,
    contains: (leaf) => found.push(leaf),
    exists: nothing,
    type: nothing,
  };
  fold(condition, collecting);
  return found;
}

const none = (): readonly Path[] => [];
const own = ({ path }: { readonly path: Path }): readonly Path[] => [path];

const algebra: Algebra<readonly Path[]> = {
  true: none,
  false: none,
  all: (parts) => parts.flat(),
  any: (parts) => parts.flat(),
  not: (part) => part,
  compare: own,
  in: own,
  startsWith: own,
  contains: own,
  exists: own,
  type: own,
};
