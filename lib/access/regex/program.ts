// Compiles the tree of a regular expression to a program: the states of a nondeterministic automaton that reads a text character
// by character. Source: Russ Cox, "Regular Expression Matching: the Virtual Machine Approach" (2009), without captures.

import { type CharacterSet, RegexError, type Tree } from './parse.ts';

/** Kind of the final state. */
const MATCHED = 0;
/** Kind of a state that goes to `next` on a character in the set with the number `other`. */
export const SET = 1;
/** Kind of a state that goes to `next` and to `other` at once. */
export const FORK = 2;
/** Kind of a state that goes to `next` before the first character only. */
export const AT_START = 3;
/** Kind of a state that goes to `next` after the last character only. */
export const AT_END = 4;

/** States by number, in typed arrays: a counted repetition may make thousands of them. */
export type Program = {
  readonly kinds: Uint8Array;
  readonly next: Int32Array;
  readonly other: Int32Array;
  readonly sets: readonly CharacterSet[];
  readonly start: number;
  /** The final state: the whole text has matched if it is reached at the end. */
  readonly end: number;
};

/**
 * The most states of a program. Every copy of a repeated part is a state, and each may be visited at each character of a path:
 * with RE2's own limit, 1,398,101, a pattern of 921 characters took seconds on a path of 200 characters, and minutes on the
 * longest that API Gateway accepts.
 */
const MAX_STATES = 10_000;

/**
 * Compiles a tree: that of `a` → a state `SET` that goes to the final state.
 * @throws RegexError if it needs too many states
 */
export function makeProgram(tree: Tree): Program {
  const builder = new Builder();
  const end = builder.push(MATCHED, 0, 0);
  return builder.program(builder.add(tree, end), end);
}

/** Builds a program from its end, so that the state that follows another one has its number first. */
class Builder {
  readonly #kinds: number[] = [];
  readonly #next: number[] = [];
  readonly #other: number[] = [];
  readonly #sets = new Map<CharacterSet, number>();

  program(start: number, end: number): Program {
    return {
      kinds: Uint8Array.from(this.#kinds),
      next: Int32Array.from(this.#next),
      other: Int32Array.from(this.#other),
      sets: [...this.#sets.keys()],
      start,
      end,
    };
  }

  push(kind: number, next: number, other: number): number {
    if (this.#kinds.length >= MAX_STATES) throw new RegexError('expression too large');
    this.#next.push(next);
    this.#other.push(other);
    return this.#kinds.push(kind) - 1;
  }

  /** Adds the states of a tree that leads to `next`. @returns the number of its first state */
  add(tree: Tree, next: number): number {
    switch (tree.kind) {
      case 'set':
        return this.push(SET, next, this.#numberOf(tree.has));
      case 'start':
        return this.push(AT_START, next, 0);
      case 'end':
        return this.push(AT_END, next, 0);
      case 'sequence':
        return tree.parts.reduceRight((after, part) => this.add(part, after), next);
      case 'choice':
        return tree.options
          .map((option) => this.add(option, next))
          .reduceRight((other, first) => this.push(FORK, first, other));
      case 'repeat':
        return this.#repeat(tree, next);
    }
  }

  /** Adds `x{2,4}` as `xx(x(x)?)?`, and `x{2,}` as `xx+`. */
  #repeat({ part, min, max }: Extract<Tree, { kind: 'repeat' }>, next: number): number {
    if (max === Number.POSITIVE_INFINITY) {
      const { first, again } = this.#loop(part, next);
      return min === 0 ? again : this.#copies(part, min - 1, first);
    }
    let start = next;
    for (let count = min; count < max; count += 1) start = this.push(FORK, this.add(part, start), next);
    return this.#copies(part, min, start);
  }

  #copies(part: Tree, count: number, next: number): number {
    let start = next;
    for (let copy = 0; copy < count; copy += 1) start = this.add(part, start);
    return start;
  }

  #loop(part: Tree, next: number): { readonly first: number; readonly again: number } {
    const again = this.push(FORK, next, next);
    const first = this.add(part, again);
    this.#next[again] = first;
    return { first, again };
  }

  /** Returns the number of a set, which copies of a part share: it is evaluated once a character, not once for each copy. */
  #numberOf(set: CharacterSet): number {
    const number = this.#sets.get(set) ?? this.#sets.size;
    this.#sets.set(set, number);
    return number;
  }
}
