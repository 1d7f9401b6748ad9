// Finds which needles occur in a text, in one pass over the text, whatever their number and content.
// Source: Aho and Corasick, "Efficient string matching: an aid to bibliographic search", CACM 18 (1975); for one needle it is
// the algorithm of Knuth, Morris and Pratt. V8's `includes` takes the product of both lengths on periodic texts.

const ROOT = 0;
const NO_NEEDLE = -1;

/** A trie of the needles: each state is a prefix of one, the root is the empty text. Build it once for many texts. */
export class TextSearch {
  /** For each needle, the number of the text in which it was found last. */
  readonly #foundIn: Float64Array;
  #texts = 0;
  /** For each state, the needle that it completes; else `NO_NEEDLE`. */
  readonly #needle: Int32Array;
  /** For each state, its first child: the character and the state that it leads to. Further children are in `#more`. */
  readonly #character: Int32Array;
  readonly #next: Int32Array;
  readonly #more: (Map<number, number> | undefined)[];
  /** For each state, the longest other state that is a suffix of it. */
  readonly #fail: Int32Array;
  /** For each state, the longest state that is a suffix of it, or itself, and completes a needle; the root if there is none. */
  readonly #hit: Int32Array;

  /** @param needles distinct texts */
  constructor(needles: readonly string[]) {
    const size = needles.reduce((sum, { length }) => sum + length, 1);
    const array = () => new Int32Array(size);
    this.#foundIn = new Float64Array(needles.length);
    this.#more = new Array<undefined>(size).fill(undefined);
    [this.#needle, this.#character] = [array().fill(NO_NEEDLE), array().fill(-1)];
    [this.#next, this.#fail, this.#hit] = [array(), array(), array()];
    this.#link(this.#grow(needles));
  }

  /** Returns the indexes of the needles that occur in a text, each once. */
  find(text: Pick<string, 'length' | 'charCodeAt'>): readonly number[] {
    const found: number[] = [];
    this.#texts += 1;
    const empty = this.#needle[ROOT] as number;
    if (empty !== NO_NEEDLE) found.push(empty);
    let state = ROOT;
    for (let at = 0; at < text.length; at += 1) {
      state = this.#step(state, text.charCodeAt(at));
      if (this.#hit[state] !== ROOT) this.#collect(state, found);
    }
    return found;
  }

  /** Adds the needles that are suffixes of a state. Stops at one found before: its own suffixes were found with it. */
  #collect(state: number, found: number[]): void {
    for (let hit = this.#hit[state] as number; hit !== ROOT; hit = this.#hit[this.#fail[hit] as number] as number) {
      const needle = this.#needle[hit] as number;
      if (this.#foundIn[needle] === this.#texts) return;
      this.#foundIn[needle] = this.#texts;
      found.push(needle);
    }
  }

  /** Returns the next state. Each step back along `#fail` undoes a step forward: at most two steps a character on average. */
  #step(from: number, character: number): number {
    let state = from;
    let next = this.#child(state, character);
    while (next === ROOT && state !== ROOT) {
      state = this.#fail[state] as number;
      next = this.#child(state, character);
    }
    return next;
  }

  /** Returns the state that a character leads to in the trie; the root if there is none. */
  #child(state: number, character: number): number {
    if (this.#character[state] === character) return this.#next[state] as number;
    return this.#more[state]?.get(character) ?? ROOT;
  }

  /** Adds the needles to the trie. @returns its states, each after its parent */
  #grow(needles: readonly string[]): readonly (readonly [parent: number, character: number, state: number])[] {
    const states: [number, number, number][] = [];
    for (const [number, needle] of needles.entries()) {
      let state = ROOT;
      for (let at = 0; at < needle.length; at += 1) {
        const character = needle.charCodeAt(at);
        let next = this.#child(state, character);
        if (next === ROOT) {
          next = states.length + 1;
          states.push([state, character, next]);
          this.#addChild(state, character, next);
        }
        state = next;
      }
      this.#needle[state] = number;
    }
    return states;
  }

  #addChild(state: number, character: number, next: number): void {
    if (this.#character[state] === -1) {
      this.#character[state] = character;
      this.#next[state] = next;
    } else {
      const more = this.#more[state] ?? new Map<number, number>();
      more.set(character, next);
      this.#more[state] = more;
    }
  }

  /** Sets `#fail` and `#hit` level by level, as those of a state follow from those of shorter ones. */
  #link(states: readonly (readonly [number, number, number])[]): void {
    const depths = new Int32Array(states.length + 1);
    for (const [parent, , state] of states) depths[state] = (depths[parent] as number) + 1;
    const byDepth = states.toSorted(([, , one], [, , other]) => (depths[one] as number) - (depths[other] as number));
    for (const [parent, character, state] of byDepth) {
      const isFirst = parent === ROOT;
      const fail = isFirst ? ROOT : this.#step(this.#fail[parent] as number, character);
      this.#fail[state] = fail;
      this.#hit[state] = this.#needle[state] === NO_NEEDLE ? (this.#hit[fail] as number) : state;
    }
  }
}
