// Compiles one condition to the text of an expression, and counts the operators that DynamoDB limits. It writes only the
// brackets that are needed, as DynamoDB refuses redundant ones.

import type { Value } from '../base/value.ts';
import type { Algebra } from '../condition/condition.ts';
import { compareValues } from '../condition/value-key.ts';
import { IN_OPERANDS } from './limits.ts';
import type { Placeholders } from './placeholders.ts';

/** A part of an expression. `contrary` is its negation with as many operators; `undefined` if there is none. */
export type Part = {
  readonly text: string;
  readonly operators: number;
  readonly joined?: 'AND' | 'OR';
  readonly contrary?: string;
  /** The bound that the part sets: a lower and an upper one can be joined to a `BETWEEN`. */
  readonly bound?: {
    readonly subject: string;
    readonly end: '>=' | '<=';
    readonly value: Value;
    readonly text: string;
  };
};

/** Compiles conditions. `a = 1 and b exists` → `#a = :a AND attribute_exists(#b)`; `undefined` if a constant is in it. */
export function partAlgebra(placeholders: Placeholders): Algebra<Part | undefined> {
  const path = placeholders.path.bind(placeholders);
  const value = placeholders.value.bind(placeholders);
  return {
    true: () => undefined,
    false: () => undefined,
    all: (parts) => join(withRanges(parts), 'AND'),
    any: (parts) => join(parts, 'OR'),
    not: (part) => part && negate(part),
    compare: (leaf) => {
      const [left, right] = [path(leaf.path), value(leaf.value)];
      const { comparator } = leaf;
      const part = single(`${left} ${comparator} ${right}`);
      if (comparator === '=') return { ...part, contrary: `${left} <> ${right}` };
      if (comparator !== '>=' && comparator !== '<=') return part;
      return { ...part, bound: { subject: left, end: comparator, value: leaf.value, text: right } };
    },
    in: (leaf) => {
      const subject = path(leaf.path);
      return join(
        chunks(leaf.values).map((values) => single(`${subject} IN (${values.map(value).join(',')})`)),
        'OR',
      );
    },
    startsWith: (leaf) => single(`begins_with(${path(leaf.path)},${value({ S: leaf.prefix })})`),
    contains: (leaf) => single(`contains(${path(leaf.path)},${value(leaf.value)})`),
    exists: (leaf) => ({
      ...single(`attribute_exists(${path(leaf.path)})`),
      contrary: `attribute_not_exists(${path(leaf.path)})`,
    }),
    type: (leaf) => single(`attribute_type(${path(leaf.path)},${value({ S: leaf.type })})`),
  };
}

function single(text: string): Part {
  return { text, operators: 1 };
}

function join(parts: readonly (Part | undefined)[], word: 'AND' | 'OR'): Part | undefined {
  if (parts.length < 2) return parts[0];
  let text = '';
  let operators = parts.length - 1;
  for (const part of parts) {
    if (!part) return undefined;
    // Bracket an OR inside an AND, which binds tighter.
    const own = word === 'AND' && part.joined === 'OR' ? `(${part.text})` : part.text;
    text = text === '' ? own : `${text} ${word} ${own}`;
    operators += part.operators;
  }
  return { text, operators, joined: word };
}

/** Joins a lower and an upper bound of one attribute to one `BETWEEN`, which counts as two of 300 operators, not as three. */
function withRanges(parts: readonly (Part | undefined)[]): readonly (Part | undefined)[] {
  if (!parts.some((part) => part?.bound?.end === '<=')) return parts;
  const highs = new Map(parts.flatMap((part, at) => (part?.bound?.end === '<=' ? [[part.bound.subject, at]] : [])));
  const said = new Set<number>();
  const ranges = parts.map((part) => {
    const low = part?.bound;
    const at = low?.end === '>=' ? highs.get(low.subject) : undefined;
    const high = at === undefined || said.has(at) ? undefined : parts[at]?.bound;
    // DynamoDB refuses a BETWEEN of two types, or with the higher value first.
    if (!low || !high || at === undefined || (compareValues(low.value, high.value) ?? 1) > 0) return part;
    said.add(at);
    return { text: `${low.subject} BETWEEN ${low.text} AND ${high.text}`, operators: 2 };
  });
  return ranges.filter((_, at) => !said.has(at));
}

function negate({ text, operators, joined, contrary }: Part): Part {
  if (contrary !== undefined) return { text: contrary, operators };
  return { text: joined ? `NOT (${text})` : `NOT ${text}`, operators: operators + 1 };
}

function chunks<T>(values: readonly T[]): readonly (readonly T[])[] {
  const count = Math.ceil(values.length / IN_OPERANDS);
  return Array.from({ length: count }, (_, i) => values.slice(i * IN_OPERANDS, (i + 1) * IN_OPERANDS));
}
