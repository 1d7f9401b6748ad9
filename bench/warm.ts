// One warm instance of a Lambda: the handler of one endpoint on a client that stays, and the events of its requests.

import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { findEndpoint } from '../lib/definition/endpoint.ts';
import type { Operation } from '../lib/definition/operations.ts';
import { parseRoute } from '../lib/definition/route.ts';
import type { HttpAnswer } from '../lib/http/problem.ts';
import { type Handler, serve } from '../lib/http/serve.ts';
import { audit } from '../lib/operations/audit/audit.ts';
import { history } from '../lib/operations/audit/history.ts';
import { get } from '../lib/operations/read/get.ts';
import { list } from '../lib/operations/read/list.ts';
import { search } from '../lib/operations/read/search.ts';
import { unique } from '../lib/operations/read/unique.ts';
import type { Ports } from '../lib/operations/request/ports.ts';
import type { Operate } from '../lib/operations/request/request-context.ts';
import { create } from '../lib/operations/write/create.ts';
import { createClient } from '../lib/store/dynamodb/client.ts';
import { createPorts } from '../lib/store/ports.ts';
import { restEvent } from '../test/support/rest-event.ts';
import { type MeasuredApi, measuredApi } from './api.ts';
import type { SizedTables } from './tables.ts';
import type { Task } from './task.ts';

const OPERATE: Readonly<Partial<Record<Operation, Operate>>> = { audit, create, get, history, list, search, unique };

export type WarmOptions = {
  /** Without an audit, or with one of changes. */
  readonly api: keyof Omit<MeasuredApi, 'items'>;
  /** Such as `GET /items`. */
  readonly endpoint: string;
  readonly on: SizedTables;
  /** @default one of its own */
  readonly client?: DynamoDBClient;
};

/** The ports of an instance on the tables of one size. */
export function warmPorts({ tables }: Task, { data, audit: auditTable }: SizedTables, client: DynamoDBClient): Ports {
  const environment = {
    DATA_TABLE: data,
    AUDIT_TABLE: auditTable,
    AUTH_TABLE: tables.auth,
    GROUPS_TABLE: tables.groups,
    REQUESTS_TABLE: tables.requests,
  };
  return createPorts(environment, client);
}

export function warmHandler(task: Task, options: WarmOptions): Handler {
  const { on, client = createClient(task.endpoint) } = options;
  const api = measuredApi(on.rows)[options.api];
  const endpoint = findEndpoint(api.endpoints, options.endpoint);
  const operate = OPERATE[endpoint.operation];
  if (!operate) throw new Error(`nothing measured operates ${endpoint.operation}`);
  return serve({ api, endpoint, ports: warmPorts(task, on, client), operate });
}

export type Asked = {
  readonly as: string;
  /** By name: what fills the route. */
  readonly parameters?: Readonly<Record<string, string>>;
  readonly query?: readonly (readonly [string, string])[];
  readonly body?: unknown;
};

/** The event of a request to an endpoint such as `GET /item/{id}`. */
export function eventOf(endpoint: string, { as, parameters = {}, query = [], body }: Asked): unknown {
  const [method = '', route = ''] = endpoint.split(' ');
  const segments = parseRoute(route);
  if (typeof segments === 'string') throw new Error(segments);
  const path = segments.map((each) => `/${'literal' in each ? each.literal : parameters[each.parameter]}`).join('');
  const text = body === undefined ? undefined : JSON.stringify(body);
  return restEvent({ method, path, route, parameters, query, body: text, as });
}

/** @throws Error for any other status: what answers otherwise is not what was to be measured */
export async function answered(handler: Handler, event: unknown, status = 200): Promise<HttpAnswer> {
  const answer = await handler(event, {});
  if (answer.statusCode !== status) throw new Error(`a request was answered ${answer.statusCode}: ${answer.body}`);
  return answer;
}
