// Compiles conditions to expressions within DynamoDB's limits. Conditions that have no expression, or do not fit into one, are
// returned whole, to be evaluated in memory.

import { memoByObject } from '../base/memo.ts';
import type { Value } from '../base/value.ts';
import { type Algebra, all, any, type Condition, FALSE, fold, not, TRUE } from '../condition/condition.ts';
import { conjuncts } from '../condition/conjuncts.ts';
import { demandOf } from '../condition/demand.ts';
import { namesOnly } from '../condition/paths.ts';
import { compareValues } from '../condition/value-key.ts';
import { type Part, partAlgebra } from './expression-part.ts';
import { EXPRESSION_BYTES, EXPRESSION_OPERATORS, PLACEHOLDER_BYTES } from './limits.ts';
import { type PlaceholderMaps, Placeholders } from './placeholders.ts';

/** Writes the expressions of one request, which share its placeholders. */
export class ExpressionWriter {
  readonly #placeholders = new Placeholders();
  readonly #algebra = partAlgebra(this.#placeholders);

  /** Returns the placeholder of an attribute name. */
  name(name: string): string {
    return this.#placeholders.name(name);
  }

  /** Returns the placeholder of a value. */
  value(value: Value): string {
    return this.#placeholders.value(value);
  }

  /** Returns the placeholders used so far, to be spread into an SDK input: `{ ...writer.placeholders() }`. */
  placeholders(): PlaceholderMaps {
    return this.#placeholders.maps();
  }

  /** Compiles one condition. `a = 1` → `#a = :a`. @throws RangeError if it has no expression: a constant, or too long */
  condition(condition: Condition): string {
    const { expression } = this.conjunction([condition]);
    if (expression === undefined) throw new RangeError('the condition has no expression, or none that is short enough');
    return expression;
  }

  /** Compiles as many of the conditions as fit into one expression, joined with AND, and returns the others. */
  conjunction(conditions: readonly Condition[]): {
    readonly expression: string | undefined;
    readonly others: readonly Condition[];
  } {
    let whole: Part | undefined;
    const others: Condition[] = [];
    for (const condition of ranges(conditions)) {
      const mark = this.#placeholders.mark();
      const part = fold(legalOf(condition), this.#algebra);
      const longer = this.#algebra.all(whole ? [whole, part] : [part]);
      if (longer && this.#fits(longer)) {
        whole = longer;
      } else {
        this.#placeholders.reset(mark);
        others.push(condition);
      }
    }
    return { expression: whole?.text, others };
  }

  /** True if DynamoDB accepts the part. Placeholders and keywords have one byte a character. */
  #fits({ text, operators }: Part): boolean {
    const fits = text.length <= EXPRESSION_BYTES && operators <= EXPRESSION_OPERATORS;
    return fits && this.#placeholders.bytes <= PLACEHOLDER_BYTES;
  }
}

/** Joins the inclusive lower and upper bound of one attribute to one condition, so that they become a `BETWEEN`. */
function ranges(conditions: readonly Condition[]): readonly Condition[] {
  const highs = new Map<string, Condition>();
  for (const condition of conditions) {
    const { path, high } = demandOf(condition) ?? {};
    if (path && high?.isIncluded) highs.set(JSON.stringify(path), condition);
  }
  if (highs.size === 0) return conditions;
  const said = new Set<Condition>();
  const joined = conditions.map((condition) => {
    const { path, low } = demandOf(condition) ?? {};
    const high = path && low?.isIncluded ? highs.get(JSON.stringify(path)) : undefined;
    if (!high || said.has(high)) return condition;
    said.add(high);
    return all([condition, high]);
  });
  return joined.filter((condition) => !said.has(condition));
}

/**
 * Compiles a FilterExpression and the residue to evaluate in memory: both together are the condition. `a = 1 and k = 2`, where
 * `k` is not allowed → the expression `#a = :a`, the residue `k = 2`.
 * @param allows returns false for a top-level attribute that may not be in it, such as a query's own keys. @default all may
 */
export function filterExpression(
  condition: Condition,
  writer: ExpressionWriter,
  allows?: (name: string) => boolean,
): { readonly expression: string | undefined; readonly residue: Condition } {
  const parts = conjuncts(condition);
  const isAllowed = (part: Condition) => !allows || namesOnly(part, allows);
  const { expression, others } = writer.conjunction(parts.filter(isAllowed));
  return { expression, residue: all([...others, ...parts.filter((part) => !isAllowed(part))]) };
}

/** Returns a condition that DynamoDB accepts, cached: a policy's conditions are the same objects in each request. */
const legalOf = memoByObject((condition: Condition) => fold(condition, legal));

/** Replaces order comparisons of values without an order, which DynamoDB refuses, by FALSE: they never hold. */
const legal: Algebra<Condition> = {
  true: () => TRUE,
  false: () => FALSE,
  all,
  any,
  not,
  compare: (leaf) => (leaf.comparator === '=' || compareValues(leaf.value, leaf.value) === 0 ? leaf : FALSE),
  in: asItIs,
  startsWith: asItIs,
  contains: asItIs,
  exists: asItIs,
  type: asItIs,
};

function asItIs(leaf: Condition): Condition {
  return leaf;
}
