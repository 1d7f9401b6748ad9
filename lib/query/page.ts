// Parses the reserved parameters of a query string that page, sort, project and count the rows of an answer.

import type { Fault } from '../base/errors.ts';
import { type Path, parsePath } from '../base/path.ts';

export type PageQuery = {
  /** The most rows to return; `undefined` if as many as fit in a page. */
  readonly limit: number | undefined;
  /** The cursor as it was sent, not yet decrypted. */
  readonly cursor: string | undefined;
  readonly sort: { readonly path: Path; readonly isDescending: boolean } | undefined;
  /** The paths to return of each row; `undefined` if all. */
  readonly fields: readonly Path[] | undefined;
  /** True if the number of all rows is to be returned. */
  readonly isCounted: boolean;
};

export const MAX_LIMIT = 1_000;

/** Parses a page, adding a fault for each malformed parameter. `_sort=-a` → `sort: { path: ['a'], isDescending: true }`. */
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

/** Returns the paths that a page names. */
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
