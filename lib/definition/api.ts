// The definition of an API as data: its tables, its endpoints, how callers authenticate and which requests are audited.

import { type Cors, corsFault } from './cors.ts';
import { DefinitionError, Origin } from './definition-error.ts';
import type { Endpoint } from './endpoint.ts';
import { type Limits, limitsFault, limitsOf } from './limits.ts';
import { parseRoute } from './route.ts';
import type { Table } from './table.ts';

/** A length of time. */
export type Duration = { readonly seconds: number };
export const days = (count: number): Duration => ({ seconds: count * 86_400 });

export type ClaimNames = {
  /** The claim that names the caller. */
  readonly username: string;
  /** The claims that make up the caller's name, joined by spaces. */
  readonly name: readonly string[];
  /** The claim with the address; used only if the claim `email_verified` is true. */
  readonly email: string;
  /** The claim that lists the caller's groups. */
  readonly groups: string;
};

export type Oidc = {
  readonly issuer: string;
  readonly audience: readonly string[];
  readonly claims: ClaimNames;
  /** The claims that policies may use as `claims.<name>`. */
  readonly policyClaims: readonly string[];
};

/** The headers in which a trusted proxy passes on the claims of the person it has signed in. */
export type ProxyHeaders = {
  readonly username: string;
  readonly name?: string;
  readonly email?: string;
  readonly groups?: string;
  /** The text between two groups in their header, if that is no JSON list. */
  readonly separator?: string;
};

export type Auth = {
  readonly apiKeys: boolean;
  readonly oidc?: Oidc;
  /** Headers that are read if the caller's auth record has `oidc_proxy`, and ignored otherwise. */
  readonly proxy?: ProxyHeaders;
  /** `accept` reads an auth record without a type as a user's and as a group's: for a migration only. */
  readonly untyped: 'refuse' | 'accept';
};

export type Audit = {
  /** If a read's audit row cannot be written, `required` answers 503, `best-effort` the read; `off` writes no rows of reads. */
  readonly reads: 'required' | 'best-effort' | 'off';
  readonly retention: { readonly reads: Duration; readonly writes?: Duration };
};

export type Api = {
  readonly tables: readonly Table[];
  readonly endpoints: readonly Endpoint[];
  readonly auth: Auth;
  /** `false` if the API has no audit table. */
  readonly audit: Audit | false;
  readonly limits: Limits;
  /** `undefined` if browsers must let no page of another origin call. */
  readonly cors?: Cors;
  /** The module of the definition, which the Lambdas' bundles are built with. */
  readonly origin: Origin;
};

export type ApiOptions = {
  readonly tables: readonly Table[];
  readonly endpoints: readonly Endpoint[];
  readonly auth?: {
    /** @default true */
    readonly apiKeys?: boolean;
    readonly oidc?: {
      readonly issuer: string;
      readonly audience: string | readonly string[];
      /** @default username `sub`, name `name`, email `email`, groups `groups` */
      readonly claims?: Partial<ClaimNames>;
      /** @default none */
      readonly policyClaims?: readonly string[];
    };
    /** @default no proxy is trusted */
    readonly proxy?: ProxyHeaders;
    /** @default 'refuse' */
    readonly untyped?: 'refuse' | 'accept';
  };
  /** Origins of the web pages that may call: exact ones, or `*`. @default none */
  readonly cors?: Cors;
  /** Bounds the cost of one request. @default readUnits 10,000 */
  readonly limits?: Partial<Limits>;
  readonly audit?:
    | false
    | {
        /** @default 'required' */
        readonly reads?: Audit['reads'];
        /** @default reads 30 days, writes for ever */
        readonly retention?: { readonly reads?: Duration; readonly writes?: Duration };
      };
};

/**
 * Defines an API, and checks its tables and endpoints against each other.
 * @throws DefinitionError for a route twice, a table that is not listed, sibling parameters with different names.
 */
export function api(options: ApiOptions): Api {
  const origin = new Origin();
  const fail = (message: string): never => {
    throw new DefinitionError(origin, message);
  };
  const names = options.tables.map((table) => table.name);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) fail(`the table '${twice}' is listed twice`);
  if (options.endpoints.length === 0) fail('an API has at least one endpoint');
  const wrong = (options.cors && corsFault(options.cors)) ?? limitsFault(options.limits);
  if (wrong !== undefined) fail(wrong);
  checkEndpoints(options);
  return Object.freeze({
    tables: options.tables,
    endpoints: options.endpoints,
    auth: auth(options.auth),
    audit: audit(options.audit),
    limits: limitsOf(options.limits),
    ...(options.cors && { cors: options.cors }),
    origin,
  });
}

function checkEndpoints({ tables, endpoints, audit }: ApiOptions): void {
  const routes = new Map<string, Endpoint>();
  const parameters = new Map<string, string>();
  for (const endpoint of endpoints) {
    const { origin, method, route, table, operation } = endpoint;
    if (audit === false && (operation === 'audit' || operation === 'history')) {
      throw new DefinitionError(origin, `${method} ${route}: there is nothing to read, as the API has audit: false`);
    }
    if (table && !tables.includes(table)) {
      throw new DefinitionError(origin, `${method} ${route}: the table '${table.name}' is not listed in tables`);
    }
    const first = routes.get(`${method} ${route}`);
    if (first) throw new DefinitionError(origin, `${method} ${route} is defined twice, first at ${first.origin}`);
    routes.set(`${method} ${route}`, endpoint);
    checkSiblings(endpoint, parameters);
  }
}

/** Checks that parameters at one place of the path tree have one name, as API Gateway demands. */
function checkSiblings({ origin, method, route }: Endpoint, parameters: Map<string, string>): void {
  const segments = parseRoute(route);
  if (typeof segments === 'string') return;
  let parent = '';
  for (const segment of segments) {
    if ('literal' in segment) {
      parent += `/${segment.literal}`;
      continue;
    }
    const other = parameters.get(parent);
    if (other !== undefined && other !== segment.parameter) {
      const message = `after '${parent}' another route has {${other}}; API Gateway allows one name, not {${segment.parameter}} too`;
      throw new DefinitionError(origin, `${method} ${route}: ${message}`);
    }
    parameters.set(parent, segment.parameter);
    parent += '/{}';
  }
}

function auth(options: ApiOptions['auth'] = {}): Auth {
  const { apiKeys = true, oidc, proxy, untyped = 'refuse' } = options;
  const common = { apiKeys, untyped, ...(proxy && { proxy }) };
  if (oidc === undefined) return common;
  const claims = { username: 'sub', name: ['name'], email: 'email', groups: 'groups', ...oidc.claims };
  const audience = typeof oidc.audience === 'string' ? [oidc.audience] : oidc.audience;
  return { ...common, oidc: { issuer: oidc.issuer, audience, claims, policyClaims: oidc.policyClaims ?? [] } };
}

function audit(options: ApiOptions['audit'] = {}): Audit | false {
  if (options === false) return false;
  const { reads = days(30), ...writes } = options.retention ?? {};
  return { reads: options.reads ?? 'required', retention: { reads, ...writes } };
}
