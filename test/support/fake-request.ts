// One request of an operation without a gateway and without DynamoDB: every part typed, every port that a test does not
// give a failure.

import { Permission } from '../../lib/access/permission.ts';
import { Policy } from '../../lib/access/policy.ts';
import { api } from '../../lib/definition/api.ts';
import type { Endpoint } from '../../lib/definition/endpoint.ts';
import type { Ports } from '../../lib/operations/request/ports.ts';
import type { ApiRequest, TableRequest } from '../../lib/operations/request/request-context.ts';
import { KEY, keyRecord, NOW, principalOf } from './access.ts';
import { UNBOUNDED } from './budget.ts';

const MICROSECONDS = NOW * 1e6;

const unexpected = (name: string) => (): never => {
  throw new Error(`the port ${name} was not expected to be called`);
};

/** Ports that give what the test gives; a clock that stands still, ids and seals that say what they are of. */
function fakePorts(given: Partial<Ports> = {}): Ports {
  return {
    begin: () => {},
    loadRecords: unexpected('loadRecords'),
    read: unexpected('read'),
    readAll: unexpected('readAll'),
    write: unexpected('write'),
    findRequest: unexpected('findRequest'),
    putAudit: unexpected('putAudit'),
    readAudit: unexpected('readAudit'),
    now: () => MICROSECONDS,
    sleep: () => Promise.resolve(),
    random: () => 0.5,
    newId: () => '0190c1d2-0000-7000-8000-00000000000a',
    digest: (text) => `digest of ${text.length}`,
    seal: (text) => Promise.resolve(`seal of ${text}`),
    encrypt: (text) => Promise.resolve(text),
    decrypt: (text) => Promise.resolve(text),
    log: () => {},
    meter: {
      clock: () => 0,
      consumed: () => ({ read: 0, write: 0 }),
      trace: () => undefined,
      api: 'test',
      track: undefined,
    },
    ...given,
  };
}

/** A call as a gateway delivers it: a GET of `/items` by an API key, but for what the test says. */
function fakeCall(given: Partial<ApiRequest> = {}): ApiRequest {
  return {
    requestId: 'r-1',
    identity: KEY,
    proxied: undefined,
    method: 'GET',
    basePath: '',
    path: '/items',
    pathParameters: new Map(),
    pathFault: undefined,
    query: [],
    contentType: 'application/json',
    body: undefined,
    bodyFault: undefined,
    idempotencyKey: [],
    ifMatch: [],
    ifNoneMatch: [],
    sourceIp: '192.0.2.1',
    userAgent: 'test',
    ...given,
  };
}

type Asked = {
  readonly ports?: Partial<Ports>;
  readonly call?: Partial<ApiRequest>;
  /** Permissions of the key's record. @default everything */
  readonly permissions?: Readonly<Record<string, unknown>>;
};

/** An authorized request of an endpoint about a table. */
export function fakeRequest(endpoint: Endpoint, { ports = {}, call = {}, permissions = {} }: Asked = {}): TableRequest {
  const { table, method, route } = endpoint;
  if (!table) throw new Error(`${route} has no table`);
  const principal = principalOf(KEY, { auth: [keyRecord(permissions)] });
  const permission = Permission.decide(principal, method, route);
  return {
    api: api({ tables: [table], endpoints: [endpoint] }),
    endpoint,
    table,
    ports: fakePorts(ports),
    telemetry: { identify: () => {} },
    call: fakeCall({ method, path: route, ...call }),
    startedAt: MICROSECONDS,
    budget: UNBOUNDED,
    permission,
    policy: Policy.of(permission, table, NOW * 1e3),
  };
}
