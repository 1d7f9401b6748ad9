// A request body → an item or a patch: parsed once, here. What a body says is told apart from what it means for a
// stored item, which is plan/changes.ts's to work out.

import { ApiError, type Fault } from '../base/errors.ts';
import { parseJson } from '../base/json.ts';
import type { Path } from '../base/path.ts';
import type { Item, Value } from '../base/value.ts';

/** Largest body, in bytes. */
export const MAX_BODY_BYTES = 262_144;
const MAX_NAME_BYTES = 65_535;

/**
 * The attributes that a body holds.
 * @throws ApiError `too_large`, or `invalid_body` with the path of each fault.
 */
export function parseBody(text: string | undefined): Item {
  if (text === undefined || text.trim() === '')
    throw new ApiError('invalid_body', 'the body is empty; send a JSON object');
  if (Buffer.byteLength(text) > MAX_BODY_BYTES) {
    throw new ApiError('too_large', `the body is larger than ${MAX_BODY_BYTES / 1024} KB`);
  }
  const parsed = parseJson(text);
  if ('faults' in parsed) throw new ApiError('invalid_body', undefined, parsed.faults);
  if (!('M' in parsed.value)) throw new ApiError('invalid_body', 'the body must be a JSON object');
  const faults: Fault[] = [];
  checkNames(parsed.value.M, faults);
  if (faults.length > 0) throw new ApiError('invalid_body', undefined, faults);
  return parsed.value.M;
}

/** Names with `.`, `[` or `]` could be taken for paths; an empty name is none. */
function checkNames(item: Item, faults: Fault[]): void {
  for (const [name, value] of Object.entries(item)) {
    if (name === '') faults.push({ path: name, message: 'an attribute has a name' });
    else if (/[.[\]]/.test(name)) faults.push({ path: name, message: 'a name has no ".", "[" or "]"' });
    else if (Buffer.byteLength(name) > MAX_NAME_BYTES)
      faults.push({ path: '', message: 'a name is longer than 64 KB' });
    checkNamesBelow(value, faults);
  }
}

function checkNamesBelow(value: Value, faults: Fault[]): void {
  if ('M' in value) checkNames(value.M, faults);
  else if ('L' in value) for (const element of value.L) checkNamesBelow(element, faults);
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
