// A condition with two lazily derived forms: the simplified condition for plans, and the function that checks rows. Predicates
// of grants are reused by later requests, and joining predicates reuses the forms of their parts.

import type { Item } from '../base/value.ts';
import { all, any, type Condition } from './condition.ts';
import { isTrue } from './conjuncts.ts';
import { evaluator } from './evaluate.ts';
import { allOfSimple, anyOfSimple, simplify } from './simplify.ts';

type Test = (item: Item) => boolean;
type Derived = { readonly simplify: () => Condition; readonly evaluator: () => Test };
type Join = (parts: readonly Condition[]) => Condition;
type JoinTests = (tests: readonly Test[]) => Test;

export class Predicate {
  readonly condition: Condition;
  readonly #derive: Derived;
  #simplified: Condition | undefined;
  #accepts: Test | undefined;

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

  /** Makes the conjunction of parts; `all([])` holds for every item. */
  static all(given: readonly Predicate[]): Predicate {
    const parts = given.filter(({ condition }) => !isTrue(condition));
    return Predicate.#joined(parts, all, allOfSimple, (tests) => (item) => tests.every((test) => test(item)));
  }

  /** Makes the disjunction of parts; `any([])` holds for no item. */
  static any(parts: readonly Predicate[]): Predicate {
    return Predicate.#joined(parts, any, anyOfSimple, (tests) => (item) => tests.some((test) => test(item)));
  }

  static #joined(parts: readonly Predicate[], join: Join, joinSimple: Join, joinTests: JoinTests): Predicate {
    const [only, other] = parts;
    if (only && !other) return only;
    return new Predicate(join(parts.map(({ condition }) => condition)), {
      simplify: () => joinSimple(parts.map(({ simplified }) => simplified)),
      evaluator: () => joinTests(parts.map(({ accepts }) => accepts)),
    });
  }

  /** An equivalent condition with ranges and lists intersected; `FALSE` if a contradiction was found. */
  get simplified(): Condition {
    this.#simplified ??= this.#derive.simplify();
    return this.#simplified;
  }

  /** The function that is true for an item that satisfies the condition. */
  get accepts(): Test {
    this.#accepts ??= this.#derive.evaluator();
    return this.#accepts;
  }
}
