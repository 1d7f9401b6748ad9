// Reads the requests table, which records the outcomes of writes with an idempotency key.

import { type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import type { Item } from '../../base/value.ts';
import type { Ports } from '../../operations/request/ports.ts';
import { sent } from './store-errors.ts';

/** Creates the port that reads the row of a request, consistently; `undefined` if there is none. */
export function findRequest(client: DynamoDBClient, tableName: string): Ports['findRequest'] {
  return async (id) => {
    const input = { TableName: tableName, Key: { id: { S: id } }, ConsistentRead: true };
    const { Item } = await sent(client.send(new GetItemCommand(input)));
    return Item as Item | undefined;
  };
}
