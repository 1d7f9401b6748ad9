// The construct of an API: tables, one Lambda per endpoint, the REST API (for API keys) and the HTTP API (for people who
// sign in) in front of them, alarms.

import { Names, RemovalPolicy } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { Api } from '../definition/api.ts';
import { DefinitionError } from '../definition/definition-error.ts';
import { Alarms } from './alarms.ts';
import { type Capacity, type ConcurrencyProps, capacityOf, type ThrottleProps } from './capacity.ts';
import { Dashboard } from './dashboard.ts';
import { Functions } from './functions.ts';
import { HttpApi } from './http-api.ts';
import { RestApi } from './rest-api.ts';
import { Tables } from './tables.ts';

export interface TablegateProps extends ThrottleProps {
  /** The definition: the default export of `definitionFile`. */
  readonly api: Api;
  /** The module that defines the API; the Lambdas' bundles are built with it. @default the file that called `api()` */
  readonly definitionFile?: string;
  /** Folder with one entry file per operation. @default Tablegate's own */
  readonly lambdasFolder?: string;

  /** Existing data tables, by their names in the definition. @default every table of the definition is created */
  readonly tables?: Readonly<Record<string, ITable>>;
  /** Existing table of auth records, with partition key `id`. @default one is created */
  readonly authTable?: ITable;
  /** Existing table of groups, with partition key `group_id`. @default one is created */
  readonly groupsTable?: ITable;
  /** Existing audit table, with the keys and indexes of tables.ts. @default one is created, unless the API has `audit: false` */
  readonly auditTable?: ITable;
  /** Existing table of requests, with partition key `id` and TTL attribute `expire_time`. @default one is created */
  readonly requestsTable?: ITable;
  /** The fate of tables and logs when they leave the stack. @default RemovalPolicy.RETAIN */
  readonly removalPolicy?: RemovalPolicy;
  /** True if DynamoDB refuses to delete the tables. @default true */
  readonly deletionProtection?: boolean;

  /** Megabytes of each function; Lambda gives CPU in proportion. @default 1024 */
  readonly memorySize?: number;
  /** How long the logs of functions and APIs are kept. @default RetentionDays.ONE_MONTH */
  readonly logRetention?: RetentionDays;
  /** The last part of the REST API's URL; the HTTP API's has none. @default 'prod' */
  readonly stageName?: string;
  /** How many functions may run at once, which the throttles must fit in: docs/guides/sizing.md. @default 900 in all, none reserved */
  readonly concurrency?: ConcurrencyProps;
  /** Requests of one API key in a day. @default 100000 */
  readonly dailyQuota?: number;
  /**
   * True to set the role through which API Gateway logs. It is one setting for the whole account and region; false
   * where something else sets it.
   * @default true
   */
  readonly accountLogRole?: boolean;
  /** Receives each alarm. @default nobody: the alarms show in CloudWatch only */
  readonly alarmTopic?: ITopic;
  /** The address at which Sentry takes reports of defects, `https://KEY@HOST/PROJECT`. @default defects are in the logs only */
  readonly sentryDsn?: string;
}

/**
 * The default memory: enough CPU (over half of one) to parse the bundle and to evaluate a page in tens of milliseconds, and
 * room for a page of 4 MB of JSON with its rows.
 */
const MEMORY_MB = 1024;
const MAX_API_NAME = 64;

export class Tablegate extends Construct {
  readonly tables: Tables;
  readonly functions: Functions;
  /** The REST API; `undefined` if the definition says `apiKeys: false`. */
  readonly restApi: RestApi | undefined;
  /** The HTTP API; `undefined` if the definition has no `auth.oidc`. */
  readonly httpApi: HttpApi | undefined;

  /** @throws DefinitionError if the definition has neither API keys nor `auth.oidc`. */
  constructor(scope: Construct, id: string, props: TablegateProps) {
    super(scope, id);
    const { api, logRetention = RetentionDays.ONE_MONTH, removalPolicy = RemovalPolicy.RETAIN } = props;
    if (!api.auth.apiKeys && !api.auth.oidc) {
      throw new DefinitionError(api.origin, 'auth.apiKeys is false and there is no auth.oidc: nobody could call');
    }
    const { tables, authTable, groupsTable, auditTable, requestsTable, deletionProtection = true } = props;
    const capacity = this.#capacity(props);
    const brought = { tables, authTable, groupsTable, auditTable, requestsTable };
    this.tables = new Tables(this, 'Tables', { api, ...brought, removalPolicy, deletionProtection });
    this.functions = new Functions(this, 'Functions', {
      api,
      definitionFile: definitionFileOf(props),
      lambdasFolder: props.lambdasFolder,
      trackErrors: props.sentryDsn !== undefined,
      tables: this.tables,
      memorySize: props.memorySize ?? MEMORY_MB,
      reservedConcurrency: capacity.perFunction,
      logRetention,
      removalPolicy,
    });
    const functions = this.functions.all;
    const shared = { functions, cors: api.cors, logRetention, removalPolicy };
    const { oidc } = api.auth;
    this.restApi = api.auth.apiKeys
      ? new RestApi(this, 'Rest', { ...shared, ...capacity, ...restSettings(props) })
      : undefined;
    this.httpApi = oidc && new HttpApi(this, 'Http', { ...shared, ...capacity, api, oidc });
    this.#observe(props);
  }

  #capacity(props: TablegateProps): Capacity {
    const { endpoints, auth } = props.api;
    const of = { functions: endpoints.length, hasKeys: auth.apiKeys, hasPeople: auth.oidc !== undefined };
    try {
      return capacityOf(props, of);
    } catch (error) {
      throw new Error(`${this.node.path}: ${(error as Error).message}`);
    }
  }

  /** Adds alarms and the dashboard, and sets the name of the metrics in each function. */
  #observe({ alarmTopic: topic, sentryDsn }: TablegateProps): void {
    const functions = this.functions.all;
    const [restApi, httpApi] = [this.restApi?.api, this.httpApi?.stage];
    const { data, auth, groups, audit } = this.tables;
    const apiName = Names.uniqueResourceName(this, { maxLength: MAX_API_NAME });
    for (const lambda of functions.values()) {
      lambda.addEnvironment('API_NAME', apiName);
      if (sentryDsn !== undefined) lambda.addEnvironment('SENTRY_DSN', sentryDsn);
    }
    new Alarms(this, 'Alarms', { functions, restApi, httpApi, topic, apiName });
    const tables = new Map([
      ...data,
      ['(auth)', auth],
      ['(groups)', groups],
      ...(audit ? [['(audit)', audit] as const] : []),
    ]);
    new Dashboard(this, 'Dashboard', { functions, restApi, httpApi, tables, apiName });
  }
}

function restSettings(props: TablegateProps) {
  const { stageName = 'prod', dailyQuota = 100_000, accountLogRole = true } = props;
  return { stageName, dailyQuota, accountLogRole };
}

function definitionFileOf({ api, definitionFile = api.origin.file }: TablegateProps): string {
  if (definitionFile !== undefined) return definitionFile;
  throw new DefinitionError(api.origin, 'which file defines the API cannot be told; name it as definitionFile');
}
