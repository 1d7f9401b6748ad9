// Works out the changes of an update: the paths that its body names, and the attributes to set and remove.

import type { Path } from '../base/path.ts';
import { attribute, type Item, itemOf, type Value } from '../base/value.ts';

/** Attributes to set whole, and attributes to remove; no name is in both. */
export type Changes = { readonly set: Item; readonly remove: readonly string[] };

/** The meaning of an update's body: PUT sets whole attributes, PATCH merges (RFC 7396). */
export type UpdateMode = 'put' | 'merge-patch';

/** Returns the paths that a body changes in any item. `{ a: { b: 1 } }` as a merge patch → `a.b`, as a put → `a`. */
export function changedPaths(body: Item, mode: UpdateMode): readonly Path[] {
  if (mode === 'put') return Object.keys(body).map((name): Path => [name]);
  return Object.entries(body).flatMap(([name, value]) => leaves([name], value));
}

function leaves(path: Path, value: Value): readonly Path[] {
  if (!('M' in value) || Object.keys(value.M).length === 0) return [path];
  return Object.entries(value.M).flatMap(([name, inner]) => leaves([...path, name], inner));
}

/** Returns the paths whose whole value a body replaces in a stored item: a patch replaces a stored value that is no map. */
export function replacedPaths(existing: Item, body: Item, mode: UpdateMode): readonly Path[] {
  if (mode === 'put') return changedPaths(body, mode);
  return Object.entries(body).flatMap(([name, value]) => replaced([name], attribute(existing, name), value));
}

function replaced(path: Path, stored: Value | undefined, value: Value): readonly Path[] {
  if (!('M' in value)) return [path];
  if (stored && !('M' in stored)) return [path];
  const below = (name: string) => stored && attribute(stored.M, name);
  return Object.entries(value.M).flatMap(([name, inner]) => replaced([...path, name], below(name), inner));
}

/** Returns the changes of a body to a stored item, without removals of absent attributes. */
export function changesOf(existing: Item, body: Item, mode: UpdateMode): Changes {
  if (mode === 'put') return { set: body, remove: [] };
  const entries = Object.entries(body);
  const remove = entries.filter(([name, value]) => 'NULL' in value && attribute(existing, name)).map(([name]) => name);
  const set = entries.filter(([, value]) => !('NULL' in value));
  return { set: itemOf(set.map(([name, value]) => [name, merged(attribute(existing, name), value)])), remove };
}

/** Merges a patch into a value. Source: RFC 7396, section 2, MergePatch(Target, Patch). */
function merged(target: Value | undefined, patch: Value): Value {
  if (!('M' in patch)) return patch;
  const members = new Map<string, Value>(target && 'M' in target ? Object.entries(target.M) : []);
  for (const [name, value] of Object.entries(patch.M)) {
    if ('NULL' in value) members.delete(name);
    else members.set(name, merged(members.get(name), value));
  }
  return { M: itemOf(members) };
}

/**
 * Returns the output of a schema for a patch, with the stored value at every path inside a merged map that the body does not
 * name: the policy was not asked whether the caller may change it.
 * @throws TypeError if the schema's output is no map where a map was merged: a defect of the definition
 */
export function keepUnnamed(existing: Item, body: Item, given: Item): Item {
  return itemOf(
    Object.entries(given).flatMap(([name, value]) =>
      entryOf(name, kept(attribute(existing, name), attribute(body, name), value)),
    ),
  );
}

function kept(stored: Value | undefined, patch: Value | undefined, given: Value | undefined): Value | undefined {
  if (!stored || !patch || !('M' in stored) || !('M' in patch)) return given;
  if (given && !('M' in given)) {
    if (Object.keys({ ...stored.M, ...patch.M }).length === 0) return given;
    throw new TypeError('the schema gave out no map for a map that a patch changes in part');
  }
  const below = given?.M;
  const unnamed = Object.entries(stored.M).filter(([name]) => attribute(patch.M, name) === undefined);
  const named = Object.entries(patch.M).flatMap(([name, inner]) =>
    entryOf(name, kept(attribute(stored.M, name), inner, below && attribute(below, name))),
  );
  // Return the map even if it is empty: dropping it would reveal that it has no hidden attributes.
  return { M: itemOf([...unnamed, ...named]) };
}

function entryOf(name: string, value: Value | undefined): readonly (readonly [string, Value])[] {
  return value ? [[name, value]] : [];
}
