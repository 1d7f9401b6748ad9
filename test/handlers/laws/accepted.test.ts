// No request that a caller can write is a defect, and none makes an input that DynamoDB refuses, on the embedded engine, on
// Amazon's, or by the documented limits. And a list gives exactly the visible rows that meet its query, page by page.

import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { parseJson } from '../../../lib/base/json.ts';
import type { Item, Value } from '../../../lib/base/value.ts';
import type { Table } from '../../../lib/definition/table.ts';
import { parseQuery } from '../../../lib/query/query.ts';
import { nextQuery, type Received, useApi } from '../../support/api.ts';
import { refusals } from '../../support/aws-limits.ts';
import { hasDynamodbLocal, type TestEngine, useEngine } from '../../support/engine.ts';
import { factsOf, lawApi, orders, type Stock, TABLES, things } from '../../support/law-api.ts';
import { callers, credentials, recordsOf } from '../../support/law-callers.ts';
import { admit, ask, type Gate, recently, restock } from '../../support/law-gate.ts';
import { hostileAsks, hostileLists } from '../../support/law-hostile.ts';
import { type Ask, requestsAt } from '../../support/law-requests.ts';
import { rowsOf } from '../../support/law-rows.ts';
import { isVisible } from '../../support/law-twins.ts';
import { proved, runs } from '../../support/proof.ts';
import { meets } from '../../support/reference.ts';
import { type Caller, hiddenFrom, shown } from '../../support/reference-access.ts';
import { showsAs } from '../../support/shows-as.ts';

const LONG = runs(180_000);
const ROWS = 10;
const MAX_PAGES = 60;

type Case = {
  readonly caller: Caller;
  readonly stock: Stock;
  readonly lists: readonly Ask[];
  readonly others: readonly Ask[];
};

const stocks: fc.Arbitrary<Stock> = fc.record({ orders: rowsOf(orders, ROWS), things: rowsOf(things, ROWS) });

const cases: fc.Arbitrary<Case> = fc.tuple(callers(), stocks).chain(([caller, stock]) => {
  const { reads, audits } = requestsAt({ stock, hidden: hiddenFrom(caller, factsOf(orders)) });
  const lists = reads.filter(({ path }) => path === '/orders' || path === '/things');
  return fc.record({
    caller: fc.constant(caller),
    stock: fc.constant(stock),
    lists: fc.array(fc.oneof(lists, lists, hostileLists), { minLength: 6, maxLength: 6 }),
    others: fc.array(fc.oneof(hostileAsks, hostileAsks, audits), { minLength: 8, maxLength: 8 }),
  });
});

const engines: Readonly<Record<string, TestEngine>> = {
  'the embedded engine': useEngine('dynoxide'),
  ...(hasDynamodbLocal() && { "Amazon's engine": useEngine('dynamodb-local') }),
};

/** The rows that the reference lets the caller see and finds by the query; undefined where it is no query. */
function expectedRows(
  table: Table,
  { caller, stock }: Case,
  query: readonly (readonly [string, string])[],
): readonly Item[] {
  const takes = ['_where', '_limit', '_cursor', '_sort', '_fields', '_count'];
  const { condition } = parseQuery(query, new Map(), table, { takes });
  return (stock[table.name] ?? []).filter((row) => isVisible(caller, table, row) && meets(row, condition));
}

function rowsIn({ text }: Received): readonly Value[] {
  const parsed = parseJson(text);
  return 'value' in parsed && 'L' in parsed.value ? parsed.value.L : [];
}

describe.each(Object.entries(engines))('on %s', (name, engine) => {
  const tally = { cases: 0, requests: 0, ok: 0, refused: 0, lists: 0, rows: 0, inputs: 0 };
  const codes = new Map<string, number>();
  const operations = new Set<string>();
  const faults: string[] = [];
  const spy = (_: string, input: object) => {
    tally.inputs += 1;
    faults.push(...refusals(input, keysOf).map((fault) => `${fault}: ${JSON.stringify(input)}`));
  };
  const gate: Gate = useApi(lawApi, undefined, { isWarm: true, engine, spy });

  function keysOf(tableName: string, indexName: string | undefined): readonly string[] {
    const table = TABLES.find((each) => gate.names.data.get(each.name) === tableName);
    const source = indexName === undefined ? table : table?.indexes.find((index) => index.name === indexName);
    return source ? [source.partitionKey.name, ...(source.sortKey ? [source.sortKey.name] : [])] : [];
  }

  function count({ status, json }: Received): void {
    tally.requests += 1;
    if (status < 300) tally.ok += 1;
    else tally.refused += 1;
    const code = status < 300 ? 'ok' : String(json?.code);
    codes.set(code, (codes.get(code) ?? 0) + 1);
  }

  /** All pages of a list; undefined where it is refused. */
  async function pages(each: Ask, caller: Caller): Promise<readonly Value[] | undefined> {
    const found: Value[] = [];
    let query = each.query ?? [];
    for (let page = 0; page < MAX_PAGES; page += 1) {
      const answer = await ask(gate, { ...each, query }, credentials(caller));
      count(answer);
      if (answer.status !== 200) return undefined;
      found.push(...rowsIn(answer));
      const next = nextQuery(answer);
      if (!next) return found;
      query = next;
    }
    throw new Error(`the pages of ${JSON.stringify(each)} do not end`);
  }

  async function checkList(each: Ask, of: Case): Promise<void> {
    const table = each.path === '/orders' ? orders : things;
    const found = await pages(each, of.caller);
    if (!found) return;
    const query = each.query ?? [];
    const hidden = hiddenFrom(of.caller, factsOf(table));
    const expected = expectedRows(table, of, query).map((row) => shown(row, hidden));
    const said = JSON.stringify(each);
    expect(found.length, said).toBe(expected.length);
    tally.lists += 1;
    tally.rows += found.length;
    if (query.some(([parameter]) => parameter === '_fields')) return;
    const missing = expected.filter((row) => !found.some((json) => showsAs(json, { M: row })));
    expect(missing, said).toEqual([]);
  }

  async function holds(of: Case): Promise<void> {
    const since = new Date().toISOString();
    await restock(gate, of.stock);
    await admit(gate, recordsOf(of.caller));
    for (const each of of.lists) await checkList(each, of);
    for (const each of of.others) {
      count(await ask(gate, recently(each, since), credentials(of.caller)));
      operations.add(String(JSON.parse(gate.logs.at(-1) ?? '{}').operation));
    }
    expect(faults).toEqual([]);
    tally.cases += 1;
  }

  it(
    'every request is answered, by no defect and no refusal of DynamoDB, and lists are exact',
    async () => {
      await fc.assert(fc.asyncProperty(cases, holds), { numRuns: runs(name === 'the embedded engine' ? 25 : 6) });
      expect(tally.lists).toBeGreaterThan(15);
      expect(tally.rows).toBeGreaterThan(10);
      if (name !== 'the embedded engine') return;
      for (const code of ['ok', 'invalid_query', 'field_not_permitted']) expect(codes.has(code), code).toBe(true);
      for (const operation of ['get', 'search', 'create', 'update'])
        expect(operations.has(operation), operation).toBe(true);
    },
    LONG,
  );

  afterAll(() => proved(`whatever a caller can write, on ${name}`, tally));
});

// Zero says that this machine has no Java.
afterAll(() => proved('engines that were asked', { embedded: 1, amazon: hasDynamodbLocal() ? 1 : 0 }));
