// GET of one item by its whole key.

import { prune } from '../access/prune.ts';
import { ApiError } from '../base/errors.ts';
import type { Item } from '../base/value.ts';
import { parseKey } from '../definition/item-faults.ts';
import { planGet } from '../plan/read-plan.ts';
import { onTable, type TableSession } from './session.ts';

export const get = onTable(async (session) => {
  const item = await readVisible(session, pathKey(session));
  return { answer: { kind: 'ok', body: { M: prune(item, session.policy.hidden) } }, audit: 'due' };
});

/**
 * The key that the path names.
 * @throws ApiError `invalid_path`
 */
export function pathKey({ table, call }: TableSession): Item {
  const key = parseKey(table, call.pathParameters);
  if ('faults' in key) throw new ApiError('invalid_path', undefined, key.faults);
  return key.value;
}

/**
 * The item of that key, read consistently.
 * @throws ApiError `not_found` where it is absent, expired or not visible: one answer for all
 */
export async function readVisible({ policy, ports }: TableSession, key: Item): Promise<Item> {
  const { items } = await ports.read(planGet(policy, key));
  const [item] = items;
  if (!item) throw new ApiError('not_found');
  return item;
}
