// A policy: a principal's permissions narrowed to one request. Made only here, from a principal; every plan is made
// from one, so that no query without a policy can be written.

import { ApiError } from '../base/errors.ts';
import { memoByObject } from '../base/memo.ts';
import { Recent } from '../base/recent.ts';
import type { Value } from '../base/value.ts';
import { all, any, type Condition, TRUE } from '../condition/condition.ts';
import { type Filter, filterTruth, type Variables, variableNames } from '../condition/filter.ts';
import { liveRows } from '../condition/live-rows.ts';
import type { Table } from '../definition/table.ts';
import { FieldSet } from './field-set.ts';
import type { Grant } from './grant.ts';
import type { Principal } from './principal.ts';
import type { FilterList } from './records.ts';

export type Action = 'read' | 'create' | 'update' | 'delete';

/** Conditions by action, each made when it is first asked for: a read needs none of a write's. */
type Rows = Readonly<Record<Action, Condition>>;

/** One permitting grant: the rows it opens for an action and the paths it lets an update change. */
export type Opening = {
  readonly rows: Rows;
  /** Undefined: every path. */
  readonly updatePermitted: FieldSet | undefined;
};

/** That a principal may use a method and path, and by which of its grants. */
export class Permission {
  readonly principal: Principal;
  /** Only these open anything. */
  readonly permitting: readonly Grant[];

  private constructor(principal: Principal, permitting: readonly Grant[]) {
    this.principal = principal;
    this.permitting = permitting;
  }

  /**
   * @param path the canonical path
   * @throws ApiError `endpoint_not_permitted` where no grant permits the method and path
   */
  static decide(principal: Principal, method: string, path: string): Permission {
    const permitting = permittingGrants(principal, method, path);
    if (permitting.length > 0) return new Permission(principal, permitting);
    const detail = `${method} ${path} is not among the caller's permitted endpoints`;
    throw new ApiError('endpoint_not_permitted', detail);
  }
}

/** The own grant alone if it permits, else the OIDC grants that do. */
export function permittingGrants({ own, oidcGrants }: Principal, method: string, path: string): readonly Grant[] {
  const permits = (grant: Grant) => grant.endpoints.some(({ matches }) => matches(method, path));
  return own && permits(own) ? [own] : oidcGrants.filter(permits);
}

export class Policy {
  readonly table: Table;
  readonly principal: Principal;
  /** The rows an action may touch, as a whole: own boundary, permitting grants, and not expired. */
  readonly rows: Rows;
  /** Never shown, never queried, never written. */
  readonly hidden: FieldSet;
  /** Never updated. */
  readonly restricted: FieldSet;
  /** The own record's boundary, which every opening stands inside. */
  readonly own: Opening;
  readonly openings: readonly Opening[];
  /** The same rows, expired or not. */
  readonly #everRows: Rows;

  private constructor({ principal, permitting }: Permission, table: Table, now: number) {
    const variables = variablesOf(principal, now);
    const opening = (grant: Grant): Opening => openingOf(grant, table, variables);
    this.table = table;
    this.principal = principal;
    const grants = [...(principal.own ? [principal.own] : []), ...principal.oidcGrants];
    this.hidden = FieldSet.union([hiddenIn(table), ...grants.map(hiddenBy)]);
    this.restricted = FieldSet.union(grants.map(restrictedBy));
    // An own grant that permits is the opening itself: its rows need not be said twice.
    const own = principal.own && !permitting.includes(principal.own) ? opening(principal.own) : BOUNDLESS;
    const openings = permitting.map(opening);
    this.own = own;
    this.openings = openings;
    const ever = new LazyRows((action) => all([own.rows[action], any(openings.map((each) => each.rows[action]))]));
    this.#everRows = ever;
    const live = liveRows(table, now);
    this.rows = new LazyRows((action) => (action === 'create' ? ever.create : all([live, ever[action]])));
  }

  /** The policy of a permission on one table. @param now milliseconds since 1970 */
  static of(permission: Permission, table: Table, now: number): Policy {
    return new Policy(permission, table, now);
  }

  /** The rows that the read filters accept, expired or not: what an image of an item is held to. */
  get images(): Condition {
    return this.#everRows.read;
  }
}

class LazyRows implements Rows {
  readonly #make: (action: Action) => Condition;
  readonly #made: Partial<Record<Action, Condition>> = {};

  constructor(make: (action: Action) => Condition) {
    this.#make = make;
  }

  #of(action: Action): Condition {
    this.#made[action] ??= this.#make(action);
    return this.#made[action];
  }

  get read(): Condition {
    return this.#of('read');
  }

  get create(): Condition {
    return this.#of('create');
  }

  get update(): Condition {
    return this.#of('update');
  }

  get delete(): Condition {
    return this.#of('delete');
  }
}

const BOUNDLESS: Opening = { rows: new LazyRows(() => TRUE), updatePermitted: undefined };
// Grants and tables outlive requests and never change: what follows from them alone is made once.
const hiddenIn = memoByObject(({ attributes }: Table) =>
  FieldSet.of([...attributes].filter(([, { hidden }]) => hidden).map(([name]) => [name])),
);
const hiddenBy = memoByObject(({ excluded }: Grant) => FieldSet.of(excluded));
const restrictedBy = memoByObject(({ updateRestricted }: Grant) => FieldSet.of(updateRestricted));
const permittedBy = memoByObject((paths: readonly (readonly string[])[]) => FieldSet.of(paths));
const filtersOf = memoByObject((grant: Grant) => {
  const of = (list: FilterList) => {
    const filters = [...grant.filters.filter_fields, ...grant.filters[list]];
    return { filters, names: [...new Set(filters.flatMap(variableNames))] };
  };
  return {
    read: of('read_filters'),
    create: of('create_filters'),
    update: of('update_filters'),
    delete: of('delete_filters'),
  };
});

/** Callers of one grant whose rows are kept: by what their variables are, and never by the time of day. */
const MAX_KEPT = 100;
const keptRows = memoByObject((_: Grant) => memoByObject((_table: Table) => new Recent<Condition>(MAX_KEPT)));

function openingOf(grant: Grant, table: Table, variables: Variables): Opening {
  const rows = (action: Action): Condition => {
    const { names } = filtersOf(grant)[action];
    if (names.some((name) => name.startsWith(TIME))) return grantRows(grant, table, action, variables);
    const kept = keptRows(grant)(table);
    const key = JSON.stringify([action, ...names.map((name) => variables.get(name))]);
    const known = kept.get(key);
    if (known) return known;
    const made = grantRows(grant, table, action, variables);
    kept.set(key, made);
    return made;
  };
  return { rows: new LazyRows(rows), updatePermitted: grant.updatePermitted && permittedBy(grant.updatePermitted) };
}

function grantRows(grant: Grant, table: Table, action: Action, variables: Variables): Condition {
  return all(filterConditions(filtersOf(grant)[action].filters, table.name, variables));
}

function filterConditions(
  filters: readonly Filter[],
  table: string | undefined,
  variables: Variables,
): readonly Condition[] {
  return filters.flatMap((filter) => filterTruth(filter, table, variables)?.whenTrue ?? []);
}

/**
 * What `audit_filters` demand of an audit row about an item of a table.
 * @param table its name; of no table only the filters without a table hold
 * @param now milliseconds since 1970
 */
export function auditRowsOf({ principal, permitting }: Permission, table: string | undefined, now: number): Condition {
  const variables = variablesOf(principal, now);
  const rows = ({ filters }: Grant) => all(filterConditions(filters.audit_filters, table, variables));
  return all([principal.own ? rows(principal.own) : TRUE, any(permitting.map(rows))]);
}

/** Each value is made where a filter asks for it: most ask for none. */
function variablesOf(principal: Principal, now: number): Variables {
  const valuesOf = (name: string) => VARIABLES.get(name)?.(principal, now);
  return { get: (name) => (name.startsWith(CLAIM) ? claim(principal, name.slice(CLAIM.length)) : valuesOf(name)) };
}

const CLAIM = 'claims.';
const TIME = 'now';
const text = (value: string | undefined): readonly Value[] => (value === undefined ? [] : [{ S: value }]);
const VARIABLES = new Map<string, (principal: Principal, now: number) => readonly Value[]>([
  ['user.id', ({ id }) => text(id)],
  ['user.username', ({ username }) => text(username)],
  ['user.name', ({ name }) => text(name)],
  ['user.email', ({ email }) => text(email)],
  ['user.groups', groupLists],
  ['now', (_, now) => text(new Date(now).toISOString())],
  ['now.epoch', (_, now) => [{ N: String(Math.floor(now / 1000)) }]],
]);

function claim({ claims }: Principal, name: string): readonly Value[] {
  const value = claims.get(name);
  return value ? [value] : [];
}

/** Two lists where a record is disabled: without its ids and with them, so that they open nothing and restrict as ever. */
function groupLists({ groups, closedGroups }: Principal): readonly Value[] {
  const list = (ids: readonly string[]): Value => ({ L: ids.map((id) => ({ S: id })) });
  return closedGroups.length === 0 ? [list(groups)] : [list(groups), list([...groups, ...closedGroups])];
}
