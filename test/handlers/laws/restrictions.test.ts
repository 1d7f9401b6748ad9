// docs/reference/records.md, "How they are combined": one restriction more never shows or allows more, and order never
// matters. Two APIs with the same rows, each with its own records of one caller, are asked the same.

import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseJson, printJson } from '../../../lib/base/json.ts';
import { keyRecord, type Received, useApi } from '../../support/api.ts';
import { useEngine } from '../../support/engine.ts';
import { factsOf, lawApi, orders, type Stock, things } from '../../support/law-api.ts';
import { callers, credentials, recordsOf } from '../../support/law-callers.ts';
import { type Restriction, restrictions, turned } from '../../support/law-changes.ts';
import { admit, ask, faceOf, type Gate, partOf, recently, restock, sealWith } from '../../support/law-gate.ts';
import { areParts, isPart, wholeRow } from '../../support/law-parts.ts';
import { type Ask, requestsAt } from '../../support/law-requests.ts';
import { rowsOf } from '../../support/law-rows.ts';
import { proved, runs } from '../../support/proof.ts';
import { type Caller, hiddenFrom } from '../../support/reference-access.ts';

const LONG = runs(120_000);
const ROWS = 7;
const REQUESTS = 12;

const engine = useEngine();
const options = { isWarm: true, engine };
const gates: readonly [Gate, Gate] = [useApi(lawApi, undefined, options), useApi(lawApi, undefined, options)];

beforeAll(async () => {
  for (const gate of gates) {
    await sealWith(gate, new Uint8Array(32).fill(7));
    await gate.auth(keyRecord('admin'));
  }
});

type Case = { readonly caller: Caller; readonly stock: Stock; readonly asks: readonly Ask[] };

const stocks: fc.Arbitrary<Stock> = fc.record({ orders: rowsOf(orders, ROWS), things: rowsOf(things, ROWS) });

function asksOf(caller: Caller, stock: Stock): fc.Arbitrary<readonly Ask[]> {
  const { reads, audits, writes } = requestsAt({ stock, hidden: hiddenFrom(caller, factsOf(orders)) });
  const some = fc.oneof(
    { arbitrary: reads, weight: 5 },
    { arbitrary: writes, weight: 4 },
    { arbitrary: audits, weight: 2 },
  );
  return fc.array(some, { minLength: REQUESTS, maxLength: REQUESTS });
}

const cases: fc.Arbitrary<Case> = fc
  .tuple(callers(), stocks)
  .chain(([caller, stock]) => asksOf(caller, stock).map((asks) => ({ caller, stock, asks })));

/** The same rows for both, changed by somebody else before anybody is asked. */
async function begin(stock: Stock, left: Caller, right: Caller): Promise<string> {
  const since = new Date().toISOString();
  await Promise.all(gates.map((gate) => restock(gate, stock)));
  await Promise.all([admit(gates[0], recordsOf(left)), admit(gates[1], recordsOf(right))]);
  const [first] = stock['things'] ?? [];
  if (first?.['id'] && 'S' in first['id']) {
    const path = `/thing/${encodeURIComponent(first['id'].S)}`;
    for (const gate of gates)
      await ask(gate, { method: 'PATCH', path, text: '{"color":"red","a":{"b":5}}' }, { as: 'admin' });
  }
  return since;
}

async function both(each: Ask, since: string, left: Caller, right: Caller): Promise<readonly [Received, Received]> {
  const sent = recently(each, since);
  return await Promise.all([ask(gates[0], sent, credentials(left)), ask(gates[1], sent, credentials(right))]);
}

const isOk = ({ status }: Received) => status < 300;

/** Which rows are on a page, and in which order they come, says nothing of how many are shown. */
function unpaged(each: Ask): Ask {
  const { query = [] } = each;
  return { ...each, query: query.filter(([name]) => name !== '_limit' && name !== '_sort') };
}

describe('a restriction', () => {
  const tally = { cases: 0, requests: 0, shown: 0, less: 0, writes: 0 };
  const kinds = new Map<string, number>();

  const restricted: fc.Arbitrary<Case & { readonly restriction: Restriction }> = cases.chain((of) =>
    restrictions(of.caller).map((restriction) => ({ ...of, restriction })),
  );

  /** A part of a key may name several rows for one caller, and one row for another. */
  const isPartOfKey = ({ method, path }: Ask) => method === 'GET' && /^\/order\/[^/]+$/.test(path);

  /** Both were answered: of the one with less to see nothing is missing from the other. */
  function compareShown(each: Ask, more: Received, less: Received): void {
    const count = (of: Received) => Number(of.headers['X-Total-Count'] ?? 0);
    expect(count(less)).toBeLessThanOrEqual(count(more));
    if (!showsNoMore(each, more.json, less.json)) expect(less.json, JSON.stringify(each)).toEqual(more.json);
    tally.shown += 1;
    if (less.text.length < more.text.length) tally.less += 1;
  }

  function compare(each: Ask, more: Received, less: Received): void {
    if (!isOk(less)) {
      if (isOk(more)) tally.less += 1;
      return;
    }
    const isOneOfSeveral = isPartOfKey(each) && more.status === 400;
    expect(isOk(more) || isOneOfSeveral, `${JSON.stringify(each)} is refused: ${more.text}`).toBe(true);
    if (isOk(more) && less.status !== 204) compareShown(each, more, less);
  }

  async function holds({ caller, stock, asks, restriction }: Case & { readonly restriction: Restriction }) {
    const narrower = restriction.apply(caller);
    const since = await begin(stock, caller, narrower);
    kinds.set(restriction.name, (kinds.get(restriction.name) ?? 0) + 1);
    tally.cases += 1;
    for (const each of asks.map(unpaged)) {
      const [more, less] = await both(each, since, caller, narrower);
      compare(each, more, less);
      tally.requests += 1;
      const isWrite = ['PUT', 'PATCH', 'DELETE'].includes(each.method) || ['/order', '/thing'].includes(each.path);
      if (isWrite && isOk(more)) tally.writes += 1;
      // From here on the rows differ, or the audit rows: a 400 of several rows leaves none.
      if ((isWrite || isPartOfKey(each)) && isOk(more) !== isOk(less)) return;
    }
  }

  it(
    'never shows more, and never allows more',
    async () => {
      await fc.assert(fc.asyncProperty(restricted, holds), { numRuns: runs(30) });
      for (const kind of ['exclude_fields', 'read_filters', 'filter_fields']) expect(kinds.has(kind), kind).toBe(true);
      expect(tally.shown).toBeGreaterThan(30);
      expect(tally.less).toBeGreaterThan(4);
      expect(tally.writes).toBeGreaterThan(5);
    },
    LONG,
  );

  afterAll(() => proved('one restriction more', tally));
});

/** The caller as it is told of itself: with the other's lists where its own hold no more. */
function sortless(less: object, more: object): object {
  const others = new Map(Object.entries(more));
  const entries = Object.entries(less).map(([name, value]) => {
    const other: unknown = others.get(name);
    return [name, Array.isArray(value) && Array.isArray(other) && areParts(value, other) ? other : value];
  });
  return Object.fromEntries(entries);
}

function showsNoMore({ path }: Ask, more: object, less: object): boolean {
  const isAudit = /audit/.test(path) || /history/.test(path);
  if (path === '/user') return isPart(sortless(less, more), more);
  if (!Array.isArray(less)) return isPart(less, more);
  const rows = (all: unknown) => (isAudit ? (all as Record<string, unknown>[]).map(wholeRow) : (all as unknown[]));
  return areParts(rows(less), rows(more));
}

const isList = ({ path }: Ask) => /^\/(?:orders|things|order-search|thing-search)/.test(path);

/** Rows without `_sort` come in any order: that of the values of a filter, where an index is asked for each. */
function inOrder(answer: Received): Received {
  const parsed = parseJson(answer.text);
  if (!('value' in parsed && 'L' in parsed.value)) return answer;
  return { ...answer, text: parsed.value.L.map(printJson).sort().join() };
}

describe('the order of groups, filters, fields and records', () => {
  const tally = { cases: 0, requests: 0, shown: 0 };

  async function holds({ caller, stock, asks }: Case): Promise<void> {
    const other = turned(caller);
    const since = await begin(stock, caller, other);
    // What the caller is told of itself names groups and endpoints in the order of its records.
    for (const each of asks.filter(({ path }) => path !== '/user').map(unpaged)) {
      const [one, two] = await both(each, since, caller, other);
      const faces = [one, two].map((answer) => faceOf(isList(each) ? inOrder(answer) : answer)) as [string, string];
      expect(partOf(...faces), JSON.stringify(each)).toBeUndefined();
      tally.requests += 1;
      if (isOk(one)) tally.shown += 1;
    }
    tally.cases += 1;
  }

  it(
    'never matters',
    async () => {
      await fc.assert(fc.asyncProperty(cases, holds), { numRuns: runs(12) });
      expect(tally.shown).toBeGreaterThan(20);
    },
    LONG,
  );

  afterAll(() => proved('records in another order', tally));
});
