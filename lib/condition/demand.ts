// Derives from a condition necessary conditions on single attributes, called demands: types, lists of values, ranges. Plans read
// demands and never a condition's kind. A demand may admit more rows than its condition, so rows read by it are checked again.

import { memoByObject } from '../base/memo.ts';
import type { Path } from '../base/path.ts';
import type { Value, ValueType } from '../base/value.ts';
import { typeOf } from '../base/value.ts';
import { type Condition, fold } from './condition.ts';
import { type Leaf, type NodeOf, nodeOf } from './node.ts';

/** One end of a range in DynamoDB's order of the value's type. */
export type Bound = { readonly value: Value; readonly isIncluded: boolean };

/** Facts about the attribute at `path` that hold for every item that satisfies a leaf. */
export type Demand = {
  readonly path: Path;
  /** The types that the attribute may have. It is never missing. */
  readonly types: readonly ValueType[] | 'any';
  /** The values that it may have; `undefined` if they are not a list. */
  readonly values?: readonly Value[];
  readonly low?: Bound;
  readonly high?: Bound;
  /** The beginning of its text. */
  readonly prefix?: string;
};

/** The demand of each kind of leaf. `price > 10` demands `{ types: ['N'], low: { value: 10, isIncluded: false } }`. */
const demands: LeafReaders<Demand> = {
  compare: comparison,
  in: ({ path, values }) => ({ path, types: [...new Set(values.map(typeOf))], values }),
  startsWith: ({ path, prefix }) => ({ path, types: ['S'], prefix }),
  contains: ({ path, value }) => ({ path, types: containers(value) }),
  exists: ({ path }) => ({ path, types: 'any' }),
  type: ({ path, type }) => ({ path, types: [type] }),
};

function comparison({ path, comparator, value }: NodeOf<'compare'>): Demand {
  const types = [typeOf(value)];
  if (comparator === '=') return { path, types, values: [value] };
  const bound = { value, isIncluded: comparator.endsWith('=') };
  return comparator.startsWith('>') ? { path, types, low: bound } : { path, types, high: bound };
}

/** Returns the types that can contain a value, in the sense of `contains`. */
export function containers(value: Value): readonly ValueType[] {
  if ('S' in value) return ['S', 'SS', 'L'];
  if ('N' in value) return ['NS', 'L'];
  return 'B' in value ? ['B', 'BS', 'L'] : ['L'];
}

const nothing = (): undefined => undefined;

/** Caches demands by node: nodes never change, and those of a policy are reused by later requests. */
const demandOfLeaf = memoByObject((leaf: Leaf): Demand => demands[leaf.kind](leaf as never));

/** Returns the demand of a leaf; `undefined` for constants, groups and negations. */
export function demandOf(condition: Condition): Demand | undefined {
  const node = nodeOf(condition);
  return 'path' in node ? demandOfLeaf(node) : undefined;
}

/** True if a key condition can express part of the demand: a list of values, a bound or a prefix. */
export function isKeyDemand({ values, low, high, prefix }: Demand): boolean {
  return (values ?? low ?? high ?? prefix) !== undefined;
}

/** True if each item that satisfies the condition has that top-level attribute, with a type that may be the given one. */
export function implies(condition: Condition, name: string, type: ValueType): boolean {
  return fold(condition, {
    true: () => false,
    false: () => true,
    all: (parts) => parts.some(Boolean),
    any: (parts) => parts.every(Boolean),
    not: () => false,
    ...mapLeaves((demand) => demand.path.length === 1 && demand.path[0] === name && hasOnly(demand, type)),
  });
}

/** True if all listed values have the type or, without a list, if the demanded types include it. */
function hasOnly({ types, values }: Demand, type: ValueType): boolean {
  if (values) return values.every((value) => typeOf(value) === type);
  return types === 'any' || types.includes(type);
}

/**
 * Returns the shortest list of values to which the condition restricts the attribute; `undefined` if there is none.
 * `status = "a" and (id = 1 or id in (2, 3))` fixes `id` to 1, 2, 3.
 */
export function fixedValues(condition: Condition, path: Path): readonly Value[] | undefined {
  const name = JSON.stringify(path);
  return fold<readonly Value[] | undefined>(condition, {
    true: nothing,
    false: () => [],
    all: (parts) => parts.filter((values) => values !== undefined).sort((one, other) => one.length - other.length)[0],
    any: (parts) => (parts.every((values) => values !== undefined) ? parts.flat() : undefined),
    not: nothing,
    ...mapLeaves(({ path: of, values }) => (JSON.stringify(of) === name ? values : undefined)),
  });
}

/** True if the condition has a key demand on one of these top-level attributes; in an `any` each part must have one. */
export function narrows(condition: Condition, names: ReadonlySet<string>): boolean {
  return fold(condition, {
    true: () => false,
    false: () => true,
    all: (parts) => parts.some(Boolean),
    any: (parts) => parts.every(Boolean),
    not: () => false,
    ...mapLeaves((demand) => isKeyDemand(demand) && demand.path.length === 1 && names.has(demand.path[0])),
  });
}

type LeafReaders<T> = { readonly [L in Leaf as L['kind']]: (leaf: L) => T };

/** Makes a reader of leaves of every kind from a reader of their demands. */
function mapLeaves<T>(read: (demand: Demand) => T): LeafReaders<T> {
  const leaf = (node: Leaf) => read(demandOfLeaf(node));
  return { compare: leaf, in: leaf, startsWith: leaf, contains: leaf, exists: leaf, type: leaf };
}
