// What each function may do in AWS: explicit statements, no wildcard action, and one wildcard resource with its reason.
// This is the second wall: a defect in a read endpoint cannot write data, whatever the code does.

import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { Effect, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { Endpoint, Operation } from '../definition/endpoint.ts';
import { AUDIT_INDEXES, type Tables } from './tables.ts';

type DataActions = {
  /** On the table. */
  readonly read: readonly string[];
  /** On each index of the definition by its own ARN. */
  readonly index: readonly string[];
  /** Only inside a transaction, which is how a change and its audit row exist together or not at all. */
  readonly write: readonly string[];
};

const NONE = { read: [], index: [], write: [] };
const READ_ONE = { ...NONE, read: ['GetItem'] };
const READ_MANY = { ...NONE, read: ['GetItem', 'Query', 'Scan'], index: ['Query', 'Scan'] };

export const dataActions: Readonly<Record<Operation, DataActions>> = {
  list: READ_MANY,
  search: { ...READ_MANY, read: ['BatchGetItem', 'Query', 'Scan'] },
  unique: { ...READ_MANY, read: ['Query', 'Scan'] },
  get: READ_ONE,
  create: { ...READ_ONE, write: ['PutItem'] },
  update: { ...READ_ONE, write: ['PutItem', 'UpdateItem'] },
  patch: { ...READ_ONE, write: ['PutItem', 'UpdateItem'] },
  delete: { ...READ_ONE, write: ['DeleteItem'] },
  audit: NONE,
  history: NONE,
  user: NONE,
  'has-permission': NONE,
};

/** The operations that read audit rows: keys from an index, rows by their keys. */
const READ_AUDIT: readonly Operation[] = ['audit', 'history'];

/** Why `xray` stands on every resource; also the reason that cdk-nag is given. */
export const XRAY_REASON = 'X-Ray has no resources to name: AWS takes its write actions on "*" only';

/** All that the function of an endpoint may do. */
export function permissionsOf(
  { operation, table }: Endpoint,
  data: ITable | undefined,
  tables: Tables,
  logGroup: ILogGroup,
): PolicyDocument {
  const { read, index, write } = dataActions[operation];
  const dataArns = data ? [data.tableArn] : [];
  const indexes = (table?.indexes ?? []).flatMap(({ name }) => dataArns.map((arn) => `${arn}/index/${name}`));
  const auditRead = READ_AUDIT.includes(operation) && tables.audit ? [tables.audit.tableArn] : [];
  const inTransaction = { StringEquals: { 'dynamodb:EnclosingOperation': 'TransactWriteItems' } };
  const records = [tables.auth, tables.groups];
  const used = [...(data ? [data] : []), ...records, ...(tables.audit ? [tables.audit] : [])];
  return new PolicyDocument({
    statements: [
      ...statement('ReadRecords', dynamodb(['BatchGetItem']), records.map(arnOf)),
      ...statement('ReadData', dynamodb(read), dataArns),
      ...statement('ReadIndexes', dynamodb(index), indexes),
      ...statement('WriteData', dynamodb(write), dataArns, inTransaction),
      // Reads and denials are put plainly, so no condition here; rows can be added, never changed or removed.
      ...statement('AddAuditRows', dynamodb(['PutItem']), tables.audit ? [tables.audit.tableArn] : []),
      ...statement('ReadAuditRows', dynamodb(['BatchGetItem']), auditRead),
      ...statement('ReadAuditIndexes', dynamodb(['Query']), auditRead.flatMap(auditIndexArns)),
      ...statement('UseTableKeys', KEY_ACTIONS, used.flatMap(keyArnOf), VIA_DYNAMODB),
      // The ARN that CloudFormation gives of a log group ends in ":*", which stands for its streams.
      ...statement('WriteLogs', ['logs:CreateLogStream', 'logs:PutLogEvents'], [logGroup.logGroupArn]),
      ...statement('Trace', ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'], ['*']),
    ],
  });
}

/** For tables brought with a key of the customer's own: DynamoDB uses it in the caller's name. */
const KEY_ACTIONS = ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey'];
const VIA_DYNAMODB = { StringLike: { 'kms:ViaService': 'dynamodb.*.amazonaws.com' } };

const dynamodb = (actions: readonly string[]): string[] => actions.map((action) => `dynamodb:${action}`);
const auditIndexArns = (arn: string): string[] => Object.keys(AUDIT_INDEXES).map((name) => `${arn}/index/${name}`);
const arnOf = (table: ITable): string => table.tableArn;
const keyArnOf = (table: ITable): string[] => (table.encryptionKey ? [table.encryptionKey.keyArn] : []);

/** No statement where there is nothing to allow: a policy without resources does not deploy. */
function statement(sid: string, actions: string[], resources: string[], conditions = {}): PolicyStatement[] {
  if (actions.length === 0 || resources.length === 0) return [];
  return [new PolicyStatement({ sid, effect: Effect.ALLOW, actions, resources: [...new Set(resources)], conditions })];
}
