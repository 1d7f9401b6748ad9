// Audit rows by their keys, each with its further rows.

import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { attribute, type Item } from '../base/value.ts';
import { compileRows, furtherKeys, keyOf } from '../dynamo/audit-input.ts';
import type { AuditKey } from '../plan/audit-plan.ts';
import { batchGet, type World } from './batch-get.ts';

export type AuditSource = { readonly client: DynamoDBClient; readonly tableName: string };

/**
 * The rows of those keys, in their order. A key without a row is left out: the row expired, its index entry lingers.
 * @param until microseconds since 1970
 */
export async function readAuditRows(
  source: AuditSource,
  keys: readonly AuditKey[],
  world: World,
  until: number,
): Promise<readonly (readonly Item[])[]> {
  const rows = await readRows(source, keys, world, until);
  const further = (key: AuditKey): readonly AuditKey[] => {
    const parts = attribute(rows.get(nameOf(key)) ?? {}, 'parts');
    return parts && 'N' in parts ? furtherKeys(key, Number(parts.N)) : [];
  };
  const more = await readRows(source, keys.flatMap(further), world, until);
  return keys
    .map((key) => [rows.get(nameOf(key)), ...further(key).map((each) => more.get(nameOf(each)))])
    .filter(([row]) => row !== undefined)
    .map((record) => record.filter((row) => row !== undefined));
}

function nameOf({ time, id }: AuditKey): string {
  return `${time} ${id}`;
}

async function readRows(
  { client, tableName }: AuditSource,
  keys: readonly AuditKey[],
  world: World,
  until: number,
): Promise<ReadonlyMap<string, Item>> {
  const found = new Map<string, Item>();
  for (const input of compileRows(keys, tableName)) {
    const rows = await batchGet(client, input, world, until);
    for (const row of rows(tableName)) found.set(nameOf(keyOf(row)), row);
  }
  return found;
}
