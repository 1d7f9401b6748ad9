// Matches regular expressions in time linear in the text, at most the number of states for each character. It never backtracks:
// all states that the text so far may lead to are followed at once.
// Source: Ken Thompson, "Regular Expression Search Algorithm" (1968).

import { type CharacterSet, parseRegex } from './parse.ts';
import { AT_END, AT_START, FORK, makeProgram, type Program, SET } from './program.ts';

export type Regex = {
  /** Returns true if the whole text matches. */
  readonly matches: (text: string) => boolean;
};

/**
 * Compiles a pattern: `/item/[0-9]+` → a regex that matches `/item/7`, case-sensitively.
 * @param text a pattern in the part of RE2's syntax that parse.ts accepts
 * @throws RegexError
 */
export function compileRegex(text: string): Regex {
  const program = makeProgram(parseRegex(text));
  return { matches: (subject) => new Machine(program).matches(subject) };
}

class Machine {
  readonly #program: Program;
  /** For each state, the index in the text at which it was entered last: none is entered twice at one index. */
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
      // No state accepts the rest of the text.
      if (waiting.length === 0) return false;
      at += rune > 0xffff ? 2 : 1;
      const after = text.codePointAt(at);
      waiting = this.#enter(this.#step(waiting, rune), at, after);
      rune = after;
    }
    return this.#entered[this.#program.end] === at;
  }

  /** Returns the states that a character leads to from states that wait for one. */
  #step(waiting: readonly number[], rune: number): number[] {
    const { next, other, sets } = this.#program;
    // Evaluates a set once, though copies of a part share it: it may be expensive.
    const answers: (boolean | undefined)[] = [];
    // Stryker disable next-line ArrayDeclaration: an element that is no number is no state, and leads nowhere.
    const reached: number[] = [];
    for (const state of waiting) {
      const set = other[state] as number;
      answers[set] ??= (sets[set] as CharacterSet)(rune);
      if (answers[set]) reached.push(next[state] as number);
    }
    return reached;
  }

  /**
   * Enters states, and all that follow them without a character, at an index of the text.
   * @returns the states that wait for the character there
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
