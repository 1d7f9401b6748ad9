// Answers GET of one item by its key, or by a part of its key that only one visible item has.

import { prune } from '../../access/prune.ts';
import { ApiError } from '../../base/errors.ts';
import type { Path } from '../../base/path.ts';
import type { Item } from '../../base/value.ts';
import { all, compare } from '../../condition/condition.ts';
import { namesWholeKey } from '../../definition/endpoint.ts';
import { keyOf, parseKeyPart } from '../../definition/item-faults.ts';
import { planGet, planRead, type ReadPlan } from '../../plan/read-plan.ts';
import { entityTag } from '../request/entity-tag.ts';
import { pathKey } from '../request/path-key.ts';
import { onTable, type TableRequest } from '../request/request-context.ts';

export const get = onTable(async (session) => {
  const isWhole = namesWholeKey(session.endpoint);
  const item = isWhole ? await readVisible(session, pathKey(session)) : await readOnly(session);
  const about = isWhole ? {} : { key: keyOf(session.table, item) };
  const body = { M: prune(item, session.policy.hidden) };
  return { answer: { kind: 'ok', body, etag: await entityTag(session, item) }, audit: 'due', about };
});

/**
 * Returns the one visible item with the part of the key that the path names.
 * @throws ApiError `not_found`; `invalid_path` if several visible items have it; `too_costly`
 */
async function readOnly(session: TableRequest): Promise<Item> {
  const { policy, table, call } = session;
  const part = parseKeyPart(table, call.pathParameters);
  if ('faults' in part) throw new ApiError('invalid_path', undefined, part.faults);
  const names = Object.keys(part.value);
  policy.checkQueried(names.map((name): Path => [name]));
  const condition = all(Object.entries(part.value).map(([name, value]) => compare([name], '=', value)));
  const { item, ended } = await readFirst(session, planRead(policy, condition, { limit: 1 }));
  if (ended === 'full')
    throw new ApiError('invalid_path', `several items have this ${names.join(' and ')}; name the whole key`);
  if (ended === 'spent')
    throw new ApiError('too_costly', 'finding the item reads more than one request may; name the whole key');
  if (!item) throw new ApiError('not_found');
  return item;
}

async function readFirst(session: TableRequest, plan: ReadPlan) {
  let item: Item | undefined;
  const { ended } = await session.ports.read(plan, session.budget, (row) => {
    item = row;
    return true;
  });
  return { item, ended };
}

/**
 * Returns the item with that key, read consistently.
 * @throws ApiError `not_found` alike if it is absent, expired or not visible
 */
export async function readVisible(session: TableRequest, key: Item): Promise<Item> {
  const { item } = await readFirst(session, planGet(session.policy, key));
  if (!item) throw new ApiError('not_found');
  return item;
}
