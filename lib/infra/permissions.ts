// Makes the IAM policy of each function: explicit statements, no wildcard action, and one wildcard resource with its reason.
// As a second line of defence, a defect in a read endpoint cannot write data.

import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { Effect, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { AUDIT_INDEXES, type AuditIndex } from '../definition/audit-indexes.ts';
import { type Endpoint, namesWholeKey } from '../definition/endpoint.ts';
import { type OperationTraits, traitsOf } from '../definition/operations.ts';
import { SEAL_ID } from '../definition/requests.ts';
import type { Tables } from './tables.ts';

type DataActions = {
  /** The actions on the table. */
  readonly read: readonly string[];
  /** The actions on each index of the definition, by its own ARN. */
  readonly index: readonly string[];
};

const NONE = { read: [], index: [] };
const READ_ONE = { ...NONE, read: ['GetItem'] };
/** The actions of all read plans: a query that fixes the key is planned as a get, one that lists keys as a batch. */
const READ_MANY = { ...NONE, read: ['GetItem', 'BatchGetItem', 'Query', 'Scan'], index: ['Query', 'Scan'] };

/** The DynamoDB actions by what an operation reads. */
const READS: Readonly<Record<OperationTraits['reads'], DataActions>> = {
  nothing: NONE,
  items: READ_ONE,
  rows: READ_MANY,
};
const WRITES = { put: 'PutItem', update: 'UpdateItem', delete: 'DeleteItem' } as const;

/** The reason for the wildcard resource of X-Ray, also given to cdk-nag. */
export const XRAY_REASON = 'X-Ray has no resources to name: AWS takes its write actions on "*" only';

/** All statements of the function of an endpoint. */
export function permissionsOf(
  endpoint: Endpoint,
  data: ITable | undefined,
  tables: Tables,
  logGroup: ILogGroup,
): PolicyDocument {
  const { operation, table } = endpoint;
  // A get by a part of the key searches for the item.
  const looks = operation === 'get' && !namesWholeKey(endpoint);
  const { reads, writes, readsAudit, seals } = traitsOf(operation);
  const { read, index } = looks ? READ_MANY : READS[reads];
  const write = writes.map((kind) => WRITES[kind]);
  const dataArns = data ? [data.tableArn] : [];
  const indexes = (table?.indexes ?? []).flatMap(({ name }) => dataArns.map((arn) => `${arn}/index/${name}`));
  const auditRead = readsAudit && tables.audit ? [tables.audit.tableArn] : [];
  const records = [tables.auth, tables.groups];
  const used = [...(data ? [data] : []), ...records, ...(tables.audit ? [tables.audit] : [])];
  if (seals) used.push(tables.requests);
  return new PolicyDocument({
    statements: [
      ...statement('ReadRecords', dynamodb(['BatchGetItem']), records.map(arnOf)),
      ...statement('ReadData', dynamodb(read), dataArns),
      ...statement('ReadIndexes', dynamodb(index), indexes),
      ...statement('WriteData', dynamodb(write), dataArns, IN_TRANSACTION),
      // Audit rows of reads and denials are put outside a transaction, so no condition here.
      ...statement('AddAuditRows', dynamodb(['PutItem']), tables.audit ? [tables.audit.tableArn] : []),
      ...statement('ReadAuditRows', dynamodb(['BatchGetItem']), auditRead),
      ...statement(
        'ReadAuditIndexes',
        dynamodb(['Query']),
        auditRead.flatMap((arn) => auditIndexArns(arn, endpoint)),
      ),
      ...(seals ? requestStatements(write.length > 0, tables.requests.tableArn) : []),
      ...statement('UseTableKeys', KEY_ACTIONS, used.flatMap(keyArnOf), VIA_DYNAMODB),
      // The ARN that CloudFormation gives of a log group ends in ":*", which stands for its streams.
      ...statement('WriteLogs', ['logs:CreateLogStream', 'logs:PutLogEvents'], [logGroup.logGroupArn]),
      ...statement('Trace', ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'], ['*']),
    ],
  });
}

/** Allows writes only inside a transaction, so that a change and its audit row exist together or not at all. */
const IN_TRANSACTION = { StringEquals: { 'dynamodb:EnclosingOperation': 'TransactWriteItems' } };

/** Statements for the requests table: a write puts its request's row; other functions read and create the key's row only. */
function requestStatements(isWrite: boolean, arn: string): PolicyStatement[] {
  const key = isWrite ? {} : { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': [SEAL_ID] } };
  return [
    ...statement('ReadRequests', dynamodb(['GetItem']), [arn], key),
    ...statement('AddRequests', dynamodb(['PutItem']), [arn], { ...IN_TRANSACTION, ...key }),
  ];
}

/** The actions on a customer's own key of an existing table, which DynamoDB uses in the function's name. */
const KEY_ACTIONS = ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey'];
const VIA_DYNAMODB = { StringLike: { 'kms:ViaService': 'dynamodb.*.amazonaws.com' } };

const dynamodb = (actions: readonly string[]): string[] => actions.map((action) => `dynamodb:${action}`);
/** The audit indexes that an endpoint reads: one bound to a table reads the rows of one item. */
function auditIndexArns(arn: string, { table }: Endpoint): string[] {
  const all: readonly AuditIndex[] = table ? ['by_resource'] : (Object.keys(AUDIT_INDEXES) as AuditIndex[]);
  return all.map((name) => `${arn}/index/${name}`);
}

const arnOf = (table: ITable): string => table.tableArn;
const keyArnOf = (table: ITable): string[] => (table.encryptionKey ? [table.encryptionKey.keyArn] : []);

/** Returns one statement; none without actions or resources, as such a policy does not deploy. */
function statement(sid: string, actions: string[], resources: string[], conditions = {}): PolicyStatement[] {
  if (actions.length === 0 || resources.length === 0) return [];
  return [new PolicyStatement({ sid, effect: Effect.ALLOW, actions, resources: [...new Set(resources)], conditions })];
}
