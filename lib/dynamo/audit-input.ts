// Compiles an audit plan to the inputs of its DynamoDB calls, as plain data: keys from an index, then rows by their keys.

import { type Item, itemOf, type Value } from '../base/value.ts';
import type { Bound } from '../condition/demand.ts';
import { AUDIT_INDEXES, type AuditIndex, DAY_SHARDS } from '../definition/audit-indexes.ts';
import type { AuditKey, AuditPlan } from '../plan/audit-plan.ts';
import type { KeyRange } from '../plan/key-range.ts';
import { ExpressionWriter } from './expression.ts';
import { BATCH_KEYS } from './limits.ts';
import type { PlaceholderMaps } from './placeholders.ts';
import { type BatchInput, rangeCondition } from './read-input.ts';

export type KeysInput = PlaceholderMaps & {
  readonly TableName: string;
  readonly IndexName: AuditIndex;
  readonly KeyConditionExpression: string;
  readonly ScanIndexForward: false;
  readonly Limit: number;
};

/** The bounds of one call's keys: enough for most pages, and few enough that a small page is cheap. */
const FEWEST_KEYS = 25;
const MOST_KEYS = 1_000;

/** Compiles the query for the keys of one partition, newest first. `by_day`, `2026-11-22#0` → `#a = :a`, backward. */
export function compileKeys(plan: AuditPlan, index: AuditIndex, partition: string, tableName: string): KeysInput {
  const writer = new ExpressionWriter();
  const equal = `${writer.name(AUDIT_INDEXES[index])} = ${writer.value({ S: partition })}`;
  const range = rangeCondition(writer, 'time', rangeOf(plan.window));
  return {
    TableName: tableName,
    IndexName: index,
    KeyConditionExpression: range === undefined ? equal : `${equal} AND ${range}`,
    ScanIndexForward: false,
    Limit: Math.min(MOST_KEYS, Math.max(FEWEST_KEYS, plan.limit + 1)),
    ...writer.placeholders(),
  };
}

function rangeOf({ from, to }: AuditPlan['window']): KeyRange {
  const bound = (text: string): Bound => ({ value: { S: text }, isIncluded: true });
  return { ...(from !== undefined && { low: bound(from) }), ...(to !== undefined && { high: bound(to) }) };
}

/** Returns the partitions of `by_day` for a day. `2026-11-22` → `2026-11-22#0`, `2026-11-22#1`, … */
export function dayPartitions(day: string): readonly string[] {
  return Array.from({ length: DAY_SHARDS }, (_, shard) => `${day}#${shard}`);
}

/** Compiles the calls for rows by their keys. Reads are consistent: an index may have a row before each replica of the table. */
export function compileRows(keys: readonly AuditKey[], tableName: string): readonly BatchInput[] {
  const Keys = keys.map(keyItem);
  const calls = Array.from({ length: Math.ceil(keys.length / BATCH_KEYS) }, (_, at) => at * BATCH_KEYS);
  return calls.map((at) => ({
    RequestItems: { [tableName]: { Keys: Keys.slice(at, at + BATCH_KEYS), ConsistentRead: true } },
  }));
}

function keyItem({ time, id }: AuditKey): Item {
  return itemOf([
    ['time', { S: time }],
    ['id', { S: id }],
  ] satisfies [string, Value][]);
}

/** Returns the key of a row. */
export function keyOf(row: Item): AuditKey {
  const { time, id } = row as { readonly time: { readonly S: string }; readonly id: { readonly S: string } };
  return { time: time.S, id: id.S };
}

/** Returns the keys of a row's further rows, which images.ts numbers. The id `x`, 3 parts → the ids `x#1`, `x#2`. */
export function furtherKeys({ time, id }: AuditKey, parts: number): readonly AuditKey[] {
  return Array.from({ length: Math.max(0, parts - 1) }, (_, at) => ({ time, id: `${id}#${at + 1}` }));
}
