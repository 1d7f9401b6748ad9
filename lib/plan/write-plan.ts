// Plans the write of one item. A write is decided on a consistent read and holds only for that item: the plan has the
// policy and an optimistic lock, of which the compiler puts as much as fits into the write's own condition.

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

/** Conditions that hold only while the stored item is the one that was read. */
export type OptimisticLock = {
  /** Compares every top-level attribute, and demands the absence of each other one that could matter. */
  readonly whole: Condition;
  /** Compares the version alone, for items with too many attributes; `undefined` if the item has no version. */
  readonly version: Condition | undefined;
};

export type WritePlan = {
  readonly [planned]: true;
  readonly table: Table;
  readonly key: Item;
  /** The whole item before the write; `undefined` for a create. */
  readonly before: Item | undefined;
  /** The whole item after the write; `undefined` for a delete. */
  readonly after: Item | undefined;
} & (
  | { readonly kind: 'create'; readonly condition: Condition }
  | { readonly kind: 'update'; readonly changes: Changes; readonly lock: OptimisticLock; readonly policy: Condition }
  | { readonly kind: 'delete'; readonly lock: OptimisticLock; readonly policy: Condition }
);

type Shape = { [K in WritePlan['kind']]: Omit<Extract<WritePlan, { kind: K }>, typeof planned> }[WritePlan['kind']];

function make(shape: Shape): WritePlan {
  return Object.freeze(shape) as unknown as WritePlan;
}

/**
 * Returns the item as a create stores it. In a table with versions its first version is the current microsecond: an item that
 * was deleted and created again never has the version of the one before.
 * @param now milliseconds since 1970
 */
export function firstVersion(table: Table, item: Item, now: number): Item {
  const version = { N: String(Math.floor(now * 1e3)) };
  return table.version === undefined ? item : withAttributes(item, itemOf([[table.version, version]]));
}

/**
 * Plans the put of a new item where there is none, or only an expired one. The policy has been evaluated on the new item.
 * @param now milliseconds since 1970
 */
export function planCreate({ table }: Policy, item: Item, now: number): WritePlan {
  const absent = not(exists([table.partitionKey.name]));
  const after = firstVersion(table, item, now);
  const condition = any([absent, not(liveRows(table, now))]);
  return make({ kind: 'create', table, key: keyOf(table, after), before: undefined, after, condition });
}

/**
 * Plans a change of the item that was read, if one permitting grant accepts it before and after.
 * @param paths every path the request changes
 * @throws ApiError `row_not_permitted`
 */
export function planUpdate(policy: Policy, existing: Item, changes: Changes, paths: readonly Path[]): WritePlan {
  const { table } = policy;
  const raised = writable(existing, raiseVersion(table, existing, changes));
  const after = withAttributes(existing, raised.set, raised.remove);
  const condition = policy.updateCondition(existing, after, paths);
  const named = [...Object.keys(raised.set), ...raised.remove, ...paths.map(([name]) => name)];
  const lock = lockOf(table, existing, [...named, ...names(condition)]);
  return make({
    kind: 'update',
    table,
    key: keyOf(table, existing),
    before: existing,
    after,
    changes: raised,
    lock,
    policy: condition,
  });
}

/**
 * Plans the deletion of the item that was read.
 * @throws ApiError `row_not_permitted`
 */
export function planDelete(policy: Policy, existing: Item): WritePlan {
  const { table } = policy;
  const condition = policy.deleteCondition(existing);
  const lock = lockOf(table, existing, names(condition));
  return make({
    kind: 'delete',
    table,
    key: keyOf(table, existing),
    before: existing,
    after: undefined,
    lock,
    policy: condition,
  });
}

function raiseVersion({ version }: Table, existing: Item, changes: Changes): Changes {
  if (version === undefined) return changes;
  const stored = attribute(existing, version);
  // Count with a BigInt: above 2^53 a float would stand still, or fall.
  const next = stored && 'N' in stored && /^\d+$/.test(stored.N) ? String(BigInt(stored.N) + 1n) : '1';
  return { ...changes, set: withAttributes(changes.set, itemOf([[version, { N: next }]])) };
}

/**
 * Returns changes that DynamoDB accepts. It refuses an attribute named twice: one that is set and removed is set. It refuses an
 * empty update: one without changes removes an attribute that the item does not have.
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
 * Returns the lock on an item. DynamoDB cannot express "and no other attribute", so the lock names every attribute that is
 * there, and the absence of each one that the write, the policy or the definition names. A version excludes any other write.
 */
function lockOf(table: Table, existing: Item, named: readonly string[]): OptimisticLock {
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
