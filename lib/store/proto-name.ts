// An attribute may be called `__proto__`. The SDK (3.1164) loses the value of such an attribute when it reads an item:
// it marks the name before it looks at the value. Answers that hold the name are therefore read under an alias, which is
// taken back from the items. All other answers pass untouched.

import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type Item, itemOf, type Value } from '../base/value.ts';

const NAME = '__proto__';
/** No stored attribute is called so: a control character cannot stand in a path. */
const ALIAS = '\u0000__proto__';

type Response = { body?: AsyncIterable<Uint8Array> | Uint8Array };
type Output = { Item?: Item; Items?: Item[]; Responses?: Record<string, Item[]> };
type Next = (args: never) => Promise<{ response: Response; output: Output }>;

/** Makes a client read items that have an attribute called `__proto__`. */
export function readProtoNames(client: DynamoDBClient): DynamoDBClient {
  const aliased = new WeakSet<object>();
  const alias = (next: Next) => async (args: never) => {
    const result = await next(args);
    const { response } = result;
    if (!response.body) return result;
    const body = await collect(response.body);
    if (body.includes(NAME)) aliased.add(response);
    response.body = body.includes(NAME) ? withAlias(body) : body;
    return result;
  };
  const restored = (next: Next) => async (args: never) => {
    const result = await next(args);
    if (aliased.has(result.response)) restore(result.output);
    return result;
  };
  add(client, alias, 'after');
  add(client, restored, 'before');
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

/** Only a key is followed by a colon: a quote inside a text is escaped. */
function withAlias(body: Buffer): Uint8Array {
  return Buffer.from(body.toString('utf8').replaceAll(`"${NAME}":`, `${JSON.stringify(ALIAS)}:`));
}

function restore(output: Output): void {
  if (output.Item) output.Item = restoreItem(output.Item);
  if (output.Items) output.Items = output.Items.map(restoreItem);
  for (const [table, items] of Object.entries(output.Responses ?? {})) {
    output.Responses = { ...output.Responses, [table]: items.map(restoreItem) };
  }
}

function restoreItem(item: Item): Item {
  return itemOf(Object.entries(item).map(([name, value]) => [name === ALIAS ? NAME : name, restoreValue(value)]));
}

function restoreValue(value: Value): Value {
  if ('M' in value) return { M: restoreItem(value.M) };
  return 'L' in value ? { L: value.L.map(restoreValue) } : value;
}
