// The types of one request: the request as parsed, the context that an operation works in, and its result.

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

/** A request as the gateway delivered it, decoded once. */
export type ApiRequest = {
  readonly requestId: string;
  /** The identity that the gateway authenticated; `undefined` if there is none. */
  readonly identity: Identity | undefined;
  /** The person that headers name, used for a trusted proxy only; `undefined` if they do not name exactly one. */
  readonly proxied: Extract<Identity, { kind: 'oidc' }> | undefined;
  readonly method: string;
  /** The part of the caller's URLs before routes, such as `/prod`; often ''. */
  readonly basePath: string;
  /** The route filled with its decoded parameters; patterns of permitted endpoints are matched with it. */
  readonly path: string;
  readonly pathParameters: ReadonlyMap<string, string>;
  /** The refusal if a path parameter is malformed; the parameters are then as they were sent. */
  readonly pathFault: ApiError | undefined;
  readonly query: readonly (readonly [name: string, value: string])[];
  readonly contentType: string | undefined;
  readonly body: string | undefined;
  /** The refusal if there is a body that is not UTF-8 text. */
  readonly bodyFault: ApiError | undefined;
  /** Every value of the header, as for the two after it. */
  readonly idempotencyKey: readonly string[];
  readonly ifMatch: readonly string[];
  readonly ifNoneMatch: readonly string[];
  readonly sourceIp: string | undefined;
  readonly userAgent: string | undefined;
};

export type Answer = {
  /** The entity tag of the item in the answer, quoted. */
  readonly etag?: string;
  /** True if a request with this idempotency key was answered before. */
  readonly isReplay?: boolean;
  /** The first day of the audit that the answer covers; absent if it covers all. */
  readonly auditFrom?: string;
} & (
  | { readonly kind: 'ok'; readonly body: Value }
  | {
      readonly kind: 'rows';
      /** JSON texts. */
      readonly rows: readonly string[];
      /** The URL of the next page, if there is one. */
      readonly next?: string;
      /** The number of rows on all pages. */
      readonly total?: number;
    }
  | { readonly kind: 'created'; readonly body: Value; readonly location: string | undefined }
  | { readonly kind: 'no_content' }
);

/** A request in progress: its endpoint, its API and the ports to the world. */
export type RequestContext = {
  readonly api: Api;
  readonly endpoint: Endpoint;
  readonly ports: Ports;
  readonly telemetry: Pick<Telemetry, 'identify'>;
  readonly call: ApiRequest;
  /** Microseconds since 1970, once for the whole request. */
  readonly startedAt: number;
  /** The limit of what the request may read, the caller's auth records included. */
  readonly budget: Budget;
};

/** The time that a request may read, in microseconds: API Gateway waits 29 seconds, a function has 25. */
const READ_MICROSECONDS = 20_000_000;

/** Returns the context of a request that begins now. */
export function begin(
  service: Omit<RequestContext, 'call' | 'startedAt' | 'budget'>,
  call: ApiRequest,
): RequestContext {
  const { ports, api } = service;
  const startedAt = ports.now();
  const readUnits = ports.meter.consumed().read + api.limits.readUnits;
  return { ...service, call, startedAt, budget: { until: startedAt + READ_MICROSECONDS, readUnits } };
}

/** A request that the caller is permitted to make. */
export type AuthorizedRequest = RequestContext & { readonly permission: Permission };

/** A permitted request on one table, with the caller's policy for it. */
export type TableRequest = AuthorizedRequest & { readonly table: Table; readonly policy: Policy };

/** The result of an operation. A read's audit row is still due; a mutation's was written in its transaction. */
export type OperationResult = {
  readonly answer: Answer;
  readonly audit: 'due' | 'written';
  /**
   * Further fields of a read's audit row: the key of the item that was found, the body as parsed, and the action if it is
   * not the endpoint's, as for a repeated write, which only reads.
   */
  readonly about?: { readonly key?: Item; readonly body?: Item | readonly Value[]; readonly action?: string };
};

export type Operate = (session: AuthorizedRequest) => Promise<OperationResult>;

/** Returns the operation that runs `operate` with the endpoint's table and the caller's policy for it. */
export function onTable(operate: (session: TableRequest) => Promise<OperationResult>): Operate {
  return (session) => {
    const { table } = session.endpoint;
    if (!table) throw new TypeError(`${session.endpoint.route} has no table`);
    return operate({ ...session, table, policy: Policy.of(session.permission, table, session.startedAt / 1e3) });
  };
}
