// The whole of an API as one construct: tables, one Lambda per endpoint, the REST API in front, alarms.

import { RemovalPolicy } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { Api } from '../definition/api.ts';
import { DefinitionError } from '../definition/definition-error.ts';
import { Alarms } from './alarms.ts';
import { Functions } from './functions.ts';
import { RestApi } from './rest-api.ts';
import { Tables } from './tables.ts';

export interface TablegateProps {
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
  /** What happens to tables and logs when they leave the stack. @default RemovalPolicy.RETAIN */
  readonly removalPolicy?: RemovalPolicy;
  /** Whether DynamoDB refuses to delete the tables. @default true */
  readonly deletionProtection?: boolean;

  /** Megabytes of each function; Lambda gives CPU in proportion. @default 1024 */
  readonly memorySize?: number;
  /** @default RetentionDays.ONE_MONTH */
  readonly logRetention?: RetentionDays;
  /** The last part of the API's URL. @default 'prod' */
  readonly stageName?: string;
  /** Requests per second of all callers together. @default 500 */
  readonly stageRateLimit?: number;
  /** Requests of all callers at once. @default 1000 */
  readonly stageBurstLimit?: number;
  /** Requests per second of one API key. @default 50 */
  readonly rateLimit?: number;
  /** Requests of one API key at once. @default 100 */
  readonly burstLimit?: number;
  /** Requests of one API key in a day. @default 100000 */
  readonly dailyQuota?: number;
  /**
   * Whether to set the role through which API Gateway logs. It is one setting for the whole account and region; false
   * where something else sets it.
   * @default true
   */
  readonly accountLogRole?: boolean;
  /** Told of each alarm. @default nobody: the alarms show in CloudWatch only */
  readonly alarmTopic?: ITopic;
}

/**
 * Enough CPU (over half of one) that a cold start's parsing of the bundle and a page's evaluation in memory stay in the
 * tens of milliseconds, and room for a page of 4 MB of JSON with the rows behind it.
 */
const MEMORY_MB = 1024;

export class Tablegate extends Construct {
  readonly tables: Tables;
  readonly functions: Functions;
  readonly restApi: RestApi;

  /** @throws DefinitionError for a definition that nobody could call. */
  constructor(scope: Construct, id: string, props: TablegateProps) {
    super(scope, id);
    const { api, logRetention = RetentionDays.ONE_MONTH, removalPolicy = RemovalPolicy.RETAIN } = props;
    if (!api.auth.apiKeys) {
      throw new DefinitionError(api.origin, 'auth.apiKeys is false, and API keys are the only way in so far');
    }
    const { tables, authTable, groupsTable, auditTable, deletionProtection = true } = props;
    const brought = { tables, authTable, groupsTable, auditTable };
    this.tables = new Tables(this, 'Tables', { api, ...brought, removalPolicy, deletionProtection });
    this.functions = new Functions(this, 'Functions', {
      api,
      definitionFile: definitionFileOf(props),
      lambdasFolder: props.lambdasFolder,
      tables: this.tables,
      memorySize: props.memorySize ?? MEMORY_MB,
      logRetention,
      removalPolicy,
    });
    const functions = this.functions.all;
    this.restApi = new RestApi(this, 'Rest', { functions, logRetention, removalPolicy, ...restSettings(props) });
    new Alarms(this, 'Alarms', { functions, restApi: this.restApi.api, topic: props.alarmTopic });
  }
}

function restSettings(props: TablegateProps) {
  const { stageName = 'prod', stageRateLimit = 500, stageBurstLimit = 1_000 } = props;
  const { rateLimit = 50, burstLimit = 100, dailyQuota = 100_000, accountLogRole = true } = props;
  return { stageName, stageRateLimit, stageBurstLimit, rateLimit, burstLimit, dailyQuota, accountLogRole };
}

function definitionFileOf({ api, definitionFile = api.origin.file }: TablegateProps): string {
  if (definitionFile !== undefined) return definitionFile;
  throw new DefinitionError(api.origin, 'which file defines the API cannot be told; name it as definitionFile');
}
