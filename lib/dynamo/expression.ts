// Conditions → expressions within DynamoDB's limits. What has no expression, or no room in one, is handed back to be
// evaluated in memory: never cut, never loosened.

import type { Path } from '../base/path.ts';
import type { Value } from '../base/value.ts';
import { type Algebra, all, any, type Condition, FALSE, fold, not, TRUE } from '../condition/condition.ts';
import { pathsOf } from '../condition/paths.ts';
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

  /** A document path in placeholders, such as `#a.#b[0]`. */
  path(path: Path): string {
    return this.#placeholders.path(path);
  }

  /** The placeholder of a value. */
  value(value: Value): string {
    return this.#placeholders.value(value);
  }

  /** The placeholders of all that was written, as the SDK takes them: `{ ...writer.placeholders() }`. */
  placeholders(): PlaceholderMaps {
    return this.#placeholders.maps();
  }

  /** The condition as one expression. Throws a RangeError where there is none: `fitsExpression` tells beforehand. */
  condition(condition: Condition): string {
    const { expression } = this.conjunction([condition]);
    if (expression === undefined) throw new RangeError('the condition has no expression: ask fitsExpression first');
    return expression;
  }

  /** One expression of as many of the conditions as fit into it together, and the others. */
  conjunction(conditions: readonly Condition[]): {
    readonly expression: string | undefined;
    readonly others: readonly Condition[];
  } {
    let whole: Part | undefined;
    const others: Condition[] = [];
    for (const condition of conditions) {
      const mark = this.#placeholders.mark();
      const part = fold(fold(condition, legal), this.#algebra);
      const longer = whole ? this.#algebra.all([whole, part]) : part;
      if (longer && this.#hasRoomFor(longer)) whole = longer;
      else {
        this.#placeholders.reset(mark);
        others.push(condition);
      }
    }
    return { expression: whole?.text, others };
  }

  #hasRoomFor({ text, operators }: Part): boolean {
    // All of it is placeholders and keywords: one byte each character.
    const fits = text.length <= EXPRESSION_BYTES && operators <= EXPRESSION_OPERATORS;
    return fits && this.#placeholders.bytes <= PLACEHOLDER_BYTES;
  }
}

/**
 * The FilterExpression of a condition, and what it leaves to be evaluated in memory: together they are the condition.
 * Nothing that mentions a forbidden top-level attribute is written: a query's own key attributes may not stand in it.
 */
export function filterExpression(
  condition: Condition,
  writer: ExpressionWriter,
  { forbidden = new Set() }: { readonly forbidden?: ReadonlySet<string> } = {},
): { readonly expression: string | undefined; readonly residue: Condition } {
  const allowed = (part: Condition) => !pathsOf(part).some(([top]) => forbidden.has(top));
  const conjuncts = condition.kind === 'all' ? condition.of : [condition];
  const { expression, others } = writer.conjunction(conjuncts.filter(allowed));
  return { expression, residue: all([...others, ...conjuncts.filter((part) => !allowed(part))]) };
}

/** Whether `condition` of a new writer writes it. Constants have no expression. */
export function fitsExpression(condition: Condition): boolean {
  return new ExpressionWriter().conjunction([condition]).expression !== undefined;
}

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
