// What operations need of the world: DynamoDB, a clock, ids, a log. The store and the Lambdas provide them.

import type { Item } from '../../base/value.ts';
import type { AuditPlace, AuditPlan } from '../../plan/audit-plan.ts';
import type { ReadPlan } from '../../plan/read-plan.ts';
import type { Position } from '../../plan/step.ts';
import type { WritePlan } from '../../plan/write-plan.ts';

export type RecordTable = 'auth' | 'groups';

/** Ids of records, by table. */
export type RecordIds = Readonly<Record<RecordTable, readonly string[]>>;

/**
 * How much a request may read. Held against the clock and the meter between calls: the calls under way when it is spent are
 * finished, so that every read makes one call at least.
 */
export type Budget = {
  /** Microseconds since 1970. */
  readonly until: number;
  /** A reading of `Meter.consumed().read`: the one at the request's start, plus what the definition allows. */
  readonly readUnits: number;
};

/**
 * How a read ended. `done`: there are no more rows. `full`: a row was not taken, or the plan's limit was reached and there
 * is one more. `spent`: the budget is spent. `next` is where to go on, where there is more.
 */
export type Read = { readonly next: Position | undefined; readonly ended: 'done' | 'full' | 'spent' };

/**
 * How a reading of audit rows ended. `full`: a row was refused; it is the next. `done`: there are no more; `from` is the
 * first day that was read, where the plan's query does not say it. `spent`: the budget is spent; `next` is behind what was
 * visited.
 */
export type AuditRead =
  | { readonly ended: 'full' | 'spent'; readonly next: AuditPlace }
  | { readonly ended: 'done'; readonly from: string | undefined };

/**
 * What became of a plan. `lost`: the plan's condition no longer holds. `contended`: another transaction was at work on
 * the item at that moment. `throttled`: there was no capacity for the whole transaction. `repeated`: the request's row is
 * there already. In these cases nothing was written.
 */
export type Written = 'written' | 'lost' | 'contended' | 'throttled' | 'repeated';

/** A row of the requests table, to be put where there is none of its id, or only one that has expired. */
export type RequestPut = {
  readonly row: Item;
  /** Seconds since 1970. */
  readonly now: number;
};

export type LogLevel = 'info' | 'warn' | 'error';

export type Ports = {
  /** A request begins: what the calls of DynamoDB for it may take is counted from here. */
  readonly begin: () => void;
  /** The records of those ids, read consistently, in one call up to a hundred; ids without a record are left out. */
  readonly loadRecords: (ids: RecordIds) => Promise<Readonly<Record<RecordTable, readonly Item[]>>>;
  /**
   * Hands over the rows that satisfy a plan's whole condition, in its order, up to its limit, as long as they are taken and
   * the budget lasts.
   */
  readonly read: (plan: ReadPlan, budget: Budget, take: (item: Item) => boolean, from?: Position) => Promise<Read>;
  /**
   * Visits every row that satisfies a plan's whole condition, however many, in no order: none is kept.
   * @throws ApiError `too_costly` when the budget is spent
   */
  readonly readAll: (plan: ReadPlan, budget: Budget, visit: (item: Item) => void) => Promise<void>;
  /** Runs a plan and puts its audit rows and the row of its request, where there is one: all of it or nothing. */
  readonly write: (plan: WritePlan, auditRows: readonly Item[], request?: RequestPut) => Promise<Written>;
  /** The row of the requests table with that id, expired or not, read consistently. */
  readonly findRequest: (id: string) => Promise<Item | undefined>;
  /** Puts audit rows by themselves: for reads and refusals. */
  readonly putAudit: (rows: readonly Item[]) => Promise<void>;
  /**
   * Visits the audit rows of a plan, newest first, each with its further rows, as long as `visit` says that it goes on and
   * the budget lasts.
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
   * HMAC of a text under this deployment's own key, in base64url: nobody else can make it or try guesses against it.
   * A text begins with its purpose, so that what is sealed for one is nothing for another.
   */
  readonly seal: (text: string) => Promise<string>;
  /** The text as a token that only this deployment can read, and only under the same context. */
  readonly encrypt: (text: string, context: string) => Promise<string>;
  /** The text of a token; undefined where it was altered, or made elsewhere or under another context. */
  readonly decrypt: (token: string, context: string) => Promise<string | undefined>;
  readonly log: (level: LogLevel, message: string, fields: Readonly<Record<string, unknown>>) => void;
  readonly meter: Meter;
};

/** Capacity units that DynamoDB has charged. */
export type Units = { readonly read: number; readonly write: number };

/** What operators measure requests with. */
export type Meter = {
  /** Microseconds of a clock that only goes forward. */
  readonly clock: () => number;
  /** All that this instance has consumed so far. An instance has one request at a time: the difference is the request's. */
  readonly consumed: () => Units;
  /** The X-Ray trace of the request at hand, `1-67891233-abcdef012345678912345678`. */
  readonly trace: () => string | undefined;
  /** What this deployment is called among others in the same account. */
  readonly api: string;
  /** Tells the error tracker of a defect; undefined where none is configured. Never rejects, and takes a second at most. */
  readonly track: ((defect: Defect) => Promise<void>) | undefined;
};

/** A defect as it may leave the account: names, places and durations; no message, for it may hold values. */
export type Defect = {
  readonly requestId: string;
  readonly operation: string;
  readonly method: string;
  readonly route: string;
  readonly error: unknown;
  /** The stages that led to it, in order. */
  readonly breadcrumbs: readonly { readonly stage: string; readonly milliseconds: number }[];
};
