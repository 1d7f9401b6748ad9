// Finds which of some texts stand in another one, in one pass over it, however many they are and whatever stands in them.
// Aho and Corasick, "Efficient string matching: an aid to bibliographic search", CACM 18 (1975); of one text it is the
// algorithm of Knuth, Morris and Pratt. V8's own `includes` takes up to needle times text on periodic texts.

const ROOT = 0;
const NO_NEEDLE = -1;

/** A trie of the needles: a state is a beginning of one, the root is the empty text. Build it once and use it for many texts. */
export class TextSearch {
  /** The number of the text in which a needle was found last. */
  readonly #foundIn: Float64Array;
  #texts = 0;
  /** The needle that a state is the whole of. */
  readonly #needle: Int32Array;
  /** The first character behind a state and the state there; the others are in `#more`. */
  readonly #character: Int32Array;
  readonly #next: Int32Array;
  readonly #more: (Map<number, number> | undefined)[];
  /** The longest other state that a state ends with. */
  readonly #fail: Int32Array;
  /** The longest needle's state that a state ends with, the state itself included; the root where there is none. */
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

  /** The needles that stand in a text, each once, by their places in the list. */
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

  /** Adds the needles that a state ends with. What a needle that was found before ends with was found with it. */
  #collect(state: number, found: number[]): void {
    for (let hit = this.#hit[state] as number; hit !== ROOT; hit = this.#hit[this.#fail[hit] as number] as number) {
      const needle = this.#needle[hit] as number;
      if (this.#foundIn[needle] === this.#texts) return;
      this.#foundIn[needle] = this.#texts;
      found.push(needle);
    }
  }

  /** Each step back through `#fail` is paid for by a step forward before it: two steps a character at most. */
  #step(from: number, character: number): number {
    let state = from;
    let next = this.#child(state, character);
    while (next === ROOT && state !== ROOT) {
      state = this.#fail[state] as number;
      next = this.#child(state, character);
    }
    return next;
  }

  /** The root where there is none. */
  #child(state: number, character: number): number {
    if (this.#character[state] === character) return this.#next[state] as number;
    return this.#more[state]?.get(character) ?? ROOT;
  }

  /** Adds the needles to the trie. @returns its states, those nearer to the root first of any two on one way */
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

  /** Level by level, as a state's links are those of shorter ones. */
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
