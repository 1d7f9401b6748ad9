// Audit rows, newest first: keys from the partitions of an index, merged, then the rows by their keys. It runs audit
// plans and takes nothing else.

import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ApiError } from '../base/errors.ts';
import { type AuditKey, dayPartitions } from '../dynamo/audit-input.ts';
import type { Ports } from '../operations/ports.ts';
import type { AuditPlan } from '../plan/audit-plan.ts';
import { dayBefore, EARLIEST_DAY } from '../plan/days.ts';
import { AuditKeyStream, mergeKeys } from './audit-keys.ts';
import { readAuditRows } from './audit-rows.ts';

/** A read that takes longer is given up: API Gateway waits 29 seconds. */
const BUDGET_MICROSECONDS = 20_000_000;
const MAX_BATCH = 100;
const MIN_BATCH = 10;
/** Days that are asked at once, where those before them held nothing. */
const MAX_DAYS = 8;
/** So many days without a row end a reading that has no end of its own: longer than reads are kept by default. */
const EMPTY_DAYS = 32;

type World = Pick<Ports, 'now' | 'sleep' | 'random'>;
type Source = { readonly client: DynamoDBClient; readonly tableName: string };
type DaysPlan = Extract<AuditPlan, { kind: 'days' }>;
type Found = { readonly key: AuditKey } | { readonly endedAt: string };

/** Reads the rows of a plan, batch by batch, as long as they are wanted. */
export function readAudit(client: DynamoDBClient, tableName: string | undefined, world: World): Ports['readAudit'] {
  return async (plan, visit) => {
    if (tableName === undefined) throw new Error('the environment variable AUDIT_TABLE is not set');
    const source = { client, tableName };
    const deadline = world.now() + BUDGET_MICROSECONDS;
    const check = (): void => {
      if (world.now() > deadline) throw new ApiError('too_costly', 'the query reads too many audit rows; narrow it');
    };
    for await (const { keys, endedAt } of batches(keysOf(plan, source, check), plan.limit)) {
      check();
      const records = await readAuditRows(source, keys, world);
      if (!records.every(visit)) return undefined;
      if (endedAt !== undefined) return endedAt;
    }
    return undefined;
  };
}

type Batch = { readonly keys: readonly AuditKey[]; readonly endedAt?: string };

/** As many keys as one call takes; fewer where fewer rows are wanted. */
async function* batches(found: AsyncIterable<Found>, limit: number): AsyncGenerator<Batch> {
  const size = Math.min(MAX_BATCH, Math.max(MIN_BATCH, limit + 1));
  let keys: AuditKey[] = [];
  for await (const each of found) {
    if ('endedAt' in each) {
      yield { keys, endedAt: each.endedAt };
      return;
    }
    keys.push(each.key);
    if (keys.length < size) continue;
    yield { keys };
    keys = [];
  }
  if (keys.length > 0) yield { keys };
}

async function* keysOf(plan: AuditPlan, source: Source, check: () => void): AsyncGenerator<Found> {
  switch (plan.kind) {
    case 'never':
      return;
    case 'partitions': {
      const streams = plan.keys.map((key) => new AuditKeyStream(source, plan, plan.index, key));
      for await (const key of mergeKeys(streams)) yield { key };
      return;
    }
    case 'days':
      yield* keysByDay(plan, source, check);
  }
}

/** Goes back day by day, in longer strides where there is nothing. A gap ends it only if no oldest day was asked for. */
async function* keysByDay(plan: DaysPlan, source: Source, check: () => void): AsyncGenerator<Found> {
  const oldest = plan.oldest !== undefined && plan.oldest > EARLIEST_DAY ? plan.oldest : EARLIEST_DAY;
  let day = plan.newest;
  let stride = 1;
  let empty = 0;
  while (day >= oldest) {
    check();
    const asked: string[] = [];
    for (; asked.length < stride && day >= oldest; day = dayBefore(day)) asked.push(day);
    const partitions = asked.flatMap(dayPartitions);
    let isEmpty = true;
    for await (const key of mergeKeys(partitions.map((each) => new AuditKeyStream(source, plan, 'by_day', each)))) {
      isEmpty = false;
      yield { key };
    }
    empty = isEmpty ? empty + asked.length : 0;
    stride = isEmpty ? Math.min(MAX_DAYS, stride * 2) : 1;
    const endedAt = asked.at(-1);
    if (plan.oldest === undefined && empty >= EMPTY_DAYS && endedAt !== undefined && day >= oldest) {
      yield { endedAt };
      return;
    }
  }
}
