// A set of attribute paths as records list them: names without list indexes. A path in the set includes everything below it,
// in every element of a list too.

import { pathNames } from '../base/path.ts';

type Node = { listed: boolean; readonly below: Map<string, Node> };

/** The relation of a path to a set: `inside` for a member or a path below one, `above` for a parent of one, else `apart`. */
export type Relation = 'inside' | 'above' | 'apart';

export class FieldSet {
  /** Trees of names, one for each set of a union, so that no tree is copied. None is empty. */
  readonly #roots: readonly Node[];

  private constructor(roots: readonly Node[]) {
    this.#roots = roots;
  }

  static of(paths: Iterable<readonly string[]>): FieldSet {
    const root: Node = { listed: false, below: new Map() };
    for (const path of paths) {
      let node = root;
      for (const name of path) {
        const next = node.below.get(name) ?? { listed: false, below: new Map() };
        node.below.set(name, next);
        node = next;
      }
      node.listed = true;
    }
    return new FieldSet(root.below.size > 0 ? [root] : []);
  }

  /** Returns the union of sets. */
  static union(sets: readonly FieldSet[]): FieldSet {
    return new FieldSet(sets.flatMap((set) => set.#roots));
  }

  /** The paths in the set; a union may repeat paths of its sets. */
  get paths(): readonly (readonly string[])[] {
    return this.#roots.flatMap((root) => listed(root, []));
  }

  get isEmpty(): boolean {
    return this.#roots.length === 0;
  }

  /** Returns the relation of a path to the set. List indexes in the path are ignored. */
  place(path: readonly (string | number)[]): Relation {
    const names = pathNames(path);
    const places = this.#roots.map((root) => placeIn(root, names));
    if (places.includes('inside')) return 'inside';
    return places.includes('above') ? 'above' : 'apart';
  }

  /** Starts a walk along stored attribute names from the top; see `Walk`. */
  walk(): Walk {
    return new Walk(this.#roots);
  }
}

function listed(node: Node, path: readonly string[]): readonly (readonly string[])[] {
  const below = [...node.below].flatMap(([name, next]) => listed(next, [...path, name]));
  return node.listed ? [path, ...below] : below;
}

/** Returns `undefined` for a path that is apart. */
function placeIn(root: Node, names: readonly string[]): Relation | undefined {
  let node = root;
  for (const name of names) {
    const next = node.below.get(name);
    if (!next) return undefined;
    if (next.listed) return 'inside';
    node = next;
  }
  return 'above';
}

/**
 * A position in the set, reached by walking down stored names. A stored name with `.`, `[` or `]` is read both as one name and
 * as a path, so that a position may be several nodes at once.
 */
export class Walk {
  readonly #nodes: readonly Node[];

  constructor(nodes: readonly Node[]) {
    this.#nodes = nodes;
  }

  /** True if no path at or below this position is in the set. */
  get isFree(): boolean {
    return this.#nodes.length === 0;
  }

  /** True if this position is in the set. */
  get isListed(): boolean {
    return this.#nodes.some((node) => node.listed);
  }

  down(name: string): Walk {
    const found: Node[] = [];
    const spelt = SPELLS_A_PATH.test(name) ? lenientNames(name) : undefined;
    for (const node of this.#nodes) {
      const next = node.below.get(name);
      if (next) found.push(next);
      const other = spelt && descend(node, spelt);
      if (other) found.push(other);
    }
    return new Walk(found);
  }
}

const SPELLS_A_PATH = /[.[\]]/;

/** Returns the node under `names`, or the first listed node on the way to it; `undefined` if there is neither. */
function descend(start: Node, names: readonly string[]): Node | undefined {
  let node = start;
  for (const name of names) {
    const next = node.below.get(name);
    if (!next || next.listed) return next;
    node = next;
  }
  return node;
}

/** Splits a stored name into names as if it were a path, malformed or not: `a[0]..b` → `a`, `b`. */
function lenientNames(name: string): readonly string[] {
  return name.split(/\[\d*\]|[.[\]]/).filter((part) => part !== '');
}
