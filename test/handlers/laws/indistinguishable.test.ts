// docs/reference/records.md, "Rows" and "Fields": two tables that differ only in what the caller may not see give the
// same answers, to the byte, whatever is asked of them; and no answer, header, cursor or log line holds any of it.

import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keyRecord, nextQuery, type Received, useApi } from '../../support/api.ts';
import { useEngine } from '../../support/engine.ts';
import { factsOf, lawApi, orders, type Stock, TABLES, things } from '../../support/law-api.ts';
import {
  callers,
  credentials,
  leaves,
  recordsOf,
  withoutHiddenFilters,
  withReadFilter,
} from '../../support/law-callers.ts';
import { admit, ask, faceOf, type Gate, partOf, recently, restock, sealWith } from '../../support/law-gate.ts';
import { type Ask, requestsAt } from '../../support/law-requests.ts';
import { keyTextOf } from '../../support/law-rows.ts';
import {
  isMarked,
  isVisible,
  lopsidedKeys,
  type Step,
  stepsFor,
  type Twins,
  twinsFor,
} from '../../support/law-twins.ts';
import { proved, runs } from '../../support/proof.ts';
import { type Caller, hiddenFrom } from '../../support/reference-access.ts';
import { item } from '../../support/values.ts';

const RUNS = runs(25);
const LONG = runs(120_000);
const ROWS = 8;
const REQUESTS = 14;

const engine = useEngine();
const options = { isWarm: true, engine };
const gates: readonly [Gate, Gate] = [useApi(lawApi, undefined, options), useApi(lawApi, undefined, options)];

beforeAll(async () => {
  for (const gate of gates) {
    await sealWith(gate, new Uint8Array(32).fill(7));
    await gate.auth(keyRecord('admin'));
  }
});

const tally = { cases: 0, requests: 0, ok: 0, refused: 0, changes: 0, differing: 0 };

/** A caller whose filters ask for nothing that it may not see, but for one: which rows it may read at all. */
const blindCallers: fc.Arbitrary<Caller> = fc
  .tuple(callers(false), fc.option(leaves(true), { nil: undefined }))
  .map(([caller, leaf]) => {
    const hidden = TABLES.flatMap((table) => hiddenFrom(caller, factsOf(table)));
    const blind = withoutHiddenFilters(caller, hidden);
    return leaf && blind.own?.['type'] === 'API_KEY' ? withReadFilter(blind, leaf) : blind;
  });

type Case = {
  readonly caller: Caller;
  readonly twins: Twins;
  readonly steps: readonly Step[];
  readonly asks: readonly Ask[];
};

const cases: fc.Arbitrary<Case> = blindCallers
  .chain((caller) => fc.tuple(fc.constant(caller), twinsFor(caller, ROWS)))
  .chain(([caller, twins]) => {
    const visible = TABLES.map((table): [string, Stock[string]] => {
      return [table.name, (twins.left[table.name] ?? []).filter((row) => isVisible(caller, table, row))];
    });
    const hidden = hiddenFrom(caller, factsOf(orders));
    const { reads, writes, audits } = requestsAt({ stock: Object.fromEntries(visible), hidden });
    const some = fc.oneof(
      { arbitrary: reads, weight: 5 },
      { arbitrary: writes, weight: 4 },
      { arbitrary: audits, weight: 3 },
    );
    return fc.record({
      caller: fc.constant(caller),
      twins: fc.constant(twins),
      steps: stepsFor(caller, twins),
      asks: fc.array(some, { minLength: REQUESTS, maxLength: REQUESTS }),
    });
  });

/** The key that a create asks for, as `lopsidedKeys` has it: a create tells whether a key is taken. */
function createdKey({ method, path, text = '{}' }: Ask): string | undefined {
  const table = path === '/order' ? orders : path === '/thing' ? things : undefined;
  if (method !== 'POST' || !table) return undefined;
  const { customer, id } = JSON.parse(text) as Record<string, unknown>;
  const number = /"number":(\d+)/.exec(text)?.[1] ?? '0';
  return `${table.name} ${keyTextOf(table, item(table === orders ? { customer, number: BigInt(number) } : { id }))}`;
}

async function take({ path, left, right }: Step): Promise<void> {
  for (const [at, text] of [left, right].entries()) {
    const gate = gates[at];
    if (gate && text !== undefined) await ask(gate, { method: 'PUT', path, text }, { as: 'admin' });
  }
}

async function compare(each: Ask, caller: Caller, since: string): Promise<void> {
  const from = gates.map(({ logs }) => logs.length);
  const sent = recently(each, since);
  const answers = await Promise.all(gates.map((gate) => ask(gate, sent, credentials(caller))));
  const [left, right] = answers as [Received, Received];
  expect(partOf(faceOf(left), faceOf(right)), JSON.stringify(each)).toBeUndefined();
  for (const [at, answer] of answers.entries()) {
    const lines = gates[at]?.logs.slice(from[at]).join('\n') ?? '';
    const cursor = Buffer.from(new Map(nextQuery(answer)).get('_cursor') ?? '', 'base64url').toString('latin1');
    const told = [answer.text, JSON.stringify(answer.headers), cursor, lines].find(isMarked);
    expect(told, JSON.stringify(each)).toBeUndefined();
  }
  tally.requests += 1;
  const isOk = left.status < 300;
  if (isOk) tally.ok += 1;
  else tally.refused += 1;
  if (isOk && ['PUT', 'PATCH', 'DELETE'].includes(each.method)) tally.changes += 1;
}

async function agree({ caller, twins, steps, asks }: Case): Promise<void> {
  const since = new Date().toISOString();
  await Promise.all([restock(gates[0], twins.left), restock(gates[1], twins.right)]);
  for (const gate of gates) await admit(gate, recordsOf(caller));
  for (const step of steps) await take(step);
  const taken = lopsidedKeys(twins);
  for (const each of asks) if (!taken.has(createdKey(each) ?? '')) await compare(each, caller, since);
  tally.cases += 1;
  if (JSON.stringify(twins.left) !== JSON.stringify(twins.right)) tally.differing += 1;
}

describe('two tables that differ in what the caller may not see', () => {
  it(
    'give the same answers to every request, without a trace of what is hidden',
    async () => {
      await fc.assert(fc.asyncProperty(cases, agree), { numRuns: RUNS });
      expect(tally.differing / tally.cases).toBeGreaterThan(0.5);
      expect(tally.ok / tally.requests).toBeGreaterThan(0.35);
      expect(tally.refused).toBeGreaterThan(10);
      expect(tally.changes).toBeGreaterThan(5);
    },
    LONG,
  );
});

afterAll(() => {
  proved('answers to whoever may not see the difference', tally);
});
