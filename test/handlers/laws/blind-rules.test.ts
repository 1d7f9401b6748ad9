// docs/reference/definition.md, "rules": rules, schemas and conditions get nothing that is hidden from the caller.
// So two stored items that differ only in what is hidden answer alike, to the byte, whatever those functions do with what
// they get; and what is hidden stays stored.

import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FieldSet } from '../../../lib/access/field-set.ts';
import { select } from '../../../lib/access/prune.ts';
import { type Item, itemOf, type Value } from '../../../lib/base/value.ts';
import { api } from '../../../lib/definition/api.ts';
import { get, patch, remove, update } from '../../../lib/definition/endpoint.ts';
import type { Rule } from '../../../lib/definition/rule.ts';
import { type Schema, type Table, table } from '../../../lib/definition/table.ts';
import { keyRecord, type Received, useApi } from '../../support/api.ts';
import { faceOf, partOf, sealWith } from '../../support/law-gate.ts';
import { proved, runs } from '../../support/proof.ts';

const RUNS = runs(120);
const LONG = runs(60_000);

/** All that a function of the definition was given, as text. */
const textOf = (given: unknown): string =>
  JSON.stringify(given, (_, value: unknown) => (value instanceof Set ? [...value] : value)) ?? 'nothing';

/** A number that any change of the text changes. */
function numberOf(text: string): number {
  let number = 7;
  for (const character of text) number = (Math.imul(number, 31) + (character.codePointAt(0) ?? 0)) >>> 0;
  return number;
}

/** How often the functions refuse, of seven times, and what they do so by: each case has another. */
let hostile = { salt: 0, refusing: 0, throwing: 0 };
const verdict = (text: string): 'passes' | 'refuses' | 'throws' => {
  const at = numberOf(`${hostile.salt} ${text}`) % 7;
  if (at < hostile.throwing) return 'throws';
  return at < hostile.throwing + hostile.refusing ? 'refuses' : 'passes';
};

/** Tells all that it gets: by its verdict, by its message, and by failing. */
const telling: Rule = (value, { item, existing, caller }) => {
  const text = textOf([value, item, existing, caller]);
  if (verdict(text) === 'throws') throw new Error(text);
  return { result: verdict(text) === 'passes', message: text };
};

/** Refuses by what it gets, at what it gets; gives out what it gets, and more. */
const schema: Schema = {
  '~standard': {
    validate: (value) => {
      const text = textOf(value);
      const names = Object.keys(value as object);
      if (verdict(`schema ${text}`) === 'refuses') return { issues: [{ message: text, path: names.slice(0, 1) }] };
      const number = numberOf(`${hostile.salt} ${text}`) % 5;
      const map = (value as Record<string, unknown>)['a'];
      if (number === 0 && map)
        return { value: { ...(value as object), a: { ...(map as object), qty: text, made: 1 } } };
      if (number === 1 && map) return { value: { ...(value as object), a: {} } };
      if (number === 2 && map) return { value: { ...(value as object), a: text } };
      return { value: number === 3 ? { ...(value as object), made: text } : value };
    },
  },
};

const rules = { a: telling, list: telling, price: telling, made: telling, secret: telling };
const options = { partitionKey: { id: 'string' }, attributes: { secret: { type: 'string', hidden: true } } } as const;
const ruled = table('ruled', { ...options, rules });
const checked = table('checked', { ...options, rules, schema: { update: schema } });
const versioned = table('versioned', { ...options, rules, schema: { update: schema }, version: '_v' });
const TABLES: readonly Table[] = [ruled, checked, versioned];

const condition = {
  holds: (existing: unknown, caller: unknown) => {
    const text = textOf([existing, caller]);
    if (verdict(text) === 'throws') throw new Error(text);
    return verdict(text) === 'passes';
  },
  message: 'not in this state',
};
const definition = api({
  tables: TABLES,
  endpoints: TABLES.flatMap((of) => [
    get(`/${of.name}/{id}`, of),
    update(`/${of.name}/{id}`, of),
    patch(`/${of.name}/{id}`, of),
    update(`/${of.name}/{id}/step`, of, { condition }),
    patch(`/${of.name}/{id}/step`, of, { condition }),
    remove(`/${of.name}/{id}/step`, of, { condition }),
  ]),
});
const gate = useApi(definition, undefined, { isWarm: true });

const EXCLUDED = ['cost', 'a.cost', 'a.deep.inner', 'list.key', 'price.net'];
const HIDDEN = [...EXCLUDED, 'secret'];
const hidden = FieldSet.of(HIDDEN.map((path) => path.split('.')));

beforeAll(async () => {
  await sealWith(gate, new Uint8Array(32).fill(7));
  await gate.auth(keyRecord('limited', { exclude_fields: EXCLUDED }));
});

const scalar = fc.constantFrom<unknown>(0, 1, 'x', true, null, 12.5);
const concealed = fc.constantFrom<unknown>('cnry-1', 'cnry-2', 7710778, ['cnry-3'], { cnry: 'cnry-4' }, null);

type Plain = Record<string, unknown>;
/** The members of a visible map with those hidden ones that there are. */
const dress = (shown: Plain | undefined, name: string, value: unknown): Plain | undefined =>
  shown && (value === undefined ? shown : { ...shown, [name]: value });
const some = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: undefined });

const map = fc.record({ qty: scalar, deep: fc.record({ n: scalar }) }, { requiredKeys: [] });
const visible = fc.record({
  a: fc.option(map, {
    nil: undefined,
    freq: 9,
  }),
  list: some(fc.array(fc.record({ n: scalar }), { maxLength: 2 })),
  price: some(fc.oneof(scalar, fc.record({ gross: scalar }, { requiredKeys: [] }))),
  note: some(scalar),
});
const conceal = fc.record({
  cost: some(concealed),
  secret: some(fc.constantFrom('cnry-5', 'cnry-6')),
  inA: some(concealed),
  inDeep: some(concealed),
  inList: some(concealed),
  inPrice: some(concealed),
});

type Visible = typeof visible extends fc.Arbitrary<infer T> ? T : never;
type Concealed = typeof conceal extends fc.Arbitrary<infer T> ? T : never;

function stocked({ a, list, price, note }: Visible, { cost, secret, inA, inDeep, inList, inPrice }: Concealed): Plain {
  const deep = a && 'deep' in a ? { deep: dress(a.deep, 'inner', inDeep) } : {};
  const isMap = typeof price === 'object' && price !== null;
  return {
    id: 'x',
    cost,
    secret,
    note,
    a: dress(a && { ...a, ...deep }, 'cost', inA),
    list: list?.map((element) => dress(element, 'key', inList)),
    price: isMap ? dress(price as Plain, 'net', inPrice) : price,
    _v: 3,
  };
}

const named = fc.record({ note: scalar, made: scalar }, { requiredKeys: [] });
const body = fc.oneof(
  { arbitrary: named, weight: 1 },
  { arbitrary: fc.record({ a: map, price: fc.record({ gross: scalar }) }, { requiredKeys: ['a'] }), weight: 3 },
  { arbitrary: fc.record({ price: fc.record({ gross: scalar }), note: scalar }), weight: 1 },
  { arbitrary: fc.constant({ list: [{ n: 1 }] }), weight: 1 },
);
const asks = fc.record({
  method: fc.constantFrom('PUT', 'PATCH', 'PATCH', 'PATCH', 'PATCH', 'DELETE'),
  of: fc.constantFrom(...TABLES.map(({ name }) => name)),
  isStep: fc.boolean(),
  body: body.filter((of) => Object.keys(of).length > 0),
});
const cases = fc.record({
  shown: visible,
  left: conceal,
  right: conceal,
  salt: fc.nat(),
  refusing: fc.integer({ min: 0, max: 3 }),
  throwing: fc.constantFrom(0, 0, 1),
  ask: asks,
});
type Case = typeof cases extends fc.Arbitrary<infer T> ? T : never;

const tally = { cases: 0, ok: 0, refused: 0, failed: 0, told: 0, differing: 0 };

/** What of the stored item is hidden; its version is raised by each write. */
async function hiddenIn(of: string): Promise<Item | undefined> {
  const [stored] = await gate.stored(of);
  return stored && select(stored, hidden);
}

/** Without the maps that hold nothing hidden. */
function bare(item: Item = itemOf([])): Item {
  const entries = Object.entries(item).map(([name, value]): readonly [string, Value] => [
    name,
    'M' in value ? { M: bare(value.M) } : value,
  ]);
  return itemOf(entries.filter(([, value]) => !('M' in value && Object.keys(value.M).length === 0)));
}

async function answer({ shown, ask }: Case, concealing: Concealed): Promise<Received> {
  const { method, of, isStep } = ask;
  await gate.items(of, stocked(shown, concealing));
  const before = bare(await hiddenIn(of));
  const path = `/${of}/x${isStep || method === 'DELETE' ? '/step' : ''}`;
  const received = await gate.send(method, path, { as: 'limited', ...(method !== 'DELETE' && { body: ask.body }) });
  const after = await hiddenIn(of);
  if (after) expect(bare(after)).toEqual(before);
  expect(received.text).not.toMatch(/cnry|7710778/);
  const now = await gate.send('GET', `/${of}/x`, { as: 'limited' });
  return { ...received, text: `${received.text}${now.status === 200 ? now.text : ''}` };
}

async function agree(each: Case): Promise<void> {
  hostile = each;
  const [left, right] = [await answer(each, each.left), await answer(each, each.right)];
  expect(partOf(faceOf(left), faceOf(right)), JSON.stringify(each)).toBeUndefined();
  tally.cases += 1;
  if (left.status < 300) tally.ok += 1;
  else if (left.status < 500) tally.refused += 1;
  else tally.failed += 1;
  if (left.text.includes('\\"limited\\"')) tally.told += 1;
  if (textOf(each.left) !== textOf(each.right)) tally.differing += 1;
}

describe('two items that differ in what is hidden from the caller', () => {
  it(
    'answer alike, whatever rules do with what they get',
    async () => {
      await fc.assert(fc.asyncProperty(cases, agree), { numRuns: RUNS });
      expect(tally.differing / tally.cases).toBeGreaterThan(0.8);
      expect(tally.ok / tally.cases).toBeGreaterThan(0.15);
      expect(tally.refused / tally.cases).toBeGreaterThan(0.2);
      expect(tally.failed).toBeGreaterThan(0);
      expect(tally.told).toBeGreaterThan(0);
    },
    LONG,
  );
});

afterAll(() => {
  proved('rules that tell all they get', tally);
});
