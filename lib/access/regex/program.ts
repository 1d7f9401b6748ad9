// Makes a regular expression's tree into a program: the states of a machine that reads a text character by character.
// After Russ Cox, "Regular Expression Matching: the Virtual Machine Approach" (2009), without its captures.

import { type CharacterSet, RegexError, type Tree } from './parse.ts';

/** The whole text has matched. */
const MATCHED = 0;
/** Goes to `next` with a character of the set whose number is `other`. */
export const SET = 1;
/** Is in `next` and `other` at once. */
export const FORK = 2;
/** Goes to `next` before the first character. */
export const AT_START = 3;
/** Goes to `next` after the last character. */
export const AT_END = 4;

/** States by number, in arrays of numbers: a counted repetition may be thousands of them. */
export type Program = {
  readonly kinds: Uint8Array;
  readonly next: Int32Array;
  readonly other: Int32Array;
  readonly sets: readonly CharacterSet[];
  readonly start: number;
  /** The state in which the whole text has matched. */
  readonly end: number;
};

/**
 * Every copy of what is repeated is a state, and each may be visited at each character of a path: with RE2's own limit,
 * 1,398,101, a pattern of 921 characters took seconds on a path of 200, minutes on the longest that a gateway takes.
 */
const MAX_STATES = 10_000;

/** @throws RegexError if it takes too many states */
export function makeProgram(tree: Tree): Program {
  const builder = new Builder();
  const end = builder.push(MATCHED, 0, 0);
  return builder.program(builder.add(tree, end), end);
}

/** Builds from the end: what follows a state is there before it. */
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

  /** @returns the number of the state at which the tree begins, if `next` is where it leads to */
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

  /** `x{2,4}` as `xx(x(x)?)?`, `x{2,}` as `xx+`: of a repetition without an end there are no more copies than it counts. */
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

  /** Copies of a part share its set: it is asked once for a character, not once for each copy. */
  #numberOf(set: CharacterSet): number {
    const number = this.#sets.get(set) ?? this.#sets.size;
    this.#sets.set(set, number);
    return number;
  }
}
