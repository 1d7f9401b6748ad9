// Makes the CORS answers of API Gateway: preflights of each route, and one header in the gateway's own answers.

import { type IResource, MockIntegration, PassthroughBehavior } from 'aws-cdk-lib/aws-apigateway';
import { type Cors, EXPOSED_HEADERS, onlyOrigin, SENT_HEADERS } from '../definition/cors.ts';
import { REQUEST_TYPES } from './method-not-allowed.ts';

const STATUS = '204';
const MAX_AGE_SECONDS = 600;
const REQUEST_TEMPLATES = Object.fromEntries(
  REQUEST_TYPES.map((type) => [type, JSON.stringify({ statusCode: Number(STATUS) })]),
);

/**
 * Headers of the gateway's own answers, as mapping expressions. They cannot depend on the request: if several origins are
 * allowed, none is named and a page cannot read these answers.
 */
export function ownAnswerHeaders(cors: Cors | undefined): Readonly<Record<string, string>> {
  const origin = cors && onlyOrigin(cors);
  if (origin === undefined) return {};
  const exposed = { 'Access-Control-Expose-Headers': `'${EXPOSED_HEADERS.join(', ')}'` };
  return { 'Access-Control-Allow-Origin': `'${origin}'`, ...exposed };
}

/** Adds OPTIONS, the browser's preflight, to a route's resource. It needs no key. */
export function addPreflight(resource: IResource, methods: readonly string[], cors: Cors): void {
  const origin = onlyOrigin(cors);
  const headers = {
    ...(origin !== undefined && { 'Access-Control-Allow-Origin': `'${origin}'` }),
    'Access-Control-Allow-Methods': `'${methods.join(', ')}'`,
    'Access-Control-Allow-Headers': `'${SENT_HEADERS.join(', ')}'`,
    'Access-Control-Max-Age': `'${MAX_AGE_SECONDS}'`,
    'Cache-Control': "'no-store'",
    Vary: "'Origin'",
  };
  const named = Object.entries(headers).map(([name, value]) => [`method.response.header.${name}`, value] as const);
  const integration = new MockIntegration({
    requestTemplates: REQUEST_TEMPLATES,
    passthroughBehavior: PassthroughBehavior.NEVER,
    integrationResponses: [
      {
        statusCode: STATUS,
        responseParameters: Object.fromEntries(named),
        responseTemplates: { 'application/json': origin === undefined ? originTemplate(cors) : '' },
      },
    ],
  });
  const declared = [...named.map(([name]) => name), 'method.response.header.Access-Control-Allow-Origin'];
  resource.addMethod('OPTIONS', integration, {
    methodResponses: [
      { statusCode: STATUS, responseParameters: Object.fromEntries(declared.map((name) => [name, true])) },
    ],
  });
}

/**
 * Makes a template that sets the header to the request's origin if it is allowed: the stack's one template with logic. The local
 * runtime knows this form and no other (lib/local/template/origin-template.ts). Nothing in an origin needs an escape.
 */
function originTemplate({ origins }: Cors): string {
  const tests = origins.map((origin) => `$origin == "${origin}"`);
  return [
    '#set($origin = $input.params().header.get("Origin"))',
    '#if(!$origin)#set($origin = $input.params().header.get("origin"))#end',
    `#if(${tests.join(' || ')})#set($context.responseOverride.header.Access-Control-Allow-Origin = $origin)#end`,
  ].join('\n');
}
