// An HTTP API as CDK writes it, in front of the functions of `writeCdkOutput`: the same routes, in the same order.

import { AUDIENCE } from './issuer.ts';

/** `timeouts` in milliseconds, by route. */
export function httpApiResources(
  routes: readonly string[],
  cors?: object,
  timeouts: Readonly<Record<string, number>> = {},
): Record<string, object> {
  const resources: Record<string, object> = {
    Http: {
      Type: 'AWS::ApiGatewayV2::Api',
      Properties: { ProtocolType: 'HTTP', ...(cors && { CorsConfiguration: cors }) },
    },
    HttpAuthorizer: {
      Type: 'AWS::ApiGatewayV2::Authorizer',
      Properties: {
        AuthorizerType: 'JWT',
        IdentitySource: ['$request.header.Authorization'],
        JwtConfiguration: { Issuer: 'https://issuer.example.com', Audience: [AUDIENCE] },
      },
    },
  };
  routes.forEach((RouteKey, at) => {
    const timeout = timeouts[RouteKey];
    resources[`HttpIntegration${at}`] = {
      Type: 'AWS::ApiGatewayV2::Integration',
      Properties: {
        IntegrationType: 'AWS_PROXY',
        IntegrationUri: { 'Fn::GetAtt': [`Function${at}`, 'Arn'] },
        PayloadFormatVersion: '2.0',
        ...(timeout !== undefined && { TimeoutInMillis: timeout }),
      },
    };
    resources[`HttpRoute${at}`] = {
      Type: 'AWS::ApiGatewayV2::Route',
      Properties: {
        RouteKey,
        AuthorizationType: 'JWT',
        AuthorizerId: { Ref: 'HttpAuthorizer' },
        Target: { 'Fn::Join': ['', ['integrations/', { Ref: `HttpIntegration${at}` }]] },
      },
    };
  });
  return resources;
}
