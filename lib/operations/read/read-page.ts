// Reads one page of visible rows, pruned, in the query's order, from its cursor on.

import { FieldSet } from '../../access/field-set.ts';
import { prune, select } from '../../access/prune.ts';
import { ApiError } from '../../base/errors.ts';
import { itemBytes } from '../../base/item-size.ts';
import { type Path, pathNames } from '../../base/path.ts';
import { type Item, itemOf, type Value } from '../../base/value.ts';
import type { Condition } from '../../condition/condition.ts';
import { sorted } from '../../plan/order.ts';
import { planRead, type ReadPlan } from '../../plan/read-plan.ts';
import { fingerprint } from '../../plan/resume.ts';
import type { Position } from '../../plan/step.ts';
import { MAX_LIMIT, type PageQuery } from '../../query/page.ts';
import type { Answer, TableRequest } from '../request/request-context.ts';
import { Cursor } from './cursor.ts';
import { Page } from './page.ts';

/** The most bytes of rows sorted in memory: more than a page holds, as hidden attributes count too. */
const MAX_SORTED_BYTES = 16 * 1024 * 1024;
const SORTED_TOO_MUCH =
  'no index gives this order, and sorting it reads more than one request may; narrow the query by an indexed attribute or a smaller range, or leave out _sort';

/**
 * @throws ApiError `invalid_cursor`; `invalid_query` if no index gives the order and one page cannot hold all rows;
 *   `too_costly` if sorting or counting them exceeds the budget
 */
export async function readPage(session: TableRequest, condition: Condition, query: PageQuery): Promise<Answer> {
  const { policy } = session;
  const { limit = MAX_LIMIT, sort: order, fields } = query;
  const plan = planRead(policy, condition, { limit, order, fields });
  const cursor = new Cursor(session, policy.principal, fingerprint(plan));
  const from = positionOf(await cursor.read(query.cursor));
  const show = shower(session, fields);
  const page = new Page(limit);
  const next = plan.sortedBy === 'memory' ? await readSorted(session, plan, show, page) : await read(from);
  const isWhole = from === undefined && next === undefined;
  const total = query.isCounted ? (isWhole ? page.rows.length : await count(session, condition)) : undefined;
  return {
    kind: 'rows',
    rows: page.rows,
    ...(next && { next: await cursor.link(next) }),
    ...(total !== undefined && { total }),
  };

  async function read(start: Position | undefined): Promise<Position | undefined> {
    const { ports, budget } = session;
    return (await ports.read(plan, budget, (item) => page.add(show(item)), start)).next;
  }
}

function shower({ policy }: TableRequest, fields: readonly Path[] | undefined): (item: Item) => Item {
  const wanted = fields && FieldSet.of(fields.map(pathNames));
  if (!wanted) return (item) => prune(item, policy.hidden);
  return (item) => select(prune(item, policy.hidden), wanted);
}

/** Reads all rows and sorts them into one page, or throws: a sort in memory has no position to continue from. */
async function readSorted(
  session: TableRequest,
  plan: ReadPlan,
  show: (item: Item) => Item,
  page: Page,
): Promise<undefined> {
  const { order, limit } = plan;
  if (!order) throw new TypeError('the plan has no order');
  const items: Item[] = [];
  let bytes = 0;
  const { ended } = await session.ports.read(plan, session.budget, (item) => {
    bytes += itemBytes(item);
    return bytes <= MAX_SORTED_BYTES && items.push(item) > 0;
  });
  if (ended === 'spent') throw new ApiError('too_costly', SORTED_TOO_MUCH);
  const isTaken = ended === 'done' && sorted(items, order).every((item) => page.add(show(item)));
  if (isTaken) return undefined;
  const message = `no index gives this order, and more than one page of ${limit} matches; narrow the query`;
  throw new ApiError('invalid_query', undefined, [{ path: '_sort', message }]);
}

async function count(session: TableRequest, condition: Condition): Promise<number> {
  let total = 0;
  const plan = planRead(session.policy, condition, { limit: Number.POSITIVE_INFINITY, fields: [] });
  await session.ports.readAll(plan, session.budget, () => {
    total += 1;
  });
  return total;
}

/** Restores a position from a decrypted cursor, which only this deployment can make. */
function positionOf(place: object | undefined): Position | undefined {
  if (!place) return undefined;
  const { step, after } = place as Position;
  return { step, after: typeof after === 'object' ? itemOf(Object.entries(after) as [string, Value][]) : after };
}
