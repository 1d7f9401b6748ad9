// Makes the HTTP API: the same Lambdas for people who sign in. A JWT authorizer on every route verifies the bearer token;
// the Lambda decides the person's permissions from the verified claims.

import { Duration, type RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AccessLogField, AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  CorsHttpMethod,
  type CorsPreflightOptions,
  HttpApi as HttpApiResource,
  HttpIntegrationType,
  HttpMethod,
  HttpRoute,
  HttpRouteIntegration,
  HttpRouteKey,
  HttpStage,
  LogGroupLogDestination,
  PayloadFormatVersion,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpJwtAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Api, Oidc } from '../definition/api.ts';
import { type Cors, EXPOSED_HEADERS, SENT_HEADERS } from '../definition/cors.ts';
import { DefinitionError } from '../definition/definition-error.ts';
import type { Endpoint } from '../definition/endpoint.ts';

export interface HttpApiProps {
  readonly functions: ReadonlyMap<Endpoint, IFunction>;
  readonly api: Api;
  readonly oidc: Oidc;
  readonly cors: Cors | undefined;
  readonly stageRateLimit: number;
  readonly stageBurstLimit: number;
  readonly logRetention: RetentionDays;
  readonly removalPolicy: RemovalPolicy;
}

export class HttpApi extends Construct {
  readonly api: HttpApiResource;
  readonly stage: HttpStage;

  readonly #props: HttpApiProps;

  /** @throws DefinitionError if API Gateway would refuse the issuer or audience. */
  constructor(scope: Construct, id: string, props: HttpApiProps) {
    super(scope, id);
    this.#props = props;
    checkOidc(props);
    this.api = new HttpApiResource(this, 'Api', {
      apiName: this.node.path,
      createDefaultStage: false,
      ...(props.cors && { corsPreflight: corsPreflight(props.cors, [...props.functions.keys()]) }),
    });
    this.stage = this.#stage();
    this.#addRoutes();
  }

  #stage(): HttpStage {
    const {
      stageRateLimit: rateLimit,
      stageBurstLimit: burstLimit,
      logRetention: retention,
      removalPolicy,
    } = this.#props;
    const logs = new LogGroup(this, 'AccessLogs', { retention, removalPolicy });
    return new HttpStage(this, 'Stage', {
      httpApi: this.api,
      autoDeploy: true,
      throttle: { rateLimit, burstLimit },
      accessLogSettings: { destination: new LogGroupLogDestination(logs), format: ACCESS_LOG },
    });
  }

  #addRoutes(): void {
    const { functions, oidc } = this.#props;
    const authorizer = new HttpJwtAuthorizer('Jwt', oidc.issuer, {
      jwtAudience: [...oidc.audience],
      identitySource: ['$request.header.Authorization'],
    });
    for (const [{ method, route }, lambda] of functions) {
      const integration = new FunctionIntegration(`${method} ${route}`, lambda);
      // API Gateway does not route HEAD to GET by itself.
      for (const each of method === 'GET' ? [HttpMethod.GET, HttpMethod.HEAD] : [HttpMethod[method]]) {
        const routeKey = HttpRouteKey.with(route, each);
        new HttpRoute(this, `${each} ${route.slice(1).replaceAll('/', ' ')}`, {
          httpApi: this.api,
          routeKey,
          integration,
          authorizer,
        });
      }
      this.#permit(lambda, route);
    }
  }

  /** Adds one permission for all methods of the route: CDK's own integration would make one for each. */
  #permit(lambda: IFunction, route: string): void {
    lambda.addPermission('InvokeHttp', {
      principal: new ServicePrincipal('apigateway.amazonaws.com'),
      sourceArn: Stack.of(this).formatArn({
        service: 'execute-api',
        resource: this.api.apiId,
        // "*" matches a parameter, whether the ARN has its template or its value.
        resourceName: `*/*${route.replaceAll(/\{[^}]+\}/g, '*')}`,
      }),
    });
  }
}

/** Checks issuer and audience, which CloudFormation would refuse only halfway through a deployment. */
function checkOidc({ api: { origin }, oidc: { issuer, audience } }: HttpApiProps): void {
  if (!URL.canParse(issuer) || new URL(issuer).protocol !== 'https:') {
    const message = `auth.oidc.issuer is '${issuer}'; it must be a URL that begins with https://`;
    throw new DefinitionError(origin, message);
  }
  if (audience.length === 0 || audience.includes('')) {
    throw new DefinitionError(
      origin,
      'auth.oidc.audience must name at least one audience: any token would do otherwise',
    );
  }
}

/** The time that a browser caches a preflight, as in the REST API. */
const CORS_MAX_AGE = Duration.minutes(10);

/** The CORS headers. API Gateway answers OPTIONS with them, and puts them on every answer in place of the Lambda's. */
function corsPreflight({ origins }: Cors, endpoints: readonly Endpoint[]): CorsPreflightOptions {
  return {
    allowOrigins: [...origins],
    allowMethods: [...new Set([...endpoints.map(({ method }) => CorsHttpMethod[method]), CorsHttpMethod.HEAD])],
    allowHeaders: [...SENT_HEADERS],
    exposeHeaders: [...EXPOSED_HEADERS],
    maxAge: CORS_MAX_AGE,
  };
}

class FunctionIntegration extends HttpRouteIntegration {
  readonly #lambda: IFunction;

  constructor(id: string, lambda: IFunction) {
    super(id.replaceAll('/', ' '));
    this.#lambda = lambda;
  }

  bind() {
    return {
      type: HttpIntegrationType.AWS_PROXY,
      uri: this.#lambda.functionArn,
      payloadFormatVersion: PayloadFormatVersion.VERSION_2_0,
    };
  }
}

/**
 * The access log has the route, not the path, as paths contain keys of items; and nothing of the token but why it was
 * refused. The audit row with this request id names the caller.
 */
const ACCESS_LOG = AccessLogFormat.custom(
  JSON.stringify({
    request_id: AccessLogField.contextRequestId(),
    time: AccessLogField.contextRequestTimeEpoch(),
    method: AccessLogField.contextHttpMethod(),
    route: '$context.routeKey',
    status: AccessLogField.contextStatus(),
    error: '$context.error.message',
    authorizer_error: '$context.authorizer.error',
    integration_error: '$context.integrationErrorMessage',
    source_ip: AccessLogField.contextIdentitySourceIp(),
    response_length: AccessLogField.contextResponseLength(),
    latency_ms: AccessLogField.contextResponseLatency(),
    integration_latency_ms: AccessLogField.contextIntegrationLatency(),
  }),
);
