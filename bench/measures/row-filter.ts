// A list by a caller whose records filter on an indexed attribute, against the matching rows alone.

import { QueryCommand } from '@aws-sdk/client-dynamodb';
import { createClient, plainClient } from '../../lib/store/dynamodb/client.ts';
import { Counter, useOf } from '../counter.ts';
import { CALLERS, FILTERED_STATUS } from '../rows.ts';
import { largest, type Measure, type Task } from '../task.ts';
import { answered, eventOf, warmHandler } from '../warm.ts';

const ENDPOINT = 'GET /items';

export const measureRowFilter: Measure = async (task) => {
  const client = createClient(task.endpoint);
  const counter = new Counter(client);
  const handler = warmHandler(task, { api: 'unaudited', endpoint: ENDPOINT, on: largest(task), client });
  const event = eventOf(ENDPOINT, { as: CALLERS.filtered });
  await answered(handler, event);
  counter.take();
  const { body } = await answered(handler, event);
  // The authorization is no part of it.
  const use = useOf(counter.take().filter(({ command }) => command !== 'BatchGetItemCommand'));
  const matching = await readMatching(task);
  const rows = (JSON.parse(body) as readonly unknown[]).length;
  if (rows !== matching.rows) throw new Error(`the list has ${rows} rows, and ${matching.rows} match`);
  return {
    figures: [
      {
        row: 'row-filter',
        what: 'list by row filter, read units',
        against: 'the matching rows alone',
        value: use.readUnits / matching.use.readUnits,
        unit: '×',
        target: { at: 'most', value: 1.1 },
        use,
        referenceUse: matching.use,
        details: { rows },
      },
    ],
  };
};

async function readMatching(task: Task) {
  const client = plainClient(task.endpoint);
  const counter = new Counter(client);
  let rows = 0;
  let start: object | undefined;
  do {
    const { Items = [], LastEvaluatedKey } = await client.send(
      new QueryCommand({
        TableName: largest(task).data,
        IndexName: 'by_status',
        KeyConditionExpression: '#status = :status',
        ExpressionAttributeNames: { '#status': 'status' },
        ExpressionAttributeValues: { ':status': { S: FILTERED_STATUS } },
        ...(start && { ExclusiveStartKey: start as never }),
      }),
    );
    rows += Items.length;
    start = LastEvaluatedKey;
  } while (start);
  return { rows, use: useOf(counter.take()) };
}
