// A request body → an item or a patch: parsed once, here. What a body says is told apart from what it means for a
// stored item, which is plan/changes.ts's to work out.

import { ApiError, type Fault, MAX_FAULTS } from '../base/errors.ts';
import { parseJson } from '../base/json.ts';
import { type Path, printPath } from '../base/path.ts';
import { attribute, type Item, type Value } from '../base/value.ts';
import { keyNames, type Table } from '../definition/table.ts';

/** Largest body, in bytes. */
const MAX_BODY_BYTES = 262_144;
const MAX_NAME_BYTES = 65_535;
/** Characters of a refused name that are repeated to its sender. */
const SHOWN_NAME = 100;

type Steps = readonly (string | number)[];

/**
 * The attributes that a body holds.
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
 * The attributes that a change names: at least one, and none of the item's key.
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
 * The value that a body holds.
 * @param due what it is to be, for the message to who sends nothing
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

/** Names with `.`, `[` or `]` could be taken for paths; an empty name is none. */
function checkNames(item: Item, above: Steps, faults: Fault[]): void {
  for (const [name, value] of Object.entries(item)) {
    // Stryker disable next-line ConditionalExpression,EqualityOperator: an error tells no more anyhow; this saves the time.
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

/** Every path that a body names, parents before what is below them. */
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
