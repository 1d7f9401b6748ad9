// Which attribute paths a condition names: what is checked against hidden paths and what a read must hold.

import type { Path } from '../base/path.ts';
import { type Algebra, type Condition, fold } from './condition.ts';

/** Every path the condition names, each once, in the order of their first mention. */
export function pathsOf(condition: Condition): readonly Path[] {
  const named = fold(condition, algebra);
  // Stryker disable next-line ConditionalExpression: what is alone is there once; this saves telling.
  if (named.length < 2) return named;
  return [...new Map(named.map((path) => [JSON.stringify(path), path])).values()];
}

/** Whether a condition names no top-level attribute but those that pass. Build it once and use it for many conditions. */
export function namesOnly(passes: (name: string) => boolean): (condition: Condition) => boolean {
  const isFine = ({ path }: { readonly path: Path }) => passes(path[0]);
  const naming: Algebra<boolean> = {
    true: () => true,
    false: () => true,
    all: (parts) => parts.every(Boolean),
    any: (parts) => parts.every(Boolean),
    not: (part) => part,
    compare: isFine,
    in: isFine,
    startsWith: isFine,
    contains: isFine,
    exists: isFine,
    type: isFine,
  };
  return (condition) => fold(condition, naming);
}

type Contains = Extract<Condition, { kind: 'contains' }>;

/** Every `contains` in the condition. */
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
