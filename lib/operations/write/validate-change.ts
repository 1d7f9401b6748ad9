// Validates a change with the `update` schema: a PUT, or a patch that merges no maps, before the item is read; a patch that
// merges maps, with each stored item that a try reads.

import { prune } from '../../access/prune.ts';
import { type Item, itemOf } from '../../base/value.ts';
import { removalFaults, valueFaults } from '../../definition/item-faults.ts';
import type { Table } from '../../definition/table.ts';
import { keepUnnamed, type UpdateMode } from '../../plan/changes.ts';
import type { TableRequest } from '../request/request-context.ts';
import { type Validated, validate } from './validate.ts';

/** Validates without the stored item. A patch with maps waits for it, as the stored maps may have what it lacks. */
export async function validateSettled(table: Table, body: Item, mode: UpdateMode): Promise<Validated> {
  if (mode === 'put') return await validateSet(table, body);
  const removed = Object.entries(body).flatMap(([name, value]) => ('NULL' in value ? [name] : []));
  const kept = removalFaults(table, removed);
  if (merges(body)) return { item: body, faults: kept };
  const set = itemOf(Object.entries(body).filter(([name]) => !removed.includes(name)));
  const { item, faults } = await validateSet(table, set);
  return { item, faults: [...faults, ...kept] };
}

type Change = {
  readonly existing: Item;
  readonly body: Item;
  /** The whole attributes that the change sets on the stored item. */
  readonly set: Item;
  readonly mode: UpdateMode;
  readonly settled: Validated;
};

/**
 * Validates the attributes that a change sets on a stored item. The schema gets those of a merging patch pruned, so that its
 * faults do not depend on hidden values, and its result changes no path that the body does not name.
 */
export async function validateChange(
  { policy, table }: TableRequest,
  { existing, body, set, mode, settled }: Change,
): Promise<Validated> {
  if (mode === 'put' || !merges(body)) return settled;
  const { item, faults } = await validateSet(table, prune(set, policy.hidden));
  return { item: keepUnnamed(existing, body, item), faults: [...faults, ...settled.faults] };
}

function validateSet(table: Table, set: Item): Promise<Validated> {
  return validate(table.schema.update, set, (attributes) => valueFaults(table, attributes));
}

function merges(body: Item): boolean {
  return Object.values(body).some((value) => 'M' in value);
}
