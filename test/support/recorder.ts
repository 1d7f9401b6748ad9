// What a client asks of DynamoDB, in the words of IAM: which action on which table or index.

import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';

/** One action of one call. */
export type Asked = {
  readonly action: string;
  /** The name of the table, and of the index where it is one: `table/index/name`. */
  readonly resource: string;
  readonly isInTransaction: boolean;
  /** The partition keys of the items that it is about, as DynamoDB's JSON; undefined: the call names none. */
  readonly items: readonly Readonly<Record<string, unknown>>[];
};

type Part = { readonly TableName: string; readonly Key?: Fields; readonly Item?: Fields };
type Fields = Readonly<Record<string, unknown>>;
type Input = Partial<Part> & {
  readonly IndexName?: string;
  readonly RequestItems?: Readonly<Record<string, { readonly Keys: readonly Fields[] }>>;
  readonly TransactItems?: readonly Readonly<Record<string, Part>>[];
};

/** What each action of a transaction is to IAM. */
const IN_TRANSACTION: Readonly<Record<string, string>> = {
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  ConditionCheck: 'ConditionCheckItem',
};

/** The client, telling what it is about to ask. */
export function recorded(client: DynamoDBClient, tell: (asked: Asked) => void): DynamoDBClient {
  type Next = (args: { readonly input: Input }) => Promise<unknown>;
  const record =
    (next: Next, { commandName = '' }: { commandName?: string }): Next =>
    (args) => {
      for (const asked of askedBy(commandName.replace('Command', ''), args.input)) tell(asked);
      return next(args);
    };
  client.middlewareStack.add(record as never, { name: 'recorder', step: 'initialize', override: true });
  return client;
}

function askedBy(operation: string, input: Input): Asked[] {
  const { RequestItems, TransactItems, TableName = '', IndexName, Key, Item } = input;
  const of = (action: string, resource: string, items: readonly Fields[], isInTransaction = false): Asked => {
    return { action: `dynamodb:${action}`, resource, isInTransaction, items };
  };
  if (RequestItems) return Object.entries(RequestItems).map(([name, { Keys }]) => of(operation, name, Keys));
  if (TransactItems) {
    return TransactItems.flatMap((parts) =>
      Object.entries(parts).map(([kind, part]) =>
        of(IN_TRANSACTION[kind] ?? kind, part.TableName, [part.Key ?? part.Item ?? {}], true),
      ),
    );
  }
  const items = [Key, Item].flatMap((each) => (each ? [each] : []));
  return [of(operation, IndexName === undefined ? TableName : `${TableName}/index/${IndexName}`, items)];
}
