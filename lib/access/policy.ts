// A policy: a principal's permissions narrowed to one request. Made only here, from a principal; every plan is made
// from one, so that no query without a policy can be written.

import { ApiError } from '../base/errors.ts';
import type { Value } from '../base/value.ts';
import { all, any, type Condition, TRUE } from '../condition/condition.ts';
import { filterTruth } from '../condition/filter.ts';
import { liveRows } from '../condition/live-rows.ts';
import type { Table } from '../definition/table.ts';
import { FieldSet } from './field-set.ts';
import type { Grant, Principal } from './principal.ts';
import type { FilterList } from './records.ts';

export type Action = 'read' | 'create' | 'update' | 'delete';

/** What a caller asks for, as far as permissions go. `path` is canonical; `now` is milliseconds since 1970. */
export type Request = { readonly method: string; readonly path: string; readonly table: Table; readonly now: number };

/** One permitting grant: the rows it opens for an action and the paths it lets an update change. */
export type Opening = {
  readonly rows: Readonly<Record<Action, Condition>>;
  /** Undefined: every path. */
  readonly updatePermitted: FieldSet | undefined;
};

export class Policy {
  readonly table: Table;
  readonly principal: Principal;
  /** The rows an action may touch, as a whole: own boundary, permitting grants, and not expired. */
  readonly rows: Readonly<Record<Action, Condition>>;
  /** Never shown, never queried, never written. */
  readonly hidden: FieldSet;
  /** Never updated. */
  readonly restricted: FieldSet;
  /** The own record's boundary, which every opening stands inside. */
  readonly own: Opening;
  readonly openings: readonly Opening[];

  private constructor({ table, now }: Request, principal: Principal, permitting: readonly Grant[]) {
    const variables = variablesOf(principal, now);
    const opening = (grant: Grant): Opening => openingOf(grant, table, variables);
    this.table = table;
    this.principal = principal;
    const grants = [...(principal.own ? [principal.own] : []), ...principal.oidcGrants];
    const declared = [...table.attributes].flatMap(([name, attribute]) => (attribute.hidden ? [[name]] : []));
    this.hidden = FieldSet.of([...declared, ...grants.flatMap((grant) => grant.excluded)]);
    this.restricted = FieldSet.of(grants.flatMap((grant) => grant.updateRestricted));
    this.own = principal.own ? opening(principal.own) : BOUNDLESS;
    this.openings = permitting.map(opening);
    const live = liveRows(table, now);
    const rows = (action: Action) => all([this.own.rows[action], any(this.openings.map((each) => each.rows[action]))]);
    this.rows = {
      read: all([live, rows('read')]),
      create: rows('create'),
      update: all([live, rows('update')]),
      delete: all([live, rows('delete')]),
    };
  }

  /**
   * The policy of a principal for one request.
   * @throws ApiError `endpoint_not_permitted` where no grant permits the method and path.
   */
  static decide(principal: Principal, request: Request): Policy {
    const permits = (grant: Grant) => grant.endpoints.some(({ matches }) => matches(request.method, request.path));
    const { own, oidcGrants } = principal;
    const permitting = own && permits(own) ? [own] : oidcGrants.filter(permits);
    if (permitting.length === 0)
      throw new ApiError(
        'endpoint_not_permitted',
        `${request.method} ${request.path} is not among the caller's permitted endpoints`,
      );
    return new Policy(request, principal, permitting);
  }
}

const BOUNDLESS: Opening = {
  rows: { read: TRUE, create: TRUE, update: TRUE, delete: TRUE },
  updatePermitted: undefined,
};

function openingOf(grant: Grant, table: Table, variables: ReadonlyMap<string, Value>): Opening {
  const rows = (list: FilterList) =>
    all(
      [...grant.filters.filter_fields, ...grant.filters[list]].flatMap(
        (filter) => filterTruth(filter, table.name, variables)?.whenTrue ?? [],
      ),
    );
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
