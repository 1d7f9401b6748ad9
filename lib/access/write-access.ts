// What a caller may write: the paths a request names, and the rows before and after.

import { ApiError, MAX_FAULTS } from '../base/errors.ts';
import { itemBytes, MAX_ITEM_BYTES } from '../base/item-size.ts';
import { type Path, printPath } from '../base/path.ts';
import { type Item, itemOf, withAttributes } from '../base/value.ts';
import { all, any, type Condition } from '../condition/condition.ts';
import { evaluator } from '../condition/evaluate.ts';
import type { FieldSet } from './field-set.ts';
import type { Opening, Policy } from './policy.ts';
import { prune } from './prune.ts';

/** The hidden part of an item that grows counts in steps of so many bytes. */
const HIDDEN_STEP = 16_384;

function refuseFields(paths: readonly Path[]): never {
  // Stryker disable next-line MethodExpression: an error tells no more anyhow; to print all paths could take a second.
  const told = paths.slice(0, MAX_FAULTS);
  const faults = told.map((path) => ({ path: printPath(path), message: 'the caller may not use this field' }));
  throw new ApiError('field_not_permitted', undefined, faults);
}

function refuseWhere(paths: readonly Path[], refused: (path: Path) => boolean): void {
  const found = paths.filter(refused);
  if (found.length > 0) refuseFields(found);
}

/**
 * Refuses conditions, sorts and selections on hidden paths: the same answer whether or not the path exists.
 * @throws ApiError `field_not_permitted` for a hidden path, one below it, or one above it.
 */
export function checkQueried({ hidden }: Policy, paths: readonly Path[]): void {
  refuseWhere(paths, (path) => hidden.place(path) !== 'apart');
}

/**
 * Refuses a new item that names a hidden path. `paths` are all the paths of the body, leaves and parents.
 * @throws ApiError `field_not_permitted`
 */
export function checkCreated(policy: Policy, paths: readonly Path[]): void {
  refuseWhere(paths, (path) => policy.hidden.place(path) === 'inside');
  const expiry = paths.filter((path) => path[0] === policy.table.ttl);
  if (expiry.length > 0 && !policy.openings.some((opening) => lists(policy, opening, expiry))) refuseFields(expiry);
}

/**
 * Refuses an update that sets, removes or replaces a path the caller may not update, under whatever row.
 * @throws ApiError `field_not_permitted`
 */
export function checkUpdated(policy: Policy, paths: readonly Path[]): void {
  refuseWhere(paths, (path) => policy.hidden.place(path) !== 'apart' || policy.restricted.place(path) !== 'apart');
  refuseWhere(paths, (path) => !covers(policy.own.updatePermitted, [path]));
  // One opening that takes them all is enough; else the caller is told of the one that refuses least.
  const refused = policy.openings.map((opening) => paths.filter((path) => !accepts(policy, opening, [path])));
  const [least = paths] = refused.toSorted((one, other) => one.length - other.length);
  if (least.length > 0) refuseFields(least);
}

function accepts(policy: Policy, opening: Opening, paths: readonly Path[]): boolean {
  const expiry = paths.filter((path) => path[0] === policy.table.ttl);
  return covers(opening.updatePermitted, paths) && (expiry.length === 0 || lists(policy, opening, expiry));
}

function covers(permitted: FieldSet | undefined, paths: readonly Path[]): boolean {
  return permitted === undefined || paths.every((path) => permitted.place(path) === 'inside');
}

/** A time to live is a delayed delete: a grant must list it by name, and the own record's list too if it has one. */
function lists(policy: Policy, opening: Opening, paths: readonly Path[]): boolean {
  return (
    opening.updatePermitted !== undefined &&
    covers(opening.updatePermitted, paths) &&
    covers(policy.own.updatePermitted, paths)
  );
}

/** Whether the caller may know of a stored row. */
export function mayRead(policy: Policy, item: Item): boolean {
  return evaluator(policy.rows.read)(item);
}

/**
 * The rows of a create: one permitting grant must accept the new item, and its expiry if it sets one.
 * @throws ApiError `row_not_permitted`
 */
export function checkCreatedRow(policy: Policy, next: Item, paths: readonly Path[]): void {
  const expiry = paths.filter((path) => path[0] === policy.table.ttl);
  const openings = policy.openings.filter((opening) => expiry.length === 0 || lists(policy, opening, expiry));
  const accepted = any(openings.map((opening) => opening.rows.create));
  if (evaluator(all([policy.own.rows.create, accepted]))(next)) return;
  throw new ApiError('row_not_permitted', 'the new item is outside the rows the caller may create');
}

/**
 * The policy of an update on a row that the caller may read: one permitting grant must accept the row before and after
 * and every path changed. Returned for the write's own condition.
 * @throws ApiError `row_not_permitted`
 */
export function updatePolicy(policy: Policy, existing: Item, next: Item, paths: readonly Path[]): Condition {
  for (const opening of policy.openings.filter((each) => accepts(policy, each, paths))) {
    const condition = all([policy.rows.read, policy.rows.update, opening.rows.update]);
    // Not `policy.rows`, which are live rows: who may set the expiry may set it to the past.
    const after = all([policy.own.rows.update, opening.rows.update]);
    if (evaluator(condition)(existing) && evaluator(after)(next)) return condition;
  }
  throw new ApiError(
    'row_not_permitted',
    'the item, as it is or as it would be, is outside the rows the caller may update',
  );
}

/**
 * The policy of a delete on a row that the caller may read.
 * @throws ApiError `row_not_permitted`
 */
export function deletePolicy(policy: Policy, existing: Item): Condition {
  const condition = all([policy.rows.read, policy.rows.delete]);
  if (!evaluator(condition)(existing))
    throw new ApiError('row_not_permitted', 'the item is outside the rows the caller may delete');
  return condition;
}

/**
 * Refuses an update whose visible part grows and does not fit beside the hidden part, rounded up to steps, one at least. An exact
 * limit would let a caller measure the hidden part by growing the rest. An item that does not grow fits where it is stored.
 * @throws ApiError `too_large`
 */
export function checkGrowth(policy: Policy, before: Item, after: Item): void {
  if (!hidesData(policy)) return;
  const { hidden, table } = policy;
  const seen = (item: Item) => itemBytes(prune(item, hidden));
  // Stryker disable next-line ConditionalExpression: no item has an attribute without a name to remove.
  const data = table.version === undefined ? after : withAttributes(after, itemOf([]), [table.version]);
  const concealed = itemBytes(data) - seen(after);
  const room = Math.max(1, Math.ceil(concealed / HIDDEN_STEP)) * HIDDEN_STEP - concealed;
  if (seen(after) > seen(before) && itemBytes(after) + room > MAX_ITEM_BYTES)
    throw new ApiError('too_large', 'the item would be larger than 400 KB');
}

/** Whether anything is hidden from the caller but the version, which is hidden from everybody and no secret. */
function hidesData({ table, principal: { own, oidcGrants } }: Policy): boolean {
  const isDeclared = [...table.attributes].some(([name, { hidden }]) => hidden && name !== table.version);
  return isDeclared || [own, ...oidcGrants].some((grant) => grant !== undefined && grant.excluded.length > 0);
}
