// How one request reads a table: the cheapest candidate that misses no row. Made only here, and only from a policy.

import type { Policy } from '../access/policy.ts';
import { type Item, itemOf, type Value } from '../base/value.ts';
import { all, type Condition } from '../condition/condition.ts';
import { evaluator } from '../condition/evaluate.ts';
import { valueKey } from '../condition/value-key.ts';
import { valueFaults } from '../definition/item-faults.ts';
import type { Key, Table } from '../definition/table.ts';

declare const planned: unique symbol;

/** What every plan has. `condition` is policy AND query: each row is checked against it once more, in memory. */
type Common = {
  readonly [planned]: true;
  readonly table: Table;
  readonly condition: Condition;
  /** Whether a row satisfies the condition: asked of every row, whatever the call to DynamoDB has filtered. */
  readonly accepts: (item: Item) => boolean;
  /** The most rows that are wanted; reading stops one row later, so that the caller can be told of more. */
  readonly limit: number;
  readonly candidates: readonly Candidate[];
};

export type ReadPlan = Common &
  (
    | { readonly kind: 'never' }
    | { readonly kind: 'get'; readonly key: Item }
    | { readonly kind: 'batch'; readonly keys: readonly Item[] }
    | { readonly kind: 'query'; readonly partition: readonly [name: string, value: Value] }
    | { readonly kind: 'scan' }
  );

type Access = {
  readonly [K in ReadPlan['kind']]: Omit<Extract<ReadPlan, { kind: K }>, keyof Common>;
}[ReadPlan['kind']];

/** A way to read that was thought of, with its estimated cost in read units; the cheapest is taken. */
export type Candidate = { readonly access: Access; readonly cost: number };

const ROW = 0.5;
const PARTITION = 10;
/** More than any partition: a scan is taken only where nothing else will do. */
const TABLE = 1_000_000;
/** More keys than this are not worth reading one by one; it is also the most values of a search. */
const MAX_KEYS = 1_000;

/**
 * The plan of a read.
 * @param limit the most rows wanted
 */
export function planRead(policy: Policy, query: Condition, limit: number): ReadPlan {
  const condition = all([policy.rows.read, query]);
  const candidates = [never, byKey, partition, scan].flatMap((candidate) => candidate(policy.table, condition));
  const cheapest = candidates.reduce((best, each) => (each.cost < best.cost ? each : best));
  return make(policy, cheapest.access, { condition, limit, candidates });
}

/** The plan of a read of one item by its whole key. */
export function planGet(policy: Policy, key: Item): ReadPlan {
  const condition = policy.rows.read;
  const candidates: Candidate[] =
    condition.kind === 'false' ? never(policy.table, condition) : [{ access: { kind: 'get', key }, cost: ROW }];
  const [{ access }] = candidates as [Candidate];
  return make(policy, access, { condition, limit: 1, candidates });
}

function make(policy: Policy, access: Access, common: Pick<Common, 'condition' | 'limit' | 'candidates'>): ReadPlan {
  const accepts = evaluator(common.condition);
  return Object.freeze({ ...access, ...common, table: policy.table, accepts }) as unknown as ReadPlan;
}

function never(_table: Table, condition: Condition): Candidate[] {
  return condition.kind === 'false' ? [{ access: { kind: 'never' }, cost: 0 }] : [];
}

/** Where every key attribute has one of some values: a get of each key that they make. */
function byKey(table: Table, condition: Condition): Candidate[] {
  const keys = possibleKeys(table, condition);
  if (!keys) return [];
  const [first, ...others] = keys;
  if (!first) return [{ access: { kind: 'never' }, cost: 0 }];
  const access: Access = others.length === 0 ? { kind: 'get', key: first } : { kind: 'batch', keys };
  return [{ access, cost: keys.length * ROW }];
}

/** The only keys that rows can have, each once; undefined where the condition leaves more than are worth naming. */
function possibleKeys(table: Table, condition: Condition): readonly Item[] | undefined {
  const choices = choicesOf(condition);
  let keys: readonly (readonly (readonly [string, Value])[])[] = [[]];
  for (const key of table.sortKey ? [table.partitionKey, table.sortKey] : [table.partitionKey]) {
    const values = choices.get(key.name);
    if (!values || keys.length * values.length > MAX_KEYS) return undefined;
    // No row has a key of another type, or an empty one.
    const possible = distinct(values).filter((value) => isKeyValue(table, key, value));
    keys = keys.flatMap((start) => possible.map((value) => [...start, [key.name, value] as const]));
  }
  return keys.map(itemOf);
}

/** Values of which a row has one, by top-level attribute: the shortest list that a conjunct of the condition gives. */
function choicesOf(condition: Condition): ReadonlyMap<string, readonly Value[]> {
  const choices = new Map<string, readonly Value[]>([...equalities(condition)].map(([name, value]) => [name, [value]]));
  for (const part of conjunctsOf(condition)) {
    if (part.kind !== 'in' || part.path.length > 1) continue;
    const known = choices.get(part.path[0]);
    if (!known || part.values.length < known.length) choices.set(part.path[0], part.values);
  }
  return choices;
}

/** DynamoDB refuses a batch with a key twice. */
function distinct(values: readonly Value[]): readonly Value[] {
  return [...new Map(values.map((value) => [valueKey(value), value])).values()];
}

function partition(table: Table, condition: Condition): Candidate[] {
  const { partitionKey, sortKey } = table;
  const value = equalities(condition).get(partitionKey.name);
  if (!sortKey || !value || !isKeyValue(table, partitionKey, value)) return [];
  return [{ access: { kind: 'query', partition: [partitionKey.name, value] }, cost: PARTITION }];
}

function scan(): Candidate[] {
  return [{ access: { kind: 'scan' }, cost: TABLE }];
}

/** The attributes that the condition fixes to one value: its conjuncts that are equalities. */
function equalities(condition: Condition): ReadonlyMap<string, Value> {
  const fixed = new Map<string, Value>();
  for (const part of conjunctsOf(condition)) {
    if (part.kind === 'compare' && part.comparator === '=' && part.path.length === 1)
      fixed.set(part.path[0], part.value);
  }
  return fixed;
}

function conjunctsOf(condition: Condition): readonly Condition[] {
  return condition.kind === 'all' ? condition.of : [condition];
}

function isKeyValue(table: Table, key: Key, value: Value | undefined): boolean {
  if (!value || !((key.type === 'string' ? 'S' : 'N') in value)) return false;
  return valueFaults(table, itemOf([[key.name, value]])).length === 0;
}
