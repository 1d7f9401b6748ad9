// Whether what clients saw of one item equals some order of their operations, one after another, in which each stands between
// its call and its answer.
// Sources: Wing and Gong, "Testing and verifying concurrent objects", 1993; Lowe, "Testing for linearizability", 2017, for
// what is remembered of states that led nowhere.

/** An item's state as text; operations tell it apart by nothing else. */
export type State = string;

export type Operation = {
  /** For people who read a failure. */
  readonly name: string;
  /** Moments of one clock: when it was called, and when it was answered; `Infinity` where no answer told what became of it. */
  readonly start: number;
  readonly end: number;
  /** The state that it leaves; undefined where its answer does not fit the state that it would find. */
  readonly step: (state: State) => State | undefined;
};

export type Verdict =
  | { readonly isLinear: true; readonly order: readonly Operation[]; readonly end: State }
  /** The longest order that explains a part, and what cannot follow it. */
  | { readonly isLinear: false; readonly order: readonly Operation[]; readonly left: readonly Operation[] };

/** @param isEnd whether that may be the last state: what the table holds */
export function linearize(operations: readonly Operation[], start: State, isEnd: (state: State) => boolean): Verdict {
  const search = new Search(
    [...operations].sort((a, b) => a.start - b.start),
    isEnd,
  );
  const end = search.from(0n, start);
  if (end !== undefined) return { isLinear: true, order: search.order, end };
  const left = search.operations.filter((operation) => !search.longest.includes(operation));
  return { isLinear: false, order: search.longest, left };
}

class Search {
  readonly operations: readonly Operation[];
  readonly order: Operation[] = [];
  longest: readonly Operation[] = [];
  readonly #isEnd: (state: State) => boolean;
  readonly #vain = new Set<string>();

  constructor(operations: readonly Operation[], isEnd: (state: State) => boolean) {
    this.operations = operations;
    this.#isEnd = isEnd;
  }

  /** The last state of an order of all that is not done, or undefined. `done` has a bit for each operation. */
  from(done: bigint, state: State): State | undefined {
    if (this.order.length > this.longest.length) this.longest = [...this.order];
    if (this.order.length === this.operations.length) return this.#isEnd(state) ? state : undefined;
    const place = `${done.toString(16)} ${state}`;
    if (this.#vain.has(place)) return undefined;
    for (const at of this.#next(done)) {
      const operation = this.operations[at] as Operation;
      const after = operation.step(state);
      if (after === undefined) continue;
      this.order.push(operation);
      const end = this.from(done | (1n << BigInt(at)), after);
      if (end !== undefined) return end;
      this.order.pop();
    }
    this.#vain.add(place);
    return undefined;
  }

  /** The operations that may come next: those that were called before any other was answered. */
  #next(done: bigint): readonly number[] {
    const open = this.operations.flatMap((_, at) => ((done >> BigInt(at)) & 1n ? [] : [at]));
    const firstEnd = Math.min(...open.map((at) => (this.operations[at] as Operation).end));
    return open.filter((at) => (this.operations[at] as Operation).start <= firstEnd);
  }
}

/** A failed verdict in words. */
export function describeVerdict(verdict: Verdict): string {
  if (verdict.isLinear) return 'linear';
  const line = ({ name, start, end }: Operation) => `  ${start}-${end} ${name}`;
  const last = verdict.order.slice(-5).map(line);
  const left = verdict.left.slice(0, 8).map(line);
  return ['no order explains it; after', ...last, 'none of these can follow:', ...left].join('\n');
}
