// What the handlers are measured against: a handler with the same SDK and the same settings of its client, written for
// one purpose by someone who needs no access control. It makes the same authorization read in one call and looks at
// little of it, makes the one call for the data, and answers the same body.

import {
  type AttributeValue,
  BatchGetItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import type { HttpAnswer } from '../../lib/http/problem.ts';
import { EXCLUDED, FIVE_GROUPS } from '../rows.ts';
import { bareAuditRow } from './audit-row.ts';
import type { BareEvent } from './event.ts';
import { fromItem, toItem } from './plain.ts';

export type BareTables = {
  readonly auth: string;
  readonly groups: string;
  readonly data: string;
  readonly audit: string;
};

export type BareHandler = (event: BareEvent) => Promise<HttpAnswer>;

type Use = (event: BareEvent, record: Plain) => Promise<HttpAnswer>;
type Plain = Record<string, unknown>;

const HEADERS = { 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-store' };

export function bareGet(client: DynamoDBClient, tables: BareTables): BareHandler {
  return authorized(client, tables, async (event) => {
    const Key = { id: { S: event.pathParameters?.['id'] ?? '' } };
    const { Item } = await client.send(new GetItemCommand({ TableName: tables.data, Key, ConsistentRead: true }));
    const item = Item && fromItem(Item);
    return item?.['active'] === true ? answer(200, shown(item)) : answer(404, { code: 'not_found' });
  });
}

export function bareList(client: DynamoDBClient, tables: BareTables): BareHandler {
  return authorized(client, tables, async (event) => {
    const { Items = [] } = await client.send(
      new QueryCommand({
        TableName: tables.data,
        IndexName: 'by_lot',
        KeyConditionExpression: '#lot = :lot',
        FilterExpression: '#active = :active',
        ExpressionAttributeNames: { '#lot': 'lot', '#active': 'active' },
        ExpressionAttributeValues: {
          ':lot': { S: event.queryStringParameters?.['lot'] ?? '' },
          ':active': { BOOL: true },
        },
      }),
    );
    return answer(
      200,
      Items.map((item) => shown(fromItem(item))),
    );
  });
}

export function bareCreate(client: DynamoDBClient, tables: BareTables): BareHandler {
  return authorized(client, tables, async (event, record) => {
    const body: Plain = JSON.parse(event.body ?? '{}');
    if (body['active'] !== true || EXCLUDED in body) return answer(403, { code: 'row_not_permitted' });
    const put = (TableName: string, Item: Record<string, AttributeValue>, key: string) => {
      return { Put: { TableName, Item, ConditionExpression: `attribute_not_exists(${key})` } };
    };
    const item = toItem(body);
    const audit = bareAuditRow({ event, record, body, item });
    const TransactItems = [put(tables.data, item, 'id'), put(tables.audit, audit, 'id')];
    await client.send(new TransactWriteItemsCommand({ TransactItems }));
    return answer(201, { id: body['id'] });
  });
}

/** The own record and the groups, consistently, in one call: who is not found or disabled is refused. */
function authorized(client: DynamoDBClient, { auth, groups }: BareTables, use: Use): BareHandler {
  return async (event) => {
    const { apiKeyId } = event.requestContext.identity;
    if (apiKeyId === undefined) return answer(401, { code: 'unauthenticated' });
    const { Responses = {} } = await client.send(
      new BatchGetItemCommand({
        RequestItems: {
          [auth]: { Keys: [{ id: { S: apiKeyId } }], ConsistentRead: true },
          [groups]: { Keys: FIVE_GROUPS.map((id) => ({ group_id: { S: id } })), ConsistentRead: true },
        },
      }),
    );
    const record = Responses[auth]?.[0];
    if (!record || record['disabled']?.BOOL || Responses[groups]?.length !== FIVE_GROUPS.length) {
      return answer(403, { code: 'not_authorized' });
    }
    return await use(event, fromItem(record));
  };
}

function shown({ [EXCLUDED]: _, ...rest }: Plain): Plain {
  return rest;
}

function answer(statusCode: number, body: unknown): HttpAnswer {
  return { statusCode, headers: HEADERS, body: JSON.stringify(body) };
}
