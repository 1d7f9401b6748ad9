// What operations need of the world: DynamoDB, a clock, ids, a log. The store and the Lambdas provide them.

import type { Item } from '../base/value.ts';
import type { ReadPlan } from '../plan/read-plan.ts';
import type { WritePlan } from '../plan/write-plan.ts';

export type RecordTable = 'auth' | 'groups';

/** Rows as read, in the order read. `more`: there are further rows that the plan's limit left out. */
export type Rows = { readonly items: readonly Item[]; readonly more: boolean };

/**
 * What became of a plan. `lost`: the plan's condition no longer holds. `contended`: another transaction was at work on
 * the item at that moment. In both cases nothing was written.
 */
export type Written = 'written' | 'lost' | 'contended';

export type LogLevel = 'info' | 'warn' | 'error';

export type Ports = {
  /** The records of those ids, read consistently in one call; ids without a record are left out. */
  readonly loadRecords: (table: RecordTable, ids: readonly string[]) => Promise<readonly Item[]>;
  /** The rows that satisfy a plan's whole condition. */
  readonly read: (plan: ReadPlan) => Promise<Rows>;
  /** Runs a plan and puts its audit rows, both or neither. */
  readonly write: (plan: WritePlan, auditRows: readonly Item[]) => Promise<Written>;
  /** Puts audit rows by themselves: for reads and refusals. */
  readonly putAudit: (rows: readonly Item[]) => Promise<void>;
  /** Microseconds since 1970. */
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** From 0 up to 1. */
  readonly random: () => number;
  /** A new UUIDv7. */
  readonly newId: () => string;
  readonly digest: (text: string) => string;
  readonly log: (level: LogLevel, message: string, fields: Readonly<Record<string, unknown>>) => void;
};
