// Conditions → expressions within DynamoDB's limits. What has no expression, or no room in one, is handed back to be
// evaluated in memory: never cut, never loosened.

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

  /** The placeholder of one attribute name. */
  name(name: string): string {
    return this.#placeholders.name(name);
  }

  /** The placeholder of a value. */
  value(value: Value): string {
    return this.#placeholders.value(value);
  }

  /** The placeholders of all that was written, as the SDK takes them: `{ ...writer.placeholders() }`. */
  placeholders(): PlaceholderMaps {
    return this.#placeholders.maps();
  }

  /** The condition as one expression. Throws a RangeError where there is none: a constant, or too much. */
  condition(condition: Condition): string {
    const { expression } = this.conjunction([condition]);
    if (expression === undefined) throw new RangeError('the condition has no expression, or none that is short enough');
    return expression;
  }

  /** One expression of as many of the conditions as fit into it together, and the others. */
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

  /** All of an expression is placeholders and keywords: one byte each character. */
  #fits({ text, operators }: Part): boolean {
    const fits = text.length <= EXPRESSION_BYTES && operators <= EXPRESSION_OPERATORS;
    return fits && this.#placeholders.bytes <= PLACEHOLDER_BYTES;
  }
}

/** The conditions with the inclusive lower and upper bound of one attribute as one, so that they are written as a range. */
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
 * The FilterExpression of a condition, and what it leaves to be evaluated in memory: together they are the condition.
 * @param allows whether a top-level attribute may stand in it: a query's own keys may not. @default every one may
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

/** The conditions of a policy stay from one request to the next. */
const legalOf = memoByObject((condition: Condition) => fold(condition, legal));

/** The same condition without what DynamoDB refuses to read: the order of values that have none, which never holds. */
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
