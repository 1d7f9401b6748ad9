// Plans how one request reads the audit table, newest row first: by the index of one item, of one caller, or of days, never by
// a scan. A plan is made only here, from a policy.

import type { AuditPolicy } from '../access/audit-policy.ts';
import type { RecordKind } from '../access/records.ts';
import type { Item, Value } from '../base/value.ts';
import type { Condition } from '../condition/condition.ts';
import { isFalse } from '../condition/conjuncts.ts';
import { fixedValues } from '../condition/demand.ts';
import type { AuditIndex } from '../definition/audit-indexes.ts';
import { type Key, keyNames, type Table } from '../definition/table.ts';
import { everyKey } from './choices.ts';
import { dayOf, dayPart, EARLIEST_DAY, gapBehind, lastDayUntil, laterDay } from './days.ts';
import { isEmpty, textWindow, type Window } from './text-window.ts';

declare const planned: unique symbol;

/** The key of an audit row. */
export type AuditKey = { readonly time: string; readonly id: string };

/** A place between audit rows, newest first: after a key, or at it. Cursors have it as plain data. */
export type AuditPlace = AuditKey & {
  /** True if the row of that key is still to be read. */
  readonly isIncluded?: boolean;
  /** The day at which a read by day ends; `undefined` if the plan gives it. */
  readonly oldest?: string;
};

type Common = {
  readonly [planned]: true;
  readonly table: 'audit';
  readonly policy: AuditPolicy;
  /** The first and the last time of the rows. */
  readonly window: Window;
  /** The most rows to return, from which the size of calls follows. */
  readonly limit: number;
  /** The place to go on from; `undefined` if the newest row. */
  readonly from?: AuditPlace;
};

export type AuditPlan = Common &
  (
    | { readonly kind: 'never'; readonly end?: undefined }
    | {
        readonly kind: 'partitions';
        readonly index: AuditIndex;
        readonly keys: readonly string[];
        readonly end?: undefined;
      }
    /**
     * Days such as `2026-11-22`, from the newest back to the oldest. The oldest is the query's, or assumed, or follows a gap
     * without rows, and so moves back with each row found. If it is not the query's, the answer says how far back it goes.
     */
    | {
        readonly kind: 'days';
        readonly newest: string;
        readonly oldest: string;
        readonly end: 'query' | 'assumed' | 'gap';
      }
  );

type Access = {
  readonly [K in AuditPlan['kind']]: Omit<Extract<AuditPlan, { kind: K }>, keyof Common>;
}[AuditPlan['kind']];

/** Functions that return the partition keys that lib/audit writes. */
export type AuditKeys = {
  readonly resource: (table: Table, key: Item) => readonly string[];
  readonly user: (type: string, id: string) => string;
};

export type AuditRead = {
  readonly keys: AuditKeys;
  readonly limit: number;
  /** Milliseconds since 1970. */
  readonly now: number;
};

const TIME = ['time'] as const;
const KINDS: readonly RecordKind[] = ['API_KEY', 'USERNAME', 'OIDC_GROUP'];
/** The most partitions that are merged; rows of more are read by day. */
const MAX_PARTITIONS = 64;
/** The most by which the clock of a writer may be ahead. */
const SKEW_MILLISECONDS = 300_000;

/**
 * Plans a read of the audit rows that a query selects. `user.id = "a"` → `partitions` of `by_user`.
 * @param item the only item whose rows are read. @default the items of the query
 */
export function planAudit(
  policy: AuditPolicy,
  query: Condition,
  read: AuditRead,
  item?: { readonly table: Table; readonly key: Item },
): AuditPlan {
  const window = textWindow(query, TIME);
  if (isFalse(query) || isEmpty(window)) return make(policy, window, read, { kind: 'never' });
  const resources = item ? read.keys.resource(item.table, item.key) : resourceKeys(policy.tables, query, read.keys);
  if (resources) return make(policy, window, read, { kind: 'partitions', index: 'by_resource', keys: resources });
  const users = userKeys(query, read.keys);
  if (users) return make(policy, window, read, { kind: 'partitions', index: 'by_user', keys: users });
  return make(policy, window, read, days(window, read.now, policy));
}

/** Plans a read of one item's changes. @param keys the partitions in which they are */
export function planHistory(
  policy: AuditPolicy,
  query: Condition,
  { limit }: Pick<AuditRead, 'limit'>,
  keys: readonly string[],
): AuditPlan {
  const window = textWindow(query, TIME);
  const isNever = isFalse(query) || isEmpty(window);
  const access: Access = isNever ? { kind: 'never' } : { kind: 'partitions', index: 'by_resource', keys };
  // A version is complete once the change before it is read.
  return make(policy, window, { limit: limit + 1 }, access);
}

function make(policy: AuditPolicy, window: Window, { limit }: Pick<AuditRead, 'limit'>, access: Access): AuditPlan {
  const distinct = access.kind === 'partitions' ? { keys: [...new Set(access.keys)] } : {};
  return Object.freeze({ ...access, ...distinct, table: 'audit', policy, window, limit }) as unknown as AuditPlan;
}

/** Returns the partitions of the items to whose keys the query restricts rows; `undefined` if it allows others too. */
function resourceKeys(tables: readonly Table[], query: Condition, keys: AuditKeys): readonly string[] | undefined {
  const named = fixedValues(query, ['resource', 'table'])?.flatMap((value) => ('S' in value ? [value.S] : []));
  const meant = named ? tables.filter(({ name }) => named.includes(name)) : tables;
  // A table that was removed from the API may have rows, but its key attributes are unknown.
  if (named && meant.length < new Set(named).size) return undefined;
  const names = [...new Set(tables.flatMap(keyNames))];
  const fixed = new Map(names.map((name) => [name, fixedValues(query, ['resource', 'key', name])]));
  const given = names.filter((name) => fixed.get(name));
  if (given.length === 0) return undefined;
  const valuesOf = ({ name, type }: Key) =>
    fixed.get(name)?.filter((value) => (type === 'string' ? 'S' in value : 'N' in value));
  const partitions: string[] = [];
  for (const table of meant.filter((each) => given.every((name) => keyNames(each).includes(name)))) {
    const found = everyKey(table, valuesOf, MAX_PARTITIONS);
    if (!found) return undefined;
    partitions.push(...found.flatMap((key) => keys.resource(table, key)));
  }
  return partitions.length <= MAX_PARTITIONS ? partitions : undefined;
}

/** Returns the partitions of the callers with the query's ids, of every kind if it names none; `undefined` if it has no ids. */
function userKeys(query: Condition, keys: AuditKeys): readonly string[] | undefined {
  const texts = (values: readonly Value[]) => values.flatMap((value) => ('S' in value ? [value.S] : []));
  const ids = fixedValues(query, ['user', 'id']);
  if (!ids) return undefined;
  const types = texts(fixedValues(query, ['user', 'type']) ?? KINDS.map((kind) => ({ S: kind })));
  const partitions = texts(ids).flatMap((id) => types.map((type) => keys.user(type, id)));
  return partitions.length <= MAX_PARTITIONS ? partitions : undefined;
}

/**
 * Returns the days to read. A restricted caller without a window gets a fixed one: a gap would reveal rows that are not shown.
 */
function days({ from, to }: Window, now: number, { isRestricted }: AuditPolicy): Access {
  const latest = dayOf(now + SKEW_MILLISECONDS);
  const newest = to === undefined ? latest : lastDayUntil(dayPart(to), latest);
  if (from !== undefined) return { kind: 'days', newest, oldest: laterDay(dayPart(from), EARLIEST_DAY), end: 'query' };
  return { kind: 'days', newest, oldest: gapBehind(newest), end: isRestricted ? 'assumed' : 'gap' };
}
