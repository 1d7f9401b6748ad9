// The requests table: what became of writes with an idempotency key.

import { type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import type { Item } from '../../base/value.ts';
import type { Ports } from '../../operations/request/ports.ts';
import { sent } from './store-errors.ts';

export function findRequest(client: DynamoDBClient, tableName: string): Ports['findRequest'] {
  return async (id) => {
    const input = { TableName: tableName, Key: { id: { S: id } }, ConsistentRead: true };
    const { Item } = await sent(client.send(new GetItemCommand(input)));
    return Item as Item | undefined;
  };
}
