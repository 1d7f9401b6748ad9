// Lets the SDK read attributes called `__proto__`, whose values it loses (3.1164): it marks the name before it reads the value.
// In an answer with that name the name is replaced by an alias before the SDK parses it, and restored in the items
// afterwards. All other answers pass unchanged.

import { randomBytes } from 'node:crypto';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type Item, itemOf, type Value } from '../../base/value.ts';

const NAME = '__proto__';
/** Matches the texts of a JSON document, keys among them. */
const TEXTS = /"[^"\\]*(?:\\.[^"\\]*)*"(\s*:)?/g;

type Response = { body?: AsyncIterable<Uint8Array> | Uint8Array };
type Output = { Item?: Item; Items?: Item[]; Responses?: Record<string, Item[]> };
type Next = (args: never) => Promise<{ response: Response; output: Output }>;

/** Adds middleware to a client that preserves attributes called `__proto__`. */
export function readProtoNames(client: DynamoDBClient): DynamoDBClient {
  const aliases = new WeakMap<object, string>();
  const aliasing = (next: Next) => async (args: never) => {
    const result = await next(args);
    const { response } = result;
    if (!response.body) return result;
    const body = await collect(response.body);
    response.body = body;
    if (!body.includes(NAME)) return result;
    const text = body.toString('utf8');
    const alias = unusedAlias(text, drawAlias);
    aliases.set(response, alias);
    response.body = Buffer.from(withAlias(text, alias));
    return result;
  };
  const restoring = (next: Next) => async (args: never) => {
    const result = await next(args);
    const alias = aliases.get(result.response);
    if (alias !== undefined) restore(result.output, alias);
    return result;
  };
  add(client, aliasing, 'after');
  add(client, restoring, 'before');
  return client;
}

function add(client: DynamoDBClient, middleware: (next: Next) => Next, relation: 'after' | 'before'): void {
  const options = { name: `protoName-${relation}`, relation, toMiddleware: 'deserializerMiddleware', override: true };
  client.middlewareStack.addRelativeTo(middleware as never, options);
}

async function collect(body: AsyncIterable<Uint8Array> | Uint8Array): Promise<Buffer> {
  if (body instanceof Uint8Array) return Buffer.from(body);
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Draws an alias with 64 random bits, which nobody who writes rows can guess. */
function drawAlias(): string {
  return `${NAME}${randomBytes(8).toString('hex')}`;
}

/** Draws aliases until one is not in the answer, so that restoring replaces nothing else. */
export function unusedAlias(text: Pick<string, 'includes'>, draw: () => string): string {
  for (;;) {
    const alias = draw();
    if (!text.includes(alias)) return alias;
  }
}

/** Replaces the name by an alias where it is a whole key. `{"__proto__":"__proto__"}` → `{"ALIAS":"__proto__"}`. */
function withAlias(text: string, alias: string): string {
  return text.replace(TEXTS, (match, colon: string | undefined) =>
    colon !== undefined && match.startsWith(`"${NAME}"`) ? `"${alias}"${colon}` : match,
  );
}

function restore(output: Output, alias: string): void {
  const restoreItem = (item: Item) => restored(item, alias);
  if (output.Item) output.Item = restoreItem(output.Item);
  if (output.Items) output.Items = output.Items.map(restoreItem);
  for (const [table, items] of Object.entries(output.Responses ?? {})) {
    output.Responses = { ...output.Responses, [table]: items.map(restoreItem) };
  }
}

function restored(item: Item, alias: string): Item {
  const name = (stored: string) => (stored === alias ? NAME : stored);
  return itemOf(Object.entries(item).map(([stored, value]) => [name(stored), restoredValue(value, alias)]));
}

function restoredValue(value: Value, alias: string): Value {
  if ('M' in value) return { M: restored(value.M, alias) };
  return 'L' in value ? { L: value.L.map((element) => restoredValue(element, alias)) } : value;
}
