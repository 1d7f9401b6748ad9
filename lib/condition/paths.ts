// Which attribute paths a condition names: what is checked against hidden paths and what a read must hold.

import type { Path } from '../base/path.ts';
import { type Algebra, type Condition, fold } from './condition.ts';

/** Every path the condition names, each once, in the order of their first mention. */
export function pathsOf(condition: Condition): readonly Path[] {
  const byKey = new Map(fold(condition, algebra).map((path) => [JSON.stringify(path), path]));
  return [...byKey.values()];
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
