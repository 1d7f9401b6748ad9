// Parses the filters of records and of `_where` into typed trees, and gives them their meaning. A query's filter becomes a
// condition. A policy's becomes a truth: variables without a value are unknown, and filters of other tables are left out.
// Parsing is strict: nothing is ignored, and each fault has a path and says what is allowed.

import type { Fault } from '../base/errors.ts';
import type { Parsed } from '../base/json.ts';
import { MAX_NESTING } from '../base/json-reader.ts';
import { memoByObject } from '../base/memo.ts';
import { type Path, parsePath } from '../base/path.ts';
import { attribute, type Item, type Value } from '../base/value.ts';
import { all, any, type Condition, not } from './condition.ts';
import { nearest } from './nearest.ts';
import { findOperator, nearestOperator, type Operator, operandFault, operatorTruth } from './operators.ts';
import { agreed, allOf, anyOf, notOf, type Truth, UNKNOWN } from './strict.ts';

type Operand = { readonly value: Value } | { readonly variable: string };

/** A filter from `parseFilter`: its operators and values fit each other. */
export type Filter =
  | { readonly kind: 'any'; readonly of: readonly Filter[] }
  | { readonly kind: 'all'; readonly of: readonly Filter[] }
  | { readonly kind: 'not'; readonly of: Filter }
  | {
      readonly kind: 'field';
      readonly path: Path;
      readonly operator: Operator;
      readonly operand: Operand;
      /** The only table that it applies to; `undefined` if to every table. */
      readonly table: string | undefined;
    };

type Field = Extract<Filter, { kind: 'field' }>;

export type FilterOptions = {
  /** Names that `{ "$var": name }` may have, such as `user.id`. */
  readonly variables: readonly string[] | 'none';
  /** Names that `table` may have. @default `table` is not a key */
  readonly tables?: readonly string[];
};

const GROUPS = ['any', 'all', 'not'] as const;
const FIELD_KEYS = ['field', 'operator', 'value'];
const LIST_VARIABLE = 'user.groups';

/** The values that a variable may have, by name; empty or `undefined` if it does not resolve. */
export type Variables = Pick<ReadonlyMap<string, readonly Value[]>, 'get'>;

/** Returns the truth of a policy's filter for rows of a table; `undefined` if all of the filter is for other tables. */
export function filterTruth(filter: Filter, table: string | undefined, variables: Variables): Truth | undefined {
  if (filter.kind === 'field') return fieldTruth(filter, table, variables);
  if (filter.kind === 'not') {
    const part = filterTruth(filter.of, table, variables);
    return part && notOf(part);
  }
  const parts = filter.of.map((part) => filterTruth(part, table, variables)).filter((part) => part !== undefined);
  // A group written as empty has a meaning; one left without parts for this table has none.
  if (parts.length === 0 && filter.of.length > 0) return undefined;
  return filter.kind === 'any' ? anyOf(parts) : allOf(parts);
}

function fieldTruth(field: Field, table: string | undefined, variables: Variables): Truth | undefined {
  if (field.table !== undefined && field.table !== table) return undefined;
  const { operand } = field;
  if ('value' in operand) return literalTruth(field);
  return agreed((variables.get(operand.variable) ?? []).map((value) => variableTruth(field, value)));
}

/**
 * Treats empty text as unknown, as if the variable did not resolve: every text begins with it, contains it and is not less. In a
 * list such a member alone is unknown: `in` may find the others, and an operator that needs every member is not true.
 */
function variableTruth(field: Field, value: Value): Truth {
  if (isEmptyText(value)) return UNKNOWN;
  if (!('L' in value)) return valueTruth(field, value);
  const members = value.L.filter((member) => !isEmptyText(member));
  if (members.length === value.L.length) return valueTruth(field, value);
  const join = field.operator.name === 'in' ? anyOf : allOf;
  return join([valueTruth(field, { L: members }), UNKNOWN]);
}

function isEmptyText(value: Value): boolean {
  return 'S' in value && value.S === '';
}

/** Caches the truth of filters with literals: parsed records are reused by later requests. */
const literalTruth = memoByObject((field: Field) =>
  valueTruth(field, 'value' in field.operand ? field.operand.value : undefined),
);

function valueTruth({ operator, path }: Field, value: Value | undefined): Truth {
  return value && operandFault(operator, value) === undefined ? operatorTruth(operator, path, value) : UNKNOWN;
}

/** Returns the names of the variables that a filter uses. */
export function variableNames(filter: Filter): readonly string[] {
  if (filter.kind === 'field') return 'variable' in filter.operand ? [filter.operand.variable] : [];
  return filter.kind === 'not' ? variableNames(filter.of) : filter.of.flatMap(variableNames);
}

/** Returns the condition of a query's filter, which has no variables and no tables. */
export function filterCondition(filter: Filter): Condition {
  if (filter.kind === 'any') return any(filter.of.map(filterCondition));
  if (filter.kind === 'all') return all(filter.of.map(filterCondition));
  if (filter.kind === 'not') return not(filterCondition(filter.of));
  if ('variable' in filter.operand) throw new TypeError('a filter with variables is a policy: it needs filterTruth');
  return filter.operator.build(filter.path, filter.operand.value);
}

/**
 * Parses a filter: `{"field":"n","operator":"gt","value":3}` → a `field` with the path `['n']` and the operator `gt`.
 * @param at the path of the value, with which the paths of faults begin: `at.any[1].value`
 */
export function parseFilter(value: Value, at: string, options: FilterOptions): Parsed<Filter> {
  const parser = new FilterParser(options);
  const filter = parser.filter(value, at, 1);
  return filter && parser.faults.length === 0 ? { value: filter } : { faults: parser.faults };
}

class FilterParser {
  readonly faults: Fault[] = [];
  readonly #options: FilterOptions;

  constructor(options: FilterOptions) {
    this.#options = options;
  }

  filter(value: Value, at: string, depth: number): Filter | undefined {
    if (depth > MAX_NESTING) return this.#fault(at, `is nested more than ${MAX_NESTING} levels deep; flatten it`);
    if (!('M' in value))
      return this.#fault(at, 'is no filter; a filter is an object with field and value, or any, all, not');
    const group = GROUPS.find((key) => Object.hasOwn(value.M, key));
    return group ? this.#group(group, value.M, at, depth) : this.#field(value.M, at);
  }

  #group(kind: 'any' | 'all' | 'not', map: Item, at: string, depth: number): Filter | undefined {
    this.#refuseUnknownKeys(map, at, [kind], `stands beside ${kind}, which stands alone`);
    const inner = attribute(map, kind) as Value;
    const below = under(at, kind);
    if (kind === 'not') {
      const of = this.filter(inner, below, depth + 1);
      return of && { kind, of };
    }
    if (!('L' in inner)) return this.#fault(below, 'is no list of filters');
    const of = inner.L.map((part, i) => this.filter(part, `${below}[${i}]`, depth + 1));
    // Stryker disable next-line MethodExpression,ConditionalExpression: a fault in a part refuses the whole filter.
    return { kind, of: of.filter((part) => part !== undefined) };
  }

  #field(map: Item, at: string): Filter | undefined {
    const keys = this.#options.tables ? [...FIELD_KEYS, 'table'] : FIELD_KEYS;
    if (Object.keys(map).length === 0) return this.#fault(at, 'is empty; give it field and value, or any, all, not');
    this.#refuseUnknownKeys(map, at, keys, `is no key of a filter; it has ${keys.join(', ')}`);
    const path = this.#path(attribute(map, 'field'), under(at, 'field'));
    const operand = this.#operand(attribute(map, 'value'), under(at, 'value'));
    const operator = this.#operator(attribute(map, 'operator'), operand, under(at, 'operator'));
    const table = this.#table(attribute(map, 'table'), under(at, 'table'));
    if (!path || !operand || !operator) return undefined;
    const wrong = 'value' in operand ? operandFault(operator, operand.value) : undefined;
    return wrong ? this.#fault(under(at, 'value'), wrong) : { kind: 'field', path, operator, operand, table };
  }

  #refuseUnknownKeys(map: Item, at: string, allowed: readonly string[], why: string): void {
    for (const key of Object.keys(map)) if (!allowed.includes(key)) this.#fault(under(at, key), why);
  }

  #path(value: Value | undefined, at: string): Path | undefined {
    if (!value) return this.#fault(at, 'is missing; it names an attribute, such as status or address.city');
    const path = 'S' in value ? parsePath(value.S) : undefined;
    return path ?? this.#fault(at, 'is no attribute path; write a.b[0].c');
  }

  #operand(value: Value | undefined, at: string): Operand | undefined {
    if (!value) return this.#fault(at, 'is missing');
    return 'M' in value ? this.#variable(value.M, at) : { value };
  }

  #variable(map: Item, at: string): Operand | undefined {
    const name = attribute(map, '$var');
    if (!name || !('S' in name) || Object.keys(map).length > 1) {
      return this.#fault(at, 'is an object; the only object allowed here is { "$var": "name" }');
    }
    const { variables } = this.#options;
    if (variables === 'none') return this.#fault(at, 'is a variable; only records may use variables');
    if (variables.includes(name.S)) return { variable: name.S };
    return this.#fault(at, unknownName('variable', name.S, variables));
  }

  #operator(value: Value | undefined, operand: Operand | undefined, at: string): Operator | undefined {
    if (!value) return findOperator(operand && isList(operand) ? 'in' : 'eq');
    if (!('S' in value)) return this.#fault(at, 'is not the name of an operator');
    const known = findOperator(value.S);
    // Computed only for the message: records are parsed at every request.
    return (
      known ?? this.#fault(at, `${JSON.stringify(value.S)} is no operator; did you mean ${nearestOperator(value.S)}?`)
    );
  }

  #table(value: Value | undefined, at: string): string | undefined {
    const { tables } = this.#options;
    if (!value || !tables) return undefined;
    if (!('S' in value)) return this.#fault(at, 'is not the name of a table');
    return tables.includes(value.S) ? value.S : this.#fault(at, unknownName('table', value.S, tables));
  }

  #fault(path: string, message: string): undefined {
    this.faults.push({ path, message });
  }
}

function isList(operand: Operand): boolean {
  return 'value' in operand ? 'L' in operand.value : operand.variable === LIST_VARIABLE;
}

function unknownName(kind: string, name: string, known: readonly string[]): string {
  const close = nearest(name, known);
  return `${JSON.stringify(name)} is no ${kind}${close === undefined ? '' : `; did you mean ${close}?`}`;
}

function under(at: string, key: string): string {
  return at === '' ? key : `${at}.${key}`;
}
