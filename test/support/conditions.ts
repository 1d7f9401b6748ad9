// Generated conditions and filters over the hostile corpus.

import fc from 'fast-check';
import { type Path, parsePath, printPath } from '../../lib/base/path.ts';
import { itemOf, typeOf, type Value, type ValueType } from '../../lib/base/value.ts';
import {
  all,
  any,
  type Comparator,
  type Condition,
  compare,
  contains,
  exists,
  hasType,
  not,
  oneOf,
  startsWith,
} from '../../lib/condition/condition.ts';
import { type Operator, operandFault, operators } from '../../lib/condition/operators.ts';
import { hostilePaths, hostileValues } from '../corpus/hostile-items.ts';

const types: readonly ValueType[] = ['S', 'N', 'B', 'BOOL', 'NULL', 'L', 'M', 'SS', 'NS', 'BS'];
const comparators: readonly Comparator[] = ['=', '<', '<=', '>', '>='];

// `a` holds every value: half of all predicates ask for it, so that the answers are seldom empty.
const path = fc.oneof(fc.constant<Path>(['a']), fc.constantFrom(...hostilePaths));
const value = fc.constantFrom(...hostileValues);
const values = fc.array(value, { maxLength: 6 });
const prefix = fc.constantFrom('', 'a', 'ab', 'x', '\u{1f600}', '\uff5e', 'e', 'z');

const leaf: fc.Arbitrary<Condition> = fc.oneof(
  fc
    .tuple(path, fc.constantFrom(...comparators), value)
    .map(([at, comparator, bound]) => compare(at, comparator, bound)),
  fc.tuple(path, values).map(([at, wanted]) => oneOf(at, wanted)),
  fc.tuple(path, prefix).map(([at, text]) => startsWith(at, text)),
  fc.tuple(path, value).map(([at, wanted]) => contains(at, wanted)),
  path.map(exists),
  fc.tuple(path, fc.constantFrom(...types)).map(([at, type]) => hasType(at, type)),
);

/** Conditions of every kind, up to three levels of groups. */
export const conditions: fc.Arbitrary<Condition> = fc.letrec<{ tree: Condition }>((tie) => {
  const parts = fc.array(tie('tree'), { minLength: 1, maxLength: 3 });
  return {
    tree: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      { arbitrary: leaf, weight: 3 },
      { arbitrary: parts.map(all), weight: 1 },
      { arbitrary: parts.map(any), weight: 2 },
      { arbitrary: tie('tree').map(not), weight: 2 },
    ),
  };
}).tree;

const texts: Value[] = [...types, 'true', 'false'].map((text) => ({ S: text }));
const lists: Value[] = hostileValues.flatMap((one) => hostileValues.map((other) => ({ L: [one, other] })));
const operands: readonly Value[] = [...hostileValues, ...texts, ...lists, { L: [] }];
const writable = hostilePaths.filter((each) => String(parsePath(printPath(each))) === String(each));

const byOperator = operators.map((operator: Operator) => {
  const accepted = operands.filter(
    (operand) => typeOf(operand) !== 'B' && operandFault(operator, operand) === undefined,
  );
  return { operator, accepted };
});

const field = fc
  .tuple(fc.oneof(fc.constant<Path>(['a']), fc.constantFrom(...writable)), fc.constantFrom(...byOperator))
  .chain(([at, { operator, accepted }]) =>
    fc.constantFrom(...accepted).map((operand) => {
      const entries: [string, Value][] = [
        ['field', { S: printPath(at) }],
        ['operator', { S: operator.name }],
        ['value', operand],
      ];
      return { M: itemOf(entries) } as Value;
    }),
  );

/** Filters as records hold them, every operator, up to three levels of groups. */
export const filters: fc.Arbitrary<Value> = fc.letrec<{ tree: Value }>((tie) => {
  const group = (kind: string, inner: fc.Arbitrary<Value>) => inner.map((of): Value => ({ M: itemOf([[kind, of]]) }));
  const parts = fc.array(tie('tree'), { maxLength: 3 }).map((of): Value => ({ L: of }));
  return {
    tree: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      { arbitrary: field, weight: 4 },
      { arbitrary: group('all', parts), weight: 1 },
      { arbitrary: group('any', parts), weight: 2 },
      { arbitrary: group('not', tie('tree')), weight: 2 },
    ),
  };
}).tree;
