// A policy narrows a principal's permissions to one request on one table, and decides what the request may see and write. It is
// made only of a permission, and every plan needs one: the compiler refuses a query without a policy.

import { ApiError, MAX_FAULTS } from '../base/errors.ts';
import { itemBytes, MAX_ITEM_BYTES } from '../base/item-size.ts';
import { memoByObject } from '../base/memo.ts';
import { type Path, printPath } from '../base/path.ts';
import { type Item, itemOf, withAttributes } from '../base/value.ts';
import type { Condition } from '../condition/condition.ts';
import { isTrue } from '../condition/conjuncts.ts';
import type { Variables } from '../condition/filter.ts';
import { liveRows } from '../condition/live-rows.ts';
import { Predicate } from '../condition/predicate.ts';
import type { Table } from '../definition/table.ts';
import { FieldSet } from './field-set.ts';
import type { Action, Grant } from './grant.ts';
import { grantsOf, type Permission } from './permission.ts';
import type { Principal } from './principal.ts';
import { prune } from './prune.ts';
import { variablesOf } from './variables.ts';

/** Bytes to whose multiple `checkGrowth` rounds up the hidden part of an item. */
const HIDDEN_STEP = 16_384;
const ACTIONS: readonly Action[] = ['read', 'create', 'update', 'delete'];

export class Policy {
  readonly table: Table;
  readonly principal: Principal;
  /** The paths that the request may not see, query or write. */
  readonly hidden: FieldSet;
  /** The paths that the request may not update. */
  readonly restricted: FieldSet;
  readonly #permission: Permission;
  readonly #variables: Variables;
  readonly #live: Predicate;
  readonly #made: Partial<Record<Action, Predicate>> = {};

  private constructor(permission: Permission, table: Table, now: number) {
    const grants = grantsOf(permission.principal);
    this.table = table;
    this.principal = permission.principal;
    this.hidden = FieldSet.union([hiddenIn(table), ...grants.map(({ hidden }) => hidden)]);
    this.restricted = FieldSet.union(grants.map(({ restricted }) => restricted));
    this.#permission = permission;
    this.#variables = variablesOf(permission.principal, now);
    this.#live = Predicate.of(liveRows(table, now));
  }

  /** Makes the policy of a permission on one table. @param now milliseconds since 1970 */
  static of(permission: Permission, table: Table, now: number): Policy {
    return new Policy(permission, table, now);
  }

  /** Returns the predicate of the rows that an action may touch: no expired ones, except for a create, which replaces them. */
  rows(action: Action): Predicate {
    this.#made[action] ??= action === 'create' ? this.#ever('create') : Predicate.all([this.#live, this.#ever(action)]);
    return this.#made[action];
  }

  /** The condition of the read filters alone, which images in the audit must satisfy, expired or not. */
  get images(): Condition {
    return this.#ever('read').condition;
  }

  /** True if the filters of any action may refuse rows. */
  get isFiltered(): boolean {
    return ACTIONS.some((action) => !isTrue(this.#ever(action).condition));
  }

  #ever(action: Action, opening?: readonly Grant[]): Predicate {
    return this.#permission.rows(action, this.table.name, this.#variables, opening);
  }

  /** True if the caller may see that the row exists. */
  mayRead(item: Item): boolean {
    return this.rows('read').accepts(item);
  }

  /**
   * Refuses conditions, sorts and selections on hidden paths, with the same answer if the path exists and if it does not.
   * @throws ApiError `field_not_permitted` for a hidden path, one below it, or one above it
   */
  checkQueried(paths: readonly Path[]): void {
    refuseWhere(paths, (path) => this.hidden.place(path) !== 'apart');
  }

  /**
   * Refuses a new item that names a hidden path.
   * @param paths all the paths of the body, leaves and parents
   * @throws ApiError `field_not_permitted`
   */
  checkCreated(paths: readonly Path[]): void {
    refuseWhere(paths, (path) => this.hidden.place(path) === 'inside');
    const expiry = this.#expiryIn(paths);
    if (!this.#permission.permitting.some((grant) => this.#mayExpire(grant, expiry))) refuseFields(expiry);
  }

  /**
   * Refuses an update that sets, removes or replaces a path that the caller may not update in any row.
   * @throws ApiError `field_not_permitted`
   */
  checkUpdated(paths: readonly Path[]): void {
    refuseWhere(paths, (path) => this.hidden.place(path) !== 'apart' || this.restricted.place(path) !== 'apart');
    refuseWhere(paths, (path) => !covers(this.#permission.boundary?.updatePermitted, [path]));
    // Accepts if one grant permits all paths; else reports the paths of the grant that refuses fewest.
    const refused = this.#permission.permitting.map((grant) => paths.filter((path) => !this.#takes(grant, [path])));
    const [least = paths] = refused.toSorted((one, other) => one.length - other.length);
    if (least.length > 0) refuseFields(least);
  }

  /**
   * Refuses a new row, unless one permitting grant accepts it and also lists the expiry if the row has one.
   * @throws ApiError `row_not_permitted`
   */
  checkCreatedRow(next: Item, paths: readonly Path[]): void {
    const expiry = this.#expiryIn(paths);
    const opening = this.#permission.permitting.filter((grant) => this.#mayExpire(grant, expiry));
    if (this.#ever('create', opening).accepts(next)) return;
    throw new ApiError('row_not_permitted', 'the new item is outside the rows the caller may create');
  }

  /**
   * Returns the condition of the update of a row that the caller may read. One permitting grant must accept the row before and
   * after, and every changed path.
   * @throws ApiError `row_not_permitted`
   */
  updateCondition(existing: Item, next: Item, paths: readonly Path[]): Condition {
    for (const grant of this.#permission.permitting.filter((each) => this.#takes(each, paths))) {
      const after = this.#ever('update', [grant]);
      // The row after may be expired: a caller who may set the expiry may set it to the past.
      const before = Predicate.all([this.rows('read'), after]);
      if (before.accepts(existing) && after.accepts(next)) return before.condition;
    }
    const detail = 'the item, as it is or as it would be, is outside the rows the caller may update';
    throw new ApiError('row_not_permitted', detail);
  }

  /**
   * Returns the condition of the delete of a row that the caller may read.
   * @throws ApiError `row_not_permitted`
   */
  deleteCondition(existing: Item): Condition {
    const { condition, accepts } = Predicate.all([this.rows('read'), this.rows('delete')]);
    if (accepts(existing)) return condition;
    throw new ApiError('row_not_permitted', 'the item is outside the rows the caller may delete');
  }

  /**
   * Refuses an update whose visible part grows and no longer fits next to the hidden part, which is rounded up to a multiple of
   * `HIDDEN_STEP`, at least one. An exact limit would let a caller measure the hidden part by growing the visible one.
   * @throws ApiError `too_large`
   */
  checkGrowth(before: Item, after: Item): void {
    const { version } = this.table;
    if (!this.#hidesData) return;
    const seen = (item: Item) => itemBytes(prune(item, this.hidden));
    const data = version === undefined ? after : withAttributes(after, itemOf([]), [version]);
    const concealed = itemBytes(data) - seen(after);
    const room = Math.max(1, Math.ceil(concealed / HIDDEN_STEP)) * HIDDEN_STEP - concealed;
    if (seen(after) > seen(before) && itemBytes(after) + room > MAX_ITEM_BYTES)
      throw new ApiError('too_large', 'the item would be larger than 400 KB');
  }

  /** True if a path other than the version is hidden. The version is hidden from everybody, but no secret. */
  get #hidesData(): boolean {
    return this.hidden.paths.some(([name, below]) => name !== this.table.version || below !== undefined);
  }

  #takes(grant: Grant, paths: readonly Path[]): boolean {
    return covers(grant.updatePermitted, paths) && this.#mayExpire(grant, this.#expiryIn(paths));
  }

  #expiryIn(paths: readonly Path[]): readonly Path[] {
    return paths.filter((path) => path[0] === this.table.ttl);
  }

  /** True if the grant lists the expiry by name, and the boundary too if it has a list: setting it is a delayed delete. */
  #mayExpire({ updatePermitted }: Grant, expiry: readonly Path[]): boolean {
    if (expiry.length === 0) return true;
    const isListed = updatePermitted !== undefined && covers(updatePermitted, expiry);
    return isListed && covers(this.#permission.boundary?.updatePermitted, expiry);
  }
}

/** Returns the paths hidden by the definition, cached by table: tables outlive requests and never change. */
const hiddenIn = memoByObject(({ attributes }: Table) =>
  FieldSet.of([...attributes].filter(([, { hidden }]) => hidden).map(([name]) => [name])),
);

function covers(permitted: FieldSet | undefined, paths: readonly Path[]): boolean {
  return permitted === undefined || paths.every((path) => permitted.place(path) === 'inside');
}

/** @throws ApiError `field_not_permitted` that names the refused paths */
export function refuseWhere(paths: readonly Path[], refused: (path: Path) => boolean): void {
  const found = paths.filter(refused);
  if (found.length > 0) refuseFields(found);
}

function refuseFields(paths: readonly Path[]): never {
  // Stryker disable next-line MethodExpression: `ApiError` cuts the list too; printing all paths could take a second.
  const reported = paths.slice(0, MAX_FAULTS);
  const faults = reported.map((path) => ({ path: printPath(path), message: 'the caller may not use this field' }));
  throw new ApiError('field_not_permitted', undefined, faults);
}
