// The endpoints of an API: one method and route template each, one Lambda each.

import { DefinitionError, Origin } from './definition-error.ts';
import { parseRoute, routeParameters } from './route.ts';
import { keyNames, type Table } from './table.ts';

export type Operation = 'list' | 'get' | 'create' | 'update' | 'patch' | 'delete';
export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export type Endpoint = {
  readonly operation: Operation;
  readonly method: Method;
  readonly route: string;
  readonly table: Table;
  readonly origin: Origin;
};

function endpoint(operation: Operation, method: Method, route: string, table: Table): Endpoint {
  const origin = new Origin();
  const fail = (message: string): never => {
    throw new DefinitionError(origin, `${method} ${route}: ${message}`);
  };
  const segments = parseRoute(route);
  if (typeof segments === 'string') fail(segments);
  const unknown = unknownParameter(operation, route, table);
  if (unknown !== undefined) fail(unknown);
  return Object.freeze({ operation, method, route, table, origin });
}

/** Every parameter of a route means an attribute: all the key's for one item, declared ones for a list. */
function unknownParameter(operation: Operation, route: string, table: Table): string | undefined {
  const names = routeParameters(route);
  const keys = keyNames(table);
  if (operation === 'list') return unknownListParameter(names, table);
  const expected = operation === 'create' ? [] : keys;
  const missing = expected.find((name) => !names.includes(name));
  const extra = names.find((name) => !expected.includes(name));
  if (extra !== undefined) return `the parameter {${extra}} is not a key of table '${table.name}' (${keys.join(', ')})`;
  return missing === undefined ? undefined : `the route needs the key parameter {${missing}}`;
}

function unknownListParameter(names: readonly string[], table: Table): string | undefined {
  const pair = names.filter((name) => ['search_key', 'search_value'].includes(name));
  if (pair.length === 1) return 'the parameters {search_key} and {search_value} come together';
  const unknown = names.find((name) => !pair.includes(name) && !table.attributes.has(name));
  return unknown === undefined
    ? undefined
    : `the parameter {${unknown}} is no attribute of table '${table.name}'; declare it`;
}

/** Every visible item that meets the query; path parameters are conditions too. */
export const list = (route: string, table: Table): Endpoint => endpoint('list', 'GET', route, table);

/** One item by its key. */
export const get = (route: string, table: Table): Endpoint => endpoint('get', 'GET', route, table);

/** A new item; the body is the item. */
export const create = (route: string, table: Table): Endpoint => endpoint('create', 'POST', route, table);

/** Sets the given attributes of one item and leaves the others. */
export const update = (route: string, table: Table): Endpoint => endpoint('update', 'PUT', route, table);

/** Merges a JSON Merge Patch (RFC 7396) into one item: `null` removes. */
export const patch = (route: string, table: Table): Endpoint => endpoint('patch', 'PATCH', route, table);

/** Deletes one item. */
export const remove = (route: string, table: Table): Endpoint => endpoint('delete', 'DELETE', route, table);

/**
 * The endpoint of that method and route, such as `GET /item/{id}`.
 * @throws Error where the API has none: the environment and the definition are of different deployments
 */
export function findEndpoint(endpoints: readonly Endpoint[], name: string | undefined): Endpoint {
  const found = endpoints.find(({ method, route }) => `${method} ${route}` === name);
  if (!found) throw new Error(`the API has no endpoint '${name}'`);
  return found;
}
