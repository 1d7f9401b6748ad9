// A set of attribute paths, as records list them: names without list indexes. A path in the set stands for everything
// below it, in every element of a list too.

import { pathNames } from '../base/path.ts';

type Node = { listed: boolean; readonly below: Map<string, Node> };

/** How a path lies to the set: in it (or below a member), above a member, or apart from it. */
export type Place = 'inside' | 'above' | 'apart';

export class FieldSet {
  /** Trees of names: of a union one for each set, so that uniting costs nothing. None is empty. */
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

  /** The paths of all the sets. */
  static union(sets: readonly FieldSet[]): FieldSet {
    return new FieldSet(sets.flatMap((set) => set.#roots));
  }

  /** The paths that the sets were made of, those of each set without its repeats. */
  get paths(): readonly (readonly string[])[] {
    return this.#roots.flatMap((root) => listed(root, []));
  }

  get isEmpty(): boolean {
    return this.#roots.length === 0;
  }

  /** Where a path lies. List indexes in the path do not count. */
  place(path: readonly (string | number)[]): Place {
    const names = pathNames(path);
    const places = this.#roots.map((root) => placeIn(root, names));
    if (places.includes('inside')) return 'inside';
    return places.includes('above') ? 'above' : 'apart';
  }

  /** A walk along stored attribute names from the top; see `Walk`. */
  walk(): Walk {
    return new Walk(this.#roots);
  }
}

function listed(node: Node, path: readonly string[]): readonly (readonly string[])[] {
  const below = [...node.below].flatMap(([name, next]) => listed(next, [...path, name]));
  return node.listed ? [path, ...below] : below;
}

/** Undefined: apart. */
function placeIn(root: Node, names: readonly string[]): Place | undefined {
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
 * A place reached by walking down stored names. A stored name with `.`, `[` or `]` is read in both ways, as one name and
 * as a path, so a place can be several nodes at once.
 */
export class Walk {
  readonly #nodes: readonly Node[];

  constructor(nodes: readonly Node[]) {
    this.#nodes = nodes;
  }

  /** Nothing at or below this place is in the set. */
  get isFree(): boolean {
    return this.#nodes.length === 0;
  }

  /** This place is in the set. */
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

/** The node under `names`, or the listed node met on the way. */
function descend(start: Node, names: readonly string[]): Node | undefined {
  let node = start;
  for (const name of names) {
    const next = node.below.get(name);
    if (!next || next.listed) return next;
    node = next;
  }
  return node;
}

/** The names a stored name spells when read as a path, malformed ones too. */
function lenientNames(name: string): readonly string[] {
  return name.split(/\[\d*\]|[.[\]]/).filter((part) => part !== '');
}
