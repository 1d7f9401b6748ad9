// A map of bounded size that evicts the least recently used entry. A `Map` iterates in insertion order, so that deleting and
// setting a key at every use sorts the entries by use.

export class Recent<V> {
  readonly #bound: number;
  readonly #values = new Map<string, V>();

  /** @param bound the most entries */
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
