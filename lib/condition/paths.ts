// Which attribute paths a condition names: what is checked against hidden paths and what a read must hold.

import { memoByObject } from '../base/memo.ts';
import type { Path } from '../base/path.ts';
import { type Algebra, type Condition, fold } from './condition.ts';

/** Every path the condition names, each once, in the order of their first mention. */
export function pathsOf(condition: Condition): readonly Path[] {
  const named = fold(condition, algebra);
  // Stryker disable next-line ConditionalExpression: what is alone is there once; this saves telling.
  if (named.length < 2) return named;
  return [...new Map(named.map((path) => [JSON.stringify(path), path])).values()];
}

/** The top-level names of a condition; those of a policy's conditions stay from one request to the next. */
const topNames = memoByObject((condition: Condition) => [...new Set(pathsOf(condition).map(([name]) => name))]);

/** True if a condition names no top-level attribute but those that pass. */
export function namesOnly(condition: Condition, passes: (name: string) => boolean): boolean {
  return topNames(condition).every(passes);
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
