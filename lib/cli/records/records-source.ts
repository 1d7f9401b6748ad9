// Stored auth records and groups, from tables or from JSON files: a list, a seed file, or what `aws dynamodb scan` prints.

import { existsSync, readFileSync } from 'node:fs';
import { type DynamoDBClient, paginateScan, ResourceNotFoundException } from '@aws-sdk/client-dynamodb';
import { parseJson } from '../../base/json.ts';
import { canonicalNumber } from '../../base/number.ts';
import { attribute, type Item, itemOf, type Value } from '../../base/value.ts';
import { UsageError } from '../../local/usage-error.ts';
import type { StoredRecords } from './records-check.ts';

type Part = keyof StoredRecords;

/** Every record of the two tables, read consistently. Throws UsageError for a table that is not there. */
export async function scanRecords(
  client: DynamoDBClient,
  tables: Readonly<Partial<Record<Part, string>>>,
): Promise<StoredRecords> {
  return { auth: await scan(client, tables.auth), groups: await scan(client, tables.groups) };
}

async function scan(client: DynamoDBClient, TableName: string | undefined): Promise<readonly Item[]> {
  if (TableName === undefined) return [];
  const items: Item[] = [];
  try {
    for await (const { Items = [] } of paginateScan({ client }, { TableName, ConsistentRead: true }))
      items.push(...(Items as unknown as Item[]));
    return items;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) throw new UsageError(`there is no table '${TableName}'`);
    throw new Error(`cannot read '${TableName}': ${(error as Error).message || (error as Error).name}`);
  }
}

/** The records of files; a seed file given for one part is read for both. */
export function readRecords(files: Readonly<Partial<Record<Part, string>>>): StoredRecords {
  const first = files.auth ?? files.groups;
  const of = (part: Part) => (files[part] ?? first) as string;
  return { auth: readPart(of('auth'), 'auth', files), groups: readPart(of('groups'), 'groups', files) };
}

function readPart(file: string, part: Part, files: Readonly<Partial<Record<Part, string>>>): readonly Item[] {
  if (!existsSync(file)) throw new UsageError(`there is no file at ${file}`);
  const parsed = parseJson(readFileSync(file, 'utf8'));
  if ('faults' in parsed) {
    const lines = parsed.faults.map(({ path, message }) => `  ${path === '' ? 'the file' : `${path}:`} ${message}`);
    throw new UsageError(`${file} cannot be read:`, ...lines);
  }
  const records = recordsIn(parsed.value, part, files[part] !== undefined);
  return records.map((value, at) => {
    if ('M' in value) return value.M;
    throw new UsageError(`${file}: element ${at} of the ${part} is no object`);
  });
}

/** A list is of the part that it was given for; of an object only its own part counts. */
function recordsIn(value: Value, part: Part, isNamed: boolean): readonly Value[] {
  if ('L' in value) return isNamed ? value.L : [];
  const scanned = 'M' in value ? attribute(value.M, 'Items') : undefined;
  if (scanned && 'L' in scanned)
    return isNamed ? scanned.L.map((item) => ('M' in item ? { M: unmarshal(item.M) } : item)) : [];
  const own = 'M' in value ? attribute(value.M, part) : undefined;
  return own && 'L' in own ? own.L : [];
}

/** An item in DynamoDB's JSON, where each value stands under the code of its type. */
function unmarshal(item: Item): Item {
  return itemOf(Object.entries(item).map(([name, typed]) => [name, 'M' in typed ? unmarshalValue(typed.M) : typed]));
}

function unmarshalValue(typed: Item): Value {
  const [[code, value] = ['NULL', { NULL: true } as Value]] = Object.entries(typed);
  if (code === 'N' && 'S' in value) return { N: canonicalNumber(value.S) ?? value.S };
  if (code === 'M' && 'M' in value) return { M: unmarshal(value.M) };
  if (code === 'L' && 'L' in value) return { L: value.L.map((each) => ('M' in each ? unmarshalValue(each.M) : each)) };
  if (code === 'SS' && 'L' in value) return { SS: value.L.map((each) => ('S' in each ? each.S : '')) };
  return value;
}
