// Makes the tables of an API: those of its definition, and the auth, groups, audit and requests tables. On demand, encrypted,
// with point-in-time recovery, retained when the stack is deleted. An existing table can replace each.

import type { RemovalPolicy } from 'aws-cdk-lib';
import {
  type Attribute,
  AttributeType,
  BillingMode,
  CfnTable,
  type ITable,
  ProjectionType,
  TableEncryption,
  type TableProps,
  Table as TableResource,
} from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import type { Api } from '../definition/api.ts';
import { AUDIT_INDEXES } from '../definition/audit-indexes.ts';
import type { Index, Key, Table } from '../definition/table.ts';

export interface TablesProps {
  readonly api: Api;
  /** Existing data tables, by their names in the definition. @default none */
  readonly tables?: Readonly<Record<string, ITable>> | undefined;
  readonly authTable?: ITable | undefined;
  readonly groupsTable?: ITable | undefined;
  readonly auditTable?: ITable | undefined;
  readonly requestsTable?: ITable | undefined;
  readonly removalPolicy: RemovalPolicy;
  readonly deletionProtection: boolean;
}

const string = (name: string): Attribute => ({ name, type: AttributeType.STRING });
const attribute = ({ name, type }: Key): Attribute => ({
  name,
  type: type === 'number' ? AttributeType.NUMBER : AttributeType.STRING,
});

const REQUEST_KEYS = { partitionKey: string('id'), timeToLiveAttribute: 'expire_time' };

export class Tables extends Construct {
  /** The data tables, by their names in the definition. */
  readonly data: ReadonlyMap<string, ITable>;
  readonly auth: ITable;
  readonly groups: ITable;
  /** The audit table; `undefined` if the definition says `audit: false`. */
  readonly audit: ITable | undefined;
  /** The table of idempotent writes, and of the key that the deployment seals with. */
  readonly requests: ITable;

  readonly #props: TablesProps;

  constructor(scope: Construct, id: string, props: TablesProps) {
    super(scope, id);
    this.#props = props;
    this.#checkBrought();
    const { api, tables = {} } = props;
    this.data = new Map(api.tables.map((table) => [table.name, tables[table.name] ?? this.#dataTable(table)]));
    this.auth = props.authTable ?? this.#table('auth', 'Auth', { partitionKey: string('id') });
    this.groups = props.groupsTable ?? this.#table('groups', 'Groups', { partitionKey: string('group_id') });
    this.audit = api.audit === false ? undefined : (props.auditTable ?? this.#auditTable());
    this.requests = props.requestsTable ?? this.#table('requests', 'Requests', REQUEST_KEYS);
  }

  #checkBrought(): void {
    const { api, tables = {}, auditTable } = this.#props;
    const names = api.tables.map((table) => table.name);
    const unknown = Object.keys(tables).find((name) => !names.includes(name));
    if (unknown !== undefined) {
      throw new Error(`${this.node.path}: tables has '${unknown}'; the API's tables are ${names.join(', ')}`);
    }
    if (auditTable && api.audit === false) {
      throw new Error(`${this.node.path}: auditTable is given, but the API is defined with audit: false`);
    }
  }

  #dataTable(table: Table): ITable {
    const keys = {
      ...keySchema(table),
      ...(table.ttl && { timeToLiveAttribute: table.ttl }),
    };
    return this.#table('data', `Data-${table.name}`, keys, table.indexes.map(indexProps), table.name);
  }

  #auditTable(): ITable {
    const keys = { partitionKey: string('time'), sortKey: string('id'), timeToLiveAttribute: 'expire_time' };
    const indexes = Object.entries(AUDIT_INDEXES).map(([indexName, key]) => ({
      indexName,
      partitionKey: string(key),
      sortKey: string('time'),
      projectionType: ProjectionType.KEYS_ONLY,
      isLocal: false,
    }));
    return this.#table('audit', 'Audit', keys, indexes);
  }

  /** Makes a table. `kind` and `name` go into the template's metadata, where the local runtime reads them. */
  #table(kind: string, id: string, keys: TableProps, indexes: readonly IndexProps[] = [], name: string = kind): ITable {
    const { removalPolicy, deletionProtection } = this.#props;
    const resource = new TableResource(this, id, {
      ...keys,
      billingMode: BillingMode.PAY_PER_REQUEST,
      // The account's own aws/dynamodb key: its use shows in CloudTrail, and callers need no permission on it.
      encryption: TableEncryption.AWS_MANAGED,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      removalPolicy,
      deletionProtection,
    });
    for (const { isLocal, sortKey, partitionKey, ...index } of indexes) {
      if (isLocal && sortKey) resource.addLocalSecondaryIndex({ ...index, sortKey });
      else resource.addGlobalSecondaryIndex({ ...index, partitionKey, ...(sortKey && { sortKey }) });
    }
    const { defaultChild } = resource.node;
    if (defaultChild instanceof CfnTable) defaultChild.addMetadata('tablegate', { kind, name });
    // CDK's classes do not satisfy its interfaces under exactOptionalPropertyTypes.
    return resource as ITable;
  }
}

type IndexProps = {
  readonly indexName: string;
  readonly partitionKey: Attribute;
  readonly sortKey?: Attribute;
  readonly projectionType: ProjectionType;
  readonly nonKeyAttributes?: string[];
  readonly isLocal: boolean;
};

function indexProps({ name, projection, isLocal, ...keys }: Index): IndexProps {
  const common = { indexName: name, ...keySchema(keys), isLocal };
  if (projection === 'all') return { ...common, projectionType: ProjectionType.ALL };
  if (projection.size === 0) return { ...common, projectionType: ProjectionType.KEYS_ONLY };
  return { ...common, projectionType: ProjectionType.INCLUDE, nonKeyAttributes: [...projection] };
}

function keySchema({ partitionKey, sortKey }: Pick<Table, 'partitionKey' | 'sortKey'>) {
  return { partitionKey: attribute(partitionKey), ...(sortKey && { sortKey: attribute(sortKey) }) };
}
