// Defines the endpoints of an API. Each has one method, one route template and one Lambda.

import { parsePath } from '../base/path.ts';
import { DefinitionError, Origin } from './definition-error.ts';
import { ACTIONS, type Method, type Operation, traitsOf } from './operations.ts';
import { parseRoute, routeParameters } from './route.ts';
import { conditionFault, type ItemCondition } from './rule.ts';
import { keyNames, type Table } from './table.ts';

export type Endpoint = {
  readonly operation: Operation;
  readonly method: Method;
  readonly route: string;
  /** The table it serves; `undefined` for the audit of all tables, `user` and `has-permission`. */
  readonly table: Table | undefined;
  /** The attribute whose values `unique` returns. */
  readonly attribute?: string;
  /** The action of its audit rows. */
  readonly action: string;
  readonly condition?: ItemCondition;
  readonly origin: Origin;
};

/** Options of an update or delete that is a step of a process: a condition on the stored item, and its own audit action. */
export type StepOptions = {
  readonly condition?: ItemCondition;
  /** @default `UPDATE` or `DELETE` */
  readonly action?: string;
};

type Options = StepOptions & { readonly attribute?: string };

const OPTIONS: readonly string[] = ['condition', 'action', 'attribute'] satisfies (keyof Options)[];
const ACTION = /^[A-Z][A-Z0-9_]{0,63}$/;

function endpoint(operation: Operation, route: string, table?: Table, options: Options = {}): Endpoint {
  const origin = new Origin();
  const { method, action: own } = traitsOf(operation);
  const { attribute, condition, action = own } = options;
  const segments = parseRoute(route);
  const fault =
    (typeof segments === 'string' ? segments : undefined) ??
    parameterFault(operation, route, table) ??
    attributeFault(attribute, table) ??
    actionFault(operation, action) ??
    optionFault(options) ??
    conditionFault(condition);
  if (fault !== undefined) throw new DefinitionError(origin, `${method} ${route}: ${fault}`);
  const optional = { ...(attribute !== undefined && { attribute }), ...(condition && { condition }) };
  return Object.freeze({ operation, method, route, table, action, ...optional, origin });
}

function optionFault(options: Options): string | undefined {
  const unknown = Object.keys(options).find((option) => !OPTIONS.includes(option));
  return unknown === undefined ? undefined : `there is no option '${unknown}'; the options are condition, action`;
}

function actionFault(operation: Operation, action: string): string | undefined {
  if (!ACTION.test(action)) return `the action '${action}' must be upper-case letters, digits and "_"`;
  const isTaken = action !== traitsOf(operation).action && ACTIONS.includes(action);
  return isTaken ? `the action '${action}' belongs to another operation` : undefined;
}

/** Returns the fault of the attribute of `unique`, which must be a path and not hidden from everybody. */
function attributeFault(name: string | undefined, table: Table | undefined): string | undefined {
  if (name === undefined) return undefined;
  const path = parsePath(name);
  if (!path) return `'${name}' is no attribute path; write a.b[0].c`;
  return table?.attributes.get(path[0])?.hidden ? `the attribute '${path[0]}' is hidden from everyone` : undefined;
}

/** Returns the fault of a route's parameters, each of which names an attribute: of the key for one item, declared for a list. */
function parameterFault(operation: Operation, route: string, table: Table | undefined): string | undefined {
  const names = routeParameters(route);
  if (operation === 'list' && table) return listParameterFault(names, table);
  if (operation === 'search')
    return names.join() === 'search_key' ? undefined : 'a search has one parameter, {search_key}';
  const isKeyed = traitsOf(operation).isKeyed || (operation === 'audit' && table !== undefined);
  const keys = table && isKeyed ? keyNames(table) : [];
  const extra = names.find((name) => !keys.includes(name));
  if (extra !== undefined) return extraFault(extra, table);
  const missing = keys.find((name) => !names.includes(name));
  if (operation === 'get' && names.length > 0) return undefined;
  return missing === undefined ? undefined : `the route needs the key parameter {${missing}}`;
}

function extraFault(name: string, table: Table | undefined): string {
  if (!table) return `the parameter {${name}} has no meaning: the endpoint has no table`;
  return `the parameter {${name}} is not a key of table '${table.name}' (${keyNames(table).join(', ')})`;
}

function listParameterFault(names: readonly string[], table: Table): string | undefined {
  const pair = names.filter((name) => ['search_key', 'search_value'].includes(name));
  if (pair.length === 1) return 'the parameters {search_key} and {search_value} come together';
  const unknown = names.find((name) => !pair.includes(name) && !table.attributes.has(name));
  if (unknown === undefined) return undefined;
  return `the parameter {${unknown}} is no attribute of table '${table.name}'; declare it`;
}

/** Answers every visible item that meets the query; path parameters are conditions too. */
export const list = (route: string, table: Table): Endpoint => endpoint('list', route, table);

/** Answers the visible items whose `{search_key}` is one of the values in the body. */
export const search = (route: string, table: Table): Endpoint => endpoint('search', route, table);

/** Answers the distinct values of one attribute among the visible items. */
export const unique = (route: string, table: Table, attribute: string): Endpoint =>
  endpoint('unique', route, table, { attribute });

/** Answers one item by its key. The route may name part of a composite key if no more than one visible item has that part. */
export const get = (route: string, table: Table): Endpoint => endpoint('get', route, table);

/** Creates an item; the body is the item. */
export const create = (route: string, table: Table): Endpoint => endpoint('create', route, table);

/** Sets the given attributes of one item and leaves the others. */
export const update = (route: string, table: Table, options?: StepOptions): Endpoint =>
  endpoint('update', route, table, options);

/** Merges a JSON Merge Patch (RFC 7396) into one item: `null` removes. */
export const patch = (route: string, table: Table, options?: StepOptions): Endpoint =>
  endpoint('patch', route, table, options);

/** Deletes one item. */
export const remove = (route: string, table: Table, options?: StepOptions): Endpoint =>
  endpoint('delete', route, table, options);

/** Answers the audit rows that the caller may see: of all tables, or of one item of a table. */
export const audit = (route: string, table?: Table): Endpoint => endpoint('audit', route, table);

/** Answers the versions of one item. */
export const history = (route: string, table: Table): Endpoint => endpoint('history', route, table);

/** Answers the caller's identity. */
export const user = (route: string): Endpoint => endpoint('user', route);

/** Answers if the caller may use a method and path; the body is `{ method, path }`. */
export const hasPermission = (route: string): Endpoint => endpoint('has-permission', route);

/** True if the route of an endpoint names every key attribute of its table. */
export function namesWholeKey({ route, table }: Endpoint): boolean {
  const names = routeParameters(route);
  return table !== undefined && keyNames(table).every((name) => names.includes(name));
}

/**
 * Returns the endpoint with that method and route, such as `GET /item/{id}`.
 * @throws Error if the API has none: the environment and the definition are of different deployments
 */
export function findEndpoint(endpoints: readonly Endpoint[], name: string | undefined): Endpoint {
  const found = endpoints.find(({ method, route }) => `${method} ${route}` === name);
  if (!found) throw new Error(`the API has no endpoint '${name}'`);
  return found;
}
