// Makes the REST API: the tree of routes to the Lambdas, its stage with logs and limits, and the usage plan that API keys are
// attached to. An operator makes the keys: a template must not contain a secret.

import { Aws, RemovalPolicy, Validations } from 'aws-cdk-lib';
import {
  AccessLogField,
  AccessLogFormat,
  EndpointType,
  Integration,
  IntegrationType,
  type IResource,
  type IRestApi,
  LogGroupLogDestination,
  MethodLoggingLevel,
  Period,
  RestApi as RestApiResource,
  type StageOptions,
  type UsagePlan,
} from 'aws-cdk-lib/aws-apigateway';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Cors } from '../definition/cors.ts';
import type { Endpoint } from '../definition/endpoint.ts';
import { addPreflight, ownAnswerHeaders } from './cors.ts';
import { addGatewayResponses } from './gateway-responses.ts';
import { addMethodNotAllowed } from './method-not-allowed.ts';

export interface RestApiProps {
  /** @default no page of another origin may call */
  readonly cors?: Cors | undefined;
  readonly functions: ReadonlyMap<Endpoint, IFunction>;
  readonly stageName: string;
  readonly stageRateLimit: number;
  readonly stageBurstLimit: number;
  readonly rateLimit: number;
  readonly burstLimit: number;
  readonly dailyQuota: number;
  readonly accountLogRole: boolean;
  readonly logRetention: RetentionDays;
  readonly removalPolicy: RemovalPolicy;
}

export class RestApi extends Construct {
  readonly api: RestApiResource;
  readonly usagePlan: UsagePlan;

  readonly #props: RestApiProps;

  constructor(scope: Construct, id: string, props: RestApiProps) {
    super(scope, id);
    this.#props = props;
    this.api = new RestApiResource(this, 'Api', {
      restApiName: this.node.path,
      endpointTypes: [EndpointType.REGIONAL],
      cloudWatchRole: props.accountLogRole,
      // The role is the account's, not this stack's: other APIs log through it when this stack is gone.
      ...(props.accountLogRole && { cloudWatchRoleRemovalPolicy: RemovalPolicy.RETAIN }),
      deployOptions: this.#stage(),
    });
    // Drop the output that RestApi adds by itself: the stack names its outputs.
    this.api.node.tryRemoveChild('Endpoint');
    this.#limitExecutionLogs();
    this.#addRoutes();
    addGatewayResponses(new Construct(this, 'Answers'), this.api as IRestApi, ownAnswerHeaders(props.cors));
    this.usagePlan = this.#usagePlan();
    this.#acknowledge();
  }

  #stage(): StageOptions {
    const { stageName, stageRateLimit, stageBurstLimit, logRetention: retention, removalPolicy } = this.#props;
    const logs = new LogGroup(this, 'AccessLogs', { retention, removalPolicy });
    return {
      stageName,
      throttlingRateLimit: stageRateLimit,
      throttlingBurstLimit: stageBurstLimit,
      tracingEnabled: true,
      loggingLevel: MethodLoggingLevel.ERROR,
      // Data traces contain bodies and headers.
      dataTraceEnabled: false,
      accessLogDestination: new LogGroupLogDestination(logs),
      accessLogFormat: ACCESS_LOG,
    };
  }

  /** Declares the execution log group with a retention: API Gateway would create it without one. */
  #limitExecutionLogs(): void {
    const { stageName, logRetention: retention, removalPolicy } = this.#props;
    const logGroupName = `API-Gateway-Execution-Logs_${this.api.restApiId}/${stageName}`;
    const logs = new LogGroup(this, 'ExecutionLogs', { logGroupName, retention, removalPolicy });
    this.api.deploymentStage.node.addDependency(logs);
  }

  #addRoutes(): void {
    const methods = new Map<string, string[]>();
    for (const [{ method, route }, lambda] of this.#props.functions) {
      // API Gateway does not route HEAD to GET by itself.
      const served = method === 'GET' ? ['GET', 'HEAD'] : [method];
      methods.set(route, [...(methods.get(route) ?? []), ...served]);
      const resource = this.api.root.resourceForPath(route);
      for (const each of served) resource.addMethod(each, proxyTo(lambda), { apiKeyRequired: true });
      this.#permit(lambda, route);
    }
    for (const [route, served] of methods) this.#addOwnMethods(this.api.root.resourceForPath(route), served);
  }

  /** Adds the methods that API Gateway answers without a Lambda. */
  #addOwnMethods(resource: IResource, served: readonly string[]): void {
    const { cors } = this.#props;
    if (cors) addPreflight(resource, served, cors);
    addMethodNotAllowed(resource, cors ? [...served, 'OPTIONS'] : served, ownAnswerHeaders(cors));
  }

  /** Adds one permission for all methods of the route: CDK's own integration would make two for each. */
  #permit(lambda: IFunction, route: string): void {
    lambda.addPermission('Invoke', {
      principal: new ServicePrincipal('apigateway.amazonaws.com'),
      // "*" matches the value of a path parameter.
      sourceArn: this.api.arnForExecuteApi('*', route.replaceAll(/\{[^}]+\}/g, '*'), this.#props.stageName),
    });
  }

  #usagePlan(): UsagePlan {
    const { rateLimit, burstLimit, dailyQuota } = this.#props;
    return this.api.addUsagePlan('UsagePlan', {
      description: `What one API key of ${this.node.path} may spend`,
      throttle: { rateLimit, burstLimit },
      quota: { limit: dailyQuota, period: Period.DAY },
      // CDK's classes do not satisfy its interfaces under exactOptionalPropertyTypes.
      apiStages: [{ api: this.api as IRestApi, stage: this.api.deploymentStage }],
    });
  }

  #acknowledge(): void {
    const role = 'service-role/AmazonAPIGatewayPushToCloudWatchLogs';
    Validations.of(this.api).acknowledge(
      {
        id: 'AwsSolutions-APIG2',
        reason: 'The Lambdas validate: they name every fault with its path, which a request validator cannot',
      },
      {
        id: 'AwsSolutions-APIG3',
        reason: 'A web ACL is a choice of the account with a monthly price; keys, throttles and quotas bound callers',
      },
      {
        id: 'AwsSolutions-APIG4',
        reason: 'Every method needs an API key, and the Lambda decides by the auth record of the key; MOCK answers 405',
      },
      {
        id: 'AwsSolutions-COG4',
        reason: 'Callers are programs with API keys; there is no user pool',
      },
      {
        id: `AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/${role}]`,
        reason: "The account's role for API Gateway's logs: AWS documents exactly this policy for it",
      },
    );
  }
}

/** The access log has the route, not the path, as paths contain keys of items; and the id of the API key, never its value. */
const ACCESS_LOG = AccessLogFormat.custom(
  JSON.stringify({
    request_id: AccessLogField.contextRequestId(),
    time: AccessLogField.contextRequestTimeEpoch(),
    method: AccessLogField.contextHttpMethod(),
    route: AccessLogField.contextResourcePath(),
    status: AccessLogField.contextStatus(),
    error: AccessLogField.contextErrorResponseType(),
    api_key_id: AccessLogField.contextIdentityApiKeyId(),
    source_ip: AccessLogField.contextIdentitySourceIp(),
    response_length: AccessLogField.contextResponseLength(),
    latency_ms: AccessLogField.contextResponseLatency(),
    integration_latency_ms: AccessLogField.contextIntegrationLatency(),
  }),
);

function proxyTo(lambda: IFunction): Integration {
  return new Integration({
    type: IntegrationType.AWS_PROXY,
    // Lambda's Invoke is a POST, whatever the caller's method.
    integrationHttpMethod: 'POST',
    uri: `arn:${Aws.PARTITION}:apigateway:${Aws.REGION}:lambda:path/2015-03-31/functions/${lambda.functionArn}/invocations`,
  });
}
