// An audit plan → the inputs of its DynamoDB calls, as plain data: keys from an index, rows by their keys.

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

/** Keys of one call: enough for most pages, and few enough that a small page is cheap. */
const FEWEST_KEYS = 25;
const MOST_KEYS = 1_000;

/** The call for the keys of one partition of an index, newest first. */
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

/** The partitions of `by_day` that hold a day. */
export function dayPartitions(day: string): readonly string[] {
  return Array.from({ length: DAY_SHARDS }, (_, shard) => `${day}#${shard}`);
}

/** The calls for rows by their keys. They are consistent, as an index may know of a row before every replica of the table does. */
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

/** The key of a row, from its item. */
export function keyOf(row: Item): AuditKey {
  const { time, id } = row as { readonly time: { readonly S: string }; readonly id: { readonly S: string } };
  return { time: time.S, id: id.S };
}

/** The keys of a row's further rows; row.ts numbers them behind the id. */
export function furtherKeys({ time, id }: AuditKey, parts: number): readonly AuditKey[] {
  return Array.from({ length: Math.max(0, parts - 1) }, (_, at) => ({ time, id: `${id}#${at + 1}` }));
}
