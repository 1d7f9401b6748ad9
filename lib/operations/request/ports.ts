// The ports of operations: DynamoDB, a clock, ids, a log. The store implements them.

import type { Item } from '../../base/value.ts';
import type { AuditPlace, AuditPlan } from '../../plan/audit-plan.ts';
import type { ReadPlan } from '../../plan/read-plan.ts';
import type { Position } from '../../plan/step.ts';
import type { WritePlan } from '../../plan/write-plan.ts';

export type RecordTable = 'auth' | 'groups';

/** Ids of records, by table. */
export type RecordIds = Readonly<Record<RecordTable, readonly string[]>>;

/**
 * The limit of what a request may read. It is checked between calls of DynamoDB: calls under way are finished, so every read
 * makes at least one.
 */
export type Budget = {
  /** Microseconds since 1970. */
  readonly until: number;
  /** The value of `Meter.consumed().read` at which to stop: that at the request's start plus the definition's limit. */
  readonly readUnits: number;
};

/**
 * The end of a read. `done`: there are no more rows. `full`: a row was not taken, or the plan's limit was reached and there
 * is one more. `spent`: the budget is spent. `next` is the position to continue from; `undefined` if `done`.
 */
export type Read = { readonly next: Position | undefined; readonly ended: 'done' | 'full' | 'spent' };

/**
 * The end of a read of audit rows. `full`: a row was refused; it is the next. `done`: there are no more; `from` is the
 * first day that was read, if the plan's query does not say it. `spent`: the budget is spent; `next` is after the last row
 * visited.
 */
export type AuditRead =
  | { readonly ended: 'full' | 'spent'; readonly next: AuditPlace }
  | { readonly ended: 'done'; readonly from: string | undefined };

/**
 * The outcome of a write. `lost`: the plan's condition no longer holds. `contended`: another transaction was writing the
 * item. `throttled`: there was no capacity for the transaction. `repeated`: the request's row exists already. In these
 * four cases nothing was written.
 */
export type Written = 'written' | 'lost' | 'contended' | 'throttled' | 'repeated';

/** A row of the requests table, put only if there is none with its id, or an expired one. */
export type RequestPut = {
  readonly row: Item;
  /** Seconds since 1970. */
  readonly now: number;
};

export type LogLevel = 'info' | 'warn' | 'error';

export type Ports = {
  /** Starts a request: the time limits of its DynamoDB calls count from here. */
  readonly begin: () => void;
  /** Returns the records of the ids, read consistently, a hundred per call; ids without a record are left out. */
  readonly loadRecords: (ids: RecordIds) => Promise<Readonly<Record<RecordTable, readonly Item[]>>>;
  /**
   * Calls `take` with each row that satisfies a plan's condition, in its order and up to its limit, until `take` returns
   * false or the budget is spent.
   */
  readonly read: (plan: ReadPlan, budget: Budget, take: (item: Item) => boolean, from?: Position) => Promise<Read>;
  /**
   * Visits every row that satisfies a plan's condition, in no order, and stores none.
   * @throws ApiError `too_costly` when the budget is spent
   */
  readonly readAll: (plan: ReadPlan, budget: Budget, visit: (item: Item) => void) => Promise<void>;
  /** Writes a plan, its audit rows and the row of its request, if any, in one transaction. */
  readonly write: (plan: WritePlan, auditRows: readonly Item[], request?: RequestPut) => Promise<Written>;
  /** Returns the row of the requests table with that id, expired or not, read consistently; `undefined` if there is none. */
  readonly findRequest: (id: string) => Promise<Item | undefined>;
  /** Writes audit rows outside a transaction, for reads and refusals. */
  readonly putAudit: (rows: readonly Item[]) => Promise<void>;
  /**
   * Visits the audit rows of a plan, newest first, each with its further rows, until `visit` returns false or the budget is
   * spent.
   */
  readonly readAudit: (
    plan: AuditPlan,
    budget: Budget,
    visit: (record: readonly Item[]) => boolean,
  ) => Promise<AuditRead>;
  /** Microseconds since 1970. */
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** From 0 up to 1. */
  readonly random: () => number;
  /** A new UUIDv7. */
  readonly newId: () => string;
  readonly digest: (text: string) => string;
  /**
   * Returns the HMAC of a text under this deployment's own key, in base64url: nobody else can make it or test guesses. A
   * text begins with its purpose, so that a seal for one purpose is not valid for another.
   */
  readonly seal: (text: string) => Promise<string>;
  /** Encrypts a text into a token that only this deployment can decrypt, and only under the same context. */
  readonly encrypt: (text: string, context: string) => Promise<string>;
  /** Decrypts a token; `undefined` if it was altered, or made by another deployment or under another context. */
  readonly decrypt: (token: string, context: string) => Promise<string | undefined>;
  readonly log: (level: LogLevel, message: string, fields: Readonly<Record<string, unknown>>) => void;
  readonly meter: Meter;
};

/** The capacity units that DynamoDB has charged. */
export type Units = { readonly read: number; readonly write: number };

/** The instruments that requests are measured with. */
export type Meter = {
  /** Microseconds of a monotonic clock. */
  readonly clock: () => number;
  /** The units that this instance has consumed so far. It handles one request at a time: the difference is the request's. */
  readonly consumed: () => Units;
  /** The X-Ray trace of the request at hand, `1-67891233-abcdef012345678912345678`. */
  readonly trace: () => string | undefined;
  /** The name of this deployment among others in the same account. */
  readonly api: string;
  /** Reports a defect to the error tracker; `undefined` if none is configured. Never rejects, takes a second at most. */
  readonly track: ((defect: Defect) => Promise<void>) | undefined;
};

/** A defect as it may leave the account: names, places and durations; no message, as it may contain values. */
export type Defect = {
  readonly requestId: string;
  readonly operation: string;
  readonly method: string;
  readonly route: string;
  readonly error: unknown;
  /** The stages that led to it, in order. */
  readonly breadcrumbs: readonly { readonly stage: string; readonly milliseconds: number }[];
};
