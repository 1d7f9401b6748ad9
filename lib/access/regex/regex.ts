// Regular expressions in linear time: as many steps as the text has characters, each at most as long as the expression has
// states. No choice is ever taken back: all states that the text so far may lead to are followed at once.
// After Ken Thompson, "Regular Expression Search Algorithm" (1968).

import { type CharacterSet, parseRegex } from './parse.ts';
import { AT_END, AT_START, FORK, makeProgram, type Program, SET } from './program.ts';

export type Regex = {
  /** Whether the whole text matches. */
  readonly matches: (text: string) => boolean;
};

/**
 * @param text in the part of RE2's syntax that paths need; matching is case-sensitive
 * @throws RegexError
 */
export function compileRegex(text: string): Regex {
  const program = makeProgram(parseRegex(text));
  return { matches: (subject) => new Machine(program).matches(subject) };
}

class Machine {
  readonly #program: Program;
  /** For each state, the place in the text where it was entered last: none is entered twice at one place. */
  readonly #entered: Int32Array;

  constructor(program: Program) {
    this.#program = program;
    this.#entered = new Int32Array(program.kinds.length).fill(-1);
  }

  matches(text: string): boolean {
    let at = 0;
    let rune = text.codePointAt(at);
    let waiting = this.#enter([this.#program.start], at, rune);
    while (rune !== undefined) {
      // The text goes on, and leads nowhere.
      if (waiting.length === 0) return false;
      at += rune > 0xffff ? 2 : 1;
      const after = text.codePointAt(at);
      waiting = this.#enter(this.#behind(waiting, rune), at, after);
      rune = after;
    }
    return this.#entered[this.#program.end] === at;
  }

  /** Where a character leads to from states that wait for it. */
  #behind(waiting: readonly number[], rune: number): number[] {
    const { next, other, sets } = this.#program;
    // Copies of one part share their set, which may be dear: it is asked once.
    const answers: (boolean | undefined)[] = [];
    // Stryker disable next-line ArrayDeclaration: what is no number is no state, and leads nowhere.
    const behind: number[] = [];
    for (const state of waiting) {
      const set = other[state] as number;
      answers[set] ??= (sets[set] as CharacterSet)(rune);
      if (answers[set]) behind.push(next[state] as number);
    }
    return behind;
  }

  /**
   * Enters states and all that follow them without a character, at a place between two characters.
   * @returns those that wait for the character behind it
   */
  #enter(reached: number[], at: number, after: number | undefined): readonly number[] {
    const { kinds, next, other } = this.#program;
    const entered = this.#entered;
    const waiting: number[] = [];
    for (let state = reached.pop(); state !== undefined; state = reached.pop()) {
      if (entered[state] === at) continue;
      entered[state] = at;
      switch (kinds[state]) {
        case SET:
          waiting.push(state);
          break;
        case AT_START:
          if (at === 0) reached.push(next[state] as number);
          break;
        case AT_END:
          if (after === undefined) reached.push(next[state] as number);
          break;
        case FORK:
          reached.push(other[state] as number, next[state] as number);
      }
    }
    return waiting;
  }
}
