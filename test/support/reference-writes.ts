// What a write leaves, as plainly as it can be told, and which paths it touched.
// Source: RFC 7396, section 2, for PATCH; PUT sets the attributes that it names.

import { type Item, itemOf, type Value } from '../../lib/base/value.ts';
import { isEqual } from './reference.ts';

type Names = readonly string[];

export function afterPut(before: Item, body: Item): Item {
  return itemOf([...Object.entries(before), ...Object.entries(body)]);
}

export function afterPatch(before: Item, body: Item): Item {
  const { M } = merge({ M: before }, { M: body }) as { readonly M: Item };
  return M;
}

function merge(target: Value | undefined, patch: Value): Value {
  if (!('M' in patch)) return patch;
  const result = new Map(target && 'M' in target ? Object.entries(target.M) : []);
  for (const [name, value] of Object.entries(patch.M)) {
    if ('NULL' in value) result.delete(name);
    else result.set(name, merge(result.get(name), value));
  }
  return { M: itemOf(result) };
}

/** The paths at which two items differ; lists are one thing. A map that is not there is one of nothing. */
export function differences(one: Item, other: Item, above: Names = []): readonly Names[] {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].flatMap((name): readonly Names[] => {
    const [left, right] = [one, other].map((item) => (Object.hasOwn(item, name) ? item[name] : undefined));
    const path = [...above, name];
    if (left && right && isEqual(left, right)) return [];
    const maps = [left, right].map((value) => (value === undefined ? {} : 'M' in value ? value.M : undefined));
    const [from, to] = maps;
    const isWithin = from && to && (Object.keys(from).length > 0 || Object.keys(to).length > 0);
    return isWithin ? differences(from, to, path) : [path];
  });
}
