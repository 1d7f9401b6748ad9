// One call of one endpoint: what came in, what an operation gets to work with, and what it gives back.

import type { Permission } from '../../access/permission.ts';
import { Policy } from '../../access/policy.ts';
import type { Identity } from '../../access/principal.ts';
import type { ApiError } from '../../base/errors.ts';
import type { Item, Value } from '../../base/value.ts';
import type { Api } from '../../definition/api.ts';
import type { Endpoint } from '../../definition/endpoint.ts';
import type { Table } from '../../definition/table.ts';
import type { Budget, Ports } from './ports.ts';
import type { Telemetry } from './telemetry.ts';

/** A call as the gateway delivered it, decoded once. */
export type ApiRequest = {
  readonly requestId: string;
  /** Undefined: the gateway proved nobody. */
  readonly identity: Identity | undefined;
  /** The person that headers name: believed of a trusted proxy only. Undefined: they name nobody, or not one alone. */
  readonly proxied: Extract<Identity, { kind: 'oidc' }> | undefined;
  readonly method: string;
  /** What stands before routes in the caller's URLs, such as `/prod`; often nothing. */
  readonly basePath: string;
  /** The route filled with its decoded parameters: what permitted endpoints are matched with. */
  readonly path: string;
  readonly pathParameters: ReadonlyMap<string, string>;
  /** A parameter is malformed: the parameters are as they were sent, and match nothing. */
  readonly pathFault: ApiError | undefined;
  readonly query: readonly (readonly [name: string, value: string])[];
  readonly contentType: string | undefined;
  readonly body: string | undefined;
  /** There was a body, and it is no text. */
  readonly bodyFault: ApiError | undefined;
  /** Every value sent of the headers that make a write conditional or repeatable. */
  readonly idempotencyKey: readonly string[];
  readonly ifMatch: readonly string[];
  readonly ifNoneMatch: readonly string[];
  readonly sourceIp: string | undefined;
  readonly userAgent: string | undefined;
};

export type Answer = {
  /** The entity tag of the one item that it is about, quoted. */
  readonly etag?: string;
  /** The request was answered before; this is its repeat. */
  readonly isReplay?: boolean;
  /** The first day of the audit that the answer covers, where it does not go back to the beginning. */
  readonly auditFrom?: string;
} & (
  | { readonly kind: 'ok'; readonly body: Value }
  | {
      readonly kind: 'rows';
      /** JSON texts. */
      readonly rows: readonly string[];
      /** The URL of the next page, where there is more. */
      readonly next?: string;
      /** How many rows there are on all pages. */
      readonly total?: number;
    }
  | { readonly kind: 'created'; readonly body: Value; readonly location: string | undefined }
  | { readonly kind: 'no_content' }
);

/** A call in progress: one endpoint of one API, and the world behind it. */
export type RequestContext = {
  readonly api: Api;
  readonly endpoint: Endpoint;
  readonly ports: Ports;
  readonly telemetry: Pick<Telemetry, 'identify'>;
  readonly call: ApiRequest;
  /** Microseconds since 1970, once for the whole request. */
  readonly startedAt: number;
  /** How much the request may read, its own records included. */
  readonly budget: Budget;
};

/** The longest that a request may read, in microseconds: API Gateway waits 29 seconds, a function has 25. */
const READ_MICROSECONDS = 20_000_000;

/** The visit of a call that begins now. */
export function begin(service: Omit<RequestContext, 'call' | 'startedAt' | 'budget'>, call: ApiRequest): RequestContext {
  const { ports, api } = service;
  const startedAt = ports.now();
  const readUnits = ports.meter.consumed().read + api.limits.readUnits;
  return { ...service, call, startedAt, budget: { until: startedAt + READ_MICROSECONDS, readUnits } };
}

/** A call that the caller may make. */
export type AuthorizedRequest = RequestContext & { readonly permission: Permission };

/** A call about one table, with the caller's policy for it. */
export type TableRequest = AuthorizedRequest & { readonly table: Table; readonly policy: Policy };

/** What an operation did. A read's audit row is still due; a mutation's went with its transaction. */
export type OperationResult = {
  readonly answer: Answer;
  readonly audit: 'due' | 'written';
  /**
   * What a read's audit row says beyond the call itself: the one item that was found, the body that was read; and its
   * action, where a repeated write only reads.
   */
  readonly about?: { readonly key?: Item; readonly body?: Item | readonly Value[]; readonly action?: string };
};

export type Operate = (session: AuthorizedRequest) => Promise<OperationResult>;

/** An operation on the table of its endpoint. */
export function onTable(operate: (session: TableRequest) => Promise<OperationResult>): Operate {
  return (session) => {
    const { table } = session.endpoint;
    if (!table) throw new TypeError(`${session.endpoint.route} has no table`);
    return operate({ ...session, table, policy: Policy.of(session.permission, table, session.startedAt / 1e3) });
  };
}
