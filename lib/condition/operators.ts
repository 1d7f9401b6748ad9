// The table of operators for query strings, `_where` and policies. Each is built from conditions; the documentation is generated
// from this table.

import type { Path } from '../base/path.ts';
import { typeOf, type Value, type ValueType } from '../base/value.ts';
import { all, any, type Condition, compare, contains, exists, hasType, not, oneOf, startsWith } from './condition.ts';
import { nearest } from './nearest.ts';
import { allowedOperand, type OperandKind, refusal } from './operand.ts';
import { strict, type Truth, unknownUnless } from './strict.ts';

export type OperatorName =
  | 'eq'
  | 'ne'
  | 'in'
  | 'notin'
  | 'startswith'
  | 'contains'
  | 'notcontains'
  | 'exists'
  | 'gt'
  | 'lt'
  | 'gte'
  | 'lte'
  | 'between'
  | 'type'
  | 'haselements';

export type Operator = {
  readonly name: OperatorName;
  readonly aliases: readonly string[];
  readonly operand: OperandKind;
  /** The end of the sentence "true when the attribute …". */
  readonly meaning: string;
  /** The result in a query if the attribute is missing. */
  readonly missing: 'true' | 'false' | 'as asked';
  /** The result in a policy if the attribute is missing; only `exists` and `type` have one. @default 'unknown' */
  readonly missingInPolicy?: 'false' | 'as asked';
  /** A query parameter, before encoding. */
  readonly example: string;
  /** Makes the condition. The operand must have passed `operandFault`. */
  readonly build: (path: Path, operand: Value) => Condition;
  /** Makes the truth in a policy. @default `strict` of the result of `build` */
  readonly truth?: (path: Path, operand: Value) => Truth;
};

export const operators: readonly Operator[] = [
  {
    name: 'eq',
    aliases: [],
    operand: 'scalar',
    meaning: 'is equal to the value',
    missing: 'false',
    example: 'type=book',
    build: (path, operand) => compare(path, '=', operand),
  },
  {
    name: 'ne',
    aliases: [],
    operand: 'scalar',
    meaning: 'is not equal to the value',
    missing: 'true',
    example: 'status__ne=sold',
    build: (path, operand) => not(compare(path, '=', operand)),
  },
  {
    name: 'in',
    aliases: [],
    operand: 'list',
    meaning: 'is equal to one of the values',
    missing: 'false',
    example: 'status__in=["new","used"]',
    build: (path, operand) => oneOf(path, elementsOf(operand)),
  },
  {
    name: 'notin',
    aliases: [],
    operand: 'list',
    meaning: 'is equal to none of the values',
    missing: 'true',
    example: 'status__notin=["sold","lost"]',
    build: (path, operand) => not(oneOf(path, elementsOf(operand))),
  },
  {
    name: 'startswith',
    aliases: [],
    operand: 'text',
    meaning: 'is text that begins with the value',
    missing: 'false',
    example: 'name__startswith=Anna',
    build: (path, operand) => startsWith(path, textOf(operand)),
  },
  {
    name: 'contains',
    aliases: [],
    operand: 'scalar',
    meaning: 'is text that has the value inside, or a list or set that has it as a member',
    missing: 'false',
    example: 'tags__contains=red',
    build: contains,
  },
  {
    name: 'notcontains',
    aliases: [],
    operand: 'scalar',
    meaning: 'is neither text that has the value inside, nor a list or set that has it as a member',
    missing: 'true',
    example: 'tags__notcontains=red',
    build: (path, operand) => not(contains(path, operand)),
  },
  {
    name: 'exists',
    aliases: [],
    operand: 'boolean',
    meaning: 'is there (`true`), or is not there (`false`)',
    missing: 'as asked',
    missingInPolicy: 'as asked',
    example: 'email__exists=true',
    build: (path, operand) => (isTrue(operand) ? exists(path) : not(exists(path))),
  },
  {
    name: 'gt',
    aliases: [],
    operand: 'ordered',
    meaning: 'is of the same type as the value and greater',
    missing: 'false',
    example: 'price__gt=10',
    build: (path, operand) => compare(path, '>', operand),
  },
  {
    name: 'lt',
    aliases: [],
    operand: 'ordered',
    meaning: 'is of the same type as the value and less',
    missing: 'false',
    example: 'price__lt=10',
    build: (path, operand) => compare(path, '<', operand),
  },
  {
    name: 'gte',
    aliases: ['ge'],
    operand: 'ordered',
    meaning: 'is of the same type as the value and greater or equal',
    missing: 'false',
    example: 'created__gte=2026-04-01',
    build: (path, operand) => compare(path, '>=', operand),
  },
  {
    name: 'lte',
    aliases: ['le'],
    operand: 'ordered',
    meaning: 'is of the same type as the value and less or equal',
    missing: 'false',
    example: 'created__lte=2026-04-01',
    build: (path, operand) => compare(path, '<=', operand),
  },
  {
    name: 'between',
    aliases: [],
    operand: 'pair',
    meaning: 'is of the same type as the two values and not outside them',
    missing: 'false',
    example: 'price__between=[10,20]',
    build: between,
  },
  {
    name: 'type',
    aliases: [],
    operand: 'type',
    meaning: 'has the DynamoDB type with that code',
    missing: 'false',
    missingInPolicy: 'false',
    example: 'tags__type=SS',
    build: (path, operand) => hasType(path, textOf(operand) as ValueType),
  },
  {
    name: 'haselements',
    aliases: [],
    operand: 'elements',
    meaning: 'is a list or set that has every one of the values as a member',
    missing: 'false',
    example: 'tags__haselements=["red","big"]',
    build: (path, operand) => all([hasMembers(path), containsEach(path, operand)]),
    truth: (path, operand) => unknownUnless(hasMembers(path), strict(containsEach(path, operand))),
  },
];

const byName: ReadonlyMap<string, Operator> = new Map(
  operators.flatMap((operator) => [operator.name, ...operator.aliases].map((name) => [name, operator] as const)),
);

/** Returns the operator with exactly that name or alias; `undefined` if there is none. */
export function findOperator(name: string): Operator | undefined {
  return byName.get(name);
}

/** Returns the three-valued truth of an operator in a policy. The operand must have passed `operandFault`. */
export function operatorTruth({ build, truth }: Operator, path: Path, operand: Value): Truth {
  return truth ? truth(path, operand) : strict(build(path, operand));
}

/** Returns the name or alias that is nearest to the word, for messages. */
export function nearestOperator(word: string): string {
  return nearest(word, [...byName.keys()]) as string;
}

/** Describes the operands that an operator takes. */
export function operandOf(operator: Operator): string {
  return allowedOperand(operator.operand);
}

/** Returns the fault of a value as the operator's operand, in words for the caller; `undefined` if there is none. */
export function operandFault(operator: Operator, value: Value): string | undefined {
  const refused = refusal(operator.operand, value);
  return refused && `${refused.shown} is no value for ${operator.name}; it takes ${refused.allowed}`;
}

function between(path: Path, operand: Value): Condition {
  const [low, high] = elementsOf(operand);
  if (!low || !high) throw unchecked(operand);
  return all([compare(path, '>=', low), compare(path, '<=', high)]);
}

function hasMembers(path: Path): Condition {
  return any((['L', 'SS', 'NS', 'BS'] as const).map((type) => hasType(path, type)));
}

function containsEach(path: Path, operand: Value): Condition {
  return all(elementsOf(operand).map((value) => contains(path, value)));
}

function elementsOf(operand: Value): readonly Value[] {
  if ('L' in operand) return operand.L;
  throw unchecked(operand);
}

function textOf(operand: Value): string {
  if ('S' in operand) return operand.S;
  throw unchecked(operand);
}

function isTrue(operand: Value): boolean {
  return 'BOOL' in operand ? operand.BOOL : textOf(operand) === 'true';
}

function unchecked(operand: Value): TypeError {
  return new TypeError(`an operand of type ${typeOf(operand)} got past operandFault`);
}
