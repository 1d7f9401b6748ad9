// Each operator on an attribute of each type, by hand: what a policy says (true, false or unknown) and what a query finds.
// A cell is t (true), f (false) or - (unknown in a policy; in a query what the row's `query` says of all of them).

import { describe, expect, it } from 'vitest';
import { printJson } from '../../../lib/base/json.ts';
import { type Item, itemOf, type Value } from '../../../lib/base/value.ts';
import { type Condition, not } from '../../../lib/condition/condition.ts';
import { evaluator } from '../../../lib/condition/evaluate.ts';
import {
  type Filter,
  filterCondition,
  filterTruth,
  parseFilter,
  type Variables,
} from '../../../lib/condition/filter.ts';
import { operators } from '../../../lib/condition/operators.ts';
import type { Truth } from '../../../lib/condition/strict.ts';
import { value } from '../../support/values.ts';

const STORED: Readonly<Record<string, Value | undefined>> = {
  S: { S: 'red ink' },
  N: { N: '5' },
  B: { B: Uint8Array.of(1, 2, 3) },
  BOOL: { BOOL: true },
  NULL: { NULL: true },
  M: { M: itemOf([['red', { S: 'red' }]]) },
  L: { L: [{ S: 'red' }, { N: '5' }, { BOOL: true }, { NULL: true }, { B: Uint8Array.of(2) }] },
  SS: { SS: ['red', 'blue'] },
  NS: { NS: ['5', '6'] },
  BS: { BS: [Uint8Array.of(2), Uint8Array.of(9)] },
  missing: undefined,
};

const bytes = (...all: number[]): Value => ({ B: Uint8Array.of(...all) });
const list = (...all: Value[]): Value => ({ L: all });
const S = (text: string): Value => ({ S: text });

const VARIABLE = value({ $var: 'claims.it' });
const items: readonly Item[] = Object.values(STORED).map((stored) => itemOf(stored ? [['a', stored]] : []));

/** The cells in the order S N B BOOL NULL M L SS NS BS missing. */
const table: readonly (readonly [operator: string, operand: Value, cells: string, query: 't' | 'f'])[] = [
  ['eq', S('red ink'), 't----------', 'f'],
  ['eq', S('red'), 'f----------', 'f'],
  ['eq', value(5), '-t---------', 'f'],
  ['eq', value(6), '-f---------', 'f'],
  ['eq', bytes(1, 2, 3), '--t--------', 'f'],
  ['eq', value(true), '---t-------', 'f'],
  ['eq', value(false), '---f-------', 'f'],
  ['eq', value(null), '----t------', 'f'],
  ['ne', S('red ink'), 'f----------', 't'],
  ['ne', S('red'), 't----------', 't'],
  ['ne', value(5), '-f---------', 't'],
  ['ne', value(null), '----f------', 't'],
  // Equal to one of the values: a list or set as a whole is equal to none, and of another type than each.
  ['in', list(S('red'), S('red ink')), 't----------', 'f'],
  ['in', list(S('red'), S('blue')), 'f----------', 'f'],
  ['in', list(value(5), value(6)), '-t---------', 'f'],
  ['in', list(S('red ink'), value(5)), 'tt---------', 'f'],
  ['in', list(S('red'), value(6)), '-----------', 'f'],
  ['in', list(), 'fffffffffff', 'f'],
  ['notin', list(S('red'), S('red ink')), 'f----------', 't'],
  ['notin', list(S('red'), S('blue')), 't----------', 't'],
  ['notin', list(S('red ink'), value(5)), 'ff---------', 't'],
  ['notin', list(S('red'), value(6)), '-----------', 't'],
  ['notin', list(), 'ttttttttttt', 't'],
  ['startswith', S('red'), 't----------', 'f'],
  ['startswith', S('ink'), 'f----------', 'f'],
  // A part of a text, a member of a list or of a set of the value's type.
  ['contains', S('red'), 't-----tt---', 'f'],
  ['contains', S('ink'), 't-----ff---', 'f'],
  ['contains', S('blue'), 'f-----ft---', 'f'],
  ['contains', value(5), '------t-t--', 'f'],
  ['contains', value(6), '------f-t--', 'f'],
  ['contains', value(7), '------f-f--', 'f'],
  ['contains', bytes(2), '--t---t--t-', 'f'],
  ['contains', bytes(9), '--f---f--t-', 'f'],
  ['contains', value(true), '------t----', 'f'],
  ['contains', value(false), '------f----', 'f'],
  ['contains', value(null), '------t----', 'f'],
  ['notcontains', S('red'), 'f-----ff---', 't'],
  ['notcontains', S('blue'), 't-----tf---', 't'],
  ['notcontains', value(6), '------t-f--', 't'],
  ['notcontains', bytes(9), '--t---t--f-', 't'],
  ['notcontains', value(false), '------t----', 't'],
  // Every one a member, and never a part of a text or of bytes.
  ['haselements', list(S('red')), '------tt---', 'f'],
  ['haselements', list(S('red'), S('blue')), '------ft---', 'f'],
  ['haselements', list(S('red'), S('ink')), '------ff---', 'f'],
  ['haselements', list(S('red'), value(5)), '------t----', 'f'],
  ['haselements', list(S('ink'), value(7)), '------fff--', 'f'],
  ['haselements', list(value(5), value(6)), '------f-t--', 'f'],
  ['haselements', list(bytes(2)), '------t--t-', 'f'],
  ['haselements', list(bytes(2), bytes(9)), '------f--t-', 'f'],
  ['haselements', list(value(true), value(null)), '------t----', 'f'],
  ['haselements', list(value(false)), '------f----', 'f'],
  ['gt', S('red'), 't----------', 'f'],
  ['gt', S('red ink'), 'f----------', 'f'],
  ['gt', value(4), '-t---------', 'f'],
  ['gt', value(5), '-f---------', 'f'],
  ['gt', bytes(1), '--t--------', 'f'],
  ['lt', S('red ink '), 't----------', 'f'],
  ['lt', S('red ink'), 'f----------', 'f'],
  ['lt', value(5), '-f---------', 'f'],
  ['gte', S('red ink'), 't----------', 'f'],
  ['gte', S('s'), 'f----------', 'f'],
  ['gte', value(5), '-t---------', 'f'],
  ['lte', S('red ink'), 't----------', 'f'],
  ['lte', value(4), '-f---------', 'f'],
  ['between', list(S('a'), S('z')), 't----------', 'f'],
  ['between', list(S('s'), S('z')), 'f----------', 'f'],
  ['between', list(value(5), value(5)), '-t---------', 'f'],
  ['between', list(value(6), value(9)), '-f---------', 'f'],
  // Never unknown.
  ['exists', value(true), 'ttttttttttf', 'f'],
  ['exists', value(false), 'fffffffffft', 'f'],
  ['type', S('S'), 'tffffffffff', 'f'],
  ['type', S('SS'), 'ffffffftfff', 'f'],
  ['type', S('M'), 'ffffftfffff', 'f'],
];

/** The cells of a truth, by what it says of an attribute of each type. */
function cellsOf({ whenTrue, whenFalse }: Truth): string {
  const [isTrue, isFalse] = [evaluator(whenTrue), evaluator(whenFalse)];
  return items.map((each) => `${isTrue(each) ? 't' : ''}${isFalse(each) ? 'f' : ''}` || '-').join('');
}

const found = (condition: Condition): string => items.map((each) => (evaluator(condition)(each) ? 't' : 'f')).join('');
const negated = (cells: string): string => cells.replace(/[tf]/g, (cell) => (cell === 't' ? 'f' : 't'));
const filled = (cells: string, unknown: string): string => cells.replaceAll('-', unknown);

function filterOf(operator: string, operand: Value, variables: 'none' | readonly string[] = 'none'): Filter {
  const entries: [string, Value][] = [
    ['field', S('a')],
    ['operator', S(operator)],
    ['value', operand],
  ];
  const parsed = parseFilter({ M: itemOf(entries) }, '', { variables });
  return 'value' in parsed ? parsed.value : expect.fail(JSON.stringify(parsed.faults));
}

const truthOf = (filter: Filter, variables: Variables = new Map()): Truth =>
  filterTruth(filter, 'items', variables) ?? expect.fail('the filter holds for every table');

const named = table.map(
  ([operator, operand, ...rest]) => [`${operator} ${printJson(operand)}`, operator, operand, ...rest] as const,
);

describe('an attribute of each type', () => {
  it.each(named)('%s in a policy is what the table says, and `not` turns it round', (_, operator, operand, cells) => {
    const filter = filterOf(operator, operand);
    expect(cellsOf(truthOf(filter))).toBe(cells);
    expect(cellsOf(truthOf({ kind: 'not', of: filter }))).toBe(negated(cells));
  });

  it.each(named)('%s in a query has no third value', (_, operator, operand, cells, unknown) => {
    const condition = filterCondition(filterOf(operator, operand));
    expect(found(condition)).toBe(filled(cells, unknown));
    expect(found(not(condition))).toBe(negated(filled(cells, unknown)));
  });

  it.each(named)('%s of a variable is what it is of the value', (_, operator, operand, cells) => {
    const filter = filterOf(operator, VARIABLE, ['claims.it']);
    expect(cellsOf(truthOf(filter, new Map([['claims.it', [operand]]])))).toBe(cells);
  });

  it('is tried for every operator', () => {
    expect([...new Set(table.map(([operator]) => operator))].sort()).toEqual(operators.map(({ name }) => name).sort());
  });
});

describe('a variable that resolves to empty text', () => {
  const NOTHING = '-'.repeat(items.length);
  const say = (operator: string, ...values: Value[]) => {
    const filter = filterOf(operator, VARIABLE, ['claims.it']);
    const variables = new Map([['claims.it', values]]);
    return [cellsOf(truthOf(filter, variables)), cellsOf(truthOf({ kind: 'not', of: filter }, variables))];
  };

  it.each(operators.map(({ name }) => name))('is unknown, as one that does not resolve: %s', (operator) => {
    expect(say(operator, S(''))).toEqual([NOTHING, NOTHING]);
    expect(say(operator)).toEqual([NOTHING, NOTHING]);
  });

  it.each<[string, readonly Value[], string]>([
    // `in` finds the others, and does not rule out what nobody knows.
    ['in', [S(''), S('red ink')], 't----------'],
    ['in', [S('red'), S('')], '-----------'],
    ['in', [S('')], '-----------'],
    ['notin', [S(''), S('red ink')], 'f----------'],
    ['notin', [S('red'), S('')], '-----------'],
    ['notin', [S('')], '-----------'],
    ['haselements', [S(''), S('red')], '-----------'],
    ['haselements', [S('ink'), S('')], '------ff---'],
    ['haselements', [S('')], '-----------'],
    ['between', [S(''), S('z')], '-----------'],
    ['between', [S(''), S('')], '-----------'],
  ])('is a member that nobody knows: %s %j', (operator, members, cells) => {
    expect(say(operator, list(...members))).toEqual([cells, negated(cells)]);
  });

  it('is empty text still where a record says so itself', () => {
    expect(cellsOf(truthOf(filterOf('startswith', S(''))))).toBe('t----------');
    expect(cellsOf(truthOf(filterOf('gte', S(''))))).toBe('t----------');
    expect(cellsOf(truthOf(filterOf('notin', list(S('')))))).toBe('t----------');
  });
});

describe('a variable that may have several values', () => {
  const both = [list(S('red')), list(S('red'), S('red ink'))];
  const say = (operator: string, values: readonly Value[]) =>
    cellsOf(truthOf(filterOf(operator, VARIABLE, ['claims.it']), new Map([['claims.it', values]])));

  it.each([both, both.toReversed()])('says what all of them say, and nothing where they differ', (...values) => {
    expect(say('in', values)).toBe('-----------');
    expect(say('notin', values)).toBe('-----------');
    // The list and the set have "red", and neither has "red ink".
    expect(say('haselements', values)).toBe('-----------');
    expect(say('in', [list(S('red ink')), list(S('red ink'), S('x'))])).toBe('t----------');
    expect(say('notin', [list(S('x')), list(S('x'), S('y'))])).toBe('t----------');
    expect(say('in', [list(S('x')), list(S('x'), S('y'))])).toBe('f----------');
  });
});
