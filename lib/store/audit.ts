// Audit rows, newest first: keys from the partitions of an index, merged, then the rows by their keys. It runs audit
// plans and takes nothing else.

import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Item } from '../base/value.ts';
import { dayPartitions, keyOf } from '../dynamo/audit-input.ts';
import type { AuditRead, Ports } from '../operations/ports.ts';
import { placeAt, placeBefore } from '../plan/audit-place.ts';
import type { AuditKey, AuditPlace, AuditPlan } from '../plan/audit-plan.ts';
import { dayBefore, dayPart, EARLIEST_DAY, gapBehind } from '../plan/days.ts';
import { AuditKeyStream, mergeKeys } from './audit-keys.ts';
import { type AuditSource, readAuditRows } from './audit-rows.ts';
import type { World } from './batch-get.ts';

/** So many times more rows are read each time, as most of them may not be shown. */
const GROWTH = 4;
const MAX_BATCH = 100;
/** What one call may take: when no more is left, no keys are looked for, so that the rows of those that were found can be read. */
const CALL_MICROSECONDS = 3_000_000;
/** Rows that came late are visited so long nevertheless: a history gets no farther by less than a cluster of changes. */
const ROWS_MICROSECONDS = 500_000;
/** Days that are asked at once, where those before them held nothing. */
const MAX_DAYS = 8;

type DaysPlan = Extract<AuditPlan, { kind: 'days' }>;
/** A key; or a place before which all keys were found; or the first day of an answer, behind all keys. */
type Found = { readonly key: AuditKey } | { readonly place: AuditPlace } | { readonly from: string };
/** Keys whose rows are read at once. `next` is behind them; undefined: there are no more. */
type Batch = { readonly keys: readonly AuditKey[]; readonly next: AuditPlace | undefined; readonly from?: string };

/** Reads the rows of a plan, batch by batch, as long as they are wanted and there is time: one row at least. */
export function readAudit(client: DynamoDBClient, tableName: string | undefined, world: World): Ports['readAudit'] {
  return async (plan, until, visit) => {
    if (tableName === undefined) throw new Error('the environment variable AUDIT_TABLE is not set');
    const source = { client, tableName };
    const isLate = (): boolean => world.now() > until - CALL_MICROSECONDS;
    let auditFrom: string | undefined;
    for await (const { keys, next, from } of batches(plan, source, isLate)) {
      const records = await readAuditRows(source, keys, world, until);
      const end = Math.max(until, world.now() + ROWS_MICROSECONDS);
      const ended = visitRows(plan, records, { visit, isLate: () => world.now() > end });
      if (ended) return ended;
      if (next && isLate()) return { ended: 'time', next };
      auditFrom = from;
    }
    return { ended: 'done', from: auditFrom };
  };
}

type Visitor = { readonly visit: (record: readonly Item[]) => boolean; readonly isLate: () => boolean };

/** Visits rows that were read, the first whatever the time. @returns how the reading ended, or `undefined` if it goes on */
function visitRows(
  plan: AuditPlan,
  records: readonly (readonly Item[])[],
  { visit, isLate }: Visitor,
): AuditRead | undefined {
  let last: AuditKey | undefined;
  for (const record of records) {
    if (last && isLate()) return { ended: 'time', next: placeAt(plan, last) };
    last = keyOf(record[0] as Item);
    if (!visit(record)) return { ended: 'full', next: placeAt(plan, last, true) };
  }
  return undefined;
}

/** No more keys than are wanted at first, then as many as one call takes; what was found is not held back where the time is up. */
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

async function* keysOf(plan: AuditPlan, source: AuditSource): AsyncGenerator<Found> {
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

/** Goes back day by day, in longer strides where there is nothing. */
async function* keysByDay(plan: DaysPlan, source: AuditSource): AsyncGenerator<Found> {
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
