// Drives an API as API Gateway does, with real events, on a real engine: everything but the network.

import { type DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { beforeAll } from 'vitest';
import type { Item } from '../../lib/base/value.ts';
import type { Api } from '../../lib/definition/api.ts';
import { AUDIT_INDEXES } from '../../lib/definition/audit-indexes.ts';
import type { Endpoint } from '../../lib/definition/endpoint.ts';
import type { Operation } from '../../lib/definition/operations.ts';
import { parseRoute } from '../../lib/definition/route.ts';
import type { Index, Table } from '../../lib/definition/table.ts';
import type { HttpAnswer } from '../../lib/http/problem.ts';
import { type Handler, serve } from '../../lib/http/serve.ts';
import { audit } from '../../lib/operations/audit/audit.ts';
import { history } from '../../lib/operations/audit/history.ts';
import { get } from '../../lib/operations/read/get.ts';
import { list } from '../../lib/operations/read/list.ts';
import { search } from '../../lib/operations/read/search.ts';
import { unique } from '../../lib/operations/read/unique.ts';
import type { Ports } from '../../lib/operations/request/ports.ts';
import type { Operate } from '../../lib/operations/request/request-context.ts';
import { hasPermission } from '../../lib/operations/user/has-permission.ts';
import { user } from '../../lib/operations/user/user.ts';
import { create } from '../../lib/operations/write/create.ts';
import { remove } from '../../lib/operations/write/remove.ts';
import { patch, update } from '../../lib/operations/write/update.ts';
import { createClient } from '../../lib/store/dynamodb/client.ts';
import { createPorts } from '../../lib/store/ports.ts';
import { logLine, world as realWorld, type World } from '../../lib/store/world.ts';
import { type TestEngine, useEngine } from './engine.ts';
import { httpEvent } from './http-event.ts';
import { type RestEventOptions, restEvent } from './rest-event.ts';

const OPERATE: Readonly<Partial<Record<Operation, Operate>>> = {
  list,
  get,
  create,
  update,
  patch,
  delete: remove,
  audit,
  history,
  search,
  unique,
  user,
  'has-permission': hasPermission,
};

type Plain = Record<string, unknown>;

export type Sent = {
  /** The id of the caller's API key; undefined: none. */
  readonly as?: string;
  /** The claims of a verified token: the call comes through the HTTP API. */
  readonly claims?: Plain;
  readonly query?: readonly (readonly [string, string])[];
  readonly body?: unknown;
  /** A body as text, sent as it is. */
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Headers that are sent more than once, with every value: by API key only. */
  readonly repeated?: Readonly<Record<string, readonly string[]>>;
  /** Which of the warm instances of the endpoint's function serves it. @default 0 */
  readonly instance?: number;
};

export type Received = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: what tests look into is whatever came back
  readonly json: any;
};

export type UseApiOptions = {
  /** Each endpoint keeps its handler from one request to the next, as a warm Lambda instance does. @default false */
  readonly isWarm?: boolean;
  /** The client of an endpoint's function. @default one of the engine's own */
  readonly connect?: (engine: string, endpoint: Endpoint, instance: number) => DynamoDBClient;
  /** @default the real one */
  readonly world?: World;
  /** The engine that the tables are on. @default one of its own */
  readonly engine?: TestEngine;
  /** Told of every command that is sent to the engine, with its input. */
  readonly spy?: (command: string, input: object) => void;
};

/** Of a Lambda function: its handler, and the client that it calls DynamoDB with. */
type Instance = { readonly handler: Handler; readonly client: DynamoDBClient };

/** An API on tables of its own. `change` may put faults between the handlers and the engine, once it is started. */
export function useApi(
  api: Api,
  change: (ports: Ports) => Ports = (ports) => ports,
  {
    isWarm = false,
    connect = (url) => createClient(url),
    world = realWorld,
    spy,
    engine = useEngine(),
  }: UseApiOptions = {},
) {
  const warm = new Map<string, Instance>();
  const names = { data: new Map<string, string>(), auth: '', groups: '', audit: '', requests: '' };
  const logs: string[] = [];

  beforeAll(async () => {
    for (const table of api.tables) names.data.set(table.name, await engine.createTable(table.name, tableInput(table)));
    names.auth = await engine.createTable('auth', keyed('id'));
    names.groups = await engine.createTable('groups', keyed('group_id'));
    names.requests = await engine.createTable('requests', keyed('id'));
    names.audit = await engine.createTable('audit', auditInput());
  });

  const documents = () =>
    DynamoDBDocumentClient.from(engine.client, { marshallOptions: { removeUndefinedValues: true } });
  const put = async (TableName: string | undefined, rows: readonly Plain[]) => {
    for (const Item of rows) await documents().send(new PutCommand({ TableName, Item }));
  };
  const rows = async (TableName: string | undefined): Promise<Item[]> => {
    const all: Item[] = [];
    for await (const { Items = [] } of paginateScan(engine, { TableName, ConsistentRead: true })) {
      all.push(...(Items as unknown as Item[]));
    }
    return all;
  };

  const portsFor = (endpoint: Endpoint, client: DynamoDBClient): Ports => {
    const { table } = endpoint;
    const environment = {
      DATA_TABLE: table && names.data.get(table.name),
      AUTH_TABLE: names.auth,
      GROUPS_TABLE: names.groups,
      REQUESTS_TABLE: names.requests,
      ...(api.audit && { AUDIT_TABLE: names.audit }),
    };
    const log: Ports['log'] = (...entry) => {
      logs.push(logLine(...entry));
    };
    return change({ ...createPorts(environment, client, world), log });
  };

  const instanceOf = (endpoint: Endpoint, number: number): Instance => {
    const operate = OPERATE[endpoint.operation];
    if (!operate) throw new Error(`nothing operates ${endpoint.operation}`);
    const client = spied(connect(engine.endpoint, endpoint, number), spy);
    return { client, handler: serve({ api, endpoint, ports: portsFor(endpoint, client), operate }) };
  };

  const deliver = async (endpoint: Endpoint, event: unknown, number = 0): Promise<HttpAnswer> => {
    const name = `${endpoint.method} ${endpoint.route} ${number}`;
    const instance = warm.get(name) ?? instanceOf(endpoint, number);
    if (isWarm) warm.set(name, instance);
    const answer = await instance.handler(event, {});
    // Else thousands of cold instances leave the engine no connection.
    if (!isWarm) instance.client.destroy();
    return answer;
  };

  const send = async (method: string, path: string, sent: Sent = {}): Promise<Received> => {
    const [endpoint, parameters] = route(api, method, path);
    const body = sent.text ?? (sent.body === undefined ? undefined : JSON.stringify(sent.body));
    const event = eventOf({ method, path, route: endpoint.route, parameters, body }, sent);
    const answer = await deliver(endpoint, event, sent.instance);
    const json = answer.body === '' ? undefined : JSON.parse(answer.body);
    return { status: answer.statusCode, headers: answer.headers, text: answer.body, json };
  };

  return {
    engine,
    logs,
    names,
    send,
    /** Hands an event to the function of an endpoint, whatever it is. */
    deliver,
    auth: (...records: Plain[]) => put(names.auth, records),
    groups: (...records: Plain[]) => put(names.groups, records),
    items: (table: string, ...records: Plain[]) => put(names.data.get(table), records),
    stored: (table: string) => rows(names.data.get(table)),
    requestRows: () => rows(names.requests),
    auditRows: () => rows(names.audit),
    putAuditRows: (...stored: Plain[]) => put(names.audit, stored),
  };
}

function spied(client: DynamoDBClient, spy: UseApiOptions['spy']): DynamoDBClient {
  if (!spy) return client;
  client.middlewareStack.add(
    (next, { commandName = '' }) =>
      (args) => {
        spy(commandName, args.input);
        return next(args);
      },
    { name: 'spy', step: 'initialize' },
  );
  return client;
}

/** The event of the gateway that the caller's credentials belong to. */
function eventOf(request: RestEventOptions, { claims, as, query = [], headers = {}, repeated = {} }: Sent): unknown {
  if (!claims) return restEvent({ ...request, query, headers, repeated, ...(as !== undefined && { as }) });
  const decoded = Object.entries(request.parameters ?? {}).map(([name, value]) => [name, decodeURIComponent(value)]);
  return httpEvent({ ...request, parameters: Object.fromEntries(decoded), query, headers, claims });
}

/** The query of the next page that an answer links to. */
export function nextQuery({ headers }: Received): [string, string][] | undefined {
  const url = /^<([^>]+)>; rel="next"$/.exec(headers['Link'] ?? '')?.[1];
  return url === undefined ? undefined : [...new URL(url, 'https://example.com').searchParams];
}

/** An auth record of an API key that may do everything; give it what it may not. */
export function keyRecord(id: string, permissions: Plain = {}): Plain {
  const permitted_endpoints = [{ method: '*', endpoint: '/.*' }];
  return {
    id,
    type: 'API_KEY',
    name: id,
    username: id,
    email: `${id}@example.com`,
    permitted_endpoints,
    ...permissions,
  };
}

/** The endpoint whose route a path fits, literal segments before parameters, and its parameters as they were sent. */
function route(api: Api, method: string, path: string) {
  const wanted = method === 'HEAD' ? 'GET' : method;
  const sent = path.slice(1).split('/');
  for (const endpoint of api.endpoints.filter((each) => each.method === wanted)) {
    const segments = parseRoute(endpoint.route);
    if (typeof segments === 'string' || segments.length !== sent.length) continue;
    const fits = segments.every((segment, at) => !('literal' in segment) || segment.literal === sent[at]);
    if (!fits) continue;
    const parameters = segments.flatMap((segment, at) =>
      'parameter' in segment ? [[segment.parameter, sent[at]] as const] : [],
    );
    return [endpoint, Object.fromEntries(parameters) as Record<string, string>] as const;
  }
  throw new Error(`the API has no route for ${method} ${path}: that answer is the gateway's`);
}

function keyed(partitionKey: string, sortKey?: string) {
  const keys = sortKey === undefined ? [partitionKey] : [partitionKey, sortKey];
  return {
    AttributeDefinitions: keys.map((AttributeName) => ({ AttributeName, AttributeType: 'S' as const })),
    KeySchema: keys.map((AttributeName, at) => ({
      AttributeName,
      KeyType: at === 0 ? ('HASH' as const) : ('RANGE' as const),
    })),
  };
}

function auditInput() {
  const input = keyed('time', 'id');
  const keys = Object.values(AUDIT_INDEXES).map((AttributeName) => ({ AttributeName, AttributeType: 'S' as const }));
  const indexes = Object.entries(AUDIT_INDEXES).map(([IndexName, key]) => ({
    IndexName,
    KeySchema: keyed(key, 'time').KeySchema,
    Projection: { ProjectionType: 'KEYS_ONLY' as const },
  }));
  const AttributeDefinitions = [...input.AttributeDefinitions, ...keys];
  return { ...input, AttributeDefinitions, GlobalSecondaryIndexes: indexes };
}

export function tableInput(of: Table) {
  const keys = [of, ...of.indexes].flatMap(({ partitionKey, sortKey }) => [
    partitionKey,
    ...(sortKey ? [sortKey] : []),
  ]);
  const AttributeDefinitions = [...new Map(keys.map((key) => [key.name, key])).values()].map(({ name, type }) => ({
    AttributeName: name,
    AttributeType: type === 'string' ? ('S' as const) : ('N' as const),
  }));
  const indexes = (isLocal: boolean) => of.indexes.filter((index) => index.isLocal === isLocal).map(indexInput);
  const [global, local] = [indexes(false), indexes(true)];
  return {
    ...keyed(of.partitionKey.name, of.sortKey?.name),
    AttributeDefinitions,
    ...(global.length > 0 && { GlobalSecondaryIndexes: global }),
    ...(local.length > 0 && { LocalSecondaryIndexes: local }),
  };
}

function indexInput({ name, partitionKey, sortKey, projection }: Index) {
  const isWhole = projection === 'all';
  const type = isWhole ? 'ALL' : projection.size === 0 ? 'KEYS_ONLY' : 'INCLUDE';
  return {
    IndexName: name,
    KeySchema: keyed(partitionKey.name, sortKey?.name).KeySchema,
    Projection: {
      ProjectionType: type as 'ALL' | 'KEYS_ONLY' | 'INCLUDE',
      ...(!isWhole && projection.size > 0 && { NonKeyAttributes: [...projection] }),
    },
  };
}
