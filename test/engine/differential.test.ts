// The law of conditions again, with rows that are generated too, and with more judges: the compiled expression on the
// embedded engine and on Amazon's DynamoDB Local, the evaluator, and the reference (test/support/reference.ts) all find
// the same rows. What an engine takes and DynamoDB refuses is in docs/decisions/engines-differ-in-what-they-refuse.md.

import { BatchWriteItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Item, itemOf, withAttributes } from '../../lib/base/value.ts';
import { type Condition, TRUE } from '../../lib/condition/condition.ts';
import { evaluator } from '../../lib/condition/evaluate.ts';
import { printCondition } from '../../lib/condition/print.ts';
import { simplify } from '../../lib/condition/simplify.ts';
import { ExpressionWriter, filterExpression } from '../../lib/dynamo/expression.ts';
import { hasDynamodbLocal, type TestEngine, useEngine } from '../support/engine.ts';
import { batches } from '../support/generated-rows.ts';
import { proved, runs } from '../support/proof.ts';
import { meets } from '../support/reference.ts';

const ROWS = 12;
const CONDITIONS = 14;
const RUNS = runs(40);
const LONG = runs(120_000);

/** The keys of the table: no condition of a batch mentions them, as a query takes none in its filter. */
const PARTITION = 'batch ';
const SORT = 'row ';

const engines: Readonly<Record<string, TestEngine>> = {
  embedded: useEngine('dynoxide'),
  ...(hasDynamodbLocal() && { amazon: useEngine('dynamodb-local') }),
};
const tables = new Map<TestEngine, string>();

beforeAll(async () => {
  for (const engine of Object.values(engines)) {
    const table = await engine.createTable('generated', {
      KeySchema: [
        { AttributeName: PARTITION, KeyType: 'HASH' },
        { AttributeName: SORT, KeyType: 'RANGE' },
      ],
      AttributeDefinitions: [
        { AttributeName: PARTITION, AttributeType: 'N' },
        { AttributeName: SORT, AttributeType: 'N' },
      ],
    });
    tables.set(engine, table);
  }
});

let batch = 0;
const tally = { asked: 0, telling: 0, whole: 0 };

/** Puts rows into a partition of their own. */
async function put(engine: TestEngine, rows: readonly Item[], partition: number): Promise<void> {
  const requests = rows.map((row, at) => {
    const key = itemOf([
      [PARTITION, { N: String(partition) }],
      [SORT, { N: String(at) }],
    ]);
    return { PutRequest: { Item: withAttributes(row, key) as never } };
  });
  const RequestItems = { [tables.get(engine) ?? '']: requests };
  const { UnprocessedItems = {} } = await engine.client.send(new BatchWriteItemCommand({ RequestItems }));
  expect(UnprocessedItems).toEqual({});
}

/** The places of the rows that an engine finds by the compiled condition, and that satisfy what it left over. */
async function ask(engine: TestEngine, rows: readonly Item[], partition: number, condition: Condition) {
  const writer = new ExpressionWriter();
  const { expression, residue } = filterExpression(condition, writer);
  const input = {
    TableName: tables.get(engine),
    KeyConditionExpression: `${writer.name(PARTITION)} = ${writer.value({ N: String(partition) })}`,
    ProjectionExpression: writer.name(SORT),
    ...(expression !== undefined && { FilterExpression: expression }),
    ...(writer.placeholders() as object),
  };
  const { Items = [], LastEvaluatedKey } = await engine.client.send(new QueryCommand(input));
  expect(LastEvaluatedKey).toBeUndefined();
  const found = Items.map((item) => Number(item[SORT]?.N)).sort((one, other) => one - other);
  const rest = evaluator(residue);
  return { places: found.filter((at) => rest(rows[at] ?? {})), whole: residue === TRUE };
}

const placesOf = (rows: readonly Item[], holds: (row: Item) => boolean): number[] =>
  rows.flatMap((row, at) => (holds(row) ? [at] : []));

async function agree(rows: readonly Item[], partition: number, condition: Condition): Promise<void> {
  const expected = placesOf(rows, (row) => meets(row, condition));
  const said = printCondition(condition);
  expect(placesOf(rows, evaluator(condition)), `evaluated: ${said}`).toEqual(expected);
  expect(placesOf(rows, evaluator(simplify(condition))), `simplified: ${said}`).toEqual(expected);
  for (const [name, engine] of Object.entries(engines)) {
    const { places, whole } = await ask(engine, rows, partition, condition);
    expect(places, `${name}: ${said}`).toEqual(expected);
    if (whole) tally.whole += 1;
  }
  tally.asked += 1;
  if (expected.length > 0 && expected.length < rows.length) tally.telling += 1;
}

describe('a condition on generated rows', () => {
  it(
    'finds the same rows evaluated, compiled on every engine, simplified, and by the reference',
    async () => {
      const generated = batches({ rows: ROWS, conditions: CONDITIONS }, [PARTITION, SORT]);
      const law = fc.asyncProperty(generated, async ({ rows, conditions }) => {
        batch += 1;
        const partition = batch;
        await Promise.all(Object.values(engines).map((engine) => put(engine, rows, partition)));
        for (const condition of conditions) await agree(rows, partition, condition);
      });
      await fc.assert(law, { numRuns: RUNS });
      expect(tally.telling / tally.asked, 'answers that are neither empty nor everything').toBeGreaterThan(0.2);
      const asked = tally.asked * Object.keys(engines).length;
      expect(tally.whole / asked, 'conditions that an engine read in full').toBeGreaterThan(0.7);
      expect(tally.whole, 'conditions that did not fit').toBeLessThan(asked);
    },
    LONG,
  );
});

afterAll(() => {
  proved('conditions: evaluated, simplified, compiled and by the reference', {
    cases: tally.asked,
    judgements: tally.asked * ROWS,
    telling: tally.telling,
  });
  // Zero says that this machine has no Java: nothing was asked of Amazon's engine.
  proved('conditions on Amazon DynamoDB Local', { cases: 'amazon' in engines ? tally.asked : 0 });
});
