// Conditions → expressions within DynamoDB's limits. What has no expression, or no room in one, is handed back to be
// evaluated in memory: never cut, never loosened.

import type { Path } from '../base/path.ts';
import type { Value } from '../base/value.ts';
import { type Algebra, all, any, type Condition, FALSE, fold, not, TRUE } from '../condition/condition.ts';
import { conjuncts } from '../condition/conjuncts.ts';
import { namesOnly } from '../condition/paths.ts';
import { compareValues } from '../condition/value-key.ts';
import { type Part, partAlgebra } from './expression-part.ts';
import { EXPRESSION_BYTES, EXPRESSION_OPERATORS, PLACEHOLDER_BYTES } from './limits.ts';
import { type PlaceholderMaps, Placeholders } from './placeholders.ts';

/** Of ` AND ()`. */
const JOINED_BYTES = 7;

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
    const parts: Part[] = [];
    const others: Condition[] = [];
    let [bytes, operators] = [0, 0];
    for (const condition of conditions) {
      const mark = this.#placeholders.mark();
      const part = fold(fold(condition, legal), this.#algebra);
      // Each but the first has " AND " before it, and brackets round it at most.
      const more = part ? part.text.length + JOINED_BYTES : 0;
      if (part && this.#hasRoomFor(bytes + more, operators + part.operators + 1)) {
        parts.push(part);
        bytes += more;
        operators += part.operators + 1;
      } else {
        this.#placeholders.reset(mark);
        others.push(condition);
      }
    }
    return { expression: this.#algebra.all(parts)?.text, others };
  }

  /** All of an expression is placeholders and keywords: one byte each character. */
  #hasRoomFor(bytes: number, operators: number): boolean {
    const fits = bytes <= EXPRESSION_BYTES + JOINED_BYTES && operators <= EXPRESSION_OPERATORS + 1;
    return fits && this.#placeholders.bytes <= PLACEHOLDER_BYTES;
  }
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
  const allowed = allows ? parts.filter(namesOnly(allows)) : parts;
  const { expression, others } = writer.conjunction(allowed);
  const left = allowed.length < parts.length ? parts.filter((part) => !allowed.includes(part)) : [];
  return { expression, residue: all([...others, ...left]) };
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
