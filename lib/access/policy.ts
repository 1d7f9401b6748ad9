// A policy: a principal's permissions narrowed to one request. Made only here, from a principal; every plan is made
// from one, so that no query without a policy can be written.

import { ApiError } from '../base/errors.ts';
import type { Value } from '../base/value.ts';
import { all, any, type Condition, TRUE } from '../condition/condition.ts';
import { type Filter, filterTruth } from '../condition/filter.ts';
import { liveRows } from '../condition/live-rows.ts';
import type { Table } from '../definition/table.ts';
import { FieldSet } from './field-set.ts';
import type { Grant } from './grant.ts';
import type { Principal } from './principal.ts';
import type { FilterList } from './records.ts';

export type Action = 'read' | 'create' | 'update' | 'delete';

/** One permitting grant: the rows it opens for an action and the paths it lets an update change. */
export type Opening = {
  readonly rows: Readonly<Record<Action, Condition>>;
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
  readonly rows: Readonly<Record<Action, Condition>>;
  /** The rows that the read filters accept, expired or not: what an image of an item is held to. */
  readonly images: Condition;
  /** Never shown, never queried, never written. */
  readonly hidden: FieldSet;
  /** Never updated. */
  readonly restricted: FieldSet;
  /** The own record's boundary, which every opening stands inside. */
  readonly own: Opening;
  readonly openings: readonly Opening[];

  private constructor({ principal, permitting }: Permission, table: Table, now: number) {
    const variables = variablesOf(principal, now);
    const opening = (grant: Grant): Opening => openingOf(grant, table, variables);
    this.table = table;
    this.principal = principal;
    const grants = [...(principal.own ? [principal.own] : []), ...principal.oidcGrants];
    const declared = [...table.attributes].flatMap(([name, attribute]) => (attribute.hidden ? [[name]] : []));
    this.hidden = FieldSet.of([...declared, ...grants.flatMap((grant) => grant.excluded)]);
    this.restricted = FieldSet.of(grants.flatMap((grant) => grant.updateRestricted));
    // An own grant that permits is the opening itself: its rows need not be said twice.
    const isOpening = principal.own !== undefined && permitting.includes(principal.own);
    this.own = principal.own && !isOpening ? opening(principal.own) : BOUNDLESS;
    this.openings = permitting.map(opening);
    const live = liveRows(table, now);
    const rows = (action: Action) => all([this.own.rows[action], any(this.openings.map((each) => each.rows[action]))]);
    this.images = rows('read');
    this.rows = {
      read: all([live, this.images]),
      create: rows('create'),
      update: all([live, rows('update')]),
      delete: all([live, rows('delete')]),
    };
  }

  /** The policy of a permission on one table. @param now milliseconds since 1970 */
  static of(permission: Permission, table: Table, now: number): Policy {
    return new Policy(permission, table, now);
  }
}

const BOUNDLESS: Opening = {
  rows: { read: TRUE, create: TRUE, update: TRUE, delete: TRUE },
  updatePermitted: undefined,
};

function openingOf(grant: Grant, table: Table, variables: ReadonlyMap<string, Value>): Opening {
  const conditions = (filters: readonly Filter[]) => filterConditions(filters, table.name, variables);
  const rows = (list: FilterList) =>
    all([...conditions(grant.filters.filter_fields), ...conditions(grant.filters[list])]);
  return {
    rows: {
      read: rows('read_filters'),
      create: rows('create_filters'),
      update: rows('update_filters'),
      delete: rows('delete_filters'),
    },
    updatePermitted: grant.updatePermitted && FieldSet.of(grant.updatePermitted),
  };
}

function filterConditions(
  filters: readonly Filter[],
  table: string,
  variables: ReadonlyMap<string, Value>,
): readonly Condition[] {
  return filters.flatMap((filter) => filterTruth(filter, table, variables)?.whenTrue ?? []);
}

/**
 * What `audit_filters` demand of an audit row about an item of a table.
 * @param table its name; of any other name only the filters without a table hold
 * @param now milliseconds since 1970
 */
export function auditRowsOf({ principal, permitting }: Permission, table: string, now: number): Condition {
  const variables = variablesOf(principal, now);
  const rows = ({ filters }: Grant) => all(filterConditions(filters.audit_filters, table, variables));
  return all([principal.own ? rows(principal.own) : TRUE, any(permitting.map(rows))]);
}

function variablesOf(principal: Principal, now: number): ReadonlyMap<string, Value> {
  const variables = new Map<string, Value>([
    ['user.id', { S: principal.id }],
    ['user.groups', { L: principal.groups.map((id) => ({ S: id })) }],
    ['now', { S: new Date(now).toISOString() }],
    ['now.epoch', { N: String(Math.floor(now / 1000)) }],
  ]);
  for (const name of ['username', 'name', 'email'] as const) {
    const text = principal[name];
    if (text !== undefined) variables.set(`user.${name}`, { S: text });
  }
  for (const [claim, value] of principal.claims) variables.set(`claims.${claim}`, value);
  return variables;
}
