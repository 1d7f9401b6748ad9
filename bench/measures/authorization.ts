// Round trips of the authorization, own record and five groups: for the groups of last time, and after a change of them.
// And that no permission is used that is there no more.

import { DeleteItemCommand, type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { Item } from '../../lib/base/value.ts';
import type { Handler } from '../../lib/http/serve.ts';
import { createClient } from '../../lib/store/dynamodb/client.ts';
import { Counter } from '../counter.ts';
import type { Figure } from '../figures.ts';
import { groupRecord, keyRecord } from '../records.ts';
import { GROUPS, idOf } from '../rows.ts';
import { largest, type Measure, type Task } from '../task.ts';
import { eventOf, warmHandler } from '../warm.ts';

const ENDPOINT = 'GET /item/{id}';
const CALLER = 'key-changing';
const GROUP = 'group-changing';
const OK = 200;
const NOT_FOUND = 404;
const REFUSED = 403;

export const measureAuthorization: Measure = async (task) => {
  const { client: admin, put } = writer(task);
  await put(task.tables.groups, groupRecord(GROUP, {}));
  await put(task.tables.auth, keyRecord(CALLER, { groups: groupsFrom(0) }));
  const client = createClient(task.endpoint);
  const ask = asking(warmHandler(task, { api: 'unaudited', endpoint: ENDPOINT, on: largest(task), client }), client);
  await ask(OK);
  const same = await ask(OK);
  await put(task.tables.auth, keyRecord(CALLER, { groups: groupsFrom(4) }));
  const changed = await ask(OK);
  const again = await ask(OK);
  const stale = await countStale({ task, admin, put, ask });
  const figure = (what: string, value: number, target: number): Figure => ({
    row: 'authorization',
    what,
    against: 'one BatchGetItem',
    value,
    unit: 'round trips',
    target: { at: 'most', value: target },
  });
  return {
    figures: [
      figure('authorization, the groups of last time', Math.max(same, again), 1),
      figure('authorization, other groups', changed, 2),
      { ...figure('authorization, answers by what is revoked', stale, 0), against: 'none', unit: 'answers' },
    ],
  };
};

/** Five groups, the changing one among them. */
function groupsFrom(at: number): readonly string[] {
  return [GROUP, ...GROUPS.slice(at, at + 4)];
}

type Ask = (status: number) => Promise<number>;

/** Asks for an item, and gives the round trips before the item itself was read. */
function asking(handler: Handler, client: DynamoDBClient): Ask {
  const counter = new Counter(client);
  const event = eventOf(ENDPOINT, { as: CALLER, parameters: { id: idOf(1) } });
  return async (status) => {
    counter.take();
    const answer = await handler(event, {});
    if (answer.statusCode !== status) throw new Stale(`${answer.statusCode} instead of ${status}: ${answer.body}`);
    return counter.take().filter(({ command }) => command === 'BatchGetItemCommand').length;
  };
}

class Stale extends Error {}

function writer({ endpoint }: Task) {
  const client = createClient(endpoint);
  const put = async (TableName: string, Item: Item): Promise<void> => {
    await client.send(new PutItemCommand({ TableName, Item: Item as never }));
  };
  return { client, put };
}

type World = {
  readonly task: Task;
  readonly admin: DynamoDBClient;
  readonly put: (table: string, item: Item) => Promise<void>;
  readonly ask: Ask;
};

/** The warm instance's answers that do not follow a change made just before. */
async function countStale({ task, admin, put, ask }: World): Promise<number> {
  const { auth, groups } = task.tables;
  const nothing = { filter_fields: [{ field: 'active', operator: 'eq', value: false }] };
  const record = keyRecord(CALLER, { groups: groupsFrom(4) });
  const changes: readonly (readonly [() => Promise<unknown>, number])[] = [
    [() => put(groups, groupRecord(GROUP, nothing)), NOT_FOUND],
    [() => put(groups, groupRecord(GROUP, {})), OK],
    [() => admin.send(new DeleteItemCommand({ TableName: groups, Key: { group_id: { S: GROUP } } })), REFUSED],
    [() => put(groups, groupRecord(GROUP, {})), OK],
    [() => put(auth, keyRecord(CALLER, { groups: groupsFrom(4), disabled: true })), REFUSED],
    [() => put(auth, record), OK],
  ];
  let stale = 0;
  for (const [change, status] of changes) {
    await change();
    try {
      await ask(status);
    } catch (error) {
      if (!(error instanceof Stale)) throw error;
      stale += 1;
    }
  }
  return stale;
}
