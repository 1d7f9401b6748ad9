// Writes and their audit rows: one that succeeds was permitted on the row as it was and as it became, changed what it
// says and nothing else; one that is refused changed nothing. Changes and their audit rows are one to one, and whoever
// replays the audit has the tables.

import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseJson } from '../../../lib/base/json.ts';
import { attribute, type Item, itemOf, withAttributes } from '../../../lib/base/value.ts';
import type { Table } from '../../../lib/definition/table.ts';
import { keyRecord, type Received, useApi } from '../../support/api.ts';
import { useEngine } from '../../support/engine.ts';
import { factsOf, lawApi, orders, type Stock, TABLES, things } from '../../support/law-api.ts';
import { credentials, keyCaller, keyCallers, recordsOf, tokenCallers } from '../../support/law-callers.ts';
import { admit, ask, type Gate, restock, stored } from '../../support/law-gate.ts';
import { type Ask, requestsAt } from '../../support/law-requests.ts';
import { itemPath, rowsOf } from '../../support/law-rows.ts';
import { isLive } from '../../support/law-twins.ts';
import { proved, runs } from '../../support/proof.ts';
import { isEqual } from '../../support/reference.ts';
import {
  type Caller,
  hiddenFrom,
  mayCall,
  mayTouch,
  mayUpdate,
  restrictedFor,
  touches,
} from '../../support/reference-access.ts';
import { type Change, changesIn } from '../../support/reference-audit.ts';
import { afterPatch, afterPut, differences } from '../../support/reference-writes.ts';

const LONG = runs(120_000);
const ROWS = 6;
const WRITES = 14;

const engine = useEngine();
const gate = useApi(lawApi, undefined, { isWarm: true, engine });
/** Every request has an instance of its own. */
const crowd = useApi(lawApi, undefined, { engine });

/** May do everything, in the same words as the others. */
const admin: Caller = { ...keyCaller({ permitted_endpoints: keyRecord('x')['permitted_endpoints'] }, {}), id: 'admin' };

beforeAll(async () => {
  for (const each of [gate, crowd]) await each.auth({ ...keyRecord('admin'), groups: [] });
});

type Write = { readonly by: 0 | 1 | 2; readonly what: Ask; readonly isRepeated: boolean };
type Case = {
  readonly callers: readonly [Caller, Caller, Caller];
  readonly stock: Stock;
  readonly writes: readonly Write[];
};

const stocks: fc.Arbitrary<Stock> = fc.record({ orders: rowsOf(orders, ROWS), things: rowsOf(things, ROWS) });

const cases: fc.Arbitrary<Case> = fc.tuple(keyCallers(), tokenCallers, stocks).chain(([key, token, stock]) => {
  const write = (by: 0 | 1 | 2, caller: Caller) => {
    const { writes } = requestsAt({ stock, hidden: hiddenFrom(caller, factsOf(orders)) });
    return fc.record({
      by: fc.constant(by),
      what: writes,
      isRepeated: fc.integer({ max: 5, min: 0 }).map((n) => n === 0),
    });
  };
  const writes = fc.oneof(write(0, key), write(1, token), write(2, admin), write(2, admin));
  return fc.record({
    callers: fc.constant([key, token, admin] as const),
    stock: fc.constant(stock),
    writes: fc.array(writes, { minLength: WRITES, maxLength: WRITES }),
  });
});

type Rows = ReadonlyMap<string, Item>;

/** Every row of every table by its path. */
async function snapshot(of: Gate = gate): Promise<Rows> {
  const rows = new Map<string, Item>();
  for (const table of TABLES) for (const row of await stored(of, table.name)) rows.set(itemPath(table, row), row);
  return rows;
}

const without = (row: Item, names: readonly string[]): Item => withAttributes(row, itemOf([]), names);
const same = (one: Item | undefined, other: Item | undefined): boolean =>
  one && other ? isEqual({ M: one }, { M: other }) : one === other;

function bodyOf({ text = '{}' }: Ask): Item {
  const parsed = parseJson(text);
  if (!('value' in parsed && 'M' in parsed.value)) throw new Error(`no object: ${text}`);
  return parsed.value.M;
}

const tally = { cases: 0, requests: 0, created: 0, updated: 0, deleted: 0, refused: 0, repeated: 0, replayed: 0 };

const now = () => Date.now() / 1e3;
const live = (row: Item | undefined): Item | undefined => (row && isLive(row, now()) ? row : undefined);

/** What became of a write, told from the stored rows alone. */
class Told {
  readonly caller: Caller;
  readonly what: Ask;
  readonly table: Table;
  readonly path: string;
  readonly before: Item | undefined;
  readonly after: Item | undefined;

  constructor(caller: Caller, what: Ask, rows: { readonly before: Rows; readonly after: Rows }) {
    this.caller = caller;
    this.what = what;
    this.table = what.path.startsWith('/order') ? orders : things;
    this.path = what.method === 'POST' ? itemPath(this.table, bodyOf(what)) : what.path;
    this.before = rows.before.get(this.path);
    this.after = rows.after.get(this.path);
    const others = [...rows.after, ...rows.before].filter(([path]) => path !== this.path);
    for (const [path] of others) expect(same(rows.before.get(path), rows.after.get(path)), `${path} stays`).toBe(true);
  }

  get facts() {
    return factsOf(this.table);
  }

  get isVisible(): boolean {
    const row = live(this.before);
    return row !== undefined && this.may('read', row);
  }

  may(action: 'read' | 'create' | 'update' | 'delete', row: Item): boolean {
    return mayTouch(this.caller, this.what.method, this.facts, action, row);
  }

  /** The paths that the request names or the row changed at. */
  get touched(): readonly (readonly string[])[] {
    const { _v, ...changed } = this.after ?? {};
    if (this.what.method === 'PUT') return Object.keys(bodyOf(this.what)).map((name) => [name]);
    return differences(without(this.before ?? {}, ['_v']), _v ? itemOf(Object.entries(changed)) : (this.after ?? {}));
  }

  checkCreated(): void {
    const { after = {} } = this;
    expect(live(this.before), 'there was no row').toBeUndefined();
    expect(this.may('create', after), 'the new row is the caller’s to create').toBe(true);
    expect(same(without(after, this.table === orders ? ['_v'] : []), bodyOf(this.what)), 'the body is stored').toBe(
      true,
    );
    const hidden = hiddenFrom(this.caller, this.facts);
    const stored_ = differences(itemOf([]), without(after, ['_v'])).map(([name]) => [name ?? '']);
    expect(stored_.filter((path) => hidden.some((each) => each.join() === path.join()))).toEqual([]);
  }

  checkUpdated(): void {
    const { before = {}, after = {}, what } = this;
    const body = bodyOf(what);
    expect(this.isVisible, 'the row was visible').toBe(true);
    const expected = what.method === 'PUT' ? afterPut(before, body) : afterPatch(before, body);
    const version = this.table === orders ? ['_v'] : [];
    expect(same(without(after, version), without(expected, version)), 'what the request says is stored').toBe(true);
    const paths = this.touched;
    expect(this.may('update', before) && this.may('update', after), 'both rows are the caller’s').toBe(true);
    expect(mayUpdate(this.caller, what.method, this.facts, { before, after }, paths), 'one grant takes it all').toBe(
      true,
    );
    const never = [
      ...hiddenFrom(this.caller, this.facts),
      ...restrictedFor(this.caller),
      ['customer'],
      ['number'],
      ['id'],
    ];
    expect(paths.filter((path) => touches(path, never))).toEqual([]);
  }

  checkDeleted(): void {
    expect(this.isVisible && this.may('delete', this.before ?? {}), 'the row was the caller’s to delete').toBe(true);
    expect(this.after).toBeUndefined();
  }

  /** A refusal tells the truth, and changes nothing. */
  checkRefused(code: string): void {
    expect(same(this.before, this.after), 'nothing changed').toBe(true);
    expect(code === 'endpoint_not_permitted', 'the endpoint is not permitted').toBe(
      !mayCall(this.caller, this.what.method),
    );
    if (code === 'not_found') expect(this.isVisible).toBe(false);
    if (code === 'already_exists') expect(live(this.before)).toBeDefined();
    if (code !== 'row_not_permitted') return;
    if (this.what.method === 'DELETE') expect(this.isVisible && !this.may('delete', this.before ?? {})).toBe(true);
    // A row that expires is the business of its lists.
    else if (this.what.method === 'POST' && !attribute(bodyOf(this.what), 'expires'))
      expect(this.may('create', bodyOf(this.what))).toBe(false);
    else if (this.what.method !== 'POST') expect(this.isVisible).toBe(true);
  }

  check({ status, json }: Received): void {
    if (status === 201) this.checkCreated();
    else if (status >= 300) this.checkRefused(json.code);
    else if (this.what.method === 'DELETE') this.checkDeleted();
    else this.checkUpdated();
  }
}

let key = 0;

async function holds({ callers, stock, writes }: Case): Promise<void> {
  await restock(gate, stock);
  for (const caller of callers) if (caller !== admin) await admit(gate, recordsOf(caller));
  const begun = await snapshot();
  let before = begun;
  let changes = 0;
  let calls = 0;
  for (const { by, what, isRepeated } of writes) {
    const caller = callers[by];
    key += 1;
    const sent = { ...credentials(caller), headers: { 'Idempotency-Key': `key-${key}` } };
    const answer = await ask(gate, what, sent);
    const after = await snapshot();
    new Told(caller, what, { before, after }).check(answer);
    calls += 1;
    if (answer.status < 300) changes += 1;
    count(what, answer);
    if (isRepeated) {
      await repeat(what, sent, answer, after);
      calls += 1;
    }
    before = after;
  }
  expect(await gate.auditRows(), 'one row for each call').toHaveLength(calls);
  await replay(begun, before, changes);
  tally.cases += 1;
}

function count({ method }: Ask, { status }: Received): void {
  tally.requests += 1;
  if (status >= 300) tally.refused += 1;
  else if (method === 'POST') tally.created += 1;
  else if (method === 'DELETE') tally.deleted += 1;
  else tally.updated += 1;
}

/** The same request again has no second effect. */
async function repeat(what: Ask, sent: object, { status }: Received, rows: Rows): Promise<void> {
  const again = await ask(gate, what, sent);
  const stays = await snapshot();
  for (const path of new Set([...rows.keys(), ...stays.keys()]))
    expect(same(rows.get(path), stays.get(path))).toBe(true);
  if (status >= 300 || again.status >= 300) return;
  expect(again.headers['Idempotency-Replayed']).toBe('true');
  tally.repeated += 1;
}

/** Sensitive values are not in audit rows. */
const masked = (row: Item | undefined) => row && (attribute(row, 'token') ? withAttributes(row, MASK) : row);
const MASK = itemOf([['token', { S: '***' }]]);

/** Each change found what the one before it left; all together leave what is stored. */
async function replay(begun: Rows, ended: Rows, expected: number): Promise<void> {
  const changes = changesIn(await gate.auditRows());
  expect(changes).toHaveLength(expected);
  const rows = new Map(begun);
  for (const { at, before, after } of changes) {
    const table = at.startsWith('orders ') ? orders : things;
    const path = itemPath(table, (after ?? before) as Item);
    const found = before ? masked(rows.get(path)) : live(rows.get(path));
    expect(same(before, found), `${at} was as the audit says`).toBe(true);
    if (after) rows.set(path, after);
    else rows.delete(path);
    tally.replayed += 1;
  }
  expect([...rows.keys()].sort()).toEqual([...ended.keys()].sort());
  for (const [path, row] of rows)
    expect(same(masked(row), masked(ended.get(path))), `${path} is as replayed`).toBe(true);
}

describe('a write', () => {
  it(
    'does what it says to the rows and fields that the caller may write, and its audit row rebuilds it',
    async () => {
      await fc.assert(fc.asyncProperty(cases, holds), { numRuns: runs(15) });
      expect(tally.created).toBeGreaterThan(5);
      expect(tally.updated).toBeGreaterThan(20);
      expect(tally.deleted).toBeGreaterThan(1);
      expect(tally.refused).toBeGreaterThan(10);
      expect(tally.repeated).toBeGreaterThan(1);
    },
    LONG,
  );
});

describe('writes at one moment', () => {
  const crowded = { cases: 0, requests: 0, changes: 0, conflicts: 0 };
  const [row] =
    fc.sample(
      rowsOf(orders, 1).filter(({ length }) => length === 1),
      { numRuns: 1, seed: 1 },
    )[0] ?? [];
  const KEYED = without(row ?? {}, ['expires', '_v']);

  /** Of one item, by callers who may. */
  const asks = requestsAt({ stock: { orders: [KEYED] } }).writes.filter(({ path, text = '' }) => {
    const isOfIt =
      path === itemPath(orders, KEYED) ||
      (path === '/order' && itemPath(orders, bodyOf({ text } as Ask)) === itemPath(orders, KEYED));
    return isOfIt && !/expires|secret|_v/.test(text);
  });

  async function crowdHolds(writes: readonly Ask[]): Promise<void> {
    await restock(crowd, { orders: [KEYED] });
    const begun = await snapshot(crowd);
    const answers = await Promise.all(writes.map((what) => ask(crowd, what, { as: 'admin' })));
    const changes = changesIn(await crowd.auditRows());
    expect(changes).toHaveLength(answers.filter(({ status }) => status < 300).length);
    const ended = await snapshot(crowd);
    const at = itemPath(orders, KEYED);
    expect(isChain(changes, begun.get(at), ended.get(at)), 'the changes lead from what was to what is').toBe(true);
    crowded.cases += 1;
    crowded.requests += writes.length;
    crowded.changes += changes.length;
    crowded.conflicts += answers.filter(({ status }) => status === 409).length;
  }

  /** Whether the changes can have happened one after another, from the first image to the last. */
  function isChain(changes: readonly Change[], from: Item | undefined, to: Item | undefined): boolean {
    if (changes.length === 0) return same(from, to);
    return changes.some((next, at) => same(next.before, from) && isChain(changes.toSpliced(at, 1), next.after, to));
  }

  it(
    'happen one after another, each with its audit row',
    async () => {
      const some = fc.array(asks, { minLength: 6, maxLength: 6 });
      await fc.assert(fc.asyncProperty(some, crowdHolds), { numRuns: runs(10) });
      expect(crowded.changes).toBeGreaterThan(20);
    },
    LONG,
  );

  afterAll(() => proved('writes of one item at one moment', crowded));
});

afterAll(() => proved('writes, each with its audit row', tally));
