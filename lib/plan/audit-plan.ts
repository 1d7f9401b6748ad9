// How one request reads the audit table, newest first: through the index that its query fixes most of (one item, one
// caller, else day by day), never by a scan. Made only here, and only from a policy.

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

/** A place between audit rows, newest first: behind a key, or at it. Plain data: it stands in cursors. */
export type AuditPlace = AuditKey & {
  /** The row of that key is still to come. */
  readonly isIncluded?: boolean;
  /** Of a reading by day: the day at which it ends, where it was found out on the way. */
  readonly oldest?: string;
};

type Common = {
  readonly [planned]: true;
  readonly table: 'audit';
  readonly policy: AuditPolicy;
  /** The times between which the rows lie, both in it. */
  readonly window: Window;
  /** The most rows that are wanted: how much is read at once depends on it. */
  readonly limit: number;
  /** Where it goes on; undefined: at the newest row. */
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
     * From one day back to another. Days are `2026-11-22`. The oldest is the query's; or assumed; or that of a gap, which
     * moves back with each row that is found. Where it is not the query's the answer must say how far back it goes.
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

/** The partition keys that lib/audit writes. */
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
/** More partitions than this are not merged; the rows are then read by day. */
const MAX_PARTITIONS = 64;
/** Clocks differ: a row may be stamped so far ahead. */
const SKEW_MILLISECONDS = 300_000;

/** The plan of a read of audit rows that a query asks for; `item`: of one item only. */
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

/** The plan of a read of one item's changes. @param keys the partitions that hold them */
export function planHistory(
  policy: AuditPolicy,
  query: Condition,
  { limit }: Pick<AuditRead, 'limit'>,
  keys: readonly string[],
): AuditPlan {
  const window = textWindow(query, TIME);
  const isNever = isFalse(query) || isEmpty(window);
  const access: Access = isNever ? { kind: 'never' } : { kind: 'partitions', index: 'by_resource', keys };
  // A version is known once the change before it is.
  return make(policy, window, { limit: limit + 1 }, access);
}

function make(policy: AuditPolicy, window: Window, { limit }: Pick<AuditRead, 'limit'>, access: Access): AuditPlan {
  const distinct = access.kind === 'partitions' ? { keys: [...new Set(access.keys)] } : {};
  return Object.freeze({ ...access, ...distinct, table: 'audit', policy, window, limit }) as unknown as AuditPlan;
}

/** The partitions of the items whose keys the query fixes; undefined where it could mean others too. */
function resourceKeys(tables: readonly Table[], query: Condition, keys: AuditKeys): readonly string[] | undefined {
  const named = fixedValues(query, ['resource', 'table'])?.flatMap((value) => ('S' in value ? [value.S] : []));
  const meant = named ? tables.filter(({ name }) => named.includes(name)) : tables;
  // A table that the API no longer has may have rows, whose keys are not known here.
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

/** The partitions of the callers whose id the query fixes: an id may be one of any kind. */
function userKeys(query: Condition, keys: AuditKeys): readonly string[] | undefined {
  const texts = (values: readonly Value[]) => values.flatMap((value) => ('S' in value ? [value.S] : []));
  const ids = fixedValues(query, ['user', 'id']);
  if (!ids) return undefined;
  const types = texts(fixedValues(query, ['user', 'type']) ?? KINDS.map((kind) => ({ S: kind })));
  const partitions = texts(ids).flatMap((id) => types.map((type) => keys.user(type, id)));
  return partitions.length <= MAX_PARTITIONS ? partitions : undefined;
}

/**
 * A restricted caller without a window gets a fixed one: where a gap ends depends on rows that it is not shown.
 */
function days({ from, to }: Window, now: number, { isRestricted }: AuditPolicy): Access {
  const latest = dayOf(now + SKEW_MILLISECONDS);
  const newest = to === undefined ? latest : lastDayUntil(dayPart(to), latest);
  if (from !== undefined) return { kind: 'days', newest, oldest: laterDay(dayPart(from), EARLIEST_DAY), end: 'query' };
  return { kind: 'days', newest, oldest: gapBehind(newest), end: isRestricted ? 'assumed' : 'gap' };
}
