// Reads audit rows by their keys, each with its further rows.

import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { attribute, type Item } from '../../base/value.ts';
import { compileRows, furtherKeys, keyOf } from '../../dynamo/audit-input.ts';
import { BATCH_KEYS } from '../../dynamo/limits.ts';
import type { AuditKey } from '../../plan/audit-plan.ts';
import { batchGet, type World } from '../dynamodb/batch-get.ts';

/** The client and the name in the account of the audit table. */
export type AuditSource = { readonly client: DynamoDBClient; readonly tableName: string };

/** The most further rows that are read at once, unless one row has more: each may be as large as an item can be. */
const MOST_FURTHER = 25;

/**
 * Reads the rows of keys, in their order. A key without a row is left out: the row expired before its index entry.
 * @param until microseconds since 1970
 */
export async function* readAuditRows(
  source: AuditSource,
  keys: readonly AuditKey[],
  world: World,
  until: number,
): AsyncGenerator<readonly Item[]> {
  for (let at = 0; at < keys.length; at += BATCH_KEYS) {
    const asked = keys.slice(at, at + BATCH_KEYS);
    const rows = await readRows(source, asked, world, until);
    const found = asked.flatMap((key) => present(rows.get(nameOf(key))));
    for (const some of inGroups(found)) {
      const further = await readRows(source, some.flatMap(furtherOf), world, until);
      for (const row of some) yield [row, ...furtherOf(row).flatMap((key) => present(further.get(nameOf(key))))];
    }
  }
}

/** Groups rows, in order, so that those of one group have few further rows together. */
function inGroups(rows: readonly Item[]): readonly (readonly Item[])[] {
  const groups: Item[][] = [[]];
  let further = 0;
  for (const row of rows) {
    const { length } = furtherOf(row);
    if (further > 0 && further + length > MOST_FURTHER) {
      groups.push([]);
      further = 0;
    }
    groups.at(-1)?.push(row);
    further += length;
  }
  return groups;
}

function furtherOf(row: Item): readonly AuditKey[] {
  const parts = attribute(row, 'parts');
  return parts && 'N' in parts ? furtherKeys(keyOf(row), Number(parts.N)) : [];
}

function present(row: Item | undefined): readonly Item[] {
  return row ? [row] : [];
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
