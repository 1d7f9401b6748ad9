// The law of conditions: what a real engine finds by the compiled FilterExpression is what the evaluator finds.
//
// Where engines differ from DynamoDB the compiler counts for itself, so none of it shows here: Dynoxide 1.2.1 accepts more
// than 300 operators, more than 100 operands of IN, paths deeper than 32 and the order of BOOL, NULL, lists, maps and sets.

import { PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Item, withAttributes } from '../../lib/base/value.ts';
import { type Condition, compare, oneOf, TRUE } from '../../lib/condition/condition.ts';
import { equalValues, evaluator } from '../../lib/condition/evaluate.ts';
import { filterTruth, parseFilter } from '../../lib/condition/filter.ts';
import { printCondition } from '../../lib/condition/print.ts';
import type { Truth } from '../../lib/condition/strict.ts';
import { ExpressionWriter, filterExpression } from '../../lib/dynamo/expression.ts';
import { hostileItems } from '../corpus/hostile-items.ts';
import { conditions, filters } from '../support/conditions.ts';
import { useEngine } from '../support/engine.ts';

const RUNS = 400;
const engine = useEngine();
let table: string;

beforeAll(async () => {
  table = await engine.createTable('hostile', {
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
  });
  for (const item of hostileItems) {
    await engine.client.send(new PutItemCommand({ TableName: table, Item: item as never }));
  }
});

const idOf = (item: Item): string => String(Object.values(item['id'] ?? {}));
const idsOf = (items: readonly Item[]): string[] => items.map(idOf).sort();
const withoutProto = (item: Item): Item => withAttributes(item, {}, ['__proto__']);
const byEvaluator = (condition: Condition): string[] => idsOf(hostileItems.filter(evaluator(condition)));

async function byEngine(condition: Condition, forbidden: ReadonlySet<string> = new Set()) {
  const writer = new ExpressionWriter();
  const { expression, residue } = filterExpression(condition, writer, (name) => !forbidden.has(name));
  const input = {
    TableName: table,
    ProjectionExpression: writer.name('id'),
    ...(expression !== undefined && { FilterExpression: expression }),
    ...(writer.placeholders() as object),
  };
  const { Items = [] } = await engine.client.send(new ScanCommand(input));
  const found = new Set(idsOf(Items as unknown as Item[]));
  // The residue is evaluated on the corpus itself: see the last test for what the SDK does to `__proto__`.
  const items = hostileItems.filter((item) => found.has(idOf(item)) && evaluator(residue)(item));
  return { ids: idsOf(items), whole: residue === TRUE };
}

/** Counts what was asked, so that a generator that asks nothing fails the test. */
function tally() {
  const counts = { asked: 0, telling: 0, whole: 0 };
  return {
    add(ids: readonly string[], whole: boolean) {
      counts.asked += 1;
      if (ids.length > 0 && ids.length < hostileItems.length) counts.telling += 1;
      if (whole) counts.whole += 1;
    },
    check() {
      expect(counts.telling / counts.asked, 'share of answers that are neither empty nor everything').toBeGreaterThan(
        0.3,
      );
      expect(counts.whole / counts.asked, 'share of conditions that the engine read in full').toBeGreaterThan(0.6);
    },
  };
}

describe('a condition', () => {
  it('finds the same rows compiled and evaluated', async () => {
    const seen = tally();
    const law = fc.asyncProperty(conditions, async (condition) => {
      const { ids, whole } = await byEngine(condition);
      const expected = byEvaluator(condition);
      seen.add(expected, whole);
      expect(ids, printCondition(condition)).toEqual(expected);
    });
    await fc.assert(law, { numRuns: RUNS });
    seen.check();
  }, 30_000);

  it('finds the same rows when attributes are kept out of the expression', async () => {
    const forbidden = fc.subarray(['a', 'm', 'l', 'status', '__proto__']).map((names) => new Set(names));
    const law = fc.asyncProperty(conditions, forbidden, async (condition, names) => {
      expect((await byEngine(condition, names)).ids, printCondition(condition)).toEqual(byEvaluator(condition));
    });
    await fc.assert(law, { numRuns: RUNS / 4 });
  }, 30_000);

  it('finds the same rows when its list is longer than an IN', async () => {
    const many = Array.from({ length: 150 }, (_, i) => ({ N: String(i) }));
    const { ids, whole } = await byEngine(oneOf(['a'], many));
    expect(whole).toBe(true);
    expect(ids).toEqual(byEvaluator(oneOf(['a'], many)));
    expect(ids).not.toEqual([]);
  });
});

describe('a policy filter', () => {
  const truthOf = (filter: Parameters<typeof parseFilter>[0]): Truth => {
    const parsed = parseFilter(filter, 'filter', { variables: 'none' });
    if ('faults' in parsed) throw new Error(JSON.stringify(parsed.faults));
    return filterTruth(parsed.value, 'items', new Map()) ?? expect.fail('every field holds for every table');
  };

  it('is true on the same rows compiled and evaluated, and never true and false at once', async () => {
    const seen = tally();
    const law = fc.asyncProperty(filters, async (filter) => {
      const { whenTrue, whenFalse } = truthOf(filter);
      const { ids, whole } = await byEngine(whenTrue);
      const expected = byEvaluator(whenTrue);
      seen.add(expected, whole);
      expect(ids, printCondition(whenTrue)).toEqual(expected);
      expect(byEvaluator(whenFalse).filter((id) => expected.includes(id))).toEqual([]);
    });
    await fc.assert(law, { numRuns: RUNS });
    seen.check();
  }, 30_000);
});

describe('the corpus', () => {
  // SDK 3.1164 reads an attribute named `__proto__` at the top of an item as undefined; inside maps it keeps it.
  it('comes back from the engine as it went in, but for `__proto__`', async () => {
    const { Items = [] } = await engine.client.send(new ScanCommand({ TableName: table, ConsistentRead: true }));
    const stored = new Map((Items as unknown as Item[]).map((item) => [idOf(item), item]));
    for (const item of hostileItems) {
      const back = stored.get(idOf(item)) ?? expect.fail(`${idOf(item)} is missing`);
      expect(equalValues({ M: withoutProto(back) }, { M: withoutProto(item) }), idOf(item)).toBe(true);
    }
  });

  it('tells the order of UTF-8 from the order of UTF-16', async () => {
    const above = compare(['a'], '>', { S: '\uff5e' });
    expect((await byEngine(above)).ids).toEqual(byEvaluator(above));
    expect(byEvaluator(above)).toHaveLength(1);
  });
});
