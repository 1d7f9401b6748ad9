// The REST API of a synthesized stack: its resource tree, what each method does, and the gateway's own answers.

import { UsageError } from '../usage-error.ts';
import { type Resource, references } from './intrinsics.ts';
import { readOriginTemplate } from './origin-template.ts';
import { listAt, numberAt, objectAt, type Properties, textAt, textsAt } from './properties.ts';

/** A template of an answer: headers and bodies are written in API Gateway's mapping expressions. */
export type ResponseTemplate = {
  readonly status: number | undefined;
  /** By header name: `'static'`, `context.requestId`. */
  readonly headers: ReadonlyMap<string, string>;
  /** By content type. */
  readonly bodies: ReadonlyMap<string, string>;
  /** The origins that the answer names where one of them asks. */
  readonly origins?: readonly string[];
};

export type GatewayResponse = ResponseTemplate;

export type Integration =
  | { readonly kind: 'lambda'; readonly functionId: string; readonly timeoutMs: number }
  | {
      readonly kind: 'mock';
      /** By content type; the body says which status to answer. */
      readonly requests: ReadonlyMap<string, string>;
      readonly passthrough: string;
      readonly responses: readonly (ResponseTemplate & { readonly pattern: string | undefined })[];
    };

export type MethodModel = { readonly apiKeyRequired: boolean; readonly integration: Integration };

export type RouteModel<Method = MethodModel> = {
  /** `/item/{id}` */
  readonly resource: string;
  /** By HTTP method, or `ANY`. */
  readonly methods: ReadonlyMap<string, Method>;
};

const INTEGRATION_TIMEOUT_MS = 29_000;
/** Anything of the template language but a context variable. */
const UNKNOWN_EXPRESSION = /\$(?!\{?context\.)|^\s*#/m;

export function readRoutes(resources: ReadonlyMap<string, Resource>): readonly RouteModel[] {
  const methods = new Map<string, Map<string, MethodModel>>();
  for (const [id, { Type, Properties }] of resources) {
    if (Type !== 'AWS::ApiGateway::Method') continue;
    const path = resourcePath(references(Properties?.['ResourceId'])[0] ?? '', resources);
    const here = methods.get(path) ?? new Map();
    here.set(textAt(Properties, 'HttpMethod') ?? 'ANY', {
      apiKeyRequired: Properties?.['ApiKeyRequired'] === true,
      integration: readIntegration(id, objectAt(Properties, 'Integration'), resources),
    });
    methods.set(path, here);
  }
  return [...methods].map(([resource, each]) => ({ resource, methods: each }));
}

/** `/item/{id}` of a resource: its own part after its parents'; the API itself is the root. */
function resourcePath(logicalId: string, resources: ReadonlyMap<string, Resource>): string {
  const resource = resources.get(logicalId);
  if (resource?.Type !== 'AWS::ApiGateway::Resource') return '/';
  const parent = resourcePath(references(resource.Properties?.['ParentId'])[0] ?? '', resources);
  return `${parent === '/' ? '' : parent}/${textAt(resource.Properties, 'PathPart') ?? ''}`;
}

function readIntegration(id: string, integration: Properties, resources: ReadonlyMap<string, Resource>): Integration {
  const type = textAt(integration, 'Type');
  if (type === 'MOCK') return readMock(id, integration);
  const functionId = references(integration['Uri']).find(
    (each) => resources.get(each)?.Type === 'AWS::Lambda::Function',
  );
  if (type !== 'AWS_PROXY' || functionId === undefined) {
    throw new UsageError(`method ${id} is a ${type} integration; the local runtime knows functions and MOCK`);
  }
  return { kind: 'lambda', functionId, timeoutMs: numberAt(integration, 'TimeoutInMillis') ?? INTEGRATION_TIMEOUT_MS };
}

function readMock(id: string, integration: Properties): Integration {
  const responses = listAt(integration, 'IntegrationResponses').map((response) => ({
    pattern: textAt(response, 'SelectionPattern'),
    ...readResponse(`method ${id}`, response, /^method\.response\.header\./),
  }));
  return {
    kind: 'mock',
    requests: textsAt(integration, 'RequestTemplates'),
    passthrough: textAt(integration, 'PassthroughBehavior') ?? 'WHEN_NO_MATCH',
    responses,
  };
}

/** The gateway's own answers by type: `INVALID_API_KEY`, `DEFAULT_4XX`… */
export function readGatewayResponses(resources: ReadonlyMap<string, Resource>): ReadonlyMap<string, GatewayResponse> {
  const responses = new Map<string, GatewayResponse>();
  for (const [id, { Type, Properties }] of resources) {
    if (Type !== 'AWS::ApiGateway::GatewayResponse') continue;
    const response = readResponse(`gateway response ${id}`, Properties ?? {}, /^gatewayresponse\.header\./);
    responses.set(textAt(Properties, 'ResponseType') ?? '', response);
  }
  return responses;
}

function readResponse(where: string, properties: Properties, prefix: RegExp): ResponseTemplate {
  const status = properties['StatusCode'];
  const headers = [...textsAt(properties, 'ResponseParameters')].flatMap(([target, source]) =>
    prefix.test(target) ? [[target.replace(prefix, ''), source] as const] : [],
  );
  const templates = textsAt(properties, 'ResponseTemplates');
  const origins = [...templates.values()].flatMap((template) => readOriginTemplate(template) ?? []);
  const bodies = origins.length > 0 ? new Map<string, string>() : templates;
  const unknown = [...bodies.values()].find((body) => UNKNOWN_EXPRESSION.test(body));
  if (unknown !== undefined) {
    throw new UsageError(`${where} has a template with more than $context variables: ${unknown.slice(0, 100)}`);
  }
  return { status: status === undefined ? undefined : Number(status), headers: new Map(headers), bodies, origins };
}
