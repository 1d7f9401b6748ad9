// Makes one Lambda per endpoint, each with its own role, log group and environment.

import { join } from 'node:path';
import { Duration, type RemovalPolicy, Stack, Stage, Validations } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  Code,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Api } from '../definition/api.ts';
import type { Endpoint } from '../definition/endpoint.ts';
import { traitsOf } from '../definition/operations.ts';
import { bundle } from './bundle.ts';
import { FUNCTION_SECONDS } from './capacity.ts';
import { permissionsOf, XRAY_REASON } from './permissions.ts';
import type { Tables } from './tables.ts';

export interface FunctionsProps {
  readonly api: Api;
  readonly definitionFile: string;
  readonly lambdasFolder?: string | undefined;
  /** True if the bundles contain the error tracker's client. */
  readonly trackErrors: boolean;
  readonly tables: Tables;
  readonly memorySize: number;
  /** The reserved concurrency of each function; `undefined` if none is reserved. */
  readonly reservedConcurrency: number | undefined;
  readonly logRetention: RetentionDays;
  readonly removalPolicy: RemovalPolicy;
}

/** The functions' time limit: above the run-time's own budget of 20 s, so that it can still answer, below the gateway's 29 s. */
const TIMEOUT = Duration.seconds(FUNCTION_SECONDS);

export class Functions extends Construct {
  /** The function of each endpoint. */
  readonly all: ReadonlyMap<Endpoint, LambdaFunction>;

  readonly #props: FunctionsProps;

  constructor(scope: Construct, id: string, props: FunctionsProps) {
    super(scope, id);
    this.#props = props;
    const { endpoints } = props.api;
    const folders = bundle({
      operations: endpoints.map(({ operation }) => operation),
      definitionFile: props.definitionFile,
      lambdasFolder: props.lambdasFolder,
      trackErrors: props.trackErrors,
      outputFolder: this.#outputFolder(),
    });
    this.all = new Map(
      endpoints.map((endpoint) => [endpoint, this.#function(endpoint, folders.get(endpoint.operation) ?? '')]),
    );
  }

  /** The folder of the bundles, in the one that the app is synthesized to. */
  #outputFolder(): string {
    const stage = Stage.of(this);
    if (!stage) throw new Error(`${this.node.path}: a Tablegate stands in an App or a Stage`);
    return join(stage.outdir, 'bundles', this.node.addr);
  }

  #function(endpoint: Endpoint, folder: string): LambdaFunction {
    const { tables, memorySize, reservedConcurrency, logRetention: retention, removalPolicy } = this.#props;
    const name = `${endpoint.method} ${endpoint.route}`;
    const data = endpoint.table && tables.data.get(endpoint.table.name);
    if (endpoint.table && !data) throw new Error(`${this.node.path}: ${name} has no table '${endpoint.table.name}'`);
    // A construct's path is split at "/"; no route has a space.
    const scope = new Construct(this, name.replace(' /', ' ').replaceAll('/', ' '));
    const logGroup = new LogGroup(scope, 'Logs', { retention, removalPolicy });
    const role = new Role(scope, 'Role', {
      description: `${Stack.of(this).stackName}: ${name}`,
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      inlinePolicies: { Endpoint: permissionsOf(endpoint, data, tables, logGroup) },
    });
    Validations.of(role).acknowledge({ id: 'AwsSolutions-IAM5[Resource::*]', reason: XRAY_REASON });
    return new LambdaFunction(scope, 'Function', {
      description: name,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      code: Code.fromAsset(folder),
      handler: 'index.handler',
      timeout: TIMEOUT,
      memorySize,
      ...(reservedConcurrency !== undefined && { reservedConcurrentExecutions: reservedConcurrency }),
      environment: {
        ENDPOINT: name,
        ...(data && { DATA_TABLE: data.tableName }),
        AUTH_TABLE: tables.auth.tableName,
        GROUPS_TABLE: tables.groups.tableName,
        ...(tables.audit && { AUDIT_TABLE: tables.audit.tableName }),
        ...(traitsOf(endpoint.operation).seals && { REQUESTS_TABLE: tables.requests.tableName }),
      },
      logGroup,
      loggingFormat: LoggingFormat.JSON,
      tracing: Tracing.ACTIVE,
      // The role is complete: CDK must not add statements that nobody reviewed.
      role: role.withoutPolicyUpdates(),
    });
  }
}
