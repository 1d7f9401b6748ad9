// A condition with what follows from it: the simplified form that plans are made from, and the function that rows are
// checked with. Each is made when it is first asked for, and once: the rows of a grant stay from one request to the next,
// and joining predicates joins what they have made already.

import type { Item } from '../base/value.ts';
import { all, any, type Condition } from './condition.ts';
import { isTrue } from './conjuncts.ts';
import { evaluator } from './evaluate.ts';
import { allOfSimple, anyOfSimple, simplify } from './simplify.ts';

type Derived = {
  readonly simplify: () => Condition;
  readonly evaluator: () => (item: Item) => boolean;
};

export class Predicate {
  readonly condition: Condition;
  readonly #derive: Derived;
  #simplified: Condition | undefined;
  #accepts: ((item: Item) => boolean) | undefined;

  private constructor(condition: Condition, derive: Derived) {
    this.condition = condition;
    this.#derive = derive;
  }

  static of(condition: Condition): Predicate {
    return new Predicate(condition, {
      simplify: () => simplify(condition),
      evaluator: () => evaluator(condition),
    });
  }

  /** Holds where each part holds. `all([])` holds everywhere. */
  static all(given: readonly Predicate[]): Predicate {
    const parts = given.filter(({ condition }) => !isTrue(condition));
    const [only, other] = parts;
    if (only && !other) return only;
    return new Predicate(all(parts.map(({ condition }) => condition)), {
      simplify: () => allOfSimple(parts.map(({ simplified }) => simplified)),
      evaluator: () => {
        const tests = parts.map(({ accepts }) => accepts);
        return (item) => tests.every((test) => test(item));
      },
    });
  }

  /** Holds where one part holds. `any([])` holds nowhere. */
  static any(parts: readonly Predicate[]): Predicate {
    const [only, other] = parts;
    if (only && !other) return only;
    return new Predicate(any(parts.map(({ condition }) => condition)), {
      simplify: () => anyOfSimple(parts.map(({ simplified }) => simplified)),
      evaluator: () => {
        const tests = parts.map(({ accepts }) => accepts);
        return (item) => tests.some((test) => test(item));
      },
    });
  }

  /** An equivalent condition with ranges and lists intersected; `FALSE` if a contradiction was found. */
  get simplified(): Condition {
    this.#simplified ??= this.#derive.simplify();
    return this.#simplified;
  }

  /** True for an item that satisfies the condition as it was given. */
  get accepts(): (item: Item) => boolean {
    this.#accepts ??= this.#derive.evaluator();
    return this.#accepts;
  }
}
