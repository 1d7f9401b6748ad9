// The reserved parameters of a query string that say how rows are given: how many, from where, in which order, what of each.

import type { Fault } from '../base/errors.ts';
import { type Path, parsePath } from '../base/path.ts';

export type PageQuery = {
  /** The most rows to return; undefined: a whole page. */
  readonly limit: number | undefined;
  /** As it was sent: nothing is known of it yet. */
  readonly cursor: string | undefined;
  readonly sort: { readonly path: Path; readonly isDescending: boolean } | undefined;
  /** What of each row is wanted; undefined: all of it. */
  readonly fields: readonly Path[] | undefined;
  /** Whether the number of all rows is wanted. */
  readonly isCounted: boolean;
};

export const MAX_LIMIT = 1_000;

/** The page that reserved parameters, by name, ask for. Adds a fault for each that is malformed. */
export function parsePage(reserved: ReadonlyMap<string, string>, faults: Fault[]): PageQuery {
  const read = <T>(name: string, parse: (text: string) => T | undefined, message: string): T | undefined => {
    const text = reserved.get(name);
    if (text === undefined) return undefined;
    const value = parse(text);
    if (value === undefined) faults.push({ path: name, message });
    return value;
  };
  return {
    limit: read('_limit', parseLimit, `must be a whole number from 1 to ${MAX_LIMIT}`),
    cursor: reserved.get('_cursor'),
    sort: read('_sort', parseSort, 'must be one attribute path, with "-" before it for the other direction'),
    fields: read('_fields', parseFields, 'must be attribute paths without list indexes, joined by ","'),
    isCounted: read('_count', parseFlag, 'must be true or false') ?? false,
  };
}

/** The paths that a page names. */
export function pagePaths({ sort, fields = [] }: PageQuery): readonly Path[] {
  return [...(sort ? [sort.path] : []), ...fields];
}

function parseLimit(text: string): number | undefined {
  const limit = /^[1-9]\d{0,3}$/.test(text) ? Number(text) : 0;
  return limit >= 1 && limit <= MAX_LIMIT ? limit : undefined;
}

function parseSort(text: string): PageQuery['sort'] {
  const isDescending = text.startsWith('-');
  const path = parsePath(isDescending ? text.slice(1) : text);
  return path && { path, isDescending };
}

function parseFields(text: string): readonly Path[] | undefined {
  const paths = text.split(',').flatMap((part) => {
    const path = parsePath(part);
    return path?.every((step) => typeof step === 'string') ? [path] : [];
  });
  return paths.length === text.split(',').length ? paths : undefined;
}

function parseFlag(text: string): boolean | undefined {
  return text === 'true' ? true : text === 'false' ? false : undefined;
}
