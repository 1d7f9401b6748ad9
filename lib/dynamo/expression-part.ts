// One condition → the text of one expression, with the count that DynamoDB limits. Brackets stand only where they are
// needed: DynamoDB refuses redundant ones.

import type { Algebra } from '../condition/condition.ts';
import { IN_OPERANDS } from './limits.ts';
import type { Placeholders } from './placeholders.ts';

/** A part of an expression. `contrary` is the text that says the opposite at no extra cost, where there is one. */
export type Part = {
  readonly text: string;
  readonly operators: number;
  readonly joined?: 'AND' | 'OR';
  readonly contrary?: string;
};

/** Writes conditions with the placeholders it is given. A constant has no expression, and nothing that holds one. */
export function partAlgebra(placeholders: Placeholders): Algebra<Part | undefined> {
  const path = placeholders.path.bind(placeholders);
  const value = placeholders.value.bind(placeholders);
  return {
    true: () => undefined,
    false: () => undefined,
    all: (parts) => join(parts, 'AND'),
    any: (parts) => join(parts, 'OR'),
    not: (part) => part && negate(part),
    compare: (leaf) => {
      const [left, right] = [path(leaf.path), value(leaf.value)];
      const part = single(`${left} ${leaf.comparator} ${right}`);
      return leaf.comparator === '=' ? { ...part, contrary: `${left} <> ${right}` } : part;
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
    // AND binds tighter than OR.
    const own = word === 'AND' && part.joined === 'OR' ? `(${part.text})` : part.text;
    text = text === '' ? own : `${text} ${word} ${own}`;
    operators += part.operators;
  }
  return { text, operators, joined: word };
}

function negate({ text, operators, joined, contrary }: Part): Part {
  if (contrary !== undefined) return { text: contrary, operators };
  return { text: joined ? `NOT (${text})` : `NOT ${text}`, operators: operators + 1 };
}

function chunks<T>(values: readonly T[]): readonly (readonly T[])[] {
  const count = Math.ceil(values.length / IN_OPERANDS);
  return Array.from({ length: count }, (_, i) => values.slice(i * IN_OPERANDS, (i + 1) * IN_OPERANDS));
}
