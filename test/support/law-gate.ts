// What laws do with an API beyond calling it: begin anew with given rows and records, and compare answers.

import { BatchWriteItemCommand, type DynamoDBClient, PutItemCommand, paginateScan } from '@aws-sdk/client-dynamodb';
import type { Item } from '../../lib/base/value.ts';
import { SEAL_ID } from '../../lib/definition/requests.ts';
import { keyNames } from '../../lib/definition/table.ts';
import { createClient } from '../../lib/store/dynamodb/client.ts';
import type { Received, Sent, useApi } from './api.ts';
import type { TestEngine } from './engine.ts';
import { type Stock, TABLES } from './law-api.ts';
import type { Plain } from './law-callers.ts';
import type { Ask } from './law-requests.ts';

export type Gate = ReturnType<typeof useApi>;

const BATCH = 25;
const SERVER_ERROR = 500;

async function write(engine: TestEngine, TableName: string, requests: readonly object[]): Promise<void> {
  for (let at = 0; at < requests.length; at += BATCH) {
    const RequestItems = { [TableName]: requests.slice(at, at + BATCH) as never };
    await engine.client.send(new BatchWriteItemCommand({ RequestItems }));
  }
}

/** Deletes every row of a table. */
async function clear(engine: TestEngine, TableName: string, keys: readonly string[]): Promise<void> {
  const names = keys.map((_, at) => `#k${at}`);
  const input = {
    TableName,
    ConsistentRead: true,
    ProjectionExpression: names.join(),
    ExpressionAttributeNames: Object.fromEntries(names.map((name, at) => [name, keys[at] as string])),
  };
  for await (const { Items = [] } of paginateScan({ client: engine.client }, input)) {
    const requests = Items.map((Key) => ({ DeleteRequest: { Key } }));
    await write(engine, TableName, requests);
  }
}

/** Begins anew: these rows, and no audit. */
export async function restock({ engine, names }: Gate, stock: Stock): Promise<void> {
  const tables = TABLES.map(async (each) => {
    const name = names.data.get(each.name) ?? '';
    await clear(engine, name, keyNames(each));
    const rows = (stock[each.name] ?? []).map((Item) => ({ PutRequest: { Item } }));
    await write(engine, name, rows);
  });
  await Promise.all([...tables, clear(engine, names.audit, ['time', 'id'])]);
}

/** The key under which a gate seals: gates with the same key make the same entity tags. */
export async function sealWith({ engine, names }: Gate, key: Uint8Array): Promise<void> {
  const Item = { id: { S: SEAL_ID }, key: { B: key } };
  await engine.client.send(new PutItemCommand({ TableName: names.requests, Item }));
}

export async function admit(gate: Gate, { auth, groups }: { readonly auth: Plain[]; readonly groups: Plain[] }) {
  await Promise.all([gate.auth(...auth), gate.groups(...groups)]);
}

/** Sends a request. Whatever is asked, it is no defect and nothing that DynamoDB refuses: both would be a 500. */
export async function ask(gate: Gate, { method, path, query, text }: Ask, more: Sent): Promise<Received> {
  const sent = { ...more, ...(query && { query }), ...(text !== undefined && { text }) };
  const answer = await gate.send(method, path, sent);
  if (answer.status >= SERVER_ERROR) {
    throw new Error(
      `${answer.status} for ${JSON.stringify({ method, path, ...sent })}: ${answer.text} ${gate.logs.at(-1)}`,
    );
  }
  return answer;
}

/** The audit of all is read from a time on: without one it is looked for a month back. @param since ISO 8601 */
export function recently(each: Ask, since: string): Ask {
  return each.path === '/audit' ? { ...each, query: [...(each.query ?? []), ['time__gte', since]] } : each;
}

const readers = new WeakMap<TestEngine, DynamoDBClient>();

/** The rows of a table as they are stored; read as the API reads them, whose client knows the name `__proto__`. */
export async function stored({ engine, names }: Gate, table: string): Promise<readonly Item[]> {
  const client = readers.get(engine) ?? createClient(engine.endpoint);
  readers.set(engine, client);
  const found: Item[] = [];
  const input = { TableName: names.data.get(table) ?? '', ConsistentRead: true };
  for await (const { Items = [] } of paginateScan({ client }, input)) found.push(...(Items as unknown as Item[]));
  return found;
}

const PASSING: readonly (readonly [RegExp, string | ((match: string) => string)])[] = [
  [/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, 'uuid'],
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z/g, 'time'],
  [/"expire_time":\d{10}/g, 'expiry'],
  [/;dur=\d+/g, ';dur'],
  // A cursor: as long as its like.
  [/[\w-]{300,}/g, (token) => `token of ${token.length}`],
];

/** All that a caller gets, but for what differs from one call to the next: ids, times, and what is in cursors. */
export function faceOf({ status, headers, text }: Received): string {
  const whole = JSON.stringify([status, Object.entries(headers).sort(), text]);
  // The text stands in a text of JSON: its quotes are escaped.
  return PASSING.reduce((face, [what, by]) => face.replace(what, by as string), whole.replaceAll('\\"', '"'));
}

const SHOWN = 300;

/** Where two faces part, for a message; undefined where they are the same. */
export function partOf(left: string, right: string): readonly string[] | undefined {
  if (left === right) return undefined;
  let at = 0;
  while (left[at] === right[at]) at += 1;
  return [left, right].map((face) => face.slice(Math.max(0, at - SHOWN), at + SHOWN));
}
