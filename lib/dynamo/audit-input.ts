// An audit plan → the inputs of its DynamoDB calls, as plain data: keys from an index, rows by their keys.

import { type Item, itemOf, type Value } from '../base/value.ts';
import { AUDIT_INDEXES, type AuditIndex, DAY_SHARDS } from '../definition/audit-indexes.ts';
import type { AuditPlan } from '../plan/audit-plan.ts';
import type { PlaceholderMaps } from './placeholders.ts';
import { Placeholders } from './placeholders.ts';

/** The key of an audit row. */
export type AuditKey = { readonly time: string; readonly id: string };

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
  const placeholders = new Placeholders();
  const equal = `${placeholders.name(AUDIT_INDEXES[index])} = ${placeholders.value({ S: partition })}`;
  const range = rangeOf(plan.window, placeholders);
  return {
    TableName: tableName,
    IndexName: index,
    KeyConditionExpression: range === undefined ? equal : `${equal} AND ${range}`,
    ScanIndexForward: false,
    Limit: Math.min(MOST_KEYS, Math.max(FEWEST_KEYS, plan.limit + 1)),
    ...placeholders.maps(),
  };
}

function rangeOf({ from, to }: AuditPlan['window'], placeholders: Placeholders): string | undefined {
  const bound = (text: string) => placeholders.value({ S: text });
  if (from === undefined && to === undefined) return undefined;
  const time = placeholders.name('time');
  if (from !== undefined && to !== undefined) return `${time} BETWEEN ${bound(from)} AND ${bound(to)}`;
  return from !== undefined ? `${time} >= ${bound(from)}` : `${time} <= ${bound(to as string)}`;
}

/** The partitions of `by_day` that hold a day. */
export function dayPartitions(day: string): readonly string[] {
  return Array.from({ length: DAY_SHARDS }, (_, shard) => `${day}#${shard}`);
}

export function compileKey({ time, id }: AuditKey): Item {
  return itemOf([
    ['time', { S: time }],
    ['id', { S: id }],
  ] satisfies [string, Value][]);
}

/** The keys of a row's further rows; row.ts numbers them behind the id. */
export function furtherKeys({ time, id }: AuditKey, parts: number): readonly AuditKey[] {
  return Array.from({ length: Math.max(0, parts - 1) }, (_, at) => ({ time, id: `${id}#${at + 1}` }));
}
