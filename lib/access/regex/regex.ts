// Regular expressions in linear time: as many steps as the text has characters, each at most as long as the expression has
// states. No choice is ever taken back: all states that the text so far may lead to are followed at once.
// After Ken Thompson, "Regular Expression Search Algorithm" (1968).

import { parseRegex } from './parse.ts';
import { END, FORK, makeProgram, PLACE, type Program, SET } from './program.ts';

export type Regex = {
  /** Whether the whole text matches. */
  readonly matches: (text: string) => boolean;
};

/**
 * @param text in the syntax of RE2, without flags; matching is case-sensitive
 * @throws RegexError
 */
export function compileRegex(text: string): Regex {
  const program = makeProgram(parseRegex(text));
  return { matches: (subject) => new Machine(program).matches(subject) };
}

class Machine {
  readonly #program: Program;
  /** For each state, the step that entered it last: none is entered twice in a step. */
  readonly #entered: Int32Array;
  #step = 0;
  /** The states that wait for the next character. */
  #waiting: readonly number[] = [];
  /** Whether the text so far matches. */
  #ended = false;

  constructor(program: Program) {
    this.#program = program;
    this.#entered = new Int32Array(program.kinds.length);
  }

  matches(text: string): boolean {
    let rune = text.codePointAt(0);
    this.#enter([this.#program.start], undefined, rune);
    for (let at = 0; rune !== undefined; ) {
      at += rune > 0xffff ? 2 : 1;
      const after = text.codePointAt(at);
      this.#enter(this.#behind(rune), rune, after);
      if (this.#waiting.length === 0 && !this.#ended) return false;
      rune = after;
    }
    return this.#ended;
  }

  /** Where a character leads to. */
  #behind(rune: number): number[] {
    const { next, other, sets } = this.#program;
    const behind: number[] = [];
    // Copies of one part wait beside each other: their set is asked once.
    let asked = -1;
    let has: boolean | undefined;
    for (const state of this.#waiting) {
      const set = other[state] ?? 0;
      if (set !== asked) has = sets[set]?.(rune);
      asked = set;
      if (has) behind.push(next[state] ?? 0);
    }
    return behind;
  }

  /** Enters states and all that follow them without a character, between two characters. */
  #enter(reached: number[], before: number | undefined, after: number | undefined): void {
    const { kinds, next, other, places } = this.#program;
    const entered = this.#entered;
    this.#step += 1;
    const step = this.#step;
    const waiting: number[] = [];
    this.#ended = false;
    for (let state = reached.pop(); state !== undefined; state = reached.pop()) {
      if (entered[state] === step) continue;
      entered[state] = step;
      switch (kinds[state]) {
        case SET:
          waiting.push(state);
          break;
        case PLACE:
          if (places[other[state] ?? 0]?.(before, after)) reached.push(next[state] ?? 0);
          break;
        case FORK:
          reached.push(other[state] ?? 0, next[state] ?? 0);
          break;
        case END:
          this.#ended = true;
      }
    }
    this.#waiting = waiting;
  }
}
