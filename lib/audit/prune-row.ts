// Prunes an audit row about an item: removes the hidden paths of its table from images, body, key and parameters.

import type { FieldSet } from '../access/field-set.ts';
import { prune } from '../access/prune.ts';
import { parsePath } from '../base/path.ts';
import { attribute, type Item, itemOf, mapOf, type Value, withAttributes } from '../base/value.ts';
import { isCut } from './cut.ts';

/** The parameters whose text may name any path. */
const OPAQUE = ['_where', '_sort', '_fields', '_cursor'];

/** Prunes a row. @param parametersToo true if parameters that name a hidden path, and then the request's path, go too */
export function pruneRow(row: Item, hidden: FieldSet, parametersToo: boolean): Item {
  if (hidden.isEmpty) return row;
  const entries = Object.entries(row).map(([name, value]) => [name, pruneAttribute(name, value, hidden)] as const);
  const pruned = itemOf(entries.filter(([name, value]) => !(name === 'added' && isEmptyList(value))));
  return parametersToo ? pruneParameters(pruned, hidden) : pruned;
}

function pruneAttribute(name: string, value: Value, hidden: FieldSet): Value {
  switch (name) {
    case 'after':
    case 'before':
    case 'body':
      return pruneMap(value, hidden);
    case 'added':
      return 'L' in value ? { L: value.L.filter((each) => 'S' in each && isShown(each.S, hidden)) } : value;
    case 'resource':
      return pruneResource(value, hidden);
    default:
      return value;
  }
}

function pruneMap(value: Value, hidden: FieldSet): Value {
  return 'M' in value ? { M: prune(value.M, hidden) } : value;
}

function pruneResource(value: Value, hidden: FieldSet): Value {
  const key = 'M' in value ? attribute(value.M, 'key') : undefined;
  if (!key || !('M' in value)) return value;
  return { M: withAttributes(value.M, itemOf([['key', pruneMap(key, hidden)]])) };
}

/** True if a list is empty. `added` is then removed: a row without added names has no list, so an empty one reveals them. */
function isEmptyList(value: Value): boolean {
  return 'L' in value && value.L.length === 0;
}

/** True if a name, or the path that it spells, is not hidden. */
function isShown(name: string, hidden: FieldSet): boolean {
  return !hidden.walk().down(name).isListed;
}

function pruneParameters(row: Item, hidden: FieldSet): Item {
  const query = namesOf(row, 'query_params', hidden);
  const path = namesOf(row, 'path_params', hidden);
  const searched = mapOf(row, 'path_params')['search_key'];
  const hidesSearch = searched !== undefined && 'S' in searched && namesHidden(searched.S, hidden);
  const gone = hidesSearch ? [...path, 'search_key', 'search_value'] : path;
  const kept = (name: string, without: readonly string[]): [string, Value][] =>
    attribute(row, name) ? [[name, { M: withAttributes(mapOf(row, name), itemOf([]), without) }]] : [];
  const parameters = itemOf([...kept('query_params', query), ...kept('path_params', gone)]);
  const pruned = withAttributes(row, parameters);
  return gone.length > 0 ? withAttributes(pruned, itemOf([]), ['path']) : pruned;
}

function namesOf(row: Item, attributeName: string, hidden: FieldSet): readonly string[] {
  return Object.keys(mapOf(row, attributeName)).filter((name) => OPAQUE.includes(name) || namesHidden(name, hidden));
}

/** True if a parameter names a hidden path, read as `<path>` or as `<path>__<operator>`, or may name one as it was cut. */
function namesHidden(parameter: string, hidden: FieldSet): boolean {
  if (isCut(parameter)) return true;
  const path = parameter.slice(0, Math.max(0, parameter.lastIndexOf('__')));
  return [parameter, path].some((text) => hidden.place(parsePath(text) ?? [text]) !== 'apart');
}
