// Narrows a principal's permissions to reading the audit: the rows that its audit filters accept, and the paths hidden in them.

import type { Path } from '../base/path.ts';
import { type Item, textOf } from '../base/value.ts';
import { all, type Condition } from '../condition/condition.ts';
import { isTrue } from '../condition/conjuncts.ts';
import type { Table } from '../definition/table.ts';
import { FieldSet } from './field-set.ts';
import { grantsOf, type Permission } from './permission.ts';
import { Policy, refuseWhere } from './policy.ts';
import type { Principal } from './principal.ts';
import { variablesOf } from './variables.ts';

/** Attributes that store and index audit rows and are never shown. */
export const INTERNAL: readonly string[] = ['resource_key', 'user_key', 'day_shard', 'images', 'parts'];
const IMAGES: readonly string[] = ['after', 'before', 'body'];
/** Attributes of a row that only its own caller, or an unrestricted one, is shown. */
const PRIVATE: readonly string[] = ['path_params', 'query_params', 'body'];

export class AuditPolicy {
  readonly principal: Principal;
  /** True if the caller has a filter or an exclusion on any table: of other callers it sees mutations only, without `PRIVATE`. */
  readonly isRestricted: boolean;
  readonly #policies: ReadonlyMap<string | undefined, Policy>;
  readonly #accepted: ReadonlyMap<string | undefined, Condition>;
  /** The condition on rows about no table of the API: every table's filters must accept them. */
  readonly #acceptedElsewhere: Condition;
  readonly #hiddenElsewhere: FieldSet;

  private constructor(permission: Permission, tables: readonly Table[], now: number) {
    const { principal } = permission;
    const hidden = FieldSet.union(grantsOf(principal).map((grant) => grant.hidden));
    const variables = variablesOf(principal, now);
    const rows = (table: string | undefined) => permission.rows('audit', table, variables).condition;
    const policies = tables.map((table) => Policy.of(permission, table, now));
    const accepted = tables.map(({ name }) => [name, rows(name)] as const);
    this.principal = principal;
    this.#policies = new Map(policies.map((policy) => [policy.table.name, policy]));
    this.#accepted = new Map(accepted);
    this.#acceptedElsewhere = all([...accepted.map(([, each]) => each), rows(undefined)]);
    this.#hiddenElsewhere = FieldSet.union([hidden, ...policies.map((policy) => policy.hidden)]);
    const isFiltered = !isTrue(this.#acceptedElsewhere) || policies.some((policy) => policy.isFiltered);
    this.isRestricted = isFiltered || !hidden.isEmpty;
  }

  /** @param now milliseconds since 1970 */
  static of(permission: Permission, tables: readonly Table[], now: number): AuditPolicy {
    return new AuditPolicy(permission, tables, now);
  }

  get tables(): readonly Table[] {
    return [...this.#policies.values()].map(({ table }) => table);
  }

  /** Returns the policy for one table; `undefined` if the API does not have that table. */
  policyOf(table: string | undefined): Policy | undefined {
    return this.#policies.get(table);
  }

  /** Returns the condition on rows about a table; rows about no known table must satisfy that of every table. */
  acceptedRows(table: string | undefined): Condition {
    return this.#accepted.get(table) ?? this.#acceptedElsewhere;
  }

  /** Returns the hidden paths of a table's items; those of all tables if the table is not known. */
  hiddenOf(table: string | undefined): FieldSet {
    return this.policyOf(table)?.hidden ?? this.#hiddenElsewhere;
  }

  /** True if a row's `user` is the caller. API keys have ids of their own; a person has one id by every way to sign in. */
  isOwn(user: Item): boolean {
    const { id, kind } = this.principal;
    const isKey = textOf(user, 'type') === 'API_KEY';
    return textOf(user, 'id') === id && isKey === (kind === 'API_KEY');
  }

  /**
   * Refuses conditions on paths that the caller is not shown, with the same answer if the path exists and if it does not.
   * @param paths every path of the query, on audit rows
   * @param ownRowsOnly true if the query asks for the caller's own rows only, which show more
   * @throws ApiError `field_not_permitted`
   */
  checkQueried(paths: readonly Path[], table: string | undefined, ownRowsOnly: boolean): void {
    const hidden = this.hiddenOf(table);
    refuseWhere(paths, (path) => isHidden(path, hidden) || (this.isRestricted && !ownRowsOnly && isPrivate(path)));
  }
}

function isHidden(path: Path, hidden: FieldSet): boolean {
  const [top, second, ...below] = path;
  if (INTERNAL.includes(top)) return true;
  const inItem = top === 'resource' && second === 'key' ? below : IMAGES.includes(top) ? path.slice(1) : ([] as const);
  return inItem.length > 0 && hidden.place(inItem) !== 'apart';
}

function isPrivate([top, second]: Path): boolean {
  return PRIVATE.includes(top) || (top === 'user' && second !== 'username');
}
