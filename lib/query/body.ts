// Parses a request body to an item or a patch. plan/changes.ts then works out the changes that a patch makes to a stored item.

import { ApiError, type Fault, MAX_FAULTS } from '../base/errors.ts';
import { parseJson } from '../base/json.ts';
import { type Path, printPath } from '../base/path.ts';
import { attribute, type Item, type Value } from '../base/value.ts';
import { keyNames, type Table } from '../definition/table.ts';

/** The most bytes of a body. */
const MAX_BODY_BYTES = 262_144;
const MAX_NAME_BYTES = 65_535;
/** The most characters of a refused name that a fault repeats. */
const SHOWN_NAME = 100;

type Steps = readonly (string | number)[];

/**
 * Parses a body that is an object. `{"a":1}` → `{ a: { N: '1' } }`.
 * @throws ApiError `too_large`, or `invalid_body` with the path of each fault.
 */
export function parseBody(text: string | undefined): Item {
  const value = parseJsonBody(text, 'object');
  if (!('M' in value)) throw new ApiError('invalid_body', 'the body must be a JSON object');
  const faults: Fault[] = [];
  checkNames(value.M, [], faults);
  if (faults.length > 0) throw new ApiError('invalid_body', undefined, faults);
  return value.M;
}

/**
 * Parses the body of a change: at least one attribute, and none of the item's key. `{"a":null}` → `{ a: { NULL: true } }`.
 * @throws ApiError `too_large`, `invalid_body` or `key_immutable`
 */
export function parseChange(text: string | undefined, table: Table): Item {
  const body = parseBody(text);
  if (Object.keys(body).length === 0)
    throw new ApiError('invalid_body', 'the body changes nothing; name at least one attribute');
  const keys = keyNames(table).filter((name) => attribute(body, name));
  const faults = keys.map((path) => ({ path, message: 'is the key of the item; leave it out' }));
  if (faults.length > 0) throw new ApiError('key_immutable', undefined, faults);
  return body;
}

/**
 * Parses a body as JSON. `[1]` → `{ L: [{ N: '1' }] }`.
 * @param due the type that the endpoint expects, for the message if the body is empty
 * @throws ApiError `too_large`, or `invalid_body`
 */
export function parseJsonBody(text: string | undefined, due: 'object' | 'list'): Value {
  if (text === undefined || text.trim() === '')
    throw new ApiError('invalid_body', `the body is empty; send a JSON ${due}`);
  if (Buffer.byteLength(text) > MAX_BODY_BYTES) {
    throw new ApiError('too_large', `the body is larger than ${MAX_BODY_BYTES / 1024} KB`);
  }
  const parsed = parseJson(text);
  if ('faults' in parsed) throw new ApiError('invalid_body', undefined, parsed.faults);
  return parsed.value;
}

/** Adds a fault for each name that could be read as a path (it has `.`, `[` or `]`), is empty, or is too long. */
function checkNames(item: Item, above: Steps, faults: Fault[]): void {
  for (const [name, value] of Object.entries(item)) {
    // Stryker disable next-line ConditionalExpression,EqualityOperator: an error shows no more anyhow; returning saves time.
    if (faults.length >= MAX_FAULTS) return;
    const message = nameFault(name);
    if (message !== undefined) faults.push({ path: printPath([...above, name.slice(0, SHOWN_NAME)]), message });
    else checkNamesBelow(value, [...above, name], faults);
  }
}

function nameFault(name: string): string | undefined {
  if (name === '') return 'an attribute has a name';
  if (/[.[\]]/.test(name)) return 'a name has no ".", "[" or "]"';
  return Buffer.byteLength(name) > MAX_NAME_BYTES ? 'a name is longer than 64 KB' : undefined;
}

function checkNamesBelow(value: Value, path: Steps, faults: Fault[]): void {
  if ('M' in value) checkNames(value.M, path, faults);
  else if ('L' in value) for (const [at, element] of value.L.entries()) checkNamesBelow(element, [...path, at], faults);
}

/** Returns every path that a body names, each parent before its children. `{ a: { b: 1 } }` → `a`, `a.b`. */
export function pathsIn(item: Item): readonly Path[] {
  const paths: Path[] = [];
  const walk = (value: Value, path: Path): void => {
    paths.push(path);
    if ('M' in value) for (const [name, inner] of Object.entries(value.M)) walk(inner, [...path, name]);
    else if ('L' in value) for (const [at, element] of value.L.entries()) walk(element, [...path, at]);
  };
  for (const [name, value] of Object.entries(item)) walk(value, [name]);
  return paths;
}
