// Compiles one auth record and its groups into a self-contained set of permissions. The record memo reuses a grant, with all that
// it has compiled, as long as its records do not change.

import { Recent } from '../base/recent.ts';
import { all } from '../condition/condition.ts';
import { type Filter, filterTruth, type Variables, variableNames } from '../condition/filter.ts';
import { Predicate } from '../condition/predicate.ts';
import type { EndpointPattern } from './endpoint-pattern.ts';
import { FieldSet } from './field-set.ts';
import type { AuthRecord, FilterList, GroupRecord, Permissions } from './records.ts';
import { isTimeOfDay } from './variables.ts';

export type Action = 'read' | 'create' | 'update' | 'delete';

/** A kind of rows: of an action on a data table, or of the audit, to read. */
export type RowsOf = Action | 'audit';

const LISTS: Readonly<Record<RowsOf, readonly FilterList[]>> = {
  read: ['filter_fields', 'read_filters'],
  create: ['filter_fields', 'create_filters'],
  update: ['filter_fields', 'update_filters'],
  delete: ['filter_fields', 'delete_filters'],
  audit: ['audit_filters'],
};

/** The most predicates that one grant caches: one for each action, table and set of values of its variables. */
const MAX_KEPT = 100;

type Filters = { readonly filters: readonly Filter[]; readonly variables: readonly string[] };

export class Grant {
  readonly endpoints: readonly EndpointPattern[];
  /** The paths of `exclude_fields` of the record and of each group. */
  readonly hidden: FieldSet;
  /** The paths of `update_fields_restricted`. */
  readonly restricted: FieldSet;
  /** The only paths that may be updated; `undefined` if no record or group has such a list. */
  readonly updatePermitted: FieldSet | undefined;
  readonly #filters: Readonly<Record<RowsOf, Filters>>;
  readonly #cache = new Recent<Predicate>(MAX_KEPT);

  /** Unites the endpoints, exclusions and update lists of record and groups; a row must pass the filters of each. */
  constructor(record: AuthRecord, groups: readonly GroupRecord[]) {
    const members: readonly Permissions[] = [record, ...groups];
    const lists = members.flatMap((member) => (member.updatePermitted ? [member.updatePermitted] : []));
    const of = (rows: RowsOf): Filters => {
      const filters = LISTS[rows].flatMap((list) => members.flatMap((member) => member.filters[list]));
      return { filters, variables: [...new Set(filters.flatMap(variableNames))] };
    };
    // Takes the endpoints from a disabled record and its groups; every restriction remains.
    this.endpoints = record.disabled ? [] : members.flatMap((member) => member.endpoints);
    this.hidden = FieldSet.of(members.flatMap((member) => member.excluded));
    this.restricted = FieldSet.of(members.flatMap((member) => member.updateRestricted));
    this.updatePermitted = lists.length > 0 ? FieldSet.of(lists.flat()) : undefined;
    this.#filters = {
      read: of('read'),
      create: of('create'),
      update: of('update'),
      delete: of('delete'),
      audit: of('audit'),
    };
  }

  permits(method: string, path: string): boolean {
    return this.endpoints.some(({ matches }) => matches(method, path));
  }

  /** Returns the predicate of the filters for rows of a table; without a table (`undefined`) filters of tables are left out. */
  rows(of: RowsOf, table: string | undefined, variables: Variables): Predicate {
    const { filters, variables: names } = this.#filters[of];
    if (names.some(isTimeOfDay)) return predicateOf(filters, table, variables);
    const key = JSON.stringify([of, table, ...names.map((name) => variables.get(name))]);
    const cached = this.#cache.get(key);
    if (cached) return cached;
    const made = predicateOf(filters, table, variables);
    this.#cache.set(key, made);
    return made;
  }
}

function predicateOf(filters: readonly Filter[], table: string | undefined, variables: Variables): Predicate {
  return Predicate.of(all(filters.flatMap((filter) => filterTruth(filter, table, variables)?.whenTrue ?? [])));
}
