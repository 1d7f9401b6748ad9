// A map of bounded size: what has not been used for longest makes room. A Map keeps the order in which keys were set,
// so that setting a key anew at every use keeps it in the order of use.

export class Recent<V> {
  readonly #bound: number;
  readonly #values = new Map<string, V>();

  /** @param bound the most entries that are kept */
  constructor(bound: number) {
    this.#bound = bound;
  }

  get size(): number {
    return this.#values.size;
  }

  get(key: string): V | undefined {
    const value = this.#values.get(key);
    if (value !== undefined) this.set(key, value);
    return value;
  }

  set(key: string, value: V): void {
    this.#values.delete(key);
    this.#values.set(key, value);
    if (this.#values.size <= this.#bound) return;
    for (const oldest of this.#values.keys()) {
      this.#values.delete(oldest);
      return;
    }
  }

  delete(key: string): void {
    this.#values.delete(key);
  }
}
