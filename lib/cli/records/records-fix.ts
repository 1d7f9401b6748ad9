// Adds the types that auth records lack. Each write demands that the record is still the one that was shown.

import { ConditionalCheckFailedException, type DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { RecordKind } from '../../access/records.ts';
import { attribute, type Item, textOf } from '../../base/value.ts';

export type TypeChange = { readonly id: string; readonly type: RecordKind; readonly item: Item };

/** The attributes that tell the kinds apart: a record that has gained one meanwhile may be of another kind. */
const TELLING = ['type', 'name', 'username', 'email'];

/**
 * The types to add. A record with name, username and email is taken for an API key already, so that the type changes
 * nothing, unless its username is its id, as a person has it. Of others nothing tells: they get `other`, or none.
 */
export function typeChanges(
  auth: readonly Item[],
  other: 'USERNAME' | 'OIDC_GROUP' | undefined,
): readonly TypeChange[] {
  return auth.flatMap((item) => {
    const id = textOf(item, 'id');
    if (id === undefined || attribute(item, 'type')) return [];
    const isKey =
      ['name', 'username', 'email'].every((name) => attribute(item, name)) && textOf(item, 'username') !== id;
    const type = isKey ? ('API_KEY' as const) : other;
    return type === undefined ? [] : [{ id, type, item }];
  });
}

/** Writes the type; returns false if somebody changed the record meanwhile. */
export async function writeType(client: DynamoDBClient, TableName: string, change: TypeChange): Promise<boolean> {
  const { id, type, item } = change;
  const names: Record<string, string> = { '#type': 'type' };
  const values: Record<string, unknown> = { ':type': { S: type } };
  const unchanged = Object.entries(item).map(([name, value], at) => {
    names[`#${at}`] = name;
    values[`:${at}`] = value;
    return `#${at} = :${at}`;
  });
  const absent = TELLING.filter((name) => !attribute(item, name)).map((name) => {
    names[`#${name}`] = name;
    return `attribute_not_exists(#${name})`;
  });
  try {
    await client.send(
      new UpdateItemCommand({
        TableName,
        Key: { id: { S: id } },
        UpdateExpression: 'SET #type = :type',
        ConditionExpression: [...unchanged, ...absent].join(' AND '),
        ExpressionAttributeNames: names,
        ExpressionAttributeValues: values as never,
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw new Error(`cannot write '${id}': ${(error as Error).message || (error as Error).name}`);
  }
}
