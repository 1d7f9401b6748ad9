// The HTTP API of a synthesized stack: its routes with the functions behind them, its JWT authorizer, its CORS headers.

import { UsageError } from '../usage-error.ts';
import { type Resource, references } from './intrinsics.ts';
import { numberAt, objectAt, type Properties, textAt } from './properties.ts';
import type { RouteModel } from './template-routes.ts';

export type JwtAuthorizer = { readonly issuer: string; readonly audience: readonly string[] };

export type HttpMethodModel = { readonly functionId: string; readonly timeoutMs: number };

export type HttpCors = {
  readonly origins: readonly string[];
  readonly methods: readonly string[];
  readonly headers: readonly string[];
  readonly exposed: readonly string[];
  readonly maxAge: number;
};

export type HttpApiModel = {
  /** In front of every route. */
  readonly authorizer: JwtAuthorizer;
  readonly routes: readonly RouteModel<HttpMethodModel>[];
  readonly cors: HttpCors | undefined;
};

type Resources = ReadonlyMap<string, Resource>;

const INTEGRATION_TIMEOUT_MS = 30_000;
const BEARER_SOURCE = '$request.header.Authorization';

/** Reads the HTTP API; `undefined` if the stack has none. Throws UsageError for what cannot be served here. */
export function readHttpApi(resources: Resources): HttpApiModel | undefined {
  const api = [...resources.values()].find(({ Type }) => Type === 'AWS::ApiGatewayV2::Api');
  if (!api) return undefined;
  const methods = new Map<string, Map<string, HttpMethodModel>>();
  const authorizers = new Map<string, JwtAuthorizer>();
  for (const [id, { Type, Properties }] of resources) {
    if (Type !== 'AWS::ApiGatewayV2::Route') continue;
    const [method = '', path = ''] = (textAt(Properties, 'RouteKey') ?? '').split(' ');
    const here = methods.get(path) ?? new Map();
    here.set(method, readRoute(id, Properties ?? {}, resources));
    methods.set(path, here);
    const authorizer = readAuthorizer(id, Properties ?? {}, resources);
    authorizers.set(JSON.stringify(authorizer), authorizer);
  }
  const [authorizer, ...others] = authorizers.values();
  if (!authorizer || others.length > 0)
    throw new UsageError('the HTTP API has routes with different authorizers, or none');
  const routes = [...methods].map(([resource, each]) => ({ resource, methods: each }));
  return { authorizer, routes, cors: readCors(objectAt(api.Properties, 'CorsConfiguration')) };
}

function readRoute(id: string, route: Properties, resources: Resources): HttpMethodModel {
  const integration = referred(route['Target'], 'AWS::ApiGatewayV2::Integration', resources)?.Properties;
  const functionId = references(integration?.['IntegrationUri']).find(
    (each) => resources.get(each)?.Type === 'AWS::Lambda::Function',
  );
  if (functionId === undefined || textAt(integration, 'PayloadFormatVersion') !== '2.0') {
    throw new UsageError(`route ${id} has no function with payload format 2.0; the local runtime knows no other`);
  }
  const timeoutMs = numberAt(integration, 'TimeoutInMillis') ?? INTEGRATION_TIMEOUT_MS;
  return { functionId, timeoutMs };
}

/** A route that is open, or asks for more than is checked here, is refused: it would be served to the wrong people. */
function readAuthorizer(id: string, route: Properties, resources: Resources): JwtAuthorizer {
  const authorizer = referred(route['AuthorizerId'], 'AWS::ApiGatewayV2::Authorizer', resources)?.Properties;
  const jwt = objectAt(authorizer, 'JwtConfiguration');
  const [issuer, audience] = [textAt(jwt, 'Issuer'), texts(jwt['Audience'])];
  const isKnown =
    textAt(route, 'AuthorizationType') === 'JWT' &&
    route['AuthorizationScopes'] === undefined &&
    texts(authorizer?.['IdentitySource']).join() === BEARER_SOURCE;
  if (isKnown && issuer !== undefined && audience.length > 0) return { issuer, audience };
  throw new UsageError(
    `route ${id} has an authorizer that the local runtime does not know; it knows JWT without scopes`,
  );
}

function referred(value: unknown, type: string, resources: Resources): Resource | undefined {
  return references(value)
    .map((id) => resources.get(id))
    .find((resource) => resource?.Type === type);
}

function readCors(cors: Properties): HttpCors | undefined {
  const origins = texts(cors['AllowOrigins']);
  if (origins.length === 0) return undefined;
  return {
    origins,
    methods: texts(cors['AllowMethods']),
    headers: texts(cors['AllowHeaders']),
    exposed: texts(cors['ExposeHeaders']),
    maxAge: numberAt(cors, 'MaxAge') ?? 0,
  };
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}
