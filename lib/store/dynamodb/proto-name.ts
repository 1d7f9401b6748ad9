// An attribute may be called `__proto__`. The SDK (3.1164) loses the value of such an attribute when it reads an item:
// it marks the name before it looks at the value. Answers that hold the name are therefore read under an alias, which is
// taken back from the items. All other answers pass untouched.

import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type Item, itemOf, type Value } from '../../base/value.ts';

const NAME = '__proto__';
/** The texts of a JSON document, keys among them. */
const TEXTS = /"[^"\\]*(?:\\.[^"\\]*)*"(\s*:)?/g;

type Response = { body?: AsyncIterable<Uint8Array> | Uint8Array };
type Output = { Item?: Item; Items?: Item[]; Responses?: Record<string, Item[]> };
type Next = (args: never) => Promise<{ response: Response; output: Output }>;

/** Makes a client read items that have an attribute called `__proto__`. */
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
    const alias = unusedAlias(text);
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

/** A name that stands nowhere in the answer, so that what is taken back is only what was put in. */
function unusedAlias(text: string): string {
  let number = 0;
  while (text.includes(`${NAME}${number}`)) number += 1;
  return `${NAME}${number}`;
}

/** Only whole keys: a text that has the name inside, or is it, stays. */
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
