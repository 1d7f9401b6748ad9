// Checks values against the kinds of operands, and describes each kind for the caller.

import { printJson } from '../base/json.ts';
import { typeOf, type Value, type ValueType } from '../base/value.ts';
import { compareValues } from './value-key.ts';

/** A kind of operand: `ordered` is a scalar with an order, `elements` a list of at least one element. */
export type OperandKind = 'scalar' | 'ordered' | 'list' | 'elements' | 'text' | 'boolean' | 'pair' | 'type';

/** The most values of a list in a filter. */
const MAX_LIST_VALUES = 1_000;

const SHOWN_CHARACTERS = 60;
/** Scalar types except text, which `isText` checks. */
const SCALARS: ReadonlySet<ValueType> = new Set(['N', 'BOOL', 'NULL', 'B']);
const TYPES: readonly ValueType[] = ['S', 'N', 'B', 'BOOL', 'NULL', 'L', 'M', 'SS', 'NS', 'BS'];

type Check = { readonly allowed: string; readonly accepts: (value: Value) => boolean };

const checks: Readonly<Record<OperandKind, Check>> = {
  scalar: { allowed: 'text, a number, true, false or null', accepts: isScalar },
  ordered: { allowed: 'text or a number', accepts: isOrdered },
  list: {
    allowed: `a JSON list of at most ${MAX_LIST_VALUES} texts, numbers, booleans or nulls`,
    accepts: isList,
  },
  elements: {
    allowed: `a JSON list of 1 to ${MAX_LIST_VALUES} texts, numbers, booleans or nulls`,
    // Refuses an empty list, which anything contains: a list that lost its values must not admit every row.
    accepts: (value) => isList(value) && value.L.length > 0,
  },
  text: { allowed: 'text', accepts: isText },
  boolean: { allowed: 'true or false', accepts: isBoolean },
  pair: {
    allowed: 'a JSON list of two texts or two numbers, the lower first',
    accepts: isPair,
  },
  type: { allowed: `one of ${TYPES.join(' ')}`, accepts: isTypeCode },
};

/** Describes the values that a kind of operand accepts, for the caller. */
export function allowedOperand(kind: OperandKind): string {
  return checks[kind].allowed;
}

/** Returns the value as JSON, shortened, and the allowed values; `undefined` if the value is accepted. */
export function refusal(kind: OperandKind, value: Value): { shown: string; allowed: string } | undefined {
  const { allowed, accepts } = checks[kind];
  return accepts(value) ? undefined : { shown: shown(value), allowed };
}

function shown(value: Value): string {
  const text = printJson(value);
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
}

/** True for text without halves of surrogate pairs, which have no UTF-8 and so are in no stored text. */
function isText(value: Value): value is { readonly S: string } {
  return 'S' in value && !/\p{Surrogate}/u.test(value.S);
}

function isScalar(value: Value): boolean {
  return 'S' in value ? isText(value) : SCALARS.has(typeOf(value));
}

function isOrdered(value: Value): boolean {
  return isText(value) || 'N' in value || 'B' in value;
}

function isList(value: Value): value is { readonly L: readonly Value[] } {
  return 'L' in value && value.L.length <= MAX_LIST_VALUES && value.L.every(isScalar);
}

function isPair(value: Value): boolean {
  if (!('L' in value) || !value.L.every(isOrdered)) return false;
  const [low, high, more] = value.L;
  if (!low || !high || more) return false;
  return (compareValues(low, high) ?? 1) <= 0;
}

function isBoolean(value: Value): boolean {
  return 'BOOL' in value || ('S' in value && (value.S === 'true' || value.S === 'false'));
}

function isTypeCode(value: Value): boolean {
  return 'S' in value && TYPES.some((code) => code === value.S);
}
