// Runs audit plans, newest row first: merges the keys from the partitions of an index, then reads the rows by their keys.

import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Item } from '../../base/value.ts';
import { dayPartitions, keyOf } from '../../dynamo/audit-input.ts';
import type { AuditRead, Ports } from '../../operations/request/ports.ts';
import { placeAt, placeBefore } from '../../plan/audit-place.ts';
import type { AuditKey, AuditPlace, AuditPlan } from '../../plan/audit-plan.ts';
import { dayBefore, dayPart, EARLIEST_DAY, gapBehind } from '../../plan/days.ts';
import { type Gauged, isSpent } from '../dynamodb/budget.ts';
import { AuditKeyStream, mergeKeys } from './audit-keys.ts';
import { type AuditSource, readAuditRows } from './audit-rows.ts';

/** The factor by which each batch is larger than the one before it: most of its rows may be hidden from the caller. */
const GROWTH = 4;
const MAX_BATCH = 100;
/** The time reserved for one call: no further keys are read after it begins, so that the rows of those found can be. */
const CALL_MICROSECONDS = 3_000_000;
/** The least time for the rows of one call, however late they came: a history only gets on by whole clusters of changes. */
const ROWS_MICROSECONDS = 500_000;
/** The most days that are queried at once after days without a row. */
const MAX_DAYS = 8;

type DaysPlan = Extract<AuditPlan, { kind: 'days' }>;
/** A key; or a place before which all keys were read; or, after all keys, the first day that was read. */
type KeyStreamEvent = { readonly key: AuditKey } | { readonly place: AuditPlace } | { readonly from: string };
/** Keys whose rows are read at once. `next` is the place after them; `undefined` if there are no more. */
type Batch = { readonly keys: readonly AuditKey[]; readonly next: AuditPlace | undefined; readonly from?: string };

/** Creates the port that reads the rows of an audit plan in batches, while the visitor accepts them and the budget lasts. */
export function readAudit(client: DynamoDBClient, tableName: string | undefined, world: Gauged): Ports['readAudit'] {
  return async (plan, budget, visit) => {
    if (tableName === undefined) throw new Error('the environment variable AUDIT_TABLE is not set');
    const source = { client, tableName };
    const { until } = budget;
    const isLate = (): boolean => isSpent(world, { ...budget, until: until - CALL_MICROSECONDS });
    let auditFrom: string | undefined;
    for await (const { keys, next, from } of batches(plan, source, isLate)) {
      const records = readAuditRows(source, keys, world, until);
      const ended = await visitRows(records, { plan, visit, isOver: clock(world, until) });
      if (ended) return ended;
      if (next && isLate()) return { ended: 'spent', next };
      auditFrom = from;
    }
    return { ended: 'done', from: auditFrom };
  };
}

/** Returns whether the time is up for the rows of a batch; asked for the first time once one of them was visited. */
function clock({ now }: Gauged, until: number): () => boolean {
  let end: number | undefined;
  return () => {
    end ??= Math.max(until, now() + ROWS_MICROSECONDS);
    return now() > end;
  };
}

type Visit = {
  readonly plan: AuditPlan;
  readonly visit: Parameters<Ports['readAudit']>[2];
  readonly isOver: () => boolean;
};

/** Visits rows as they are read, the first even if the time is up. @returns how reading ended; `undefined` if it goes on */
async function visitRows(
  records: AsyncIterable<readonly Item[]>,
  { plan, visit, isOver }: Visit,
): Promise<AuditRead | undefined> {
  let last: AuditKey | undefined;
  for await (const record of records) {
    if (last && isOver()) return { ended: 'spent', next: placeAt(plan, last) };
    last = keyOf(record[0] as Item);
    if (!visit(record)) return { ended: 'full', next: placeAt(plan, last, true) };
  }
  return undefined;
}

/** Groups keys into batches: at first as many as are wanted, then up to one call's. Late, a batch ends at the next place. */
async function* batches(plan: AuditPlan, source: AuditSource, isLate: () => boolean): AsyncGenerator<Batch> {
  let size = Math.min(MAX_BATCH, plan.limit + 1);
  let keys: AuditKey[] = [];
  let from: string | undefined;
  for await (const each of keysOf(plan, source)) {
    if ('from' in each) from = each.from;
    if ('key' in each) keys.push(each.key);
    const next =
      'key' in each && keys.length >= size ? placeAt(plan, each.key) : 'place' in each && isLate() && each.place;
    if (!next) continue;
    yield { keys, next };
    keys = [];
    size = Math.min(MAX_BATCH, size * GROWTH);
  }
  yield { keys, next: undefined, ...(from !== undefined && { from }) };
}

async function* keysOf(plan: AuditPlan, source: AuditSource): AsyncGenerator<KeyStreamEvent> {
  switch (plan.kind) {
    case 'never':
      return;
    case 'partitions': {
      const streams = plan.keys.map((key) => new AuditKeyStream(source, plan, plan.index, key));
      for await (const key of mergeKeys(streams)) yield { key };
      return;
    }
    case 'days':
      yield* keysByDay(plan, source);
  }
}

/** Reads the keys day by day, newest first; after days without a row, several days at once. */
async function* keysByDay(plan: DaysPlan, source: AuditSource): AsyncGenerator<KeyStreamEvent> {
  let { newest: day, oldest } = plan;
  let stride = 1;
  while (day >= oldest) {
    const asked: string[] = [];
    for (; asked.length < stride && day >= oldest; day = dayBefore(day)) asked.push(day);
    const partitions = asked.flatMap(dayPartitions);
    let last: AuditKey | undefined;
    for await (const key of mergeKeys(partitions.map((each) => new AuditKeyStream(source, plan, 'by_day', each)))) {
      last = key;
      yield { key };
    }
    stride = last ? 1 : Math.min(MAX_DAYS, stride * 2);
    if (last && plan.end === 'gap') oldest = gapBehind(dayPart(last.time));
    if (day >= oldest) yield { place: placeBefore(day, oldest) };
  }
  if (plan.end !== 'query' && oldest > EARLIEST_DAY) yield { from: oldest };
}
