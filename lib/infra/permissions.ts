// What each function may do in AWS: explicit statements, no wildcard action, and one wildcard resource with its reason.
// This is the second wall: a defect in a read endpoint cannot write data, whatever the code does.

import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { Effect, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { AUDIT_INDEXES, type AuditIndex } from '../definition/audit-indexes.ts';
import { type Endpoint, namesWholeKey } from '../definition/endpoint.ts';
import { type OperationTraits, traitsOf } from '../definition/operations.ts';
import { SEAL_ID } from '../definition/requests.ts';
import type { Tables } from './tables.ts';

type DataActions = {
  /** On the table. */
  readonly read: readonly string[];
  /** On each index of the definition by its own ARN. */
  readonly index: readonly string[];
};

const NONE = { read: [], index: [] };
const READ_ONE = { ...NONE, read: ['GetItem'] };
/** Any plan may come out cheapest: a query that fixes the key is a get, one that lists keys a batch. */
const READ_MANY = { ...NONE, read: ['GetItem', 'BatchGetItem', 'Query', 'Scan'], index: ['Query', 'Scan'] };

/** The traits of an operation as DynamoDB's actions. */
const READS: Readonly<Record<OperationTraits['reads'], DataActions>> = {
  nothing: NONE,
  items: READ_ONE,
  rows: READ_MANY,
};
const WRITES = { put: 'PutItem', update: 'UpdateItem', delete: 'DeleteItem' } as const;

/** Why `xray` stands on every resource; also the reason that cdk-nag is given. */
export const XRAY_REASON = 'X-Ray has no resources to name: AWS takes its write actions on "*" only';

/** All that the function of an endpoint may do. */
export function permissionsOf(
  endpoint: Endpoint,
  data: ITable | undefined,
  tables: Tables,
  logGroup: ILogGroup,
): PolicyDocument {
  const { operation, table } = endpoint;
  // A get by a part of the key looks for the item.
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
      // Reads and denials are put plainly, so no condition here; rows can be added, never changed or removed.
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

/** Writes only inside a transaction, which is how a change and its audit row exist together or not at all. */
const IN_TRANSACTION = { StringEquals: { 'dynamodb:EnclosingOperation': 'TransactWriteItems' } };

/** A write remembers its request; whoever only seals can read and make the one row that holds the key. */
function requestStatements(isWrite: boolean, arn: string): PolicyStatement[] {
  const key = isWrite ? {} : { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': [SEAL_ID] } };
  return [
    ...statement('ReadRequests', dynamodb(['GetItem']), [arn], key),
    ...statement('AddRequests', dynamodb(['PutItem']), [arn], { ...IN_TRANSACTION, ...key }),
  ];
}

/** For tables brought with a key of the customer's own: DynamoDB uses it in the caller's name. */
const KEY_ACTIONS = ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey'];
const VIA_DYNAMODB = { StringLike: { 'kms:ViaService': 'dynamodb.*.amazonaws.com' } };

const dynamodb = (actions: readonly string[]): string[] => actions.map((action) => `dynamodb:${action}`);
/** An endpoint of one table reads the rows of one item. */
function auditIndexArns(arn: string, { table }: Endpoint): string[] {
  const all: readonly AuditIndex[] = table ? ['by_resource'] : (Object.keys(AUDIT_INDEXES) as AuditIndex[]);
  return all.map((name) => `${arn}/index/${name}`);
}

const arnOf = (table: ITable): string => table.tableArn;
const keyArnOf = (table: ITable): string[] => (table.encryptionKey ? [table.encryptionKey.keyArn] : []);

/** No statement where there is nothing to allow: a policy without resources does not deploy. */
function statement(sid: string, actions: string[], resources: string[], conditions = {}): PolicyStatement[] {
  if (actions.length === 0 || resources.length === 0) return [];
  return [new PolicyStatement({ sid, effect: Effect.ALLOW, actions, resources: [...new Set(resources)], conditions })];
}
