// Leaves the hidden paths of a table's items out of an audit row about one of them, wherever they may stand in it.

import type { FieldSet } from '../access/field-set.ts';
import { prune } from '../access/prune.ts';
import { parsePath } from '../base/path.ts';
import { attribute, type Item, itemOf, mapOf, type Value, withAttributes } from '../base/value.ts';
import { isCut } from './cut.ts';

/** Parameters whose text may name anything. */
const OPAQUE = ['_where', '_sort', '_fields', '_cursor'];

/** @param parametersToo a parameter that names a hidden path is left out too, and the path of the request with it */
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

/** Names that were all hidden are no names: an empty list would tell of them, as a row without any has none. */
function isEmptyList(value: Value): boolean {
  return 'L' in value && value.L.length === 0;
}

/** A stored name may spell a path. */
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

/** Whether a parameter, `<path>` or `<path>__<operator>`, names a hidden path under either reading, or may: it was cut. */
function namesHidden(parameter: string, hidden: FieldSet): boolean {
  if (isCut(parameter)) return true;
  const path = parameter.slice(0, Math.max(0, parameter.lastIndexOf('__')));
  return [parameter, path].some((text) => hidden.place(parsePath(text) ?? [text]) !== 'apart');
}
