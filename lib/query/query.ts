// Parses a query string and path parameters to one condition and a page. Every fault names its parameter.

import { ApiError, type Fault, quote } from '../base/errors.ts';
import { parseJson } from '../base/json.ts';
import { type Path, parsePath } from '../base/path.ts';
import type { Value } from '../base/value.ts';
import { all, any, type Condition, FALSE, not, oneOf } from '../condition/condition.ts';
import { type Filter, filterCondition, parseFilter } from '../condition/filter.ts';
import { findOperator, nearestOperator, type Operator, operandFault, operators } from '../condition/operators.ts';
import type { Table } from '../definition/table.ts';
import { type PageQuery, pagePaths, parsePage } from './page.ts';
import { declaredType, type Readings, readBoth, readDeclared, readOrdered, readText } from './scalar.ts';

/** A decoded parameter: its name and value as the caller sent them. */
export type Parameter = readonly [name: string, value: string];

export type Query = {
  readonly condition: Condition;
  /** Every path that the query names, even if simplifying removed it from the condition (`secret__in=[]`). */
  readonly paths: readonly Path[];
  readonly page: PageQuery;
};

const RESERVED = ['_where', '_limit', '_cursor', '_sort', '_fields', '_count', '_explain'];

/** The declarations of a table's attributes. */
export type Declared = Pick<Table, 'attributes'>;

export type QueryOptions = {
  /** True for a path hidden from the caller: its values are not checked, as the policy refuses the query. @default none */
  readonly hides?: (path: Path) => boolean;
  /** The reserved parameters that the endpoint accepts. @default `_where` and `_limit` */
  readonly takes?: readonly string[];
  /** True if all other parameters are conditions; false if each of them is a fault. @default true */
  readonly conditions?: boolean;
};

const TAKES = ['_where', '_limit'];

/** The most conditions of a query: each is evaluated on each row, of which a page of DynamoDB can have a hundred thousand. */
const MAX_CONDITIONS = 100;

type Term = { readonly name: string; readonly path: Path; readonly operator: Operator; readonly values: string[] };

/**
 * Parses the query of a list. `status=active&_limit=10` → `{ condition: status = "active", page: { limit: 10, … }, … }`.
 * @param parameters the query string's, in any order
 * @param pathParameters the route's, by name; they replace query parameters of the same name
 * @throws ApiError `invalid_query` with a fault for each parameter that is wrong
 */
export function parseQuery(
  parameters: readonly Parameter[],
  pathParameters: ReadonlyMap<string, string>,
  table: Declared,
  { hides, takes = TAKES, conditions: hasConditions = true }: QueryOptions = {},
): Query {
  const faults: Fault[] = [];
  const fixed = pathTerms(pathParameters, faults);
  const names = new Set(fixed.map((term) => term.name));
  const free = parameters.filter(([name]) => !names.has(name));
  reservedFaults(free, takes, faults);
  const terms = [...fixed, ...queryTerms(free, faults)];
  if (!hasConditions) for (const { name } of terms) faults.push({ path: name, message: noCondition(takes) });
  // A fault of a value would reveal the declared type of a hidden attribute.
  const conditions = terms.map((term) => (hides?.(term.path) ? FALSE : termCondition(term, table, faults)));
  const byName = new Map(free);
  const filter = where(byName.get('_where'), faults);
  const page = parsePage(byName, faults);
  if (faults.length > 0) throw new ApiError('invalid_query', undefined, faults);
  const filtered = filter ? filterPaths(filter) : [];
  checkCount(terms, filtered.length);
  if (filter) conditions.push(filterCondition(filter));
  const paths = [...terms.map((term) => term.path), ...filtered, ...pagePaths(page)];
  return { condition: all(conditions), paths, page };
}

/** @throws ApiError `invalid_query` */
function checkCount(terms: readonly Term[], filters: number): void {
  const count = terms.reduce(
    (sum, term) => sum + (EQUALITIES.has(term.operator.name) ? 1 : term.values.length),
    filters,
  );
  if (count <= MAX_CONDITIONS) return;
  const shorter = 'values of one attribute count once as a list (status__in=["a","b"]) or repeated (status=a&status=b)';
  throw new ApiError('invalid_query', `the query has ${count} conditions; it may have ${MAX_CONDITIONS}: ${shorter}`);
}

function pathTerms(pathParameters: ReadonlyMap<string, string>, faults: Fault[]): Term[] {
  const searchKey = pathParameters.get('search_key');
  return [...pathParameters].flatMap(([parameter, value]) => {
    if (parameter === 'search_key') return [];
    const name = parameter === 'search_value' ? (searchKey ?? '') : parameter;
    const path = plainPath(name);
    if (path) return [{ name, path, operator: findOperator('eq') as Operator, values: [value] }];
    faults.push(plainPathFault(name));
    return [];
  });
}

/** Parses a path; `undefined` if it is malformed, reserved or ends in an operator. `a.b` → `['a', 'b']`. */
export function plainPath(name: string): Path | undefined {
  const at = name.lastIndexOf('__');
  if (RESERVED.includes(name) || (at >= 0 && findOperator(name.slice(at + 2)))) return undefined;
  return parsePath(name);
}

/** Returns the fault of a `{search_key}` that is no plain path. */
export function plainPathFault(name: string): Fault {
  const allowed = 'write names joined by ".", list indexes as "[0]", without an operator';
  return { path: 'search_key', message: `${quote(name)} is no plain attribute path; ${allowed}` };
}

function queryTerms(parameters: readonly Parameter[], faults: Fault[]): Term[] {
  const terms = new Map<string, Term>();
  for (const [name, value] of parameters) {
    if (RESERVED.includes(name)) continue;
    const term = parseName(name);
    if (typeof term === 'string') faults.push({ path: name, message: term });
    else if (value === '') faults.push({ path: name, message: 'has no value' });
    else {
      const key = JSON.stringify([term.operator.name, ...term.path]);
      const known = terms.get(key);
      if (known) known.values.push(value);
      else terms.set(key, { name, ...term, values: [value] });
    }
  }
  return [...terms.values()];
}

function reservedFaults(parameters: readonly Parameter[], takes: readonly string[], faults: Fault[]): void {
  const seen = new Set<string>();
  for (const [name] of parameters) {
    if (!RESERVED.includes(name)) continue;
    if (!takes.includes(name)) faults.push({ path: name, message: notOffered(takes) });
    else if (seen.has(name)) faults.push({ path: name, message: 'is given twice' });
    seen.add(name);
  }
}

function notOffered(takes: readonly string[]): string {
  return `is reserved and not offered here; this endpoint has ${listed(takes)}`;
}

function noCondition(takes: readonly string[]): string {
  return `is no parameter of this endpoint; it has ${listed(takes)}`;
}

function listed(names: readonly string[]): string {
  return names.length === 0 ? 'none' : names.join(', ');
}

/** Parses `<path>` or `<path>__<operator>`, split at the last `__`, or returns the fault. `a__gt` → path `a`, operator `gt`. */
function parseName(name: string): { readonly path: Path; readonly operator: Operator } | string {
  const at = name.lastIndexOf('__');
  const operator = findOperator(at < 0 ? 'eq' : name.slice(at + 2));
  if (!operator) return unknownOperator(name, name.slice(at + 2));
  const path = parsePath(at < 0 ? name : name.slice(0, at));
  if (path?.length === 1 && RESERVED.includes(path[0])) return `"${path[0]}" is reserved and never a condition`;
  return path ? { path, operator } : 'is no attribute path; write names joined by ".", list indexes as "[0]"';
}

function unknownOperator(name: string, suffix: string): string {
  const known = operators.map((operator) => operator.name).join(', ');
  const guess = `did you mean "${nearestOperator(suffix)}"?`;
  return `"${suffix}" is no operator; ${guess} The operators are ${known}; an attribute of that name is "${name}__eq"`;
}

/** Operators whose repeated values are one condition. */
const EQUALITIES: ReadonlySet<string> = new Set(['eq', 'ne']);

function termCondition(term: Term, table: Declared, faults: Fault[]): Condition {
  const { operator, path } = term;
  const readings = term.values.map((text): readonly Value[] => {
    const values = readValue(text, term, table);
    if (typeof values !== 'string') return values;
    faults.push({ path: term.name, message: values });
    return [];
  });
  if (!EQUALITIES.has(operator.name)) return all(readings.map((values) => combine(operator, path, values)));
  const isOne = oneOf(path, readings.flat());
  return operator.name === 'ne' ? not(isOne) : isOne;
}

/** Returns the values that a text may mean as the operator's operand, or its fault. */
function readValue(text: string, { operator, path }: Term, table: Declared): Readings {
  const readings = read(text, operator, path, table);
  if (typeof readings === 'string') return readings;
  const [fault] = readings.flatMap((value) => operandFault(operator, value) ?? []);
  return fault ?? readings;
}

/** Joins the conditions of all readings with OR, or, as a negative operator excludes every one of them, with AND. */
function combine(operator: Operator, path: Path, readings: readonly Value[]): Condition {
  const conditions = readings.map((value) => operator.build(path, value));
  return operator.name === 'notcontains' ? all(conditions) : any(conditions);
}

function read(text: string, operator: Operator, path: Path, table: Declared): Readings {
  const declared = declaredType(table, path);
  switch (operator.operand) {
    case 'list':
    case 'elements':
    case 'pair':
      return readList(text);
    case 'boolean':
    case 'type':
      return [{ S: text }];
    case 'text':
      return declared === 'string' ? [{ S: text }] : readText(text);
    case 'scalar':
      return declared ? readDeclared(text, declared) : readBoth(text);
    case 'ordered':
      return declared ? readDeclared(text, declared) : readOrdered(text);
  }
}

function readList(text: string): Readings {
  const parsed = parseJson(text);
  if ('value' in parsed) return [parsed.value];
  const [{ path, message }] = parsed.faults;
  return path === '' ? message : `${path} ${message}`;
}

function where(text: string | undefined, faults: Fault[]): Filter | undefined {
  if (text === undefined) return undefined;
  const json = parseJson(text);
  if ('faults' in json) {
    faults.push(...json.faults.map(({ message }) => ({ path: '_where', message })));
    return undefined;
  }
  const parsed = parseFilter(json.value, '_where', { variables: 'none' });
  if ('value' in parsed) return parsed.value;
  faults.push(...parsed.faults);
  return undefined;
}

function filterPaths(filter: Filter): readonly Path[] {
  if (filter.kind === 'field') return [filter.path];
  return filter.kind === 'not' ? filterPaths(filter.of) : filter.of.flatMap(filterPaths);
}

/**
 * Parses the page of an endpoint whose parameters are all reserved ones. `_limit=10` → `{ limit: 10, … }`.
 * @param takes the reserved parameters that the endpoint accepts; `[]` if it accepts none
 * @throws ApiError `invalid_query` for each other parameter
 */
export function parseReserved(parameters: readonly Parameter[], takes: readonly string[]): PageQuery {
  return parseQuery(parameters, new Map(), { attributes: new Map() }, { takes, conditions: false }).page;
}
