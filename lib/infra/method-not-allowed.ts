// Makes the ANY method of a route, which answers 405 with the route's methods. API Gateway uses it for every method that is
// not declared, without a Lambda and without a key.

import { type IResource, MockIntegration, PassthroughBehavior } from 'aws-cdk-lib/aws-apigateway';
import { problemHeaders, problemTemplate } from './gateway-responses.ts';

const STATUS = 405;
const BODY = problemTemplate({ status: STATUS, code: 'method_not_allowed' });

/** The content types with a template of the mock; a body of another type is answered 415. */
export const REQUEST_TYPES = [
  'application/json',
  'application/merge-patch+json',
  'application/octet-stream',
  'application/x-www-form-urlencoded',
  'application/xml',
  'multipart/form-data',
  'text/plain',
];

const REQUEST_TEMPLATES = Object.fromEntries(
  REQUEST_TYPES.map((type) => [type, JSON.stringify({ statusCode: STATUS })]),
);

/** Adds ANY to a route's resource. `methods` go into `Allow`; `more` are further headers, as mapping expressions. */
export function addMethodNotAllowed(
  resource: IResource,
  methods: readonly string[],
  more: Readonly<Record<string, string>> = {},
): void {
  const headers = Object.entries({ ...problemHeaders, ...more, Allow: `'${methods.join(', ')}'` });
  const named = headers.map(([name, value]) => [`method.response.header.${name}`, value] as const);
  const integration = new MockIntegration({
    requestTemplates: REQUEST_TEMPLATES,
    passthroughBehavior: PassthroughBehavior.NEVER,
    integrationResponses: [
      {
        statusCode: String(STATUS),
        responseParameters: Object.fromEntries(named),
        responseTemplates: { 'application/json': BODY },
      },
    ],
  });
  resource.addMethod('ANY', integration, {
    methodResponses: [
      { statusCode: String(STATUS), responseParameters: Object.fromEntries(named.map(([name]) => [name, true])) },
    ],
  });
}
