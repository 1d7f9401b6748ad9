// How one request writes one item. A write is decided on a consistent read and pinned to it: the plan carries the
// policy and the pins, and the compiler puts all that fits into the write's own condition.

import type { Policy } from '../access/policy.ts';
import type { Path } from '../base/path.ts';
import { attribute, type Item, itemOf, type Value, withAttributes } from '../base/value.ts';
import { all, any, type Condition, compare, exists, not } from '../condition/condition.ts';
import { liveRows } from '../condition/live-rows.ts';
import { pathsOf } from '../condition/paths.ts';
import { keyOf } from '../definition/item-faults.ts';
import { keyNames, type Table } from '../definition/table.ts';
import type { Changes } from './changes.ts';

declare const planned: unique symbol;

/** That the item is still the one read. */
export type Pins = {
  /** Every top-level attribute equal, and none of the attributes that could matter added. */
  readonly whole: Condition;
  /** The version is the one read: by itself enough, for items with too many attributes; where the table has versions. */
  readonly version: Condition | undefined;
};

export type WritePlan = {
  readonly [planned]: true;
  readonly table: Table;
  readonly key: Item;
  /** The item before and after, whole; undefined where there is none. */
  readonly before: Item | undefined;
  readonly after: Item | undefined;
} & (
  | { readonly kind: 'create'; readonly condition: Condition }
  | { readonly kind: 'update'; readonly changes: Changes; readonly pins: Pins; readonly policy: Condition }
  | { readonly kind: 'delete'; readonly pins: Pins; readonly policy: Condition }
);

type Shape = { [K in WritePlan['kind']]: Omit<Extract<WritePlan, { kind: K }>, typeof planned> }[WritePlan['kind']];

function make(shape: Shape): WritePlan {
  return Object.freeze(shape) as unknown as WritePlan;
}

/**
 * The item as a create stores it, with its first version where the table has versions: the microsecond, so that an item
 * that was deleted and created again never passes for the one before.
 * @param now milliseconds since 1970
 */
export function firstVersion(table: Table, item: Item, now: number): Item {
  const version = { N: String(Math.floor(now * 1e3)) };
  return table.version === undefined ? item : withAttributes(item, itemOf([[table.version, version]]));
}

/**
 * Puts a new item where there is none, or only an expired one. The caller's rows were checked on the item itself.
 * @param now milliseconds since 1970
 */
export function planCreate({ table }: Policy, item: Item, now: number): WritePlan {
  const absent = not(exists([table.partitionKey.name]));
  const after = firstVersion(table, item, now);
  const condition = any([absent, not(liveRows(table, now))]);
  return make({ kind: 'create', table, key: keyOf(table, after), before: undefined, after, condition });
}

/**
 * Changes the item that was read, if one permitting grant accepts it before and after.
 * @param paths every path the request changes
 * @throws ApiError `row_not_permitted`
 */
export function planUpdate(policy: Policy, existing: Item, changes: Changes, paths: readonly Path[]): WritePlan {
  const { table } = policy;
  const raised = writable(existing, raiseVersion(table, existing, changes));
  const after = withAttributes(existing, raised.set, raised.remove);
  const condition = policy.updateCondition(existing, after, paths);
  const named = [...Object.keys(raised.set), ...raised.remove, ...paths.map(([name]) => name)];
  const pins = pinsOf(table, existing, [...named, ...names(condition)]);
  return make({
    kind: 'update',
    table,
    key: keyOf(table, existing),
    before: existing,
    after,
    changes: raised,
    pins,
    policy: condition,
  });
}

/**
 * Deletes the item that was read.
 * @throws ApiError `row_not_permitted`
 */
export function planDelete(policy: Policy, existing: Item): WritePlan {
  const { table } = policy;
  const condition = policy.deleteCondition(existing);
  const pins = pinsOf(table, existing, names(condition));
  return make({
    kind: 'delete',
    table,
    key: keyOf(table, existing),
    before: existing,
    after: undefined,
    pins,
    policy: condition,
  });
}

function raiseVersion({ version }: Table, existing: Item, changes: Changes): Changes {
  if (version === undefined) return changes;
  const stored = attribute(existing, version);
  // Exact: a float would stand still, or fall, above 2^53.
  const next = stored && 'N' in stored && /^\d+$/.test(stored.N) ? String(BigInt(stored.N) + 1n) : '1';
  return { ...changes, set: withAttributes(changes.set, itemOf([[version, { N: next }]])) };
}

/**
 * DynamoDB takes no update that names an attribute twice: what a schema gives out for a removed one is stored. And none
 * that says nothing: removing what is not there changes nothing.
 */
function writable(existing: Item, { set, remove }: Changes): Changes {
  const removed = remove.filter((name) => attribute(set, name) === undefined);
  if (Object.keys(set).length + removed.length > 0) return { set, remove: removed };
  let absent = '_';
  while (attribute(existing, absent)) absent += '_';
  return { set, remove: [absent] };
}

function names(condition: Condition): readonly string[] {
  return pathsOf(condition).map((path) => path[0]);
}

/**
 * DynamoDB cannot say "and no other attribute". So the pin names every attribute that is there, and the absence of each
 * one that the write, the policy or the definition names; a table with a version is pinned to the very write.
 */
function pinsOf(table: Table, existing: Item, named: readonly string[]): Pins {
  const keys = keyNames(table);
  const present = Object.entries(existing).filter(([name]) => !keys.includes(name));
  const known = new Set([...table.attributes.keys(), ...named]);
  const absent = [...known].filter((name) => attribute(existing, name) === undefined);
  const there = exists([table.partitionKey.name]);
  const equal = ([name, value]: readonly [string, Value]) => compare([name], '=', value);
  const version = present.find(([name]) => name === table.version);
  return {
    whole: all([there, ...present.map(equal), ...absent.map((name) => not(exists([name])))]),
    version: version && all([there, equal(version)]),
  };
}
