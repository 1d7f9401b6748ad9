// Finds where Scoutr understood a stored record differently from Tablegate; docs/from-scoutr.md gives the reasons. Reads the
// values as they are stored, so that records with other faults are reported too.

import { FILTER_LISTS, type FilterList } from '../../access/records.ts';
import { attribute, type Item, textOf, type Value } from '../../base/value.ts';
import type { Remark } from './records-remark.ts';

type Entry = { readonly list: FilterList; readonly path: string; readonly field: string; readonly filter: Item };

/** Scoutr had no filters on audit rows. */
const LISTS = FILTER_LISTS.filter((list) => list !== 'audit_filters');
/** The lists that Scoutr asked of a new item in memory. */
const WRITTEN: readonly FilterList[] = ['create_filters', 'update_filters'];
const NEGATIVE = ['ne', 'notin', 'notcontains'];
const ORDERED = ['gt', 'lt', 'ge', 'le', 'gte', 'lte'];

function elements(item: Item, name: string): readonly Value[] {
  const value = attribute(item, name);
  return value && 'L' in value ? value.L : [];
}

function entriesOf(item: Item): readonly Entry[] {
  return LISTS.flatMap((list) =>
    elements(item, list).flatMap((filter, at) => {
      const field = 'M' in filter ? textOf(filter.M, 'field') : undefined;
      return 'M' in filter && field !== undefined ? [{ list, path: `${list}[${at}]`, field, filter: filter.M }] : [];
    }),
  );
}

export function filterDifferences(item: Item): readonly Remark[] {
  return entriesOf(item).flatMap((entry) => [
    ...operatorRemarks(entry),
    ...valueRemarks(entry),
    ...nestedRemarks(entry),
  ]);
}

/** Remarks on operators. Scoutr checked writes in memory, where a missing attribute satisfied no operator: as here. */
function operatorRemarks({ list, path, field, filter }: Entry): readonly Remark[] {
  const operator = textOf(filter, 'operator') ?? 'eq';
  if (!NEGATIVE.includes(operator) || WRITTEN.includes(list)) return [];
  const problem = `${operator} was true of stored rows without ${field}; here a row without it is not permitted`;
  const any = `{ "any": [ this filter, { "field": "${field}", "operator": "exists", "value": false } ] }`;
  return [{ path, problem, fix: `to permit rows without ${field}, write ${any}` }];
}

function valueRemarks({ path, filter }: Entry): readonly Remark[] {
  const value = attribute(filter, 'value');
  const at = `${path}.value`;
  if (value && 'L' in value && value.L.length === 0) {
    const problem =
      'is an empty list, which Scoutr refused or, written as text, dropped; here in matches no row and notin all';
    return [{ path: at, problem, fix: 'name the values, or take the filter out' }];
  }
  if (!value || !('S' in value)) return [];
  const isOrdered = ORDERED.includes(textOf(filter, 'operator') ?? 'eq');
  if (isOrdered && /^\d+$/.test(value.S)) {
    const problem = `was read as the number ${value.S}; here text is text, and numbers are compared with numbers only`;
    return [{ path: at, problem, fix: `write the number ${value.S} without quotes` }];
  }
  if (!/%[0-9a-f]{2}|\+/i.test(value.S)) return [];
  const problem = 'was URL-decoded before it was compared; here it is taken as it stands';
  return [{ path: at, problem, fix: 'write the decoded text, with spaces for "+"' }];
}

/** In checks of what is written Scoutr looked for an attribute of that whole name. */
function nestedRemarks({ list, path, field }: Entry): readonly Remark[] {
  if (!field.includes('.') || !WRITTEN.includes(list)) return [];
  const problem = `${field} was never found in what was written, which was refused; here it is a path`;
  return [{ path, problem, fix: 'check that writes which it now permits are meant to be' }];
}

/** Several filters on one field: in one record, or in a record and its groups. */
export function mergedDifferences(item: Item, groups: readonly Item[]): readonly Remark[] {
  const own = entriesOf(item);
  const theirs = groups.flatMap((group) =>
    entriesOf(group).map((entry) => ({
      ...entry,
      path: `${entry.path} of group ${textOf(group, 'group_id') ?? textOf(group, 'id')}`,
    })),
  );
  const all = new Map<string, Entry[]>();
  for (const entry of [...own, ...theirs]) {
    const key = `${entry.list} ${entry.field}`;
    all.set(key, [...(all.get(key) ?? []), entry]);
  }
  // Filters within one group are reported for that group.
  const isSpread = (entries: readonly Entry[]) => new Set(entries.map(({ path }) => path.split(' of ')[1])).size > 1;
  return [...all.values()].flatMap((entries) => {
    const hasOwn = entries.some((entry) => own.includes(entry));
    return entries.length > 1 && (hasOwn || isSpread(entries)) ? [mergedRemark(entries)] : [];
  });
}

function mergedRemark(entries: readonly Entry[]): Remark {
  const [{ list, field, path }] = entries as readonly [Entry];
  const places = entries.map((entry) => entry.path).join(', ');
  const was = WRITTEN.includes(list) ? 'let every value pass where a new item was checked' : 'were joined by OR';
  const problem = `the filters on ${field} (${places}) ${was}; here every one of them must hold`;
  return { path, problem, fix: 'if one of them is enough, write them as one: { "any": [ … ] }' };
}

export function endpointDifferences(item: Item): readonly Remark[] {
  return elements(item, 'permitted_endpoints').flatMap((value, at) => {
    if (!('M' in value)) return [];
    const path = `permitted_endpoints[${at}]`;
    const method = textOf(value.M, 'method') ?? '';
    const endpoint = textOf(value.M, 'endpoint') ?? '';
    return [...methodRemarks(method, `${path}.method`), ...patternRemarks(endpoint, `${path}.endpoint`)];
  });
}

function methodRemarks(method: string, path: string): readonly Remark[] {
  if (method !== '*' && !method.includes('|')) return [];
  const problem = `${method} was compared as a whole and permitted no call; here it permits each of its methods`;
  return [{ path, problem, fix: 'check that each of the methods is meant' }];
}

/** Scoutr's patterns matched the beginning of a path. */
function patternRemarks(endpoint: string, path: string): readonly Remark[] {
  if (endpoint === '') return [];
  const slash = /.\/\$?$/.test(endpoint)
    ? [{ path, problem: 'ends with a slash, which no path here does: it permits nothing', fix: 'take the slash out' }]
    : [];
  const isWhole = /(?<!\\)\$$|\.\*$/.test(endpoint);
  const problem = 'permitted every path that begins so; here it permits whole paths only';
  const fix = `to permit what is below too, write ${endpoint}(/.*)?; else end it with $ to say that it is whole`;
  return [...slash, ...(isWhole || slash.length > 0 ? [] : [{ path, problem, fix }])];
}

export function fieldDifferences(item: Item): readonly Remark[] {
  const nested = ['exclude_fields', 'update_fields_permitted', 'update_fields_restricted'].flatMap((name) =>
    textsOf(item, name).flatMap((text, at) => (text.includes('.') ? [nestedField(name, at, text)] : [])),
  );
  const permitted = attribute(item, 'update_fields_permitted');
  if (!permitted || !('L' in permitted) || permitted.L.length > 0) return nested;
  const problem = 'is an empty list, which was no limit; here it permits no update at all';
  return [...nested, { path: 'update_fields_permitted', problem, fix: 'take it out to permit every field' }];
}

function textsOf(item: Item, name: string): readonly string[] {
  const value = attribute(item, name);
  if (value && 'SS' in value) return value.SS;
  return elements(item, name).map((each) => ('S' in each ? each.S : ''));
}

function nestedField(name: string, at: number, text: string): Remark {
  const problem = `${text} was compared with top-level names only and had no effect; here it is a path, in every list element too`;
  return { path: `${name}[${at}]`, problem, fix: 'check that it is meant; name the whole attribute to be safe' };
}
